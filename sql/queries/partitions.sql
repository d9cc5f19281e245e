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

-- name: holders
-- Whose open transactions keep a table, or one that it points to, from getting a partition; the oldest first.
SELECT a.pid, coalesce(nullif(a.application_name, ''), 'unnamed') AS application_name
  FROM pg_stat_activity AS a
 WHERE a.pid <> pg_backend_pid()
   AND EXISTS (SELECT FROM pg_locks AS l
                WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
                  AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
                  AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
                  AND (l.relation = to_regclass($1)
                       OR l.relation IN (SELECT k.confrelid FROM pg_constraint AS k
                                          WHERE k.conrelid = to_regclass($1) AND k.contype = 'f')))
 ORDER BY a.xact_start LIMIT 3;
