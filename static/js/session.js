// A session ends when nothing comes for long: a warning in time, a way to stay, and after the end a way back.
// The page asks the server how long is left before it warns; asking is no sign of life. Signing out forgets drafts.
"use strict";

{
  const WARN = 5 * 60 * 1000;
  const AGAIN = 30 * 1000; // until a server that did not answer is asked once more
  const dialog = document.getElementById("session-warning").content.firstElementChild.cloneNode(true);
  const given = Number(dialog.dataset.endsIn) * 1000;
  const warn = Math.min(WARN, given / 2);
  let endsAt = Date.now() + given;
  let timer;
  let shown; // what the dialog says

  // Ask how long the session still lasts: the way to the sign-in page says that it is over. Without an answer, with a
  // broken line or in an outage, we go by what we know; return whether there was one.
  const ask = async (options = {}) => {
    const answer = await fetch(dialog.dataset.ask, { cache: "no-store", redirect: "manual", ...options }).catch(() => null);
    if (answer?.ok) endsAt = Date.now() + Number(await answer.text()) * 1000;
    else if (answer?.type === "opaqueredirect") endsAt = Date.now();
    else return false;
    return true;
  };
  const left = () => Math.max(0, endsAt - Date.now());

  const show = (state) => {
    dialog.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    });
    dialog.querySelector("time").textContent = new Date(endsAt).toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
    });
    dialog.querySelector("a[data-when=over]").href =
      `${dialog.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (!dialog.isConnected) document.body.append(dialog);
    if (dialog.open && state === shown) return;
    shown = state;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-when]:is(a, button):not([hidden]), [data-when]:not([hidden]) button")?.focus();
  };

  // The next moment at which something is to be said; a machine that slept looks at once.
  const schedule = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(pause, 1000));
  };

  const look = async () => {
    const told = await ask();
    const rest = left();
    if (rest <= 0) {
      show("over");
    } else if (rest > warn + 1000) {
      if (dialog.open) dialog.close();
      schedule(rest - warn);
    } else {
      show("idle");
      schedule(told ? rest : Math.min(rest, AGAIN));
    }
  };

  const stay = async () => {
    const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    const told = await ask({ method: "POST", headers: { "X-CSRFToken": token } });
    // Refused perhaps because of signing in anew in another tab, with another token; else the button can be pressed again.
    if (!told && !(await ask())) return;
    const rest = left();
    if (rest > warn + 1000) dialog.close();
    else show(rest > 0 ? "last" : "over"); // no sign of life makes it longer
    schedule(rest > warn + 1000 ? rest - warn : rest);
  };

  dialog.querySelector("[data-stay]").addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() > endsAt - warn) look();
  });
  schedule(given - warn);

  // Signing out leaves nothing typed (see portal.js) and no list of people behind on a shared machine.
  const forgetAll = () => {
    for (const storage of [localStorage, sessionStorage]) {
      Object.keys(storage)
        .filter((key) => key.startsWith("draft:"))
        .forEach((key) => storage.removeItem(key));
    }
    sessionStorage.removeItem("htmx-history-cache");
  };
  for (const form of [...document.querySelectorAll("[data-forget-drafts]"), dialog.querySelector("[data-sign-out]")]) {
    form.addEventListener("submit", forgetAll);
  }
}
