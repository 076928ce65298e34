"""People at their browsers, who repeat what got no answer, and write down what was acknowledged."""

import http.client
import random
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.page import form_values

PASSWORD = "written-down-nowhere-2026"
TRIES = 1_200  # of one request that gets no answer
PAUSE = 0.25  # seconds between two of them
ANSWER = 120  # seconds in which a request that nobody killed is answered
GUESTS = 3  # rows of an attendance list
QUARTERS = [f"{year}-Q{quarter}" for year in range(2015, 2025) for quarter in (1, 2, 3, 4)]
SYLLABLES = "ba che da fou ga hor ji ka lou ma nha pra rith sov ta vann".split()

Fields = dict[str, list[str]]


class Refused(Exception):
    """The portal answered what it should not."""


# A browser


@dataclass
class Answer:
    """What came back: a status, where it leads, and the page."""

    status: int
    address: str
    page: str


@dataclass
class Seen:
    """What all clients together have seen of the portal."""

    statuses: Counter[int] = field(default_factory=Counter)
    silences: Counter[str] = field(default_factory=Counter)  # requests without an answer, by kind of error
    errors: list[str] = field(default_factory=list)  # pages of status 500
    lock: Any = field(default_factory=threading.Lock)

    def note(self, answer: Answer) -> None:
        with self.lock:
            self.statuses[answer.status] += 1
            if answer.status == 500:
                self.errors.append(" ".join(answer.page.split())[:300])

    def miss(self, error: Exception) -> None:
        with self.lock:
            self.silences[type(error).__name__] += 1


class Browser:
    """Keeps cookies and sends forms as a browser does; one connection for each request."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port, self.seen, self.cookies = port, seen, SimpleCookie()

    def ask(self, method: str, address: str, body: bytes | None = None, **headers: str) -> Answer | None:
        """Return the answer, or None when there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        try:
            connection.request(method, address, body, {"Cookie": cookies, **headers})
            response = connection.getresponse()
            page = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.seen.miss(error)
            return None
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(cookie)
        answer = Answer(response.status, response.headers.get("Location") or "", page)
        self.seen.note(answer)
        return answer

    def get(self, address: str) -> Answer | None:
        return self.ask("GET", address)

    def post(self, address: str, fields: Fields, **headers: str) -> Answer | None:
        body = urlencode(fields | self.token(), doseq=True).encode()
        return self.ask("POST", address, body, **{"Content-Type": "application/x-www-form-urlencoded"}, **headers)

    def upload(self, address: str, name: str, content: bytes) -> Answer | None:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode(),
            self.token()["csrfmiddlewaretoken"][0].encode(),
            f'\r\n--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode(),
            content,
            f"\r\n--{edge}--\r\n".encode(),
        ]
        return self.ask("POST", address, b"".join(parts), **{"Content-Type": f"multipart/form-data; boundary={edge}"})

    def token(self) -> Fields:
        """Return what a form carries against forgery: the secret of the cookie will do."""
        return {"csrfmiddlewaretoken": [self.cookies["csrftoken"].value] if "csrftoken" in self.cookies else []}


def insist(send: Callable[[], Answer | None]) -> Answer:
    """Send the same again until there is an answer that is none of a portal in trouble."""
    for _try in range(TRIES):
        answer = send()
        if answer is not None and answer.status < 500:
            if "/accounts/login/" in answer.address and answer.status == 302:
                raise Refused("signed out")
            return answer
        time.sleep(PAUSE)
    raise Refused("no answer in all the time there is")


def expect(answer: Answer, *statuses: int) -> Answer:
    if answer.status not in statuses:
        words = " ".join(re.sub(r"<[^>]+>", " ", answer.page.partition("<main")[2]).split())
        raise Refused(f"{answer.status}: {words[:600]}")
    return answer


# Those who write


