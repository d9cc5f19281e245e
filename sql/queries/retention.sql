-- name: now
-- The database's clock decides what is old.
SELECT now();

-- name: partitions
-- Range partitions of the tables, with the first moment after each.
SELECT p.table_name, n.nspname || '.' || c.relname,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$TO \('([^']+)'\)$$))[1]::timestamptz
  FROM indexer.partition_policies AS p
  JOIN pg_inherits AS i ON i.inhparent = to_regclass(p.table_name)
  JOIN pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.table_name = ANY (%s)
 ORDER BY 1, 3;

-- name: oldest
-- Decides whether there is anything to do, by the first entry of an index.
SELECT min({column}) FROM {table} WHERE {only};

-- name: wait_briefly
-- A table that is being altered may be so for hours.
SELECT set_config('lock_timeout', '5s', false);

-- name: delete_batch
-- By row address, so that each batch touches only what it deletes.
DELETE FROM {table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {table} WHERE {only} AND {column} < %s ORDER BY {column} LIMIT %s FOR UPDATE SKIP LOCKED));
