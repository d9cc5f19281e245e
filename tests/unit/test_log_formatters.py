from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from decimal import Decimal

import pytest

from gridtokenx_indexer.ops.logging.setup import configure_logging

OURS = "gridtokenx_indexer.some.part"


@pytest.fixture(autouse=True)
def _root_logger_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def written(style: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure_logging(level=level, style=style, stream=stream)
    return stream


def test_json_lines_hold_event_and_fields_apart() -> None:
    stream = written("json")
    logging.getLogger(OURS).info("slots_committed", extra={"slots": 3, "energy": Decimal("1.5")})
    line = json.loads(stream.getvalue())
    assert line["event"] == "slots_committed"
    assert (line["slots"], line["energy"]) == (3, "1.5")
    assert (line["level"], line["logger"]) == ("info", OURS)
    assert line["ts"].endswith("Z")


def test_a_library_s_sentence_is_a_field() -> None:
    stream = written("json")
    logging.getLogger("uvicorn.error").warning("Shutting down %s", "now")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["message"]) == ("library_message", "Shutting down now")


def test_an_exception_stays_one_line_of_json() -> None:
    stream = written("json")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger(OURS).exception("part_failed")
    assert stream.getvalue().count("\n") == 1
    assert "ValueError: broken" in json.loads(stream.getvalue())["exception"]


def test_text_quotes_what_needs_quotes() -> None:
    stream = written("text")
    logging.getLogger(OURS).warning("part_restarting", extra={"error": 'no "x" here', "pause_s": 2})
    assert stream.getvalue().endswith('warning part_restarting error="no \\"x\\" here" pause_s=2\n')


def test_auto_is_json_when_not_on_a_terminal_and_the_level_holds() -> None:
    stream = written("auto", level="warning")
    logging.getLogger(OURS).info("too_quiet")
    logging.getLogger(OURS).error("loud_enough")
    assert json.loads(stream.getvalue())["event"] == "loud_enough"
