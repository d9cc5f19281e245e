"""Walks log lines with the invoke stack, so that a `Program data:` line is attributed to who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_DATA = "Program data: "
_TRUNCATED = "Log truncated"


@dataclass(frozen=True, slots=True)
class Invocation:
    program: str
    depth: int


@dataclass(frozen=True, slots=True)
class DataLine:
    """`invocation` indexes `LogWalk.invocations`; None when the writer cannot be known."""

    invocation: int | None
    text: str
    """What follows `Program data: `: base64 chunks separated by spaces."""


@dataclass(frozen=True, slots=True)
class LogWalk:
    invocations: tuple[Invocation, ...]
    data: tuple[DataLine, ...]
    truncated: bool


def walk_logs(lines: Sequence[str] | None) -> LogWalk:
    """Missing logs count as truncated. After a truncation, or a line that contradicts the stack, no later
    data line has a known writer: lines may be missing anywhere from there on."""
    if lines is None:
        return LogWalk((), (), truncated=True)
    invocations: list[Invocation] = []
    data: list[DataLine] = []
    stack: list[int] = []
    trusted = True
    truncated = False
    for line in lines:
        if line.startswith(_DATA):
            writer = stack[-1] if trusted and stack else None
            data.append(DataLine(writer, line[len(_DATA) :]))
            continue
        if line == _TRUNCATED:
            truncated = True
            trusted = False
            continue
        # Text that programs write stands behind "Program log: " and cannot take these forms.
        if not trusted or not line.startswith("Program ") or line.startswith("Program log: "):
            continue
        words = line.split(" ", 3)
        if len(words) < 3:
            continue
        program, verb = words[1], words[2]
        if verb == "invoke" and len(words) == 4:
            depth = _depth(words[3])
            if depth != len(stack) + 1:
                trusted = False
                continue
            stack.append(len(invocations))
            invocations.append(Invocation(program, depth))
        elif verb == "success" or verb.startswith("failed:") or verb == "failed":
            if stack and invocations[stack[-1]].program == program:
                stack.pop()
            elif verb == "success":
                trusted = False
    return LogWalk(tuple(invocations), tuple(data), truncated)


def _depth(word: str) -> int | None:
    number = word[1:-1]
    return int(number) if word[:1] == "[" and word[-1:] == "]" and number.isdecimal() else None
