"""Every log call of the package names a constant event in snake case, so that logs can be searched."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import gridtokenx_indexer

_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def log_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        target = node.func.value
        if node.func.attr in _METHODS and isinstance(target, ast.Name) and target.id in {"log", "logger"}:
            yield node


def test_log_calls_use_constant_event_names() -> None:
    package = Path(gridtokenx_indexer.__file__).parent
    wrong = []
    seen = 0
    for path in sorted(package.rglob("*.py")):
        for call in log_calls(path):
            seen += 1
            event = call.args[0]
            constant = isinstance(event, ast.Constant) and isinstance(event.value, str)
            if len(call.args) != 1 or not constant or not _NAME.fullmatch(str(event.value)):  # type: ignore[attr-defined]
                wrong.append(f"{path.relative_to(package)}:{call.lineno}")
    assert seen > 5
    assert not wrong


def test_no_field_takes_a_name_that_logging_needs_itself() -> None:
    reserved = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
    package = Path(gridtokenx_indexer.__file__).parent
    taken = [
        f"{path.relative_to(package)}:{call.lineno}: {key.value}"
        for path in sorted(package.rglob("*.py"))
        for call in log_calls(path)
        for keyword in call.keywords
        if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict)
        for key in keyword.value.keys
        if isinstance(key, ast.Constant) and key.value in reserved
    ]
    assert not taken
