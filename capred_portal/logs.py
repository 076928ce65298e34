"""What the portal writes to its log: one line a record, as JSON on a server, with the request it belongs to."""

import datetime as dt
import json
import logging
import re
import time
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection

from capred_portal.outages import outage_of

slow_queries = logging.getLogger("portal.queries")

# The request or the background task that this thread works for; the page of an error shows it.
REFERENCE: ContextVar[str] = ContextVar("reference", default="")

FIELDS = ("method", "path", "status", "duration_ms", "user", "sql")  # what our own records add
LONGEST_SQL = 2_000
# What databases and mail servers repeat in their errors may be somebody's personal data.
DETAILS = re.compile(r"^\s*(?:DETAIL|CONTEXT|LINE \d+):.*\n?", re.MULTILINE)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Of links that open something by themselves: a new password, a frozen report, a choice of mails, a door.
TOKEN = re.compile(r"(/reset/[^/\s]+/|/(?:shared|stop|mine|arrive|welcome)/)[^/\s]+")


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything goes to standard error, as "json" or as "text"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "capred_portal.logs.JsonFormatter"},
            "text": {"()": "capred_portal.logs.TextFormatter"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"level": "NOTSET"},  # Django's own handlers would say everything twice
            "django.server": {"level": "INFO" if form == "text" else "WARNING"},  # requests of runserver
            "axes": {"level": "ERROR"},  # its lines name people; the administration shows its rows instead
        },
    }


def without_personal_data(text: str) -> str:
    """Take out what databases repeat of a row in their errors, mail addresses, and links that open accounts."""
    return TOKEN.sub(r"\1[token]", ADDRESS.sub("[address]", DETAILS.sub("", text)))


class TextFormatter(logging.Formatter):
    """A line for people, then the traceback where there is one; of a database that is away one line is enough."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        reference = f" [{REFERENCE.get()}]" if REFERENCE.get() else ""
        added = [f" {name}={getattr(record, name)}" for name in FIELDS if hasattr(record, name)]
        line, newline, rest = super().format(record).partition("\n")
        return without_personal_data(f"{line}{reference}{''.join(added)}{newline}{rest}")

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own name
        return f"{ei[0].__name__}: {ei[1]}".strip() if outage_of(ei[1]) else super().formatException(ei)


class JsonFormatter(TextFormatter):
    """One JSON object a line, for whatever collects the logs of several machines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
        }
        if reference := REFERENCE.get():
            line["request_id"] = reference
        added = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        line |= {name: without_personal_data(one) if isinstance(one, str) else one for name, one in added.items()}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = without_personal_data(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


# Slow queries


def watch_queries() -> None:
    """Have this thread's connection log queries that take longer than SLOW_QUERY_MS; with 0, nothing is measured."""
    if settings.SLOW_QUERY_MS and log_slow_query not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, log_slow_query)  # others take theirs off from the end


def log_slow_query(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a query; log it without its parameters when it was slow."""
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - started) * 1000
        if took >= settings.SLOW_QUERY_MS:
            slow_queries.warning("slow query", extra={"duration_ms": round(took), "sql": str(sql)[:LONGEST_SQL]})