class Ledger:
    """What was acknowledged, by whom, and how much of it there is."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.problems: list[str] = []
        self.lock = threading.Lock()

    def note(self, kind: str, *said: object) -> None:
        with self.lock:
            self.rows.append([kind, *map(str, said)])

    def complain(self, who: str, error: Exception) -> None:
        with self.lock:
            self.problems.append(f"{who}: {type(error).__name__}: {error}")


class Person(threading.Thread):
    """One client: signs in, makes a workshop, and writes what follows from it until its share is acknowledged."""

    MIX = "workshop outcome outcome action action edit edit comment cell upload".split()

    def __init__(self, number: int, share: int, *, browser: Browser, ledger: Ledger, indicators: list[int]) -> None:
        super().__init__(name=f"person {number}", daemon=True)
        self.number, self.share, self.browser, self.ledger = number, share, browser, ledger
        self.indicator = indicators[number]
        self.chance = random.Random(number)
        self.written = 0
        self.count = 0
        self.workshops: list[int] = []
        self.cells: dict[str, str] = {}  # quarter -> draft that was on the screen last
        self.pending: dict[str, str] = {}  # name of a file -> address of its load

    def run(self) -> None:
        try:
            self.sign_in()
            while self.written < self.share:
                self.count += 1
                kind = self.chance.choice(self.MIX) if self.workshops else "workshop"
                getattr(self, f"write_{kind}")()
                self.look_at_loads()
            for _look in range(TRIES):
                if not self.pending:
                    return
                time.sleep(PAUSE)
                self.look_at_loads()
            raise Refused(f"loads that never end: {self.pending}")
        except Exception as error:
            self.ledger.complain(self.name, error)

    def acknowledged(self, kind: str, *said: object) -> None:
        self.ledger.note(kind, *said)
        self.written += 1

    def words(self, kind: str) -> str:
        return f"{kind} {self.number}.{self.count}"

    def some_workshop(self) -> int:
        return self.chance.choice(self.workshops[-20:])

    def sign_in(self) -> None:
        insist(lambda: self.browser.get("/accounts/login/"))
        fields = {"username": [f"staff{self.number}"], "password": [PASSWORD]}
        expect(insist(lambda: self.browser.post("/accounts/login/", fields)), 302)

    def fill(self, address: str, field: str, **typed: str) -> Fields:
        """Open a form; return what it would send after typing."""
        page = expect(insist(lambda: self.browser.get(address)), 200).page
        fields = form_values(page, field) | {name: [value] for name, value in typed.items()}
        del fields["csrfmiddlewaretoken"]
        return fields

    # New records: the same form again is the same record

    def write_workshop(self) -> None:
        title, host = self.words("Workshop"), f"Host {self.number}"
        typed = {"title": title, "date": "2024-08-14", "host": host, "create_organisation": "on"}
        fields = self.fill("/workshops/new/", "title", **typed)
        answer = expect(insist(lambda: self.browser.post("/workshops/new/", fields)), 302)
        found = re.fullmatch(r"/workshops/(\d+)/", answer.address)
        assert found, answer.address
        self.workshops.append(int(found[1]))
        self.acknowledged("workshop", title)

    def write_outcome(self) -> None:
        text, address = self.words("Outcome"), f"/workshops/{self.some_workshop()}/outcomes/new/"
        fields = self.fill(address, "text_en", text_en=text, kind="finding")
        expect(insist(lambda: self.browser.post(address, fields)), 302)
        self.acknowledged("outcome", text)

    def write_action(self) -> None:
        text, address = self.words("Action"), f"/actions/new/?workshop={self.some_workshop()}"
        fields = self.fill(address, "text_en", text_en=text, owner=f"staff{self.number}", due_on="2026-12-31")
        expect(insist(lambda: self.browser.post(address, fields)), 302)
        self.acknowledged("action", text)

    def write_comment(self) -> None:
        text, address = self.words("Comment"), f"/workshops/{self.some_workshop()}/comments/"
        fields = {"text": [text], "creation_token": [str(uuid.uuid4())]}
        expect(insist(lambda: self.browser.post(address, fields)), 302)
        self.acknowledged("comment", text)

    # Changes: whoever got no answer looks at the record first

    def write_edit(self) -> None:
        workshop, text = self.some_workshop(), self.words("Summary")
        address = f"/workshops/{workshop}/edit/"
        for _try in range(TRIES):
            fields = self.fill(address, "summary_en")
            if fields["summary_en"] == [text]:
                break  # it was saved, only nobody heard
            answer = self.browser.post(address, fields | {"summary_en": [text]})
            if answer is not None and answer.status < 500:
                if expect(answer, 302, 409).status == 302:
                    break
            else:
                time.sleep(PAUSE)
        else:
            raise Refused("an edit that is never saved")
        self.acknowledged("edit", workshop, text)

    def write_cell(self) -> None:
        """Send a row of the grid; the same again says the same, and asks nothing."""
        quarter, key, value = self.chance.choice(QUARTERS), f"i{self.indicator}", str(self.count)
        fields = {"program": ["bench"], "period": [quarter], "indicator": [str(self.indicator)]}
        fields |= {f"{key}-state": ["value"], f"{key}-value": [value], f"{key}-expected": [self.cells.get(quarter, "")]}
        send = {"HX-Request": "true"}
        answer = expect(insist(lambda: self.browser.post("/indicators/entry/", fields, **send)), 200)
        found = re.search(rf'name="{key}-expected"[^>]*value="(\d+\.\d+)"', answer.page)
        if not found or ">saved<" not in " ".join(answer.page.split()):
            raise Refused(f"a cell that is not saved: {answer.page[:600]}")
        self.cells[quarter] = found[1]
        self.acknowledged("cell", self.indicator, quarter, value)

    # Loads: whoever got no answer looks for the file in the list

    def write_upload(self) -> None:
        workshop, name = self.some_workshop(), f"list-{self.number}-{self.count}.csv"
        rows = [f"{self.guest_name()},{self.number}.{self.count}.{row}@example.org" for row in range(GUESTS)]
        content = "\n".join(["Name (Latin),E-mail", *rows]).encode()
        for _try in range(TRIES):
            answer = self.browser.upload(f"/workshops/{workshop}/attendance/load/", name, content)
            if answer is not None and answer.status < 500:
                address = expect(answer, 302).address
                break
            time.sleep(PAUSE)
            if address := self.load_called(name):
                break
        else:
            raise Refused("a file that is never taken")
        self.pending[name] = address
        self.acknowledged("upload", name)

    def guest_name(self) -> str:
        return " ".join("".join(self.chance.choices(SYLLABLES, k=4)).capitalize() for _part in range(2))

    def load_called(self, name: str) -> str:
        """Look for a load by the name of its file, on as many pages as there are; nothing when it is not there."""
        for page in range(1, 500):
            html = expect(insist(partial(self.browser.get, f"/loads/?page={page}")), 200).page
            if found := re.search(rf'href="(/loads/\d+/)"[^>]*>[^<]*{re.escape(name)}', html):
                return found[1]
            if f"page={page + 1}" not in html:
                return ""
        return ""

    def look_at_loads(self) -> None:
        """Confirm what is checked; what is done is no longer waited for."""
        for name, address in list(self.pending.items()):
            answer = insist(partial(self.browser.get, address))
            page = expect(answer, 200).page.partition('id="loads-load"')[2]
            if f"{address}confirm/" in page:
                expect(insist(partial(self.browser.post, f"{address}confirm/", {})), 302)
                self.acknowledged("confirm", name)
            elif f"{address}undo/" in page:
                del self.pending[name]
            elif "message error" in page:
                raise Refused(f"{name} has failed: {page.partition('message error')[2][:200]}")
