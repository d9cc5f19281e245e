"""Named SQL statements from `sql/queries/<area>.sql`.

A statement starts with a line `-- name: words_of_the_name`, then a comment line that says why it exists, then
the SQL up to the next name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.resources import resource

_NAME = re.compile(r"^-- name: *(\S+) *$", re.MULTILINE)


class Queries(Mapping[str, str]):
    """Name to SQL text of one area; a missing name raises `KeyError` that names the file."""

    def __init__(self, source: str, statements: Mapping[str, str]) -> None:
        self._source = source
        self._statements = dict(statements)

    def __getitem__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise KeyError(f"{self._source} has no statement named {name}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def parse(source: str, text: str) -> Queries:
    """Splits a query file; raises `StopError` when a name repeats or a statement lacks its SQL or its why."""
    head, *rest = _NAME.split(text)
    if head.strip():
        raise StopError(
            f"{source} has text before its first statement", remedy="start it with -- name: words"
        )
    statements: dict[str, str] = {}
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        sql = body.strip()
        if name in statements:
            raise StopError(f"{source} defines {name} twice", remedy="rename one of them")
        why, _, statement = sql.partition("\n")
        if not why.startswith("-- ") or not statement.strip():
            raise StopError(f"{source}: {name} needs a why-comment line and then its SQL")
        statements[name] = f"-- {name}\n{statement.strip()}"
    return Queries(source, statements)


@cache
def load(area: str) -> Queries:
    """The statements of one area, read once; raises `StopError` when the file is missing or malformed."""
    source = f"sql/queries/{area}.sql"
    try:
        text = resource(source).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StopError(f"{source} is missing", remedy="reinstall the package") from error
    return parse(source, text)
