-- Why: rules that many tables share: a state that ends stays ended, and a partition refuses what its table refuses.
-- Rollback (manual): DROP FUNCTION indexer.refuse_leaving_state(), indexer.copy_statement_triggers(regclass, regclass);
--   CREATE OR REPLACE indexer.attach_partition as in 0001.

CREATE OR REPLACE FUNCTION indexer.refuse_leaving_state() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    before_row CONSTANT jsonb := to_jsonb(OLD);
    after_row CONSTANT jsonb := to_jsonb(NEW);
BEGIN
    RAISE EXCEPTION '%.%: row % is % and stays so; it cannot become %', TG_TABLE_SCHEMA, TG_TABLE_NAME,
        before_row ->> TG_ARGV[1], before_row ->> TG_ARGV[0], after_row ->> TG_ARGV[0]
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
              COLUMN = TG_ARGV[0], CONSTRAINT = TG_NAME;
END
$$;
COMMENT ON FUNCTION indexer.refuse_leaving_state() IS
    'Row trigger with two arguments, the state column and the column that names the row; WHEN says which states are final.';

-- Row triggers reach partitions by themselves, statement triggers do not.
CREATE OR REPLACE FUNCTION indexer.copy_statement_triggers(parent regclass, partition regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guard record;
BEGIN
    FOR guard IN
        SELECT t.tgname, t.tgfoid::regproc AS function_name
          FROM pg_trigger AS t
         WHERE t.tgrelid = parent AND NOT t.tgisinternal
           AND t.tgtype::integer & 1 = 0 AND t.tgtype::integer & 32 <> 0
           AND NOT EXISTS (SELECT FROM pg_trigger AS p WHERE p.tgrelid = partition AND p.tgname = t.tgname)
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()',
                       guard.tgname, partition, guard.function_name);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION indexer.copy_statement_triggers(regclass, regclass) FROM PUBLIC;

CREATE OR REPLACE FUNCTION indexer.attach_partition(parent regclass, bound text, lower_bound text, upper_bound text)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parent_schema name;
    parent_name name;
    partition_name text;
    qualified text;
BEGIN
    SELECT n.nspname, c.relname INTO parent_schema, parent_name
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = parent;
    partition_name := parent_name || '_p' || bound;
    qualified := format('%I.%I', parent_schema, partition_name);
    IF to_regclass(qualified) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx partition ' || qualified, 0));
        IF to_regclass(qualified) IS NULL THEN
            EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED '
                           'INCLUDING STORAGE INCLUDING COMPRESSION)', qualified, parent);
            EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                           parent, qualified, lower_bound, upper_bound);
            PERFORM indexer.copy_statement_triggers(parent, qualified::regclass);
        END IF;
    END IF;
    RETURN qualified;
END
$$;
