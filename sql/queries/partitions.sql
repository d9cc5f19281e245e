-- name: policies
-- How each partitioned table is cut.
SELECT table_name, kind, step, ahead_months, counts FROM indexer.partition_policies ORDER BY table_name;

-- name: present
-- The two clocks, which may be years apart, and the head of the index.
SELECT now() AS wall_clock, indexer.market_now() AS market_clock,
       (SELECT c.head_slot FROM indexer.cursors AS c WHERE c.name = 'chain') AS head_slot;

-- name: existing
-- The partitions there are, named as the planner names them.
SELECT n.nspname || '.' || c.relname AS name
  FROM pg_inherits AS i
  JOIN indexer.partition_policies AS p ON to_regclass(p.table_name) = i.inhparent
  JOIN pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace;

-- name: create
-- Safe to repeat, and safe beside a writer that creates the same one.
SELECT indexer.ensure_partition($1::text, $2::text);
