-- name: partitions
-- Partitions come and go with the data, so no picture of the schema shows them.
SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relispartition AND c.relkind IN ('r', 'p')
   AND EXISTS (SELECT FROM indexer.partition_policies AS p
                JOIN pg_inherits AS i ON i.inhparent = to_regclass(p.table_name)
               WHERE i.inhrelid = c.oid)
 ORDER BY 1;

-- name: server_major
-- Decides whether a dump can be compared with the shipped one.
SELECT current_setting('server_version_num')::int / 10000;

-- name: table_columns
-- Everything that can be read in our schemas, for the check that each column is granted or withheld on purpose.
SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
 GROUP BY 1 ORDER BY 1;
