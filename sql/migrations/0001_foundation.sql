-- Why: what every later migration stands on: the schemas, the settings, the market clock and the partition policy.
-- Rollback (manual): DROP SCHEMA indexer, trading, blockchain CASCADE; DROP EXTENSION IF EXISTS "uuid-ossp";
--   DROP FUNCTION IF EXISTS public.uuid_generate_v4();

-- First of all, because the mode can never change: a choice that this server cannot keep leaves nothing behind.
DO $$
DECLARE
    mode CONSTANT text := coalesce(nullif(current_setting('gridtokenx.timeseries', true), ''), 'native');
BEGIN
    IF mode NOT IN ('native', 'timescaledb') THEN
        RAISE EXCEPTION 'gridtokenx.timeseries is %; set it to native or to timescaledb', quote_literal(mode)
            USING ERRCODE = 'invalid_parameter_value', CONSTRAINT = 'settings_timeseries_mode';
    END IF;
    IF mode = 'native' THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
        RAISE EXCEPTION 'gridtokenx.timeseries is timescaledb, which this server does not have; install it or set native'
            USING ERRCODE = 'feature_not_supported', CONSTRAINT = 'settings_timeseries_mode';
    END IF;
    -- Only privileged roles may read shared_preload_libraries; everybody sees the library's own parameters.
    IF current_setting('timescaledb.disable_load', true) IS NULL THEN
        RAISE EXCEPTION 'gridtokenx.timeseries is timescaledb, which this server does not load; add it to '
            'shared_preload_libraries and restart the server, or set native'
            USING ERRCODE = 'feature_not_supported', CONSTRAINT = 'settings_timeseries_mode';
    END IF;
    CREATE EXTENSION IF NOT EXISTS timescaledb WITH SCHEMA public;
END
$$;

