"""Definitions as servers print them, in one form for every version and after any restore; pure.

A server prints an expression from its parse tree, fully in parentheses. The tree of one and the same
expression differs in three ways between a database that our migrations made and one that read a dump, or
between versions: the cast of a list of words, AND inside AND (OR inside OR), and the table's name before a
column where a view has only one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

_TEXT_LIST = re.compile(r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]")
_WORD = re.compile(r"'(?:[^']|'')*'::character varying")
_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_TOKEN = re.compile(rf"'(?:[^']|'')*'|{_NAME}(?:\.{_NAME})*|\s+|.")
_CONNECTIVES = ("AND", "OR")
_AFTER_FROM = {"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", ";"}
_SEVERAL = {"UNION", "INTERSECT", "EXCEPT"}


@dataclass(slots=True)
class _Group:
    """What stands between two parentheses."""

    items: list[str | _Group] = field(default_factory=list)


def normal(definition: str) -> str:
    """The form that is compared; equal for equal meaning as far as servers differ."""
    group = _parsed(definition)
    _flatten(group)
    return _printed(group)


def normal_view(definition: str) -> str:
    """As `normal`, for the text of a view."""
    group = _parsed(definition)
    _flatten(group)
    alias = _only_table(group.items)
    if alias is not None:
        _strip(group, f"{alias}.")
    return _printed(group)


def word_lists(definition: str) -> str:
    """Lists of words as they are printed after a restore; as written by us, the whole list is cast."""
    return _TEXT_LIST.sub(
        lambda found: f"ARRAY[{', '.join(f'({word})::text' for word in _WORD.findall(found.group(1)))}]",
        definition,
    )


def _parsed(definition: str) -> _Group:
    stack = [_Group()]
    for token in _TOKEN.findall(word_lists(definition).strip()):
        if token == "(":  # noqa: S105
            stack.append(_Group())
        elif token == ")" and len(stack) > 1:  # noqa: S105
            inner = stack.pop()
            stack[-1].items.append(inner)
        else:
            stack[-1].items.append(token)
    return stack[0]


def _flatten(group: _Group) -> None:
    for item in group.items:
        if isinstance(item, _Group):
            _flatten(item)
    connective = _connective(group)
    if connective is None:
        return
    flat: list[str | _Group] = []
    for operand in _operands(group.items, connective):
        only = [item for item in operand if not _is_space(item)]
        inner = only[0] if len(only) == 1 else None
        if isinstance(inner, _Group) and _connective(inner) == connective:
            flat += [" ", *inner.items, " "]
        else:
            flat += operand
    group.items = flat


def _connective(group: _Group) -> str | None:
    """The one word that joins the group's operands."""
    found = [word for word in _CONNECTIVES if word in group.items]
    return found[0] if len(found) == 1 else None


def _operands(items: list[str | _Group], connective: str) -> Iterator[list[str | _Group]]:
    """Runs of items between connectives; each run but the first begins with its connective as an own run."""
    run: list[str | _Group] = []
    for item in items:
        if item == connective:
            yield run
            yield [connective]
            run = []
        else:
            run.append(item)
    yield run


def _only_table(items: list[str | _Group]) -> str | None:
    """By which name a view's only table is called; None when it has several sources."""
    words = [item for item in items if isinstance(item, str) and not item.isspace()]
    if "FROM" not in words or _SEVERAL.intersection(words):
        return None
    source = list(takewhile(lambda word: word not in _AFTER_FROM, words[words.index("FROM") + 1 :]))
    # A join stands in parentheses and leaves no word.
    return None if not source or "," in source else re.findall(_NAME, source[-1])[-1]


def _strip(group: _Group, prefix: str) -> None:
    group.items = [
        item.removeprefix(prefix) if isinstance(item, str) and not item.startswith("'") else item
        for item in group.items
    ]
    for item in group.items:
        if isinstance(item, _Group):
            _strip(item, prefix)


def _is_space(item: str | _Group) -> bool:
    return isinstance(item, str) and item.isspace()


def _printed(group: _Group) -> str:
    """One line, single spaces, none beside parentheses."""
    parts: list[str] = []
    for item in group.items:
        if isinstance(item, _Group):
            parts.append(f"({_printed(item)})")
        elif not item.isspace():
            parts.append(item)
        elif parts and parts[-1] != " ":
            parts.append(" ")
    return "".join(parts).strip()
