"""The catalogue of all our schemas at once, in the shape in which the documents are compared with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import psycopg

SCHEMAS = (
    "public",
    "blockchain",
    "trading",
    "grid",
    "monitoring",
    "governance",
    "investment",
    "hosting",
    "crm",
    "analytics",
    "community",
    "indexer",
)
RENAMED_IN_VIEW = {"hosting.users.role": "public.users.hosting_role"}
"""View columns whose table column has another name."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` as format_type prints it; `default` the expression; `counts`: numbers its rows by itself."""

    kind: str
    default: str | None
    not_null: bool
    comment: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`relation`: table, partitioned, view; `cut`: strategy and columns of its `parts` partitions."""

    relation: str
    cut: tuple[str, tuple[str, ...]] | None
    parts: int
    comment: str


@dataclass(frozen=True, slots=True)
class Index:
    """`columns` holds None for an expression; `partial` the predicate or None."""

    table: str
    columns: tuple[str | None, ...]
    unique: bool
    partial: str | None
    method: str
    definition: str
    comment: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    table: str
    columns: tuple[str, ...]
    referred: str
    on_delete: str


@dataclass(frozen=True, slots=True)
class SeedCatalog:
    """Everything by `schema.name`; partitions made for data are left out."""

    schemas: frozenset[str]
    extensions: frozenset[str]
    tables: dict[str, Table]
    columns: dict[str, Column]
    indexes: dict[str, Index]
    primary_keys: dict[str, tuple[str, ...]]
    foreign_keys: frozenset[ForeignKey]
    checks: dict[tuple[str, str], str]
    key_comments: dict[tuple[str, str], str]
    partition_kinds: dict[str, str]

    def base(self, column: str) -> str:
        """The table column behind a column of a users view, else the column itself."""
        table, _, name = column.rpartition(".")
        if self.tables[table].relation == "view" and table.endswith(".users"):
            return RENAMED_IN_VIEW.get(column, f"public.users.{name}")
        return column

    def unique(self, table: str, *columns: str) -> bool:
        """Whether a unique index, not a partial one, covers exactly these columns."""
        return any(
            each.unique and each.partial is None and each.table == table and set(each.columns) == set(columns)
            for each in self.indexes.values()
        )

    def one_row_only(self, table: str, *columns: str) -> bool:
        """Whether a unique index over some of these columns allows but one row for their values."""
        return any(
            each.unique and each.partial is None and each.table == table and {*each.columns} <= {*columns}
            for each in self.indexes.values()
        )

    def key_columns(self, table: str, column: str) -> set[str]:
        """What the primary key must consist of: the id, and what a partitioned table is cut by."""
        cut = self.tables[table].cut
        return {column, *(cut[1] if cut else ())}

    def refers(self, table: str, column: str, referred: str) -> bool:
        """Whether a foreign key that holds this column names that table."""
        return any(
            (key.table, key.referred) == (table, referred) and column in key.columns
            for key in self.foreign_keys
        )

    def index_starting_with(self, table: str, *columns: str) -> list[str]:
        """Names of sorted whole-table indexes whose first columns are these."""
        return [
            name
            for name, each in self.indexes.items()
            if (each.table, each.partial, each.method) == (table, None, "btree")
            and each.columns[: len(columns)] == columns
        ]

    def words(self, column: str) -> list[str] | None:
        """The words that a CHECK on the column alone allows, in its order."""
        table, _, name = column.rpartition(".")
        for (owner, _), text in self.checks.items():
            found = re.fullmatch(rf"CHECK \(\(\(?\"?{name}\"?\)?(?:::text)? = ANY \([^=]*\)\)\)", text)
            if owner == table and found:
                return re.findall(r"'([^']*)'::", text)
        return None


_TABLES = """
SELECT n.nspname || '.' || c.relname,
       CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' ELSE 'view' END,
       CASE p.partstrat WHEN 'r' THEN 'range' WHEN 'h' THEN 'hash' WHEN 'l' THEN 'list' END,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM unnest(p.partattrs::int[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number),
       (SELECT count(*) FROM pg_inherits AS i WHERE i.inhparent = c.oid),
       coalesce(obj_description(c.oid, 'pg_class'), '')
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_COLUMNS = """
SELECT n.nspname || '.' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, coalesce(col_description(c.oid, a.attnum), ''),
       a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%', false)
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped
"""
_INDEXES = """
SELECT n.nspname || '.' || i.relname, n.nspname || '.' || c.relname,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k (number, position)
          LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0
         WHERE k.position <= x.indnkeyatts),
       x.indisunique, pg_get_expr(x.indpred, x.indrelid), m.amname::text, pg_get_indexdef(i.oid),
       coalesce(obj_description(i.oid, 'pg_class'), ''), x.indisprimary
  FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS c ON c.oid = x.indrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_am AS m ON m.oid = i.relam
 WHERE n.nspname = ANY (%s) AND NOT c.relispartition AND x.indisvalid
"""
_KEYS = """
SELECT n.nspname || '.' || c.relname,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM unnest(x.conkey::int[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number),
       rn.nspname || '.' || r.relname,
       CASE x.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                          WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END
  FROM pg_constraint AS x JOIN pg_class AS c ON c.oid = x.conrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_class AS r ON r.oid = x.confrelid JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
 WHERE n.nspname = ANY (%s) AND x.contype = 'f' AND x.convalidated AND x.conparentid = 0
   AND NOT c.relispartition
"""
_CONSTRAINTS = """
SELECT n.nspname || '.' || c.relname, x.conname::text, x.contype = 'c', pg_get_constraintdef(x.oid),
       coalesce(obj_description(x.oid, 'pg_constraint'), '')
  FROM pg_constraint AS x JOIN pg_class AS c ON c.oid = x.conrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%s) AND x.contype IN ('c', 'p', 'u', 'x') AND x.convalidated
   AND NOT c.relispartition
"""


def read_seed_catalog(url: str) -> SeedCatalog:
    """What a database has."""
    with psycopg.connect(url) as connection:
        return seen_by(connection)


def seen_by(connection: psycopg.Connection[tuple[Any, ...]]) -> SeedCatalog:
    """What one transaction sees; eight reads, whatever the number of objects."""

    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        return connection.execute(statement.encode(), values or None).fetchall()

    schemas = list(SCHEMAS)
    indexes = ask(_INDEXES, schemas)
    constraints = ask(_CONSTRAINTS, schemas)
    policies = ask("SELECT to_regclass('indexer.partition_policies') IS NOT NULL") == [(True,)]
    return SeedCatalog(
        schemas=frozenset(row[0] for row in ask("SELECT nspname::text FROM pg_namespace")),
        extensions=frozenset(row[0] for row in ask("SELECT extname::text FROM pg_extension")),
        tables={
            name: Table(relation, (strategy, tuple(cut)) if strategy else None, parts, comment)
            for name, relation, strategy, cut, parts, comment in ask(_TABLES, schemas)
        },
        columns={name: Column(*rest) for name, *rest in ask(_COLUMNS, schemas)},
        indexes={
            name: Index(table, tuple(columns), unique, partial, method, definition, comment)
            for name, table, columns, unique, partial, method, definition, comment, _ in indexes
        },
        primary_keys={table: tuple(columns) for _, table, columns, *_, primary in indexes if primary},
        foreign_keys=frozenset(
            ForeignKey(table, tuple(columns), referred, rule)
            for table, columns, referred, rule in ask(_KEYS, schemas)
        ),
        checks={(table, name): text for table, name, is_check, text, _ in constraints if is_check},
        key_comments={
            (table, name): comment for table, name, is_check, _, comment in constraints if not is_check
        },
        partition_kinds=dict(
            ask("SELECT table_name, kind FROM indexer.partition_policies") if policies else ()
        ),
    )
