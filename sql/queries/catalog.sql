-- name: partitions
-- Partitions and the chunks of hypertables come and go with the data, so no picture of the schema shows them.
SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND EXISTS (SELECT FROM indexer.partition_policies AS p
                JOIN pg_inherits AS i ON i.inhparent = to_regclass(p.table_name)
               WHERE i.inhrelid = c.oid)
 ORDER BY 1;

-- name: schemas
-- Which schemas a freshly migrated database has; in any other one there may be more that are not ours.
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1;

-- name: print_plainly
-- The server prints definitions by the session's settings; with no search path every name carries its schema.
SELECT set_config('search_path', '', true), set_config('quote_all_identifiers', 'off', true),
       set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
       set_config('extra_float_digits', '1', true);

-- name: timeseries_mode
-- Hypertables have other indexes, triggers and kinds than the partitioned tables they stand for.
SELECT value #>> '{}' FROM indexer.settings WHERE key = 'timeseries_mode';

-- name: objects
-- Every object of the given schemas as the server defines it; what only extensions or dated partitions have is
-- left out, as those come and go. uuid_generate_v4() is an extension's or ours, whichever the server can have.
WITH schemas AS MATERIALIZED (
    SELECT n.oid, quote_ident(n.nspname) AS name FROM pg_namespace AS n WHERE n.nspname = ANY (%(schemas)s)
), of_extensions AS MATERIALIZED (
    SELECT d.classid, d.objid FROM pg_depend AS d WHERE d.deptype = 'e'
), relations AS MATERIALIZED (
    SELECT c.*, s.name || '.' || quote_ident(c.relname) AS name
      FROM pg_class AS c JOIN schemas AS s ON s.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND NOT EXISTS (SELECT FROM of_extensions AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
       AND NOT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_partitioned_table AS p ON p.partrelid = i.inhparent
                        WHERE i.inhrelid = c.oid AND p.partstrat = 'r')
), objects (kind, name, definition, body, classid, objid, objsubid) AS (
    SELECT 'schema', s.name, '', NULL::text, 'pg_namespace'::regclass, s.oid, 0
      FROM schemas AS s
    UNION ALL
    SELECT 'extension', quote_ident(e.extname), 'in ' || e.extnamespace::regnamespace, NULL, NULL, NULL, NULL
      FROM pg_extension AS e
     WHERE e.extname IN ('btree_gist', 'cube', 'earthdistance', 'pg_trgm')
    UNION ALL
    SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                          ELSE 'table' END,
           r.name,
           concat_ws(' ', 'partition by ' || pg_get_partkeydef(r.oid),
                     (SELECT 'of ' || string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
                        FROM pg_inherits AS i WHERE i.inhrelid = r.oid),
                     pg_get_expr(r.relpartbound, r.oid),
                     CASE r.relpersistence WHEN 'u' THEN 'unlogged' END,
                     CASE WHEN r.relrowsecurity THEN 'row security' END,
                     CASE WHEN r.relforcerowsecurity THEN 'forced' END,
                     'with ' || r.reloptions::text),
           CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END, 'pg_class'::regclass, r.oid, 0
      FROM relations AS r
     WHERE r.relkind <> 'S'
    UNION ALL
    SELECT 'column', r.name || '.' || quote_ident(a.attname),
           concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                     CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
                     CASE WHEN a.attnotnull THEN 'not null' END,
                     CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
                     CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
                     'default ' || pg_get_expr(d.adbin, d.adrelid)),
           NULL, 'pg_class'::regclass, a.attrelid, a.attnum
      FROM relations AS r
      JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE r.relkind <> 'S'
    UNION ALL
    -- NOT NULL is a constraint of its own from 18 on; those with a parent follow it.
    SELECT 'constraint', r.name || '.' || quote_ident(c.conname), pg_get_constraintdef(c.oid),
           NULL, 'pg_constraint'::regclass, c.oid, 0
      FROM relations AS r JOIN pg_constraint AS c ON c.conrelid = r.oid
     WHERE c.contype NOT IN ('n', 't') AND c.conparentid = 0
    UNION ALL
    SELECT 'index', r.name || '.' || quote_ident(x.relname),
           concat_ws(' ', pg_get_indexdef(x.oid), CASE WHEN NOT (i.indisvalid AND i.indisready) THEN 'INVALID' END),
           NULL, 'pg_class'::regclass, x.oid, 0
      FROM relations AS r JOIN pg_index AS i ON i.indrelid = r.oid JOIN pg_class AS x ON x.oid = i.indexrelid
    UNION ALL
    SELECT 'trigger', r.name || '.' || quote_ident(t.tgname),
           concat_ws(' ', pg_get_triggerdef(t.oid),
                     CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ON REPLICAS' WHEN 'A' THEN 'ALWAYS' END),
           NULL, 'pg_trigger'::regclass, t.oid, 0
      FROM relations AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
     WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'rule', r.name || '.' || quote_ident(w.rulename),
           concat_ws(' ', pg_get_ruledef(w.oid), CASE WHEN w.ev_enabled = 'D' THEN 'DISABLED' END),
           NULL, 'pg_rewrite'::regclass, w.oid, 0
      FROM relations AS r JOIN pg_rewrite AS w ON w.ev_class = r.oid
     WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT 'policy', r.name || '.' || quote_ident(p.polname),
           concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, r.oid), pg_get_expr(p.polwithcheck, r.oid)),
           NULL, 'pg_policy'::regclass, p.oid, 0
      FROM relations AS r JOIN pg_policy AS p ON p.polrelid = r.oid
    UNION ALL
    SELECT 'sequence', r.name,
           concat_ws(' ', format_type(q.seqtypid, NULL), 'from', q.seqmin, 'to', q.seqmax, 'by', q.seqincrement,
                     'starting at', q.seqstart, CASE WHEN q.seqcycle THEN 'cycle' END,
                     (SELECT 'of ' || d.refobjid::regclass || '.' || quote_ident(a.attname)
                        FROM pg_depend AS d
                        JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
                         AND d.refclassid = 'pg_class'::regclass)),
           NULL, 'pg_class'::regclass, r.oid, 0
      FROM relations AS r JOIN pg_sequence AS q ON q.seqrelid = r.oid
    UNION ALL
    SELECT 'function', s.name || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
           concat_ws(' ', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' END,
                     '(' || pg_get_function_arguments(p.oid) || ')', 'returns ' || pg_get_function_result(p.oid),
                     'language ' || l.lanname,
                     CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END,
                     CASE WHEN p.proisstrict THEN 'strict' END,
                     CASE WHEN p.prosecdef THEN 'security definer' END,
                     CASE WHEN p.proleakproof THEN 'leakproof' END,
                     CASE p.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' END,
                     'set ' || p.proconfig::text, pg_get_function_sqlbody(p.oid)),
           CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END, 'pg_proc'::regclass, p.oid, 0
      FROM schemas AS s
      JOIN pg_proc AS p ON p.pronamespace = s.oid
      JOIN pg_language AS l ON l.oid = p.prolang
     WHERE p.oid IS DISTINCT FROM to_regprocedure('public.uuid_generate_v4()')
       AND NOT EXISTS (SELECT FROM of_extensions AS e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
    UNION ALL
    SELECT 'function', 'public.uuid_generate_v4()', 'returns ' || pg_get_function_result(p.oid), NULL, NULL, NULL, NULL
      FROM pg_proc AS p
     WHERE p.oid = to_regprocedure('public.uuid_generate_v4()')
    UNION ALL
    SELECT 'type', s.name || '.' || quote_ident(t.typname), t.typtype::text, NULL, 'pg_type'::regclass, t.oid, 0
      FROM schemas AS s JOIN pg_type AS t ON t.typnamespace = s.oid LEFT JOIN pg_class AS c ON c.oid = t.typrelid
     WHERE (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
       AND NOT EXISTS (SELECT FROM of_extensions AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
)
SELECT o.kind, o.name, o.definition, o.body FROM objects AS o
UNION ALL
SELECT 'comment', o.kind || ' ' || o.name, d.description, NULL
  FROM objects AS o
  JOIN pg_description AS d ON (d.classoid, d.objoid, d.objsubid) = (o.classid, o.objid, o.objsubid);

-- name: partition_faults
-- A dated partition is as its table: nothing more, nothing less, nothing switched off. The same is asked of what
-- stands behind foreign keys, which has no definition of its own.
WITH relations AS MATERIALIZED (
    SELECT c.oid, c.relpersistence, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
           (SELECT i.inhparent FROM pg_inherits AS i JOIN pg_partitioned_table AS p ON p.partrelid = i.inhparent
             WHERE i.inhrelid = c.oid AND p.partstrat = 'r') AS cut_from
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY (%(schemas)s) AND c.relkind IN ('r', 'p')
)
SELECT r.name, 'the trigger ' || quote_ident(t.tgname) || ' is disabled'
  FROM relations AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
 WHERE r.cut_from IS NOT NULL AND NOT t.tgisinternal AND t.tgenabled IN ('D', 'R')
UNION
SELECT r.name, 'the foreign key ' || quote_ident(c.conname) || ' is disabled'
  FROM relations AS r
  JOIN pg_trigger AS t ON t.tgrelid = r.oid
  JOIN pg_constraint AS c ON c.oid = t.tgconstraint
 WHERE t.tgisinternal AND t.tgenabled IN ('D', 'R')
UNION ALL
SELECT r.name, 'the trigger ' || quote_ident(t.tgname) || ' of ' || t.tgrelid::regclass || ' is missing'
  FROM relations AS r JOIN pg_trigger AS t ON t.tgrelid = r.cut_from
 -- Triggers of statements fire for the table that the statement names, except those on TRUNCATE, which names each.
 WHERE NOT t.tgisinternal AND t.tgtype & (1 | 32) <> 0
   AND NOT EXISTS (SELECT FROM pg_trigger AS own WHERE own.tgrelid = r.oid AND own.tgname = t.tgname)
UNION ALL
SELECT r.name, 'the trigger ' || quote_ident(t.tgname) || ' is extra'
  FROM relations AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid
 WHERE r.cut_from IS NOT NULL AND NOT t.tgisinternal
   AND NOT EXISTS (SELECT FROM pg_trigger AS its WHERE its.tgrelid = r.cut_from AND its.tgname = t.tgname)
UNION ALL
SELECT r.name, 'the constraint ' || quote_ident(c.conname) || ' is extra'
  FROM relations AS r JOIN pg_constraint AS c ON c.conrelid = r.oid
 WHERE r.cut_from IS NOT NULL AND c.contype NOT IN ('n', 't') AND c.conparentid = 0 AND c.coninhcount = 0
UNION ALL
SELECT r.name, 'the index ' || quote_ident(x.relname) || ' is extra'
  FROM relations AS r JOIN pg_index AS i ON i.indrelid = r.oid JOIN pg_class AS x ON x.oid = i.indexrelid
 WHERE r.cut_from IS NOT NULL AND NOT x.relispartition
UNION ALL
SELECT r.name, 'it is unlogged'
  FROM relations AS r
 WHERE r.cut_from IS NOT NULL AND r.relpersistence = 'u'
 ORDER BY 1, 2;

-- name: table_columns
-- Everything that can be read in our schemas, for the check that each column is granted or withheld on purpose.
SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
 GROUP BY 1 ORDER BY 1;
