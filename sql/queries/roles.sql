-- name: ownership_statements
-- Everything of ours that the owner role does not own yet, as the statements that give it over.
SELECT statement FROM (
    SELECT 1 AS step, format('ALTER SCHEMA %%I OWNER TO %%I', n.nspname, %(owner)s::text) AS statement
      FROM pg_namespace AS n
     WHERE n.nspname = ANY (%(schemas)s) AND n.nspname <> 'public' AND n.nspowner <> to_regrole(%(owner)s)
    UNION ALL
    -- A sequence of an identity column follows its table, and what an extension brought stays the extension's.
    SELECT 2, format('ALTER %%s %%I.%%I OWNER TO %%I',
                     CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                    ELSE 'TABLE' END,
                     n.nspname, c.relname, %(owner)s::text)
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY (%(schemas)s) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
       AND c.relowner <> to_regrole(%(owner)s)
       AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass
                        AND (d.deptype = 'e' OR (c.relkind = 'S' AND d.deptype IN ('a', 'i'))))
    UNION ALL
    SELECT 3, format('ALTER %%s %%s OWNER TO %%I', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                     p.oid::regprocedure, %(owner)s::text)
      FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspname = ANY (%(schemas)s) AND p.proowner <> to_regrole(%(owner)s)
       AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
) AS objects
ORDER BY step, statement;

-- name: closing_statements
-- Functions that act with the owner's rights or belong to a trigger: firing one takes no right, so nobody needs it, and
-- whoever had it could put the function on a table of his own and feed it rows.
SELECT format('REVOKE EXECUTE ON FUNCTION %%s FROM PUBLIC', p.oid::regprocedure)
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = ANY (%(schemas)s) AND (p.prosecdef OR p.prorettype = 'trigger'::regtype)
   AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee = 0)
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
 ORDER BY p.oid::regprocedure::text;

-- name: take_transaction_lock
-- Two processes that grant at once would fail with "tuple concurrently updated".
SELECT pg_advisory_xact_lock(%s);

-- name: lacking_rights
-- What the role of this session may not do of what it needs; nothing for a superuser or an owner. By oid, because a name
-- can only be looked up by who may use its schema.
SELECT lacking.wanted FROM (
    SELECT 1 AS kind, format('USAGE on schema %%s', n.nspname) AS wanted
      FROM pg_namespace AS n
     WHERE n.nspname = ANY (%(schemas)s) AND NOT has_schema_privilege(n.oid, 'USAGE')
    UNION ALL
    SELECT 2, format('%%s on %%s', needed.privilege, needed.table_name)
      FROM unnest(%(tables)s::text[], %(privileges)s::text[]) AS needed (table_name, privilege)
      JOIN pg_namespace AS n ON n.nspname = split_part(needed.table_name, '.', 1)
      JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = split_part(needed.table_name, '.', 2)
     WHERE NOT has_table_privilege(c.oid, needed.privilege)
    UNION ALL
    SELECT 3, format('EXECUTE on %%s', f.name)
      FROM unnest(%(functions)s::text[]) AS f (name)
      JOIN pg_namespace AS n ON n.nspname = split_part(f.name, '.', 1)
     WHERE CASE WHEN has_schema_privilege(n.oid, 'USAGE')
                THEN NOT has_function_privilege(to_regprocedure(f.name), 'EXECUTE') END
) AS lacking
ORDER BY lacking.kind, lacking.wanted;
