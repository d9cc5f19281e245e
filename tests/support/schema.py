"""Rewrites sql/schema.sql from the migrations: `make schema`."""

from __future__ import annotations

from pathlib import Path

from gridtokenx_indexer.store.schema_dump import dump_schema
from tests.support.postgres import database_server

SCHEMA = Path(__file__).parents[2] / "sql" / "schema.sql"


def main() -> None:
    with database_server() as server, server.database() as url:
        SCHEMA.write_text(dump_schema(url), encoding="utf-8")


if __name__ == "__main__":
    main()
