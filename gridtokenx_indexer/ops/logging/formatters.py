"""Log records as JSON lines or as text; both keep the event name apart from its fields."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import msgspec

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}
_OWN = frozenset({"gridtokenx_indexer", "gridtokenx"})


def event_and_fields(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Our own records carry an event name as message; a library's sentence becomes a field."""
    fields = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
    if record.name.partition(".")[0] in _OWN:
        event = str(record.msg)
        if record.args:
            event, fields["message"] = "unformatted_message", record.getMessage()
    else:
        event = "library_message"
        fields = {"message": record.getMessage(), **fields}
    if record.exc_info and record.exc_info[0]:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return event, fields


def _timestamp(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonFormatter(logging.Formatter):
    """One object per line: ts, level, event, logger and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        event, fields = event_and_fields(record)
        line = {
            "ts": _timestamp(record),
            "level": record.levelname.lower(),
            "event": event,
            "logger": record.name,
            **fields,
        }
        return msgspec.json.encode(line, enc_hook=str).decode()


class TextFormatter(logging.Formatter):
    """`HH:MM:SS level event key=value …`, an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        event, fields = event_and_fields(record)
        exception = fields.pop("exception", None)
        pairs = "".join(f" {key}={_quoted(value)}" for key, value in fields.items())
        line = f"{_timestamp(record)[11:19]} {record.levelname.lower():<7} {event}{pairs}"
        return f"{line}\n{exception}" if exception else line


def _quoted(value: object) -> str:
    text = str(value)
    return msgspec.json.encode(text).decode() if not text or any(c in text for c in ' "=\n') else text
