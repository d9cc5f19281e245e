-- name: tables
-- Tables of our schemas with what they are a partition of.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, c.relkind = 'p' AS partitioned,
       (SELECT quote_ident(pn.nspname) || '.' || quote_ident(pc.relname)
          FROM pg_inherits AS i JOIN pg_partitioned_table AS p ON p.partrelid = i.inhparent
          JOIN pg_class AS pc ON pc.oid = i.inhparent JOIN pg_namespace AS pn ON pn.oid = pc.relnamespace
         WHERE i.inhrelid = c.oid) AS parent
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p')
 ORDER BY 1;

-- name: indexes
-- Their indexes: usable or not, part of which index, and who is building one at the moment.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table_name, quote_ident(x.relname) AS name,
       i.indisvalid AND i.indisready AS valid,
       (SELECT quote_ident(px.relname) FROM pg_inherits AS h JOIN pg_class AS px ON px.oid = h.inhparent
         WHERE h.inhrelid = x.oid) AS part_of,
       k.oid IS NOT NULL AS is_constraint, obj_description(x.oid, 'pg_class') AS comment,
       obj_description(k.oid, 'pg_constraint') AS constraint_comment,
       (SELECT min(b.pid) FROM pg_stat_progress_create_index AS b
         WHERE b.datname = current_database() AND b.index_relid = x.oid) AS builder
  FROM pg_index AS i
  JOIN pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_class AS c ON c.oid = i.indrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_constraint AS k ON k.conindid = x.oid AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x')
 WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p')
 ORDER BY 1, 2;

-- name: try_lock
-- One builder at a time; the lock ends with its session.
SELECT pg_try_advisory_lock(hashtextextended('gridtokenx db indexes', 0));

-- name: unlock
-- For the next one.
SELECT pg_advisory_unlock(hashtextextended('gridtokenx db indexes', 0));

-- name: builder
-- Who has that lock.
SELECT a.pid, a.application_name
  FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.granted
   AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('gridtokenx db indexes', 0)
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- name: let_go
-- A builder whose command was killed stops within seconds; not every system can notice that.
SELECT set_config('client_connection_check_interval', '2s', false);

-- name: limits
-- A build takes as long as its table is large; a statement that shuts out writers waits for them this long only.
SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', $1, false);

-- name: progress
-- Where the build of that session stands, and whom it waits for.
SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total, nullif(current_locker_pid, 0) AS waits_for
  FROM pg_stat_progress_create_index WHERE pid = $1;

-- name: holders
-- Who keeps a table from being locked, the oldest first.
SELECT DISTINCT a.pid, a.application_name, a.xact_start
  FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'relation' AND l.granted AND l.relation = to_regclass($1) AND l.pid <> pg_backend_pid()
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY a.xact_start LIMIT 3;
