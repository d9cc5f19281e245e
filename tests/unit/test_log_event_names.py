"""Every log call of the package names a constant event in snake case, so that logs can be searched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import gridtokenx_indexer

_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


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
