"""A small world in which every rule of the database can be broken by one statement, and the statements."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
FOLDER = Path(__file__).parent
WORLD = (FOLDER / "rule_world.sql").read_text(encoding="utf-8")


def uid(kind: int, number: int) -> str:
    """The id of a row in rule_world.sql."""
    return f"00000000-0000-0000-{kind:04x}-{number:012x}"


NAMES = {
    "ann": uid(0, 1),
    "bob": uid(0, 2),
    "cid": uid(0, 3),
    "meter": uid(1, 1),
    "certificate": uid(2, 1),
    "credit": uid(3, 1),
    "epoch": uid(4, 1),
    "buy_order": uid(5, 1),
    "sell_order": uid(5, 2),
    "open": uid(8, 1),
    "over": uid(8, 2),
    "early": uid(8, 3),
    "closed": uid(8, 4),
    "draft": uid(8, 5),
    "comment": uid(10, 1),
    "asset": uid(11, 1),
    "foreign_meter": uid(1, 2),
}


@cache
def rules(kind: str) -> list[dict[str, str]]:
    """The entries of one kind in rules.toml, ids put in."""
    content: dict[str, list[dict[str, Any]]] = tomllib.loads(
        (FOLDER / "rules.toml").read_text(encoding="utf-8")
    )
    return [
        {key: with_ids(value) if key == "sql" else value for key, value in entry.items()}
        for entry in content[kind]
    ]


def with_ids(statement: str) -> str:
    for name, identity in NAMES.items():
        statement = statement.replace(f"{{{name}}}", identity)
    return statement
