"""The refusals that the functions of a database can utter, read from their sources."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.postgres import query


@dataclass(frozen=True, slots=True)
class Refusal:
    """One RAISE EXCEPTION: its message and options, and the constraint names that it can carry."""

    function: str
    message: str
    options: frozenset[str]
    constraints: frozenset[str]


_SOURCES = """
SELECT p.oid::regprocedure::text, p.prosrc,
       (SELECT coalesce(array_agg(DISTINCT t.tgname::text), '{}') FROM pg_trigger AS t
         WHERE t.tgfoid = p.oid AND t.tgparentid = 0)
  FROM pg_proc AS p
 WHERE p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)' AND p.prosrc ~* 'raise\\s+exception'
   AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
 ORDER BY 1
"""
_STRING = r"'(?:[^']|'')*'"
_RAISE = re.compile(rf"raise\s+exception\s+({_STRING})((?:[^;']|{_STRING})*);", re.IGNORECASE)
_OPTION = re.compile(rf"\b([A-Z]+)\s*=\s*({_STRING}|\w+)")


def refusals(url: str) -> list[Refusal]:
    """Every RAISE EXCEPTION of our functions; TG_NAME stands for all its triggers."""
    found = []
    for function, source, triggers in query(url, _SOURCES):
        spoken = _RAISE.findall(source)
        assert len(spoken) == len(re.findall(r"raise\s+exception", source, re.IGNORECASE)), function
        for message, rest in spoken:
            options = dict(_OPTION.findall(rest))
            name = options.get("CONSTRAINT", "")
            names = triggers if name == "TG_NAME" else [name.strip("'")] if name else []
            found.append(Refusal(function, message.strip("'"), frozenset(options), frozenset(names)))
    return found
