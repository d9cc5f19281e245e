"""Rewrites sql/schema.sql and sql/catalogue.jsonl from the migrations: `make schema`."""

from __future__ import annotations

from pathlib import Path

from gridtokenx_indexer.store.catalogue import catalogue_file
from gridtokenx_indexer.store.schema_dump import dump_schema
from tests.support.postgres import database_server

SQL = Path(__file__).parents[2] / "sql"


def main() -> None:
    with database_server() as server, server.database() as url:
        (SQL / "schema.sql").write_text(dump_schema(url), encoding="utf-8")
        (SQL / "catalogue.jsonl").write_text(catalogue_file(url), encoding="utf-8")


if __name__ == "__main__":
    main()
