SELECT 'column', a.attrelid::regclass || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                 pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))
  FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
   AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
UNION ALL
SELECT 'constraint', c.conrelid::regclass || '.' || c.conname, pg_get_constraintdef(c.oid)
  FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
 WHERE c.contype <> 'n' AND NOT t.relispartition AND t.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
UNION ALL
SELECT 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
 WHERE NOT t.relispartition AND t.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
UNION ALL
SELECT 'trigger', t.tgrelid::regclass || '.' || t.tgname, pg_get_triggerdef(t.oid)
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND NOT c.relispartition
UNION ALL
SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
  FROM pg_proc AS p
 WHERE p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)' AND p.prokind = 'f'
   -- Made by us only where the extension that has it cannot be installed.
   AND p.proname <> 'uuid_generate_v4'
   AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'view', c.oid::regclass::text, concat_ws(' ', c.reloptions::text, pg_get_viewdef(c.oid))
  FROM pg_class AS c
 WHERE c.relkind IN ('v', 'm') AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
   AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, pg_get_partkeydef(c.oid), obj_description(c.oid, 'pg_class'))
  FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT c.relispartition
   AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