CREATE SCHEMA IF NOT EXISTS blockchain;
CREATE SCHEMA IF NOT EXISTS trading;
CREATE SCHEMA IF NOT EXISTS indexer;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Applications of the seed's time call uuid_generate_v4(); not every server can install uuid-ossp.
DO $$
BEGIN
    IF to_regprocedure('public.uuid_generate_v4()') IS NOT NULL THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'uuid-ossp') THEN
        BEGIN
            CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'uuid-ossp may not be installed by this role; a function takes its place';
        END;
    END IF;
    IF to_regprocedure('public.uuid_generate_v4()') IS NULL THEN
        CREATE FUNCTION public.uuid_generate_v4() RETURNS uuid
        LANGUAGE sql VOLATILE PARALLEL SAFE
        RETURN gen_random_uuid();
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION indexer.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TABLE IF NOT EXISTS indexer.settings (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT settings_timeseries_mode
        CHECK (key <> 'timeseries_mode' OR value IN ('"native"', '"timescaledb"')),
    CONSTRAINT settings_market_clock_offset_ms
        CHECK (key <> 'market_clock_offset_ms'
               OR (jsonb_typeof(value) = 'number' AND (value #>> '{}') ~ '^-?[0-9]{1,15}$'))
);
COMMENT ON TABLE indexer.settings IS
    'Facts about this database that code and SQL functions both read: market clock, network, time-series mode.';

CREATE OR REPLACE TRIGGER settings_touch BEFORE UPDATE ON indexer.settings
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- The mode decides how tables are created, so changing it afterwards would make the row a lie.
CREATE OR REPLACE FUNCTION indexer.settings_keep_fixed_keys() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'indexer.settings: rows are never removed by TRUNCATE'
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'Update single rows.';
    ELSIF OLD.key = 'timeseries_mode' AND (TG_OP = 'DELETE' OR NEW.key <> OLD.key OR NEW.value <> OLD.value) THEN
        RAISE EXCEPTION 'indexer.settings: % is fixed when the database is created; it is %', OLD.key, OLD.value
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'value',
                  CONSTRAINT = TG_NAME, HINT = 'Another mode needs another database, into which the rows are copied.';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;

CREATE OR REPLACE TRIGGER settings_fixed_keys BEFORE UPDATE OR DELETE ON indexer.settings
    FOR EACH ROW EXECUTE FUNCTION indexer.settings_keep_fixed_keys();
CREATE OR REPLACE TRIGGER settings_no_truncate BEFORE TRUNCATE ON indexer.settings
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.settings_keep_fixed_keys();

INSERT INTO indexer.settings (key, value) VALUES
    ('timeseries_mode', to_jsonb(coalesce(nullif(current_setting('gridtokenx.timeseries', true), ''), 'native'))),
    ('market_clock_offset_ms', to_jsonb(0))
    ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION indexer.market_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN now() + interval '1 millisecond' * coalesce(
    (SELECT (s.value #>> '{}')::bigint FROM indexer.settings AS s WHERE s.key = 'market_clock_offset_ms'), 0);
COMMENT ON FUNCTION indexer.market_now() IS
    'The market clock: transaction time plus the offset that only the owner sets (zero in production).';

CREATE OR REPLACE FUNCTION indexer.set_market_clock_offset(offset_ms bigint) RETURNS timestamptz
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE indexer.settings SET value = to_jsonb(offset_ms) WHERE key = 'market_clock_offset_ms';
    PERFORM pg_notify('gridtokenx_clock', offset_ms::text);
    RETURN indexer.market_now();
END
$$;
REVOKE EXECUTE ON FUNCTION indexer.set_market_clock_offset(bigint) FROM PUBLIC;

CREATE TABLE IF NOT EXISTS indexer.partition_policies (
    table_name text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('slot', 'window', 'month', 'day', 'hypertable')),
    step bigint NOT NULL DEFAULT 1 CHECK (step > 0),
    ahead_months smallint NOT NULL DEFAULT 3 CHECK (ahead_months BETWEEN 0 AND 120),
    CONSTRAINT partition_policies_step_check_kind CHECK (kind IN ('slot', 'window') OR step = 1)
);
COMMENT ON TABLE indexer.partition_policies IS
    'How each partitioned table is cut: by ranges of step slots or windows, by UTC months or days, or by TimescaleDB.';
COMMENT ON COLUMN indexer.partition_policies.ahead_months IS
    'How far before their time the daemon creates month and day partitions for writers that create none.';

-- Cutting an existing table differently would ask for partitions that overlap those it has; a hypertable takes none.
CREATE OR REPLACE FUNCTION indexer.partition_policies_keep_cut() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF 'hypertable' IN (OLD.kind, NEW.kind) THEN
        RAISE EXCEPTION 'partition_policies: % was made as % and is not cut otherwise', OLD.table_name, OLD.kind
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'The time-series mode decides it, when the database is created.';
    END IF;
    IF EXISTS (SELECT FROM pg_inherits WHERE inhparent = to_regclass(OLD.table_name)) THEN
        RAISE EXCEPTION 'partition_policies: % already has partitions cut by % of %', OLD.table_name, OLD.kind, OLD.step
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'Choose the cut before the first row is written.';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER partition_policies_keep_cut BEFORE UPDATE OF table_name, kind, step ON indexer.partition_policies
    FOR EACH ROW WHEN ((OLD.table_name, OLD.kind, OLD.step) IS DISTINCT FROM (NEW.table_name, NEW.kind, NEW.step))
    EXECUTE FUNCTION indexer.partition_policies_keep_cut();

-- LIKE and ATTACH instead of PARTITION OF: writers to the table's other partitions are not shut out meanwhile. Writers of
-- tables that it points to are, for an instant; behind a transaction that stays open they would wait as long as we.
CREATE OR REPLACE FUNCTION indexer.attach_partition(parent regclass, bound text, lower_bound text, upper_bound text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    parent_schema name;
    parent_name name;
    partition_name text;
    qualified text;
    guard record;
BEGIN
    SELECT n.nspname, c.relname INTO parent_schema, parent_name
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = parent;
    partition_name := parent_name || '_p' || bound;
    qualified := format('%I.%I', parent_schema, partition_name);
    IF to_regclass(qualified) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx partition ' || qualified, 0));
        -- Asked of the table, since to_regclass would repeat its answer from before the wait.
        IF NOT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE n.nspname = parent_schema AND c.relname = partition_name) THEN
            EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED '
                           'INCLUDING STORAGE INCLUDING COMPRESSION)', qualified, parent);
            EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                           parent, qualified, lower_bound, upper_bound);
            -- Postgres gives a new partition the parent's row triggers, but not those on TRUNCATE.
            FOR guard IN
                SELECT t.tgname, t.tgfoid::regproc AS function FROM pg_trigger AS t
                 WHERE t.tgrelid = parent AND NOT t.tgisinternal AND t.tgtype & 32 <> 0
            LOOP
                EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()',
                               guard.tgname, qualified, guard.function);
            END LOOP;
        END IF;
    END IF;
    RETURN qualified;
END
$$;
REVOKE EXECUTE ON FUNCTION indexer.attach_partition(regclass, text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION indexer.partition_policy(policy_table text) RETURNS indexer.partition_policies
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    policy indexer.partition_policies;
BEGIN
    SELECT p.* INTO policy FROM indexer.partition_policies AS p
      WHERE to_regclass(p.table_name) = to_regclass(policy_table);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ensure_partition: no policy for table %', policy_table
            USING ERRCODE = 'undefined_object', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_known', HINT = 'Give the name as in indexer.partition_policies.';
    END IF;
    RETURN policy;
END
$$;

-- Security definer: the daemon's role owns no table and so cannot create partitions itself.
CREATE OR REPLACE FUNCTION indexer.ensure_partition(table_name text, value bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    policy indexer.partition_policies := indexer.partition_policy(table_name);
    -- Slots for a thousand years; whoever asks for more has mistaken the unit, or wants to fill the catalogue.
    highest CONSTANT bigint := CASE policy.kind WHEN 'slot' THEN 999999999999
                                    ELSE indexer.window_of(now() + interval '20 years') END;
    lower_bound bigint := value - mod(mod(value, policy.step) + policy.step, policy.step);
BEGIN
    IF policy.kind NOT IN ('slot', 'window') THEN
        RAISE EXCEPTION 'ensure_partition: % is cut by %; give a time, not %', table_name, policy.kind, value
            USING ERRCODE = 'invalid_parameter_value', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_kind', HINT = 'Name the time zone, or give a timestamptz.';
    ELSIF (value BETWEEN 0 AND highest) IS NOT TRUE THEN
        RAISE EXCEPTION 'ensure_partition: % holds nothing at %', table_name, coalesce(value::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_range', HINT = format('Give a number from 0 to %s.', highest);
    END IF;
    RETURN indexer.attach_partition(table_name::regclass, lower_bound::text,
                                    lower_bound::text, (lower_bound + policy.step)::text);
END
$$;
COMMENT ON FUNCTION indexer.ensure_partition(text, bigint) IS
    'Creates the partition of the table that holds the value, if missing, and returns its name. '
    'Call it in a transaction of its own before the write.';

CREATE OR REPLACE FUNCTION indexer.ensure_partition(table_name text, value timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    policy indexer.partition_policies := indexer.partition_policy(table_name);
    lower_bound timestamptz;
    upper_bound timestamptz;
    time_format text := 'YYYY-MM-DD HH24:MI:SS+00';
BEGIN
    IF (isfinite(value) AND value >= timestamptz 'epoch') IS NOT TRUE THEN
        RAISE EXCEPTION 'ensure_partition: % holds nothing at %', table_name, coalesce(value::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_range', HINT = 'Give a time from 1970 on.';
    ELSIF policy.kind = 'hypertable' THEN
        -- It takes any time as it is, so that writers need not know the mode.
        RETURN policy.table_name;
    ELSIF value > now() + interval '20 years' THEN
        RAISE EXCEPTION 'ensure_partition: % holds nothing at %', table_name, value
            USING ERRCODE = 'invalid_parameter_value', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_range', HINT = 'Give a time within the next 20 years.';
    ELSIF policy.kind = 'window' THEN
        RETURN indexer.ensure_partition(table_name, floor(extract(epoch FROM value) / 900)::bigint);
    ELSIF policy.kind = 'slot' THEN
        RAISE EXCEPTION 'ensure_partition: % is cut by slot; give a slot, not %', table_name, value
            USING ERRCODE = 'invalid_parameter_value', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_kind', HINT = 'A slot is a bigint.';
    END IF;
    lower_bound := date_trunc(policy.kind, value);
    upper_bound := lower_bound + CASE policy.kind WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END;
    RETURN indexer.attach_partition(
        table_name::regclass, to_char(lower_bound, CASE policy.kind WHEN 'month' THEN 'YYYYMM' ELSE 'YYYYMMDD' END),
        to_char(lower_bound, time_format), to_char(upper_bound, time_format));
END
$$;

CREATE OR REPLACE FUNCTION indexer.ensure_partition(table_name text, value text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (indexer.partition_policy(table_name)).kind IN ('slot', 'window') AND value ~ '^[0-9]+$' THEN
        RETURN indexer.ensure_partition(table_name, value::bigint);
    END IF;
    RETURN indexer.ensure_partition(table_name, value::timestamptz);
END
$$;

-- Time partitions from the month of the given moment to ahead_months later; returns how many it made.
CREATE OR REPLACE FUNCTION indexer.ensure_partitions_ahead(table_name text, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    policy indexer.partition_policies := indexer.partition_policy(table_name);
    before integer;
    partition_start timestamptz;
BEGIN
    IF policy.kind NOT IN ('month', 'day') THEN
        RETURN 0;
    END IF;
    SELECT count(*) INTO before FROM pg_inherits WHERE inhparent = table_name::regclass;
    FOR partition_start IN
        SELECT generate_series(date_trunc(policy.kind, moment),
                               moment + make_interval(months => policy.ahead_months),
                               CASE policy.kind WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END)
    LOOP
        PERFORM indexer.ensure_partition(table_name, partition_start);
    END LOOP;
    RETURN (SELECT count(*) FROM pg_inherits WHERE inhparent = table_name::regclass) - before;
END
$$;

REVOKE EXECUTE ON FUNCTION indexer.ensure_partition(text, bigint) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION indexer.ensure_partition(text, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION indexer.ensure_partition(text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION indexer.ensure_partitions_ahead(text, timestamptz) FROM PUBLIC;
