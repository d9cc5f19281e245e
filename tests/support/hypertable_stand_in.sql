-- Stands for TimescaleDB 2 on a server without it: its parameters, what it wants of a table and the index that it makes.
CREATE TABLE asked (relation text, time_column_name name);
CREATE FUNCTION public.create_hypertable(
    relation regclass, time_column_name name, partitioning_column name DEFAULT NULL,
    number_partitions integer DEFAULT NULL, associated_schema_name name DEFAULT NULL,
    associated_table_prefix name DEFAULT NULL, chunk_time_interval anyelement DEFAULT NULL::bigint,
    create_default_indexes boolean DEFAULT true, if_not_exists boolean DEFAULT false,
    partitioning_func regproc DEFAULT NULL, migrate_data boolean DEFAULT false, chunk_target_size text DEFAULT NULL,
    chunk_sizing_func regproc DEFAULT NULL, time_partitioning_func regproc DEFAULT NULL)
RETURNS TABLE (hypertable_id integer, schema_name name, table_name name, created boolean)
LANGUAGE plpgsql AS $$
DECLARE
    filled boolean;
BEGIN
    ASSERT (SELECT relkind = 'r' FROM pg_class WHERE oid = relation), 'a partitioned table cannot become a hypertable';
    ASSERT (SELECT attnotnull AND atttypid = 'timestamptz'::regtype FROM pg_attribute
             WHERE attrelid = relation AND attname = time_column_name), 'the time column';
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', relation) INTO filled;
    ASSERT NOT filled, 'the table is not empty';
    ASSERT NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = relation AND i.indisunique
           AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum = ANY (i.indkey)
                              AND a.attname = time_column_name)), 'a unique index without the time column';
    IF create_default_indexes THEN
        EXECUTE format('CREATE INDEX ON %s (%I DESC)', relation, time_column_name);
    END IF;
    INSERT INTO asked VALUES (relation::text, time_column_name);
    RETURN QUERY SELECT 1, split_part(relation::text, '.', 1)::name, split_part(relation::text, '.', 2)::name, true;
END
$$;
SET session_replication_role = replica;
UPDATE indexer.settings SET value = '"timescaledb"' WHERE key = 'timeseries_mode';
