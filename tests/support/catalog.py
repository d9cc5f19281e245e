"""What a database's catalogue says about its tables, in plain values."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.postgres import query


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of the referring table; `on_delete` in the words of SQL."""

    table: str
    columns: tuple[str, ...]
    referred: str
    on_delete: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Tables of one schema: column types and text widths, keys and indexes as column lists."""

    columns: dict[tuple[str, str], str]
    widths: dict[tuple[str, str], int]
    primary_keys: dict[str, tuple[str, ...]]
    unique_keys: set[tuple[str, tuple[str, ...]]]
    indexes: dict[str, tuple[str, tuple[str, ...]]]
    foreign_keys: list[ForeignKey]

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns}


_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
       CASE WHEN a.atttypid = 'varchar'::regtype AND a.atttypmod > 0 THEN a.atttypmod - 4 END
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
 WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped
"""
_INDEXES = """
SELECT i.relname, c.relname, x.indisunique AND x.indpred IS NULL, x.indisprimary,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number)
  FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS c ON c.oid = x.indrelid
 WHERE c.relnamespace = %s::regnamespace AND NOT c.relispartition
"""
_FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM unnest(c.conkey::int[]) WITH ORDINALITY AS k (number, position)
          JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number),
       c.confrelid::regclass::text,
       CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                          WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END
  FROM pg_constraint AS c
 WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = %s::regnamespace
"""


def read_catalog(url: str, schema: str = "public") -> Catalog:
    """The catalogue of one schema, partitions left out."""
    columns = query(url, _COLUMNS, (schema,))
    indexes = query(url, _INDEXES, (schema,))
    return Catalog(
        columns={(table, column): kind for table, column, kind, _ in columns},
        widths={(table, column): width for table, column, _, width in columns if width},
        primary_keys={table: tuple(names) for _, table, _, primary, names in indexes if primary},
        unique_keys={(table, tuple(names)) for _, table, unique, _, names in indexes if unique and names},
        indexes={name: (table, tuple(names or ())) for name, table, _, _, names in indexes},
        foreign_keys=[
            ForeignKey(table, tuple(names), referred, rule)
            for table, names, referred, rule in query(url, _FOREIGN_KEYS, (schema,))
        ],
    )
