-- The schema that the migrations produce. Written by `make schema`; a test holds the two together.

-- Name: analytics; Type: SCHEMA; Schema: -

CREATE SCHEMA analytics;

-- Name: SCHEMA analytics; Type: COMMENT; Schema: -

COMMENT ON SCHEMA analytics IS 'The bitcoin market and its indicators.';

-- Name: blockchain; Type: SCHEMA; Schema: -

CREATE SCHEMA blockchain;

-- Name: community; Type: SCHEMA; Schema: -

CREATE SCHEMA community;

-- Name: SCHEMA community; Type: COMMENT; Schema: -

COMMENT ON SCHEMA community IS 'Members, their wallets, tokens and messages.';

-- Name: crm; Type: SCHEMA; Schema: -

CREATE SCHEMA crm;

-- Name: SCHEMA crm; Type: COMMENT; Schema: -

COMMENT ON SCHEMA crm IS 'Leads, deals, invoices.';

-- Name: governance; Type: SCHEMA; Schema: -

CREATE SCHEMA governance;

-- Name: SCHEMA governance; Type: COMMENT; Schema: -

COMMENT ON SCHEMA governance IS 'Proposals, votes and their discussion.';

-- Name: grid; Type: SCHEMA; Schema: -

CREATE SCHEMA grid;

-- Name: SCHEMA grid; Type: COMMENT; Schema: -

COMMENT ON SCHEMA grid IS 'Production, consumption, storage and carbon credits of the energy grid.';

-- Name: hosting; Type: SCHEMA; Schema: -

CREATE SCHEMA hosting;

-- Name: SCHEMA hosting; Type: COMMENT; Schema: -

COMMENT ON SCHEMA hosting IS 'Hosted miners, their telemetry and the curtailment of their power.';

-- Name: indexer; Type: SCHEMA; Schema: -

CREATE SCHEMA indexer;

-- Name: investment; Type: SCHEMA; Schema: -

CREATE SCHEMA investment;

-- Name: SCHEMA investment; Type: COMMENT; Schema: -

COMMENT ON SCHEMA investment IS 'Shares in renewable assets, their production and their revenue.';

-- Name: monitoring; Type: SCHEMA; Schema: -

CREATE SCHEMA monitoring;

-- Name: SCHEMA monitoring; Type: COMMENT; Schema: -

COMMENT ON SCHEMA monitoring IS 'Metrics of the system, of transactions and of the grid over time.';

-- Name: trading; Type: SCHEMA; Schema: -

CREATE SCHEMA trading;

-- Name: btree_gist; Type: EXTENSION; Schema: -

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

-- Name: cube; Type: EXTENSION; Schema: -

CREATE EXTENSION IF NOT EXISTS cube WITH SCHEMA public;

-- Name: EXTENSION cube; Type: COMMENT; Schema: -

COMMENT ON EXTENSION cube IS 'data type for multidimensional cubes';

-- Name: earthdistance; Type: EXTENSION; Schema: -

CREATE EXTENSION IF NOT EXISTS earthdistance WITH SCHEMA public;

-- Name: EXTENSION earthdistance; Type: COMMENT; Schema: -

COMMENT ON EXTENSION earthdistance IS 'calculate great-circle distances on the surface of the Earth';

-- Name: pg_trgm; Type: EXTENSION; Schema: -

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

-- Name: roll_up_site_day(date); Type: FUNCTION; Schema: hosting

CREATE FUNCTION hosting.roll_up_site_day(on_day date) RETURNS bigint
    LANGUAGE sql
    AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('gridtokenx site day ' || on_day, 0));
    WITH miner AS (
        SELECT t.miner_id, t.site_id, sum(t.hashrate_avg) / 48 AS hashrate, sum(t.power_avg_w) / 48 AS power_w,
               sum(t.samples) AS samples, sum(t.online_samples) AS online
          FROM hosting.telemetry_30min AS t
         WHERE t.bucket_start >= on_day::timestamp AT TIME ZONE 'UTC'
           AND t.bucket_start < (on_day + 1)::timestamp AT TIME ZONE 'UTC'
         GROUP BY t.miner_id, t.site_id),
    written AS (
        INSERT INTO hosting.site_days (site_id, day, miners, hashrate_avg, power_avg_mw, energy_mwh,
                                       efficiency_j_per_th, uptime)
        SELECT s.id, on_day, count(*), round(sum(d.hashrate), 4), round(sum(d.power_w) / 1000000, 6),
               round(sum(d.power_w) * 24 / 1000000, 6), round(sum(d.power_w) / nullif(sum(d.hashrate), 0), 4),
               round(sum(d.online) / sum(d.samples), 6)
          FROM miner AS d JOIN hosting.hosting_sites AS s ON s.id = d.site_id
         GROUP BY s.id
        ON CONFLICT (site_id, day) DO UPDATE
           SET miners = excluded.miners, hashrate_avg = excluded.hashrate_avg, power_avg_mw = excluded.power_avg_mw,
               energy_mwh = excluded.energy_mwh, efficiency_j_per_th = excluded.efficiency_j_per_th,
               uptime = excluded.uptime
        RETURNING 1)
    SELECT count(*) FROM written
$$;

-- Name: FUNCTION roll_up_site_day(on_day date); Type: COMMENT; Schema: hosting

COMMENT ON FUNCTION hosting.roll_up_site_day(on_day date) IS 'Computes one day (UTC) of every site anew from the half hours; a missing half hour counts as no power. A site without any half hour keeps the day that it had: delete it if that is wrong.';

-- Name: roll_up_telemetry(timestamp with time zone); Type: FUNCTION; Schema: hosting

CREATE FUNCTION hosting.roll_up_telemetry(moment timestamp with time zone) RETURNS bigint
    LANGUAGE sql
    AS $$
    WITH written AS (
        INSERT INTO hosting.telemetry_30min AS t (
            miner_id, bucket_start, samples, hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w,
            temperature_avg, temperature_max, fan_speed_avg, online_samples, site_id)
        SELECT r.miner_id, indexer.bucket_start(moment, interval '30 minutes'), r.samples, r.hashrate_avg,
               r.hashrate_min, r.hashrate_max, r.power_avg_w, r.power_max_w, r.temperature_avg, r.temperature_max,
               r.fan_speed_avg, r.online_samples, m.site_id
          FROM (SELECT raw.miner_id, count(*) AS samples, round(avg(raw.hashrate), 4) AS hashrate_avg,
                       min(raw.hashrate) AS hashrate_min, max(raw.hashrate) AS hashrate_max,
                       round(avg(raw.power_consumption), 4) AS power_avg_w, max(raw.power_consumption) AS power_max_w,
                       round(avg(raw.temperature), 4) AS temperature_avg, max(raw.temperature) AS temperature_max,
                       round(avg(raw.fan_speed), 4) AS fan_speed_avg,
                       count(*) FILTER (WHERE raw.hashrate > 0) AS online_samples
                  FROM hosting.miner_telemetry AS raw
                 WHERE raw.recorded_at >= indexer.bucket_start(moment, interval '30 minutes')
                   AND raw.recorded_at < indexer.bucket_start(moment, interval '30 minutes') + interval '30 minutes'
                 GROUP BY raw.miner_id) AS r
          JOIN hosting.hosting_miners AS m ON m.id = r.miner_id
        ON CONFLICT (miner_id, bucket_start) DO UPDATE
           SET samples = excluded.samples, hashrate_avg = excluded.hashrate_avg, hashrate_min = excluded.hashrate_min,
               hashrate_max = excluded.hashrate_max, power_avg_w = excluded.power_avg_w,
               power_max_w = excluded.power_max_w, temperature_avg = excluded.temperature_avg,
               temperature_max = excluded.temperature_max, fan_speed_avg = excluded.fan_speed_avg,
               online_samples = excluded.online_samples
         WHERE excluded.samples >= t.samples
           AND (t.samples, t.hashrate_avg, t.hashrate_min, t.hashrate_max, t.power_avg_w, t.power_max_w,
                t.temperature_avg, t.temperature_max, t.fan_speed_avg, t.online_samples)
               IS DISTINCT FROM
               (excluded.samples, excluded.hashrate_avg, excluded.hashrate_min, excluded.hashrate_max,
                excluded.power_avg_w, excluded.power_max_w, excluded.temperature_avg, excluded.temperature_max,
                excluded.fan_speed_avg, excluded.online_samples)
        RETURNING 1)
    SELECT count(*) FROM written
$$;

-- Name: FUNCTION roll_up_telemetry(moment timestamp with time zone); Type: COMMENT; Schema: hosting

COMMENT ON FUNCTION hosting.roll_up_telemetry(moment timestamp with time zone) IS 'Computes the half hour that holds the moment anew from its raw rows; returns how many rows changed. A miner whose raw rows are fewer than were counted before keeps what it had: delete its half hour first to have it smaller.';

-- Name: attach_partition(regclass, text, text, text); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.attach_partition(parent regclass, bound text, lower_bound text, upper_bound text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '3s'
    AS $$
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

-- Name: audit_digests(bigint, xid8, xid8); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_digests(server bigint, from_transaction xid8, to_transaction xid8) RETURNS TABLE(place bigint, partition_name text, row_id uuid, digest bytea)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
    SELECT row_number() OVER (ORDER BY a.transaction_id, a.id), a.tableoid::regclass::text, a.id,
           sha256(convert_to(jsonb_build_array(
               a.id, a.user_id, a.actor, a.action, a.resource_type, a.resource_id, a.resource_key, a.old_values,
               a.new_values, a.ip_address, a.user_agent, a.transaction_id::text, a.created_at, a.server_id)::text, 'UTF8'))
      FROM public.audit_logs AS a
     WHERE a.server_id = $1 AND a.transaction_id >= $2 AND a.transaction_id < $3
$_$;

-- Name: audit_inserts(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_inserts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    this_server CONSTANT bigint := indexer.server_id();
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, new_values, ip_address,
                                   user_agent, server_id)
    SELECT who.user_id, 'insert', TG_ARGV[0], n.id, n.id::text, to_jsonb(n), who.address, who.agent, this_server
      FROM new_rows AS n;
    RETURN NULL;
END
$$;

-- Name: audit_logs_append_only(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_logs_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'audit_logs: % of % is refused; rows are only ever added', TG_OP,
        coalesce('row ' || (to_jsonb(OLD) ->> 'id'), TG_TABLE_NAME)
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'audit_logs', CONSTRAINT = TG_NAME,
              HINT = 'What is wrong in the trail is put right by a row of its own.';
END
$$;

-- Name: audit_part_digest(text, uuid[], bytea[]); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_part_digest(partition_name text, row_ids uuid[], row_digests bytea[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT sha256(convert_to(partition_name, 'UTF8') || string_agg(uuid_send(r.id) || r.digest, ''::bytea ORDER BY r.place))
      FROM unnest(row_ids, row_digests) WITH ORDINALITY AS r (id, digest, place)
$$;

-- Name: audit_row(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
    resource CONSTANT text := TG_ARGV[0];
    secrets text[] := ARRAY['password_hash', 'two_factor_secret', 'document_number'];
    uuid_form CONSTANT text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
    before_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    key_values text[];
    who record;
    secret text;
BEGIN
    SELECT array_agg(coalesce(after_row, before_row) ->> k.name ORDER BY k.place) INTO key_values
      FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS k (name, place);
    -- A setting that is not public may be anything, a password too.
    IF 'false' IN (before_row ->> 'is_public', after_row ->> 'is_public') THEN
        secrets := array_append(secrets, 'value');
    END IF;
    FOREACH secret IN ARRAY secrets LOOP
        IF after_row ->> secret IS NOT NULL THEN
            after_row := jsonb_set(after_row, ARRAY[secret], to_jsonb(
                CASE WHEN before_row ->> secret = after_row ->> secret THEN 'unchanged' ELSE 'changed' END));
        END IF;
        IF before_row ->> secret IS NOT NULL THEN
            before_row := jsonb_set(before_row, ARRAY[secret], '"unchanged"');
        END IF;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(n.key, before_row -> n.key), jsonb_object_agg(n.key, n.value)
          INTO before_row, after_row
          FROM jsonb_each(after_row) AS n
         WHERE n.value IS DISTINCT FROM before_row -> n.key AND n.key <> 'updated_at';
        IF after_row IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    -- Partitions are made ahead of time; the first trace in a new database comes before that.
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, old_values, new_values,
                                   ip_address, user_agent)
    VALUES (who.user_id, lower(TG_OP), resource, CASE WHEN key_values[1] ~ uuid_form THEN key_values[1]::uuid END,
            array_to_string(key_values, ','), before_row, after_row, who.address, who.agent);
    RETURN NULL;
END
$_$;

-- Name: audit_seal_value(bigint, bigint, xid8, xid8, bigint, bytea); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_seal_value(number bigint, server bigint, from_transaction xid8, to_transaction xid8, row_count bigint, previous_seal bytea) RETURNS bytea
    LANGUAGE sql STABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT sha256(previous_seal
                  || convert_to(concat_ws(' ', number, server, from_transaction, to_transaction, row_count), 'UTF8')
                  || coalesce(string_agg(p.digest, ''::bytea ORDER BY p.part), ''::bytea))
      FROM indexer.audit_seal_parts AS p WHERE p.seal_number = number
$$;

-- Name: audit_session(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_session(OUT user_id uuid, OUT address inet, OUT agent text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    given_user CONSTANT text := lower(current_setting('gridtokenx.user_id', true));
    given_address CONSTANT text := current_setting('gridtokenx.client_ip', true);
BEGIN
    IF given_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        user_id := given_user::uuid;
    END IF;
    agent := nullif(current_setting('gridtokenx.user_agent', true), '');
    IF given_address <> '' THEN
        BEGIN
            address := given_address::inet;
        EXCEPTION WHEN invalid_text_representation THEN
            address := NULL;
        END;
    END IF;
END
$_$;

-- Name: audit_truncate(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_truncate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, ip_address, user_agent)
    VALUES (who.user_id, 'truncate', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, who.address, who.agent);
    RETURN NULL;
END
$$;

-- Name: audit_updates(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.audit_updates() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    EXECUTE format($traces$
        INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, old_values, new_values,
                                       ip_address, user_agent, server_id)
        SELECT $1, 'update', $2, id, id::text, c.old_values, c.new_values, $3, $4, $5
          FROM (SELECT %1$s, to_jsonb(o) AS content FROM old_rows AS o OFFSET 0) AS o
          FULL JOIN (SELECT %1$s, to_jsonb(n) AS content FROM new_rows AS n OFFSET 0) AS n USING (%1$s)
         CROSS JOIN LATERAL (
               SELECT CASE WHEN o.content IS NOT NULL THEN jsonb_object_agg(e.key, o.content -> e.key) END,
                      CASE WHEN n.content IS NOT NULL THEN jsonb_object_agg(e.key, n.content -> e.key) END
                 FROM jsonb_object_keys(coalesce(n.content, o.content)) AS e (key)
                WHERE o.content -> e.key IS DISTINCT FROM n.content -> e.key AND e.key <> 'updated_at'
               ) AS c (old_values, new_values)
         WHERE c.old_values IS NOT NULL OR c.new_values IS NOT NULL
        $traces$, (SELECT string_agg(quote_ident(k), ', ') FROM unnest(string_to_array(TG_ARGV[1], ',')) AS k))
    USING who.user_id, TG_ARGV[0], who.address, who.agent, indexer.server_id();
    RETURN NULL;
END
$_$;

-- Name: broken_audit_seals(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.broken_audit_seals() RETURNS TABLE(seal_number bigint, reason text, row_id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    s record;
BEGIN
    FOR s IN
        SELECT a.*, coalesce(lag(a.seal_number) OVER w, 0) + 1 AS expected_number,
               coalesce(lag(a.seal) OVER w, sha256('gridtokenx audit')) AS expected_previous,
               coalesce(lag(a.to_transaction) OVER (PARTITION BY a.server_id ORDER BY a.seal_number), '0') AS expected_from
          FROM indexer.audit_seals AS a WINDOW w AS (ORDER BY a.seal_number) ORDER BY a.seal_number
    LOOP
        seal_number := s.seal_number;
        row_id := NULL;
        reason := CASE
            WHEN s.seal_number <> s.expected_number THEN format('the seal before it, %s, is gone', s.expected_number)
            WHEN s.previous_seal <> s.expected_previous THEN 'does not follow the seal before it'
            WHEN s.from_transaction <> s.expected_from THEN 'does not start where the seal before it ends'
            WHEN EXISTS (SELECT FROM indexer.audit_seal_parts AS p WHERE p.seal_number = s.seal_number
                            AND p.digest <> indexer.audit_part_digest(p.partition_name, p.row_ids, p.row_digests))
                 OR s.seal <> indexer.audit_seal_value(s.seal_number, s.server_id, s.from_transaction, s.to_transaction,
                                                       s.row_count, s.previous_seal)
                THEN 'is not the seal of its own list of rows'
            END;
        IF reason IS NOT NULL THEN
            RETURN NEXT;
        END IF;
        WITH listed AS (
            SELECT p.part, l.place, p.partition_name, l.id, l.digest
              FROM indexer.audit_seal_parts AS p
             CROSS JOIN LATERAL unnest(p.row_ids, p.row_digests) WITH ORDINALITY AS l (id, digest, place)
             WHERE p.seal_number = s.seal_number
               -- What retention took later is no longer there to be compared.
               AND NOT EXISTS (SELECT FROM indexer.dropped_partitions AS d
                                WHERE d.partition_name = p.partition_name AND d.dropped_at >= s.sealed_at))
        SELECT coalesce(l.id, f.row_id),
               format(CASE WHEN l.id IS NULL THEN 'row %s was not there when it was sealed'
                           WHEN f.row_id IS NOT NULL THEN 'row %s is different'
                           WHEN to_regclass(l.partition_name) IS NULL THEN 'row %s is gone with its partition, which nobody dropped'
                           ELSE 'row %s is gone' END, coalesce(l.id, f.row_id))
               || CASE count(*) OVER () WHEN 1 THEN '' ELSE format(', the first of %s', count(*) OVER ()) END
          INTO row_id, reason
          FROM listed AS l FULL JOIN indexer.audit_digests(s.server_id, s.from_transaction, s.to_transaction) AS f
               ON f.row_id = l.id
         WHERE l.id IS NULL OR f.row_id IS NULL OR l.digest <> f.digest
         ORDER BY l.part, l.place, f.place LIMIT 1;
        IF FOUND THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

-- Name: FUNCTION broken_audit_seals(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.broken_audit_seals() IS 'Computes every seal again and names those that no longer fit, with their first row; none is the good answer.';

-- Name: bucket_start(timestamp with time zone, interval); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.bucket_start(moment timestamp with time zone, step interval) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN date_bin(step, moment, '1970-01-01 00:00:00+00'::timestamp with time zone);

-- Name: check_order_terms(numeric, numeric); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.check_order_terms(amount numeric, price numeric) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    rules indexer.market_rules;
BEGIN
    SELECT * INTO STRICT rules FROM indexer.market_rules;
    IF amount < rules.lot_kwh OR mod(amount, rules.lot_kwh) <> 0 THEN
        RAISE EXCEPTION 'trading_orders: energy_amount % is not a positive multiple of the lot % kWh', amount, rules.lot_kwh
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'energy_amount',
                  CONSTRAINT = 'trading_orders_lot', HINT = 'indexer.market_rules holds the lot.';
    END IF;
    IF price < rules.price_floor OR price > rules.price_cap THEN
        RAISE EXCEPTION 'trading_orders: price_per_kwh % is outside % to %', price, rules.price_floor, rules.price_cap
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'price_per_kwh',
                  CONSTRAINT = 'trading_orders_price_band', HINT = 'indexer.market_rules holds floor and cap.';
    END IF;
    IF mod(price, rules.price_tick) <> 0 THEN
        RAISE EXCEPTION 'trading_orders: price_per_kwh % is not a multiple of the tick %', price, rules.price_tick
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'price_per_kwh',
                  CONSTRAINT = 'trading_orders_tick', HINT = 'indexer.market_rules holds the tick.';
    END IF;
END
$$;

-- Name: writes_market(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.writes_market() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN has_table_privilege('indexer.epoch_books'::text, 'INSERT'::text);

-- Name: FUNCTION writes_market(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.writes_market() IS 'True for the roles that clear the market: what a setting or the depth of triggers says counts only for them.';

-- Name: clearing_now(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.clearing_now() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((COALESCE(current_setting('gridtokenx.writer'::text, true), ''::text) = 'clearing'::text) AND indexer.writes_market());

-- Name: FUNCTION clearing_now(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.clearing_now() IS 'True in the transaction of a clearing, which says so, of a role that may clear.';

-- Name: comments_keep_place(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.comments_keep_place() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- Of a deleted comment the answers stand on their own.
    IF (OLD.id, OLD.proposal_id, OLD.user_id) IS NOT DISTINCT FROM (NEW.id, NEW.proposal_id, NEW.user_id)
        AND NEW.parent_id IS NULL AND NOT EXISTS (
            SELECT FROM governance.comments AS c WHERE c.proposal_id = OLD.proposal_id AND c.id = OLD.parent_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'comments: comment % stays where % wrote it, in proposal %', OLD.id, OLD.user_id, OLD.proposal_id
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'comments', CONSTRAINT = TG_NAME,
              HINT = 'Set is_deleted and write another.';
END
$$;

-- Name: crm_deals_close(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.crm_deals_close() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.closed_at := CASE WHEN NEW.stage IN ('closed_won', 'closed_lost') THEN coalesce(NEW.closed_at, now()) END;
    RETURN NEW;
END
$$;

-- Name: curtailment_plan_miners_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.curtailment_plan_miners_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    plan record;
BEGIN
    FOR plan IN
        SELECT p.id, p.status FROM hosting.curtailment_plans AS p
         WHERE p.id IN (OLD.plan_id, NEW.plan_id) ORDER BY p.id
           FOR NO KEY UPDATE
    LOOP
        IF plan.status IN ('executed', 'cancelled') THEN
            RAISE EXCEPTION 'curtailment_plan_miners: plan % is %; its miners are fixed', plan.id, plan.status
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      CONSTRAINT = TG_NAME, HINT = 'Write the miners of a plan before it ends.';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END
$$;

-- Name: FUNCTION curtailment_plan_miners_guard(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.curtailment_plan_miners_guard() IS 'Recovery has to find the miners that were switched off.';

-- Name: drop_partition(text); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.drop_partition(partition_name text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    dropped CONSTANT regclass := to_regclass(partition_name);
    parent regclass;
    qualified text;
    bounds text;
    pointing record;
    dropped_rows bigint;
    unsealed bigint;
BEGIN
    SELECT i.inhparent, format('%I.%I', n.nspname, c.relname), pg_get_expr(c.relpartbound, c.oid)
      INTO parent, qualified, bounds
      FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN indexer.partition_policies AS p ON to_regclass(p.table_name) = i.inhparent
     WHERE i.inhrelid = dropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'drop_partition: % is no partition of a table with a policy', partition_name
            USING ERRCODE = 'undefined_object', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_known', HINT = 'Give schema and name of the partition.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx partition ' || qualified, 0));
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', dropped);
    EXECUTE format('SELECT count(*) FROM %s', dropped) INTO dropped_rows;
    IF parent = 'public.audit_logs'::regclass THEN
        EXECUTE format('SELECT count(*) FROM %s AS a WHERE a.transaction_id >= coalesce((
                            SELECT s.to_transaction FROM indexer.audit_seals AS s WHERE s.server_id = a.server_id
                             ORDER BY s.from_transaction DESC LIMIT 1), ''0'')', dropped) INTO unsealed;
        IF unsealed > 0 THEN
            RAISE EXCEPTION 'drop_partition: % rows of % are not sealed yet', unsealed, qualified
                USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = 'public', TABLE = 'audit_logs',
                      CONSTRAINT = 'audit_logs_sealed_first', HINT = 'SELECT indexer.seal_audit_logs(), then drop it.';
        END IF;
    END IF;
    FOR pointing IN
        SELECT k.conrelid::regclass AS owner, k.confdeltype AS rule,
               (SELECT string_agg(format('o.%I = d.%I', o.attname, d.attname), ' AND ')
                  FROM unnest(k.conkey, k.confkey) AS pair (own, other)
                  JOIN pg_attribute AS o ON o.attrelid = k.conrelid AND o.attnum = pair.own
                  JOIN pg_attribute AS d ON d.attrelid = k.confrelid AND d.attnum = pair.other) AS joined,
               (SELECT string_agg(format('%I = NULL', a.attname), ', ')
                  FROM pg_attribute AS a
                 WHERE a.attrelid = k.conrelid AND a.attnum = ANY (coalesce(k.confdelsetcols, k.conkey))) AS nothing
          FROM pg_constraint AS k
         WHERE k.contype = 'f' AND k.confrelid = parent AND k.conparentid = 0 AND k.conrelid <> parent
    LOOP
        IF pointing.rule = 'n' THEN
            EXECUTE format('UPDATE %s AS o SET %s FROM %s AS d WHERE %s',
                           pointing.owner, pointing.nothing, dropped, pointing.joined);
        ELSIF pointing.rule = 'c' THEN
            EXECUTE format('DELETE FROM %s AS o USING %s AS d WHERE %s', pointing.owner, dropped, pointing.joined);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, dropped);
    EXECUTE format('DROP TABLE %s', dropped);
    INSERT INTO indexer.dropped_partitions (table_name, partition_name, bounds, row_count)
    VALUES (parent::text, qualified, bounds, dropped_rows);
    RETURN dropped_rows;
END
$$;

-- Name: FUNCTION drop_partition(partition_name text); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.drop_partition(partition_name text) IS 'Detaches and drops one partition; for the owner. What points to its rows with ON DELETE SET NULL or CASCADE follows its rule; anything else that points to them keeps the partition. Returns the number of its rows.';

-- Name: ensure_partition(text, bigint); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.ensure_partition(table_name text, value bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

-- Name: FUNCTION ensure_partition(table_name text, value bigint); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.ensure_partition(table_name text, value bigint) IS 'Creates the partition of the table that holds the value, if missing, and returns its name. Call it in a transaction of its own before the write.';

-- Name: ensure_partition(text, text); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.ensure_partition(table_name text, value text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    IF (indexer.partition_policy(table_name)).kind IN ('slot', 'window') AND value ~ '^[0-9]+$' THEN
        RETURN indexer.ensure_partition(table_name, value::bigint);
    END IF;
    RETURN indexer.ensure_partition(table_name, value::timestamptz);
END
$_$;

-- Name: ensure_partition(text, timestamp with time zone); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.ensure_partition(table_name text, value timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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

-- Name: ensure_partitions_ahead(text, timestamp with time zone); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.ensure_partitions_ahead(table_name text, moment timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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

-- Name: erc_certificate_transfers_enter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.erc_certificate_transfers_enter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    certificate record;
BEGIN
    SELECT c.certificate_id, c.status, c.expiry_date, c.user_id, c.wallet_address INTO certificate
      FROM public.erc_certificates AS c WHERE c.id = NEW.certificate_id
       FOR NO KEY UPDATE;
    IF certificate.status IN ('retired', 'revoked', 'expired') OR certificate.expiry_date <= NEW.transfer_date THEN
        RAISE EXCEPTION 'erc_certificate_transfers: certificate % is % and expires on %; it cannot be transferred on %',
            certificate.certificate_id, certificate.status, coalesce(certificate.expiry_date::text, 'no day'),
            NEW.transfer_date
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'erc_certificate_transfers_valid', HINT = 'Only a valid certificate changes hands.';
    END IF;
    -- Its owner may have been changed in the certificate before the transfer is written, or after.
    IF (certificate.user_id <> NEW.from_user_id AND certificate.user_id IS DISTINCT FROM NEW.to_user_id)
        OR (certificate.wallet_address <> NEW.from_wallet AND certificate.wallet_address IS DISTINCT FROM NEW.to_wallet) THEN
        RAISE EXCEPTION 'erc_certificate_transfers: certificate % is not held by who gives it',
            certificate.certificate_id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'erc_certificate_transfers_holder',
                  HINT = 'Write transfers in their order, each with the new owner of the certificate.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: erc_certificates_keep_ended(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.erc_certificates_keep_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'erc_certificates: % is % and cannot become %', OLD.certificate_id, OLD.status, NEW.status
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
              CONSTRAINT = TG_NAME, HINT = 'A certificate that ended stays ended; issue another.';
END
$$;

-- Name: generation_claims_keep(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.generation_claims_keep() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    meter_gone CONSTANT boolean := OLD.meter_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.meter_registry AS m WHERE m.id = OLD.meter_id);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF meter_gone AND NEW.meter_id IS NULL THEN
            OLD.meter_id := NULL;
        END IF;
        IF NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'generation_claims: claim % never changes', OLD.id
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      CONSTRAINT = 'generation_claims_fixed', HINT = 'Revoke what was issued for it and issue anew.';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM public.erc_certificates AS c WHERE c.id = OLD.certificate_id AND c.status = 'revoked')
        AND NOT EXISTS (SELECT FROM grid.carbon_credits AS c WHERE c.id = OLD.carbon_credit_id AND c.status = 'cancelled')
    THEN
        RAISE EXCEPTION 'generation_claims: what was issued for claim % is not void', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'generation_claims_kept', HINT = 'Revoke the certificate or cancel the credit first.';
    END IF;
    RETURN OLD;
END
$$;

-- Name: generation_claims_name_meter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.generation_claims_name_meter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.meter_key := (SELECT m.meter_key FROM public.meter_registry AS m WHERE m.id = NEW.meter_id);
    IF NEW.meter_key IS NULL THEN
        RAISE EXCEPTION 'generation_claims: there is no meter %', NEW.meter_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'meter_id', CONSTRAINT = 'generation_claims_meter_id_fkey',
                  HINT = 'Register the meter in meter_registry first.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: hosting_sites_count(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.hosting_sites_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    arrived CONSTANT text := 'SELECT site_id, 1 AS miners, (status = ''active'')::integer AS active FROM new_rows';
    gone CONSTANT text := 'SELECT site_id, -1 AS miners, -(status = ''active'')::integer AS active FROM old_rows';
BEGIN
    -- Sites are locked in id order, so that two statements that move miners between them cannot deadlock.
    EXECUTE format(
        'WITH d AS (SELECT site_id, sum(miners)::integer AS miners, sum(active)::integer AS active
                      FROM (%s) AS c GROUP BY site_id HAVING sum(miners) <> 0 OR sum(active) <> 0),
              locked AS (SELECT s.id FROM hosting.hosting_sites AS s JOIN d ON d.site_id = s.id
                          ORDER BY s.id FOR NO KEY UPDATE OF s)
         UPDATE hosting.hosting_sites AS s
            SET total_miners = s.total_miners + d.miners, active_miners = s.active_miners + d.active
           FROM d JOIN locked ON locked.id = d.site_id
          WHERE s.id = d.site_id',
        CASE TG_OP WHEN 'INSERT' THEN arrived WHEN 'DELETE' THEN gone ELSE arrived || ' UNION ALL ' || gone END);
    RETURN NULL;
END
$$;

-- Name: hosting_sites_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.hosting_sites_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'hosting_sites: the counts of site % follow its miners; % and % cannot be written', NEW.id,
            NEW.total_miners, NEW.active_miners
            USING ERRCODE = 'restrict_violation', SCHEMA = 'hosting', TABLE = 'hosting_sites', CONSTRAINT = TG_NAME,
                  HINT = 'Leave total_miners and active_miners out.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: keep_columns(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.keep_columns() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    changed text;
BEGIN
    SELECT string_agg(c.name, ', ' ORDER BY c.name) INTO changed
      FROM unnest(string_to_array(TG_ARGV[1], ',')) AS c (name)
     WHERE to_jsonb(OLD) ->> c.name IS NOT NULL AND to_jsonb(OLD) -> c.name IS DISTINCT FROM to_jsonb(NEW) -> c.name;
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION '%.%: row % was issued so; fixed since then: %', TG_TABLE_SCHEMA, TG_TABLE_NAME,
            to_jsonb(OLD) ->> TG_ARGV[0], changed
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'End this one and issue another.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: FUNCTION keep_columns(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.keep_columns() IS 'Row trigger; arguments: the column that names the row, and the columns that, once filled in, never change.';

-- Name: keep_deleted_row(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.keep_deleted_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO indexer.deleted_rows (table_name, row_id, content)
    VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, OLD.id, to_jsonb(OLD));
    RETURN OLD;
END
$$;

-- Name: keep_ended_row(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.keep_ended_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    filled_in_once CONSTANT text[] := string_to_array(TG_ARGV[3], ',');
    row_key CONSTANT text := to_jsonb(OLD) ->> TG_ARGV[1];
    state CONSTANT text := to_jsonb(OLD) ->> TG_ARGV[0];
    before_row jsonb := to_jsonb(OLD) - string_to_array('updated_at,' || TG_ARGV[0] || ',' || TG_ARGV[2], ',');
    after_row jsonb;
    user_column text;
    changed text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        after_row := to_jsonb(NEW);
    END IF;
    -- Only the cascade of a deleted user meets a row whose user is gone.
    FOREACH user_column IN ARRAY string_to_array(TG_ARGV[4], ',') LOOP
        IF before_row ->> user_column IS NOT NULL AND after_row ->> user_column IS NULL AND NOT EXISTS (
            SELECT FROM public.users AS u WHERE u.id = (before_row ->> user_column)::uuid) THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            before_row := before_row - user_column;
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '%.%: row % is % and cannot be deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME, row_key, state
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'What has ended stays; write a new row.';
    END IF;
    SELECT string_agg(b.key, ', ' ORDER BY b.key) INTO changed
      FROM jsonb_each(before_row) AS b
     WHERE b.value IS DISTINCT FROM after_row -> b.key AND NOT (b.value = 'null' AND b.key = ANY (filled_in_once));
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION '%.%: row % is %; fixed since then: %', TG_TABLE_SCHEMA, TG_TABLE_NAME, row_key, state, changed
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'What has ended stays as it ended; write a new row.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: FUNCTION keep_ended_row(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.keep_ended_row() IS 'Row trigger; arguments: the state column, the column that names the row, the columns that may still move, those that may be filled in once, those that name users who may leave. WHEN says which states are final; leaving them is the matter of a trigger of its own.';

-- Name: lease_is_current(text, bigint); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.lease_is_current(lease_name text, lease_term bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM FROM indexer.leases AS l
      WHERE l.name = lease_name AND l.term = lease_term AND l.expires_at > clock_timestamp()
      FOR KEY SHARE;
    RETURN FOUND;
END
$$;

-- Name: FUNCTION lease_is_current(lease_name text, lease_term bigint); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.lease_is_current(lease_name text, lease_term bigint) IS 'True while that term holds the lease; when true, the lease cannot change hands until this transaction ends. In a REPEATABLE READ transaction call it first: a renewal after the snapshot gives 40001.';

-- Name: market_epochs_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.market_epochs_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.epoch_number, OLD.start_time, OLD.end_time, OLD.id)
        IS DISTINCT FROM (NEW.epoch_number, NEW.start_time, NEW.end_time, NEW.id) THEN
        RAISE EXCEPTION 'market_epochs: number and times of epoch % are fixed', OLD.epoch_number
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'market_epochs_times_fixed', HINT = 'Add the epoch of the other times as another row.';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('pending', 'active'), ('active', 'clearing'), ('clearing', 'cleared'), ('clearing', 'failed'),
        ('clearing', 'settled'), ('cleared', 'settled'), ('cleared', 'failed')) THEN
        RAISE EXCEPTION 'market_epochs: epoch % cannot go from % to %', OLD.epoch_number, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
                  CONSTRAINT = 'market_epochs_status_forward',
                  HINT = 'pending, active, clearing, cleared, settled; failed from clearing or cleared.';
    END IF;
    IF OLD.status IN ('cleared', 'settled', 'failed') AND
        (OLD.clearing_price, OLD.total_volume, OLD.total_orders, OLD.matched_orders, OLD.trade_count, OLD.cleared_at)
        IS DISTINCT FROM
        (NEW.clearing_price, NEW.total_volume, NEW.total_orders, NEW.matched_orders, NEW.trade_count, NEW.cleared_at) THEN
        RAISE EXCEPTION 'market_epochs: epoch % is %; its result is published and fixed', OLD.epoch_number, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'market_epochs_result_fixed', HINT = 'epoch check computes it again from the stored book.';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Name: market_epochs_notify(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.market_epochs_notify() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_epochs', '');
    RETURN NULL;
END
$$;

-- Name: settings; Type: TABLE; Schema: indexer

CREATE TABLE indexer.settings (
    key text NOT NULL,
    value jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT settings_market_clock_offset_ms CHECK (((key <> 'market_clock_offset_ms'::text) OR ((jsonb_typeof(value) = 'number'::text) AND ((value #>> '{}'::text[]) ~ '^-?[0-9]{1,15}$'::text)))),
    CONSTRAINT settings_timeseries_mode CHECK (((key <> 'timeseries_mode'::text) OR (value = ANY (ARRAY['"native"'::jsonb, '"timescaledb"'::jsonb]))))
);

-- Name: TABLE settings; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.settings IS 'Facts about this database that code and SQL functions both read: market clock, network, time-series mode.';

-- Name: market_now(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.market_now() RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (now() + ('00:00:00.001'::interval * (COALESCE((SELECT ((s.value #>> '{}'::text[]))::bigint AS int8 FROM indexer.settings s WHERE (s.key = 'market_clock_offset_ms'::text)), (0)::bigint))::double precision));

-- Name: FUNCTION market_now(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.market_now() IS 'The market clock: transaction time plus the offset that only the owner sets (zero in production).';

-- Name: market_result_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.market_result_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    named text;
    changed text;
BEGIN
    SELECT string_agg(format('%s %s', k.name, to_jsonb(OLD) ->> k.name), ', ' ORDER BY k.place) INTO named
      FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS k (name, place);
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(b.key, ', ' ORDER BY b.key) INTO changed
          FROM jsonb_each(to_jsonb(OLD) - string_to_array(TG_ARGV[1], ',')) AS b
         WHERE b.value IS DISTINCT FROM to_jsonb(NEW) -> b.key;
        IF changed IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%: % is published; % is refused%', TG_TABLE_NAME, named, TG_OP, coalesce(' of ' || changed, '')
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
              HINT = 'epoch check computes it again from the stored book.';
END
$$;

-- Name: meter_key(text); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.meter_key(meter_serial text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN SUBSTRING(sha256(convert_to(('gridtokenx:meter:'::text || meter_serial), 'UTF8'::name)) FROM 1 FOR 16);

-- Name: meter_readings_keep_counted(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.meter_readings_keep_counted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'meter_readings: reading % is counted in window % and cannot be deleted', OLD.id, OLD.mint_window
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_counted_kept', HINT = 'Retention drops whole partitions of old readings.';
    END IF;
    RAISE EXCEPTION 'meter_readings: reading % is counted in window % and its figures cannot change', OLD.id, OLD.mint_window
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
              CONSTRAINT = 'meter_readings_counted_fixed', HINT = 'Write a correction as a reading of its own.';
END
$$;

-- Name: meter_readings_name_meter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.meter_readings_name_meter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    registered_key CONSTANT bytea := (SELECT m.meter_key FROM public.meter_registry AS m WHERE m.id = NEW.meter_id);
BEGIN
    IF NEW.meter_id IS NOT NULL AND registered_key IS NULL THEN
        RAISE EXCEPTION 'meter_readings: there is no meter %', NEW.meter_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_meter_id_fkey', HINT = 'Register the meter in meter_registry first.';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.meter_key IS NOT NULL
        AND (NEW.meter_key IS DISTINCT FROM OLD.meter_key OR registered_key <> OLD.meter_key) THEN
        RAISE EXCEPTION 'meter_readings: reading % is of meter % and cannot become another meter''s', OLD.id,
            encode(OLD.meter_key, 'hex')
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_meter_fixed', HINT = 'Write it as a reading of that meter.';
    END IF;
    NEW.meter_key := coalesce(registered_key, NEW.meter_key);
    RETURN NEW;
END
$$;

-- Name: meter_registry_keep_serial(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.meter_registry_keep_serial() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'meter_registry: meter_serial % of meter % names it on chain and cannot change to %',
        OLD.meter_serial, OLD.id, NEW.meter_serial
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'meter_serial',
              CONSTRAINT = TG_NAME, HINT = 'Register the new serial as a new meter.';
END
$$;

-- Name: minting_keep_frozen(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.minting_keep_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'minting_retry_queue: window % of meter % is frozen at % base units and cannot be deleted',
            OLD.mint_window, encode(OLD.meter_key, 'hex'), OLD.amount_base_units
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'minting_retry_queue',
                  CONSTRAINT = TG_NAME, HINT = 'Old windows leave with their whole partition.';
    END IF;
    RAISE EXCEPTION 'minting_retry_queue: window % of meter % is frozen at % base units', OLD.mint_window,
        encode(OLD.meter_key, 'hex'), OLD.amount_base_units
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'minting_retry_queue', CONSTRAINT = TG_NAME,
              HINT = 'A later window takes the difference.';
END
$$;

-- Name: notify_readings(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.notify_readings() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_readings', '');
    RETURN NULL;
END
$$;

-- Name: order_matches_fill(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.order_matches_fill() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    wanted bigint;
    filled bigint;
    stray record;
BEGIN
    -- One order of locking for all writers, so that two of them cannot deadlock.
    PERFORM FROM public.trading_orders AS o
      WHERE o.id IN (SELECT buy_order_id FROM inserted UNION ALL SELECT sell_order_id FROM inserted)
      ORDER BY o.id
        FOR NO KEY UPDATE;
    WITH f AS MATERIALIZED (
        SELECT side, order_id, sum(matched_amount) AS amount, (array_agg(epoch_id))[1] AS epoch_id
          FROM (SELECT 'buy' AS side, buy_order_id AS order_id, matched_amount, epoch_id FROM inserted
                UNION ALL
                SELECT 'sell', sell_order_id, matched_amount, epoch_id FROM inserted) AS sides
         GROUP BY side, order_id),
    u AS (
        UPDATE public.trading_orders AS o
           SET filled_amount = o.filled_amount + f.amount,
               status = CASE WHEN o.filled_amount + f.amount = o.energy_amount THEN 'filled' ELSE 'partially_filled' END,
               epoch_id = coalesce(o.epoch_id, f.epoch_id),
               closed_epoch_id = CASE WHEN o.filled_amount + f.amount = o.energy_amount THEN f.epoch_id END,
               updated_at = now()
          FROM f
         WHERE o.id = f.order_id AND o.order_type = f.side AND o.status IN ('pending', 'active', 'partially_filled')
        RETURNING 1)
    SELECT (SELECT count(*) FROM f), (SELECT count(*) FROM u) INTO wanted, filled;
    -- Looked for only when some side found no order: what follows is no part of an honest clearing.
    IF filled < wanted THEN
        SELECT i.id, s.side, o.id AS order_id, o.order_type, o.status, o.updated_at = now() AS touched INTO stray
          FROM inserted AS i
         CROSS JOIN LATERAL (VALUES ('buy', i.buy_order_id), ('sell', i.sell_order_id)) AS s (side, order_id)
          JOIN public.trading_orders AS o ON o.id = s.order_id
         ORDER BY o.order_type = s.side, o.updated_at = now(), i.id
         LIMIT 1;
        RAISE EXCEPTION 'order_matches: match % takes % order % as its % side, which is %', stray.id, stray.order_type,
            stray.order_id, stray.side, stray.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'order_matches_open_sides', HINT = 'A match joins an open buy order and an open sell order.';
    END IF;
    RETURN NULL;
END
$$;

-- Name: order_matches_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.order_matches_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.id, OLD.epoch_id, OLD.buy_order_id, OLD.sell_order_id, OLD.matched_amount, OLD.match_price, OLD.match_time,
        OLD.zone_id, OLD.trade_index)
       IS DISTINCT FROM
       (NEW.id, NEW.epoch_id, NEW.buy_order_id, NEW.sell_order_id, NEW.matched_amount, NEW.match_price, NEW.match_time,
        NEW.zone_id, NEW.trade_index) THEN
        RAISE EXCEPTION 'order_matches: match % is a published result; only its status moves', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'order_matches_result_fixed', HINT = 'Clearing again gives the same result.';
    END IF;
    IF OLD.status <> NEW.status AND OLD.status <> 'pending' THEN
        RAISE EXCEPTION 'order_matches: match % is % and stays so; it cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
                  CONSTRAINT = 'order_matches_status_final', HINT = 'Only a pending match becomes settled or failed.';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Name: order_matches_settle(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.order_matches_settle() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    touched uuid[];
BEGIN
    SELECT array_agg(DISTINCT s.order_id) INTO touched
      FROM new_rows AS n JOIN old_rows AS p USING (id)
           CROSS JOIN LATERAL (VALUES (n.buy_order_id), (n.sell_order_id)) AS s (order_id)
     WHERE n.status = 'settled' AND p.status <> 'settled';
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- Locked before the question is asked: of two transactions that each settle one of an order's last two
    -- matches, the second must see the first.
    PERFORM FROM public.trading_orders AS o WHERE o.id = ANY (touched) ORDER BY o.id FOR NO KEY UPDATE;
    UPDATE public.trading_orders AS o
       SET status = 'settled', updated_at = now()
     WHERE o.id = ANY (touched)
       AND o.status = 'filled'
       AND NOT EXISTS (SELECT FROM public.order_matches AS m
                        WHERE (m.buy_order_id = o.id OR m.sell_order_id = o.id) AND m.status IN ('pending', 'failed'));
    RETURN NULL;
END
$$;

-- Name: partition_policies_keep_cut(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.partition_policies_keep_cut() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: partition_policies; Type: TABLE; Schema: indexer

CREATE TABLE indexer.partition_policies (
    table_name text NOT NULL,
    kind text NOT NULL,
    step bigint DEFAULT 1 NOT NULL,
    ahead_months smallint DEFAULT 3 NOT NULL,
    counts character varying(10) DEFAULT 'slot'::character varying NOT NULL,
    CONSTRAINT partition_policies_ahead_months_check CHECK (((ahead_months >= 0) AND (ahead_months <= 120))),
    CONSTRAINT partition_policies_counts_check CHECK (((counts)::text = ANY (ARRAY[('slot'::character varying)::text, ('epoch'::character varying)::text]))),
    CONSTRAINT partition_policies_kind_check CHECK ((kind = ANY (ARRAY['slot'::text, 'window'::text, 'month'::text, 'day'::text, 'hypertable'::text]))),
    CONSTRAINT partition_policies_step_check CHECK ((step > 0)),
    CONSTRAINT partition_policies_step_check_kind CHECK (((kind = ANY (ARRAY['slot'::text, 'window'::text])) OR (step = 1)))
);

-- Name: TABLE partition_policies; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.partition_policies IS 'How each partitioned table is cut: by ranges of step slots or windows, by UTC months or days, or by TimescaleDB.';

-- Name: COLUMN partition_policies.ahead_months; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.partition_policies.ahead_months IS 'How far before their time the daemon creates month and day partitions for writers that create none.';

-- Name: COLUMN partition_policies.counts; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.partition_policies.counts IS 'For kind slot: what the numbers are; epoch numbers are YYYYMMDDHHMM, so that a step of 1000000 is a month.';

-- Name: partition_policy(text); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.partition_policy(policy_table text) RETURNS indexer.partition_policies
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

-- Name: proposal_outcome(integer, numeric, numeric, numeric, numeric, numeric, numeric); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.proposal_outcome(total_votes integer, yes_power numeric, no_power numeric, abstain_power numeric, total_voting_power numeric, quorum_threshold numeric, approval_threshold numeric) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (total_votes = 0) THEN 'expired'::text WHEN ((total_voting_power > (0)::numeric) AND (((yes_power + no_power) + abstain_power) >= (quorum_threshold * total_voting_power)) AND (yes_power > no_power) AND (yes_power >= (approval_threshold * (yes_power + no_power)))) THEN 'passed'::text ELSE 'rejected'::text END;

-- Name: FUNCTION proposal_outcome(total_votes integer, yes_power numeric, no_power numeric, abstain_power numeric, total_voting_power numeric, quorum_threshold numeric, approval_threshold numeric); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.proposal_outcome(total_votes integer, yes_power numeric, no_power numeric, abstain_power numeric, total_voting_power numeric, quorum_threshold numeric, approval_threshold numeric) IS 'How voting with these tallies ends: expired when nobody voted; passed when enough power voted (abstaining counts) and enough of yes and no is yes, more than half in any case; else rejected.';

-- Name: proposals_enter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.proposals_enter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status NOT IN ('draft', 'active')
        OR (NEW.total_votes, NEW.yes_power, NEW.no_power, NEW.abstain_power) IS DISTINCT FROM (0, 0::numeric, 0::numeric, 0::numeric) THEN
        RAISE EXCEPTION 'proposals: proposal % comes as % with % votes; it enters as draft or active and without votes',
            NEW.id, NEW.status, NEW.total_votes
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'Leave the tallies out.';
    END IF;
    IF NEW.status = 'active' THEN
        NEW.activated_at := coalesce(NEW.activated_at, indexer.market_now());
    END IF;
    RETURN NEW;
END
$$;

-- Name: proposals_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.proposals_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    -- Anybody may run a trigger of his own; who writes snapshots may not be anybody.
    by_snapshots CONSTANT boolean := pg_trigger_depth() > 1
        AND has_table_privilege('governance.voting_power_snapshots', 'INSERT');
    outcome CONSTANT text := indexer.proposal_outcome(
        OLD.total_votes, OLD.yes_power, OLD.no_power, OLD.abstain_power, OLD.total_voting_power, OLD.quorum_threshold,
        OLD.approval_threshold);
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'active'), ('draft', 'expired'), ('active', 'passed'), ('active', 'rejected'), ('active', 'expired')) THEN
        RAISE EXCEPTION 'proposals: proposal % is % and cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'status', CONSTRAINT = 'proposals_status_forward',
                  HINT = 'From draft to active, from active to passed, rejected or expired.';
    END IF;
    IF pg_trigger_depth() = 1 AND
        (OLD.total_votes, OLD.yes_votes, OLD.no_votes, OLD.abstain_votes, OLD.yes_power, OLD.no_power, OLD.abstain_power)
        IS DISTINCT FROM
        (NEW.total_votes, NEW.yes_votes, NEW.no_votes, NEW.abstain_votes, NEW.yes_power, NEW.no_power, NEW.abstain_power) THEN
        RAISE EXCEPTION 'proposals: the tallies of proposal % follow its votes', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'proposals_tallies_follow_votes', HINT = 'Write votes; leave the tallies out.';
    END IF;
    IF OLD.status <> 'draft' AND
        (OLD.proposer_id, OLD.type, OLD.voting_start, OLD.voting_end, OLD.quorum_threshold, OLD.approval_threshold)
        IS DISTINCT FROM
        (NEW.proposer_id, NEW.type, NEW.voting_start, NEW.voting_end, NEW.quorum_threshold, NEW.approval_threshold) THEN
        RAISE EXCEPTION 'proposals: the terms of proposal % are fixed since it is %', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'proposals_terms_fixed', HINT = 'Let it expire and propose anew.';
    END IF;
    IF OLD.total_voting_power <> NEW.total_voting_power AND NOT by_snapshots
        AND (OLD.status <> 'draft'
             OR EXISTS (SELECT FROM governance.voting_power_snapshots AS s WHERE s.proposal_id = OLD.id)) THEN
        RAISE EXCEPTION 'proposals: the voting power of proposal % is fixed: it is % or has snapshots', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'total_voting_power', CONSTRAINT = 'proposals_voting_power_fixed',
                  HINT = 'Write voting_power_snapshots before the first vote; it is their sum.';
    END IF;
    -- Whoever closes it only says what the votes said; a draft may be given up at any time.
    IF OLD.status = 'active' AND OLD.status <> NEW.status THEN
        IF indexer.market_now() < OLD.voting_end THEN
            RAISE EXCEPTION 'proposals: voting on proposal % goes on until %', OLD.id, OLD.voting_end
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      COLUMN = 'status', CONSTRAINT = 'proposals_voting_over', HINT = 'Close it afterwards.';
        ELSIF NEW.status <> outcome THEN
            RAISE EXCEPTION 'proposals: proposal % cannot become %; by its votes it is %', OLD.id, NEW.status, outcome
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      COLUMN = 'status', CONSTRAINT = 'proposals_outcome_of_votes',
                      HINT = 'Write the outcome that api_proposals shows.';
        END IF;
    END IF;
    IF OLD.status <> NEW.status THEN
        IF NEW.status = 'active' THEN
            NEW.activated_at := coalesce(NEW.activated_at, indexer.market_now());
        ELSE
            NEW.closed_at := coalesce(NEW.closed_at, indexer.market_now());
        END IF;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Name: reading_obstacle(text, text, timestamp with time zone, numeric, numeric, timestamp with time zone, interval, numeric); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.reading_obstacle(verification_status text, wallet_address text, measured_at timestamp with time zone, energy_generated numeric, energy_consumed numeric, market_now timestamp with time zone, max_age interval, max_kwh numeric) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (verification_status IS NULL) THEN 'unknown_meter'::text WHEN (measured_at > market_now) THEN 'in_future'::text WHEN (measured_at < (market_now - max_age)) THEN 'too_old'::text WHEN ((energy_generated > max_kwh) OR (energy_consumed > max_kwh)) THEN 'amount_above_limit'::text WHEN (verification_status <> 'verified'::text) THEN 'meter_unverified'::text WHEN (wallet_address IS NULL) THEN 'no_wallet'::text ELSE NULL::text END;

-- Name: FUNCTION reading_obstacle(verification_status text, wallet_address text, measured_at timestamp with time zone, energy_generated numeric, energy_consumed numeric, market_now timestamp with time zone, max_age interval, max_kwh numeric); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.reading_obstacle(verification_status text, wallet_address text, measured_at timestamp with time zone, energy_generated numeric, energy_consumed numeric, market_now timestamp with time zone, max_age interval, max_kwh numeric) IS 'Why a reading does not count: unknown_meter, in_future, too_old and amount_above_limit for good; meter_unverified and no_wallet until that changes.';

-- Name: refuse_change(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    named text;
BEGIN
    -- The arguments of a row trigger are the columns that name the row.
    SELECT string_agg(format('%s %s', k.name, to_jsonb(OLD) ->> k.name), ', ' ORDER BY k.place) INTO named
      FROM unnest(TG_ARGV) WITH ORDINALITY AS k (name, place);
    RAISE EXCEPTION '%.%: % of % is refused; rows are evidence and are never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME,
        TG_OP, coalesce(named, 'the table')
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
              HINT = 'Old rows leave with their whole partition.';
END
$$;

-- Name: refuse_leaving_state(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.refuse_leaving_state() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    before_row CONSTANT jsonb := to_jsonb(OLD);
    after_row CONSTANT jsonb := to_jsonb(NEW);
BEGIN
    RAISE EXCEPTION '%.%: row % is % and stays so; it cannot become %', TG_TABLE_SCHEMA, TG_TABLE_NAME,
        before_row ->> TG_ARGV[1], before_row ->> TG_ARGV[0], after_row ->> TG_ARGV[0]
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
              COLUMN = TG_ARGV[0], CONSTRAINT = TG_NAME, HINT = 'What has ended stays ended; write a new row.';
END
$$;

-- Name: FUNCTION refuse_leaving_state(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.refuse_leaving_state() IS 'Row trigger with two arguments, the state column and the column that names the row; WHEN says which states are final.';

-- Name: seal_audit_logs(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.seal_audit_logs() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    this_server CONSTANT bigint := indexer.server_id();
    counter record;
    last_seal indexer.audit_seals;
    start_at xid8;
    horizon xid8;
    sealed_rows bigint;
    number bigint;
    made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx audit seal', 0));
    FOR counter IN
        WITH RECURSIVE servers (server_id) AS (
            (SELECT a.server_id FROM public.audit_logs AS a ORDER BY a.server_id LIMIT 1)
            UNION ALL
            SELECT (SELECT a.server_id FROM public.audit_logs AS a
                     WHERE a.server_id > s.server_id ORDER BY a.server_id LIMIT 1)
              FROM servers AS s WHERE s.server_id IS NOT NULL)
        SELECT s.server_id FROM servers AS s WHERE s.server_id IS NOT NULL ORDER BY s.server_id = this_server, 1
    LOOP
        SELECT s.to_transaction INTO start_at FROM indexer.audit_seals AS s
          WHERE s.server_id = counter.server_id ORDER BY s.from_transaction DESC LIMIT 1;
        start_at := coalesce(start_at, '0'::xid8);
        IF counter.server_id = this_server THEN
            horizon := pg_snapshot_xmin(pg_current_snapshot());
        ELSE
            SELECT ((a.transaction_id::text::numeric + 1)::text)::xid8 INTO horizon FROM public.audit_logs AS a
              WHERE a.server_id = counter.server_id ORDER BY a.transaction_id DESC LIMIT 1;
        END IF;
        IF horizon < start_at AND counter.server_id = this_server THEN
            RAISE EXCEPTION 'audit_seals: transactions are sealed up to %, but this server has only reached %', start_at, horizon
                USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = 'indexer', TABLE = 'audit_seals',
                      CONSTRAINT = 'audit_seals_counter_ahead',
                      HINT = 'This server is a copy of an older state of the one that sealed: pg_resetwal can raise its counter.';
        END IF;
        CONTINUE WHEN horizon <= start_at;
        SELECT s.* INTO last_seal FROM indexer.audit_seals AS s ORDER BY s.seal_number DESC LIMIT 1;
        number := coalesce(last_seal.seal_number, 0) + 1;
        INSERT INTO indexer.audit_seal_parts (seal_number, part, partition_name, row_ids, row_digests, digest)
        SELECT number, row_number() OVER (ORDER BY p.partition_name, p.chunk), p.partition_name, p.ids, p.digests,
               indexer.audit_part_digest(p.partition_name, p.ids, p.digests)
          FROM (SELECT r.partition_name, r.chunk, array_agg(r.row_id ORDER BY r.place) AS ids,
                       array_agg(r.digest ORDER BY r.place) AS digests
                  FROM (SELECT d.*, (row_number() OVER (PARTITION BY d.partition_name ORDER BY d.place) - 1) / 10000 AS chunk
                          FROM indexer.audit_digests(counter.server_id, start_at, horizon) AS d) AS r
                 GROUP BY r.partition_name, r.chunk) AS p;
        SELECT sum(cardinality(p.row_ids)) INTO sealed_rows
          FROM indexer.audit_seal_parts AS p WHERE p.seal_number = number;
        CONTINUE WHEN sealed_rows IS NULL;
        last_seal.seal := coalesce(last_seal.seal, sha256('gridtokenx audit'));
        INSERT INTO indexer.audit_seals (seal_number, server_id, from_transaction, to_transaction, row_count, previous_seal, seal)
        VALUES (number, counter.server_id, start_at, horizon, sealed_rows, last_seal.seal, indexer.audit_seal_value(
                number, counter.server_id, start_at, horizon, sealed_rows, last_seal.seal))
        RETURNING seal_number INTO made;
    END LOOP;
    RETURN made;
END
$$;

-- Name: FUNCTION seal_audit_logs(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.seal_audit_logs() IS 'Seals what ended since the last seal; returns its number, NULL when there is nothing new.';

-- Name: server_id(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.server_id() RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') THEN
        RETURN (SELECT c.system_identifier FROM pg_control_system() AS c);
    END IF;
    RETURN 0;
END
$$;

-- Name: FUNCTION server_id(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.server_id() IS 'The cluster of this server: transaction numbers mean something only together with the cluster that gave them.';

-- Name: set_market_clock_offset(bigint); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.set_market_clock_offset(offset_ms bigint) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE indexer.settings SET value = to_jsonb(offset_ms) WHERE key = 'market_clock_offset_ms';
    PERFORM pg_notify('gridtokenx_clock', offset_ms::text);
    RETURN indexer.market_now();
END
$$;

-- Name: settings_keep_fixed_keys(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.settings_keep_fixed_keys() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: settlements_refuse_open_delete(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.settlements_refuse_open_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'settlements: % is still % and cannot be deleted', OLD.id, OLD.status
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
              CONSTRAINT = TG_NAME,
              HINT = 'Wait until it is completed or failed; deactivating the user does not need a deletion.';
END
$$;

-- Name: FUNCTION settlements_refuse_open_delete(); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.settlements_refuse_open_delete() IS 'Deviation: a settlement that is neither completed nor failed keeps both its users from being deleted.';

-- Name: touch_updated_at(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Name: trade_leaves_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.trade_leaves_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (OLD.epoch_number, OLD.zone_id, OLD.trade_index, OLD.part, OLD.match_id, OLD.settlement_id, OLD.buy_order_id,
        OLD.sell_order_id, OLD.buyer_id, OLD.seller_id, OLD.seller_energy, OLD.buyer_energy, OLD.buyer_payment,
        OLD.seller_payment, OLD.energy_base_units, OLD.payment_base_units, OLD.fee_base_units, OLD.leaf)
       IS DISTINCT FROM
       (NEW.epoch_number, NEW.zone_id, NEW.trade_index, NEW.part, NEW.match_id, NEW.settlement_id, NEW.buy_order_id,
        NEW.sell_order_id, NEW.buyer_id, NEW.seller_id, NEW.seller_energy, NEW.buyer_energy, NEW.buyer_payment,
        NEW.seller_payment, NEW.energy_base_units, NEW.payment_base_units, NEW.fee_base_units, NEW.leaf) THEN
        RAISE EXCEPTION 'trade_leaves: trade % of epoch %, zone % is published and never changed',
            OLD.trade_index, OLD.epoch_number, OLD.zone_id
            USING ERRCODE = 'restrict_violation', SCHEMA = 'indexer', TABLE = 'trade_leaves',
                  CONSTRAINT = 'trade_leaves_published', HINT = 'Only how far it has come on chain moves.';
    END IF;
    IF OLD.state = 'settled' AND NEW.state <> 'settled' THEN
        RAISE EXCEPTION 'trade_leaves: trade % of epoch %, zone % is settled and stays so; it cannot become %',
            OLD.trade_index, OLD.epoch_number, OLD.zone_id, NEW.state
            USING ERRCODE = 'restrict_violation', SCHEMA = 'indexer', TABLE = 'trade_leaves', COLUMN = 'state',
                  CONSTRAINT = 'trade_leaves_settled_final', HINT = 'The chain has executed it; nothing undoes that.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: trades_name_leaf(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.trades_name_leaf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.epoch_number, OLD.zone_id, OLD.trade_index) IS NOT DISTINCT FROM
                            (NEW.epoch_number, NEW.zone_id, NEW.trade_index) THEN
        RETURN NEW;
    END IF;
    PERFORM FROM indexer.trade_leaves AS l
      WHERE l.epoch_number = NEW.epoch_number AND l.zone_id = NEW.zone_id AND l.trade_index = NEW.trade_index;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'trades: trade % names trade % of epoch %, zone %, which was never published', NEW.id,
            NEW.trade_index, NEW.epoch_number, NEW.zone_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'trade_index', CONSTRAINT = TG_NAME,
                  HINT = 'Publish its leaf in indexer.trade_leaves first.';
    END IF;
    RETURN NEW;
END
$$;

-- Name: trading_orders_enter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.trading_orders_enter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    meter record;
BEGIN
    IF NEW.epoch_id IS NOT NULL OR NEW.closed_epoch_id IS NOT NULL THEN
        RAISE EXCEPTION 'trading_orders: order % comes with epoch %; the clearing assigns epochs, a writer does not',
            NEW.id, coalesce(NEW.epoch_id, NEW.closed_epoch_id)
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'epoch_id',
                  CONSTRAINT = 'trading_orders_epoch_by_clearing', HINT = 'Leave epoch_id and closed_epoch_id out.';
    END IF;
    IF NEW.status <> 'pending' OR NEW.filled_amount <> 0 THEN
        RAISE EXCEPTION 'trading_orders: order % comes as % with % kWh filled; it enters as pending with nothing filled',
            NEW.id, NEW.status, NEW.filled_amount
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'status',
                  CONSTRAINT = 'trading_orders_enter_pending', HINT = 'Leave status and filled_amount out.';
    END IF;
    IF NEW.meter_id IS NOT NULL THEN
        SELECT m.user_id, m.zone_id INTO meter FROM public.meter_registry AS m WHERE m.id = NEW.meter_id;
        IF FOUND AND meter.user_id <> NEW.user_id THEN
            RAISE EXCEPTION 'trading_orders: meter % of order % belongs to another user than %',
                NEW.meter_id, NEW.id, NEW.user_id
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'meter_id',
                      CONSTRAINT = 'trading_orders_own_meter', HINT = 'Give a meter of the order''s own user, or none.';
        END IF;
        NEW.zone_id := coalesce(NEW.zone_id, meter.zone_id);
    END IF;
    NEW.zone_id := coalesce(NEW.zone_id, 0);
    PERFORM indexer.check_order_terms(NEW.energy_amount, NEW.price_per_kwh);
    -- Overwritten whatever the statement says: COPY may fill an identity column.
    NEW.seq := nextval('public.trading_orders_seq_seq');
    NEW.entered_at := indexer.market_now();
    RETURN NEW;
END
$$;

-- Name: trading_orders_guard(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.trading_orders_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    by_trigger CONSTANT boolean := pg_trigger_depth() > 1 AND indexer.writes_market();
    by_clearing CONSTANT boolean := indexer.clearing_now();
BEGIN
    IF (OLD.id, OLD.user_id, OLD.order_type, OLD.zone_id) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.order_type, NEW.zone_id)
        OR (OLD.meter_id IS DISTINCT FROM NEW.meter_id AND NOT (by_trigger AND NEW.meter_id IS NULL)) THEN
        RAISE EXCEPTION 'trading_orders: user, side, zone and meter of order % are fixed', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders',
                  CONSTRAINT = 'trading_orders_identity_fixed', HINT = 'Cancel it and enter another.';
    END IF;
    IF OLD.filled_amount <> NEW.filled_amount AND NOT by_trigger THEN
        RAISE EXCEPTION 'trading_orders: filled_amount % of order % follows its matches and cannot become %',
            OLD.filled_amount, OLD.id, NEW.filled_amount
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'filled_amount',
                  CONSTRAINT = 'trading_orders_filled_by_matches', HINT = 'Leave filled_amount out.';
    END IF;
    IF (OLD.epoch_id IS DISTINCT FROM NEW.epoch_id OR OLD.closed_epoch_id IS DISTINCT FROM NEW.closed_epoch_id)
        AND NOT (by_trigger OR by_clearing) THEN
        RAISE EXCEPTION 'trading_orders: order % cannot get epoch %; the clearing assigns epochs, a writer does not',
            OLD.id, coalesce(NEW.epoch_id, NEW.closed_epoch_id)
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'epoch_id',
                  CONSTRAINT = 'trading_orders_epoch_by_clearing', HINT = 'Leave epoch_id and closed_epoch_id out.';
    END IF;
    IF OLD.status <> NEW.status AND NOT (by_trigger OR by_clearing) THEN
        IF NEW.status <> 'cancelled' OR OLD.status NOT IN ('pending', 'active', 'partially_filled') THEN
            RAISE EXCEPTION 'trading_orders: order % cannot go from % to %', OLD.id, OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'status',
                      CONSTRAINT = 'trading_orders_status_by_clearing', HINT = 'A writer may only cancel an open order.';
        END IF;
        SELECT e.id INTO NEW.closed_epoch_id FROM public.market_epochs AS e
         WHERE tstzrange(e.start_time, e.end_time) @> indexer.market_now();
    END IF;
    NEW.seq := OLD.seq;
    NEW.entered_at := OLD.entered_at;
    NEW.created_at := OLD.created_at;
    IF OLD.energy_amount <> NEW.energy_amount OR OLD.price_per_kwh <> NEW.price_per_kwh THEN
        IF OLD.filled_amount > 0 OR OLD.status NOT IN ('pending', 'active') THEN
            RAISE EXCEPTION 'trading_orders: order % is matched or closed (%, % kWh filled); its price and amount are fixed',
                OLD.id, OLD.status, OLD.filled_amount
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders',
                      CONSTRAINT = 'trading_orders_terms_fixed', HINT = 'Cancel the rest and enter another.';
        END IF;
        PERFORM indexer.check_order_terms(NEW.energy_amount, NEW.price_per_kwh);
        NEW.seq := nextval('public.trading_orders_seq_seq');
        NEW.entered_at := indexer.market_now();
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Name: trading_orders_notify(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.trading_orders_notify() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_orders', '');
    RETURN NULL;
END
$$;

-- Name: users_align_status(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.users_align_status() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT NEW.is_active AND NEW.status = 'ACTIVE' THEN
            NEW.status := 'SUSPENDED';
        ELSIF NEW.status <> 'ACTIVE' THEN
            NEW.is_active := false;
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
        NEW.is_active := NEW.status = 'ACTIVE';
    ELSIF NEW.is_active IS DISTINCT FROM OLD.is_active THEN
        NEW.status := CASE WHEN NEW.is_active THEN 'ACTIVE' ELSE 'SUSPENDED' END;
    END IF;
    RETURN NEW;
END
$$;

-- Name: votes_keep_voter(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.votes_keep_voter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'votes: vote % stays with its voter % and its proposal %', OLD.id, OLD.voter_id, OLD.proposal_id
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', CONSTRAINT = TG_NAME,
              HINT = 'Delete it and vote anew, while voting is open.';
END
$$;

-- Name: votes_refuse_truncate(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.votes_refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'votes: TRUNCATE would leave the tallies without their votes'
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', CONSTRAINT = TG_NAME,
              HINT = 'DELETE counts what it removes.';
END
$$;

-- Name: votes_require_open(uuid[]); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.votes_require_open(proposals uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    shut record;
BEGIN
    PERFORM FROM governance.proposals AS p WHERE p.id = ANY (proposals) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT p.id, p.status, p.voting_start, p.voting_end INTO shut
      FROM governance.proposals AS p
     WHERE p.id = ANY (proposals)
       -- A transaction that began before the end does not stop the clock: who has waited is too late.
       AND NOT (p.status = 'active' AND p.voting_start <= indexer.market_now()
                AND indexer.market_now() + (clock_timestamp() - now()) < p.voting_end)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'votes: voting on proposal % is not open: it is %, and voting is from % to %',
            shut.id, shut.status, shut.voting_start, shut.voting_end
            USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes',
                  CONSTRAINT = 'votes_voting_open', HINT = 'Votes count only while voting is open.';
    END IF;
END
$$;

-- Name: votes_take_power(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.votes_take_power() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.voting_power := coalesce(
        (SELECT s.voting_power FROM governance.voting_power_snapshots AS s
          WHERE s.proposal_id = NEW.proposal_id AND s.user_id = NEW.voter_id), 0);
    RETURN NEW;
END
$$;

-- Name: votes_tally(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.votes_tally() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    added CONSTANT text := 'SELECT proposal_id, vote_type, voting_power, 1 AS heads FROM new_rows';
    removed CONSTANT text :=
        'SELECT proposal_id, vote_type, -voting_power AS voting_power, -1 AS heads FROM old_rows';
    changes CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN added
                                        WHEN 'DELETE' THEN removed
                                        ELSE added || ' UNION ALL ' || removed END;
    touched uuid[];
    wrong record;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT proposal_id) FROM (%s) AS c', changes) INTO touched;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM indexer.votes_require_open(touched);
    IF TG_OP <> 'DELETE' THEN
        -- Only now, with the proposals locked, can no snapshot come in between.
        SELECT n.voter_id, n.proposal_id, n.voting_power AS given, s.voting_power AS snapshotted INTO wrong
          FROM new_rows AS n
          LEFT JOIN governance.voting_power_snapshots AS s ON s.proposal_id = n.proposal_id AND s.user_id = n.voter_id
         WHERE s.voting_power IS DISTINCT FROM n.voting_power
           AND EXISTS (SELECT FROM governance.voting_power_snapshots AS a WHERE a.proposal_id = n.proposal_id)
         LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'votes: the vote of % on proposal % carries %, but the snapshot gives %', wrong.voter_id,
                wrong.proposal_id, trim_scale(wrong.given), coalesce(trim_scale(wrong.snapshotted)::text, 'none')
                USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', COLUMN = 'voting_power',
                      CONSTRAINT = 'votes_power_of_snapshot',
                      HINT = 'Leave voting_power out; only who has power at the start of voting votes.';
        END IF;
    END IF;
    EXECUTE format(
        'UPDATE governance.proposals AS p
            SET total_votes = p.total_votes + d.heads,
                yes_votes = p.yes_votes + d.yes_heads, no_votes = p.no_votes + d.no_heads,
                abstain_votes = p.abstain_votes + d.abstain_heads,
                yes_power = p.yes_power + d.yes_power, no_power = p.no_power + d.no_power,
                abstain_power = p.abstain_power + d.abstain_power
           FROM (SELECT proposal_id, sum(heads)::integer AS heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''yes''), 0)::integer AS yes_heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''no''), 0)::integer AS no_heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''abstain''), 0)::integer AS abstain_heads,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''yes''), 0) AS yes_power,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''no''), 0) AS no_power,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''abstain''), 0) AS abstain_power
                   FROM (%s) AS c GROUP BY proposal_id) AS d
          WHERE p.id = d.proposal_id', changes);
    RETURN NULL;
END
$$;

-- Name: voting_power_snapshots_total(); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.voting_power_snapshots_total() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    changes CONSTANT text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT proposal_id, user_id FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT proposal_id, NULL::uuid FROM old_rows'
        ELSE 'SELECT proposal_id, user_id FROM new_rows UNION ALL SELECT proposal_id, NULL::uuid FROM old_rows' END;
    touched uuid[];
    stranger uuid;
    begun record;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT c.proposal_id), (array_agg(c.user_id) FILTER (WHERE u.id IS NULL))[1]
                      FROM (%s) AS c (proposal_id, user_id) LEFT JOIN public.users AS u ON u.id = c.user_id', changes)
       INTO touched, stranger;
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'voting_power_snapshots: there is no user %', stranger
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'voting_power_snapshots_user_known', HINT = 'Only members have power.';
    END IF;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- As the votes do: whoever votes meanwhile waits, and then sees what was written here.
    PERFORM FROM governance.proposals AS p WHERE p.id = ANY (touched) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT p.id, p.status, p.total_votes INTO begun
      FROM governance.proposals AS p
     WHERE p.id = ANY (touched) AND (p.status NOT IN ('draft', 'active') OR p.total_votes > 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'voting_power_snapshots: proposal % is % and has % votes; its powers are fixed',
            begun.id, begun.status, begun.total_votes
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'voting_power_snapshots_before_votes', HINT = 'Write all snapshots before the first vote.';
    END IF;
    UPDATE governance.proposals AS p
       SET total_voting_power = coalesce(
           (SELECT sum(s.voting_power) FROM governance.voting_power_snapshots AS s WHERE s.proposal_id = p.id), 0)
     WHERE p.id = ANY (touched);
    RETURN NULL;
END
$$;

-- Name: window_of(timestamp with time zone); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.window_of(moment timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (floor((EXTRACT(epoch FROM moment) / (900)::numeric)))::bigint;

-- Name: FUNCTION window_of(moment timestamp with time zone); Type: COMMENT; Schema: indexer

COMMENT ON FUNCTION indexer.window_of(moment timestamp with time zone) IS 'The 900-second window that contains the moment: unix seconds / 900.';

-- Name: window_start(bigint); Type: FUNCTION; Schema: indexer

CREATE FUNCTION indexer.window_start(mint_window bigint) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ('1970-01-01 00:00:00+00'::timestamp with time zone + ('00:15:00'::interval * (mint_window)::double precision));

-- Name: ll_to_earth(numeric, numeric); Type: FUNCTION; Schema: investment

CREATE FUNCTION investment.ll_to_earth(lat numeric, lon numeric) RETURNS public.earth
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$ SELECT public.ll_to_earth(lat::double precision, lon::double precision) $$;

-- Name: uuid_generate_v4(); Type: FUNCTION; Schema: public

CREATE FUNCTION public.uuid_generate_v4() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN gen_random_uuid();

-- Name: market_analytics; Type: TABLE; Schema: analytics

CREATE TABLE analytics.market_analytics (
    id bigint NOT NULL,
    btc_price numeric NOT NULL,
    network_hashrate numeric,
    network_difficulty numeric,
    block_reward numeric,
    volume_24h numeric,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_analytics_btc_price_check CHECK (((btc_price > (0)::numeric) AND (btc_price < 'Infinity'::numeric))),
    CONSTRAINT market_analytics_network_check CHECK (((network_hashrate >= (0)::numeric) AND (network_hashrate < 'Infinity'::numeric) AND (network_difficulty >= (0)::numeric) AND (network_difficulty < 'Infinity'::numeric) AND (block_reward >= (0)::numeric) AND (block_reward < 'Infinity'::numeric) AND (volume_24h >= (0)::numeric) AND (volume_24h < 'Infinity'::numeric)))
);

-- Name: COLUMN market_analytics.id; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN market_analytics.btc_price; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.btc_price IS 'USD.';

-- Name: COLUMN market_analytics.network_hashrate; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.network_hashrate IS 'EH/s.';

-- Name: COLUMN market_analytics.block_reward; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.block_reward IS 'BTC.';

-- Name: COLUMN market_analytics.volume_24h; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.volume_24h IS 'USD.';

-- Name: COLUMN market_analytics.created_at; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.market_analytics.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: technical_indicators; Type: TABLE; Schema: analytics

CREATE TABLE analytics.technical_indicators (
    id bigint NOT NULL,
    analytics_id bigint NOT NULL,
    rsi numeric,
    macd numeric,
    macd_signal numeric,
    macd_histogram numeric,
    bb_upper numeric,
    bb_middle numeric,
    bb_lower numeric,
    ema_12 numeric,
    ema_26 numeric,
    signal text DEFAULT 'NEUTRAL'::text NOT NULL,
    version smallint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT technical_indicators_bands_check CHECK (((bb_lower <= bb_middle) AND (bb_middle <= bb_upper))),
    CONSTRAINT technical_indicators_numbers_check CHECK (((GREATEST(macd, macd_signal, macd_histogram, bb_upper, bb_middle, bb_lower, ema_12, ema_26) < 'Infinity'::numeric) AND (LEAST(macd, macd_signal, macd_histogram, bb_upper, bb_middle, bb_lower, ema_12, ema_26) > '-Infinity'::numeric))),
    CONSTRAINT technical_indicators_rsi_check CHECK (((rsi >= (0)::numeric) AND (rsi <= (100)::numeric))),
    CONSTRAINT technical_indicators_signal_check CHECK ((signal = ANY (ARRAY['BUY'::text, 'SELL'::text, 'NEUTRAL'::text]))),
    CONSTRAINT technical_indicators_version_check CHECK ((version >= 1))
);

-- Name: COLUMN technical_indicators.id; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.technical_indicators.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN technical_indicators.analytics_id; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.technical_indicators.analytics_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN technical_indicators.version; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.technical_indicators.version IS 'Of the formulas: computing anew by better ones adds a row and keeps the old.';

-- Name: COLUMN technical_indicators.created_at; Type: COMMENT; Schema: analytics

COMMENT ON COLUMN analytics.technical_indicators.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: api_market; Type: VIEW; Schema: analytics

CREATE VIEW analytics.api_market AS
 SELECT a.id,
    a.created_at,
    a.btc_price,
    a.network_hashrate,
    a.network_difficulty,
    a.block_reward,
    a.volume_24h,
    round((((((86400)::numeric * '1000000000000000'::numeric) * a.block_reward) * a.btc_price) / NULLIF((a.network_difficulty * ('4294967296'::bigint)::numeric), (0)::numeric)), 6) AS hashprice_usd_per_ph_day,
    i.rsi,
    i.macd,
    i.macd_signal,
    i.macd_histogram,
    i.bb_upper,
    i.bb_middle,
    i.bb_lower,
    i.ema_12,
    i.ema_26,
    i.signal,
    i.version AS indicator_version
   FROM (analytics.market_analytics a
     LEFT JOIN LATERAL ( SELECT t.id,
            t.analytics_id,
            t.rsi,
            t.macd,
            t.macd_signal,
            t.macd_histogram,
            t.bb_upper,
            t.bb_middle,
            t.bb_lower,
            t.ema_12,
            t.ema_26,
            t.signal,
            t.version,
            t.created_at
           FROM analytics.technical_indicators t
          WHERE (t.analytics_id = a.id)
          ORDER BY t.version DESC
         LIMIT 1) i ON (true));

-- Name: VIEW api_market; Type: COMMENT; Schema: analytics

COMMENT ON VIEW analytics.api_market IS 'Market figures with the newest version of their indicators; hash price without fees.';

-- Name: market_analytics_id_seq; Type: SEQUENCE; Schema: analytics

ALTER TABLE analytics.market_analytics ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME analytics.market_analytics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: technical_indicators_id_seq; Type: SEQUENCE; Schema: analytics

ALTER TABLE analytics.technical_indicators ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME analytics.technical_indicators_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: account_balances; Type: TABLE; Schema: blockchain

CREATE TABLE blockchain.account_balances (
    account_id character varying(100) NOT NULL,
    total_balance numeric(78,0) DEFAULT 0 NOT NULL,
    available_balance numeric(78,0) DEFAULT 0 NOT NULL,
    locked_balance numeric(78,0) DEFAULT 0 NOT NULL,
    nonce bigint DEFAULT 0 NOT NULL,
    energy_balances jsonb DEFAULT '{}'::jsonb NOT NULL,
    mint character varying(44),
    owner character varying(44),
    slot bigint DEFAULT 0 NOT NULL,
    tx_index integer DEFAULT 0 NOT NULL,
    block_time timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT account_balances_amounts_check CHECK (((total_balance >= (0)::numeric) AND (available_balance >= (0)::numeric) AND (locked_balance >= (0)::numeric) AND (GREATEST(total_balance, available_balance, locked_balance) <> 'NaN'::numeric))),
    CONSTRAINT account_balances_energy_balances_check CHECK (((jsonb_typeof(energy_balances) = 'object'::text) AND (NOT jsonb_path_exists(energy_balances, 'strict $.*?(@.type() != "string" || !(@ like_regex "^[0-9]{1,78}$"))'::jsonpath, '{}'::jsonb, true)))),
    CONSTRAINT account_balances_sum_check CHECK (((available_balance + locked_balance) = total_balance))
);

-- Name: TABLE account_balances; Type: COMMENT; Schema: blockchain

COMMENT ON TABLE blockchain.account_balances IS 'Deviation: account_id is the key, without an id beside it; nothing refers to a balance but by its account.';

-- Name: COLUMN account_balances.account_id; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.account_balances.account_id IS 'The token account for a balance of a mint, the wallet for a balance of lamports (mint is NULL).';

-- Name: COLUMN account_balances.nonce; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.account_balances.nonce IS 'How many indexed transactions changed this balance.';

-- Name: COLUMN account_balances.energy_balances; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.account_balances.energy_balances IS 'For accounts of the energy token: its mint address and the amount in base units, as text.';

-- Name: COLUMN account_balances.slot; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.account_balances.slot IS 'With tx_index the position of the transaction that left this balance; an older position never overwrites it.';

-- Name: api_balances; Type: VIEW; Schema: blockchain

CREATE VIEW blockchain.api_balances AS
 SELECT b.account_id,
    b.owner,
    b.mint,
    b.total_balance,
    b.available_balance,
    b.locked_balance,
    b.nonce,
    b.slot,
    s.key AS energy_source,
    (s.value)::numeric(78,0) AS energy_base_units,
    (((s.value)::numeric / (1000000000)::numeric))::numeric(87,9) AS energy_kwh
   FROM (blockchain.account_balances b
     LEFT JOIN LATERAL jsonb_each_text(b.energy_balances) s(key, value) ON (true));

-- Name: VIEW api_balances; Type: COMMENT; Schema: blockchain

COMMENT ON VIEW blockchain.api_balances IS 'Balances, one row per source of energy in them; without any: one row, source NULL.';

-- Name: cursors; Type: TABLE; Schema: indexer

CREATE TABLE indexer.cursors (
    name text NOT NULL,
    genesis_hash character varying(44) NOT NULL,
    program_id character varying(44) NOT NULL,
    energy_mint character varying(44),
    anchor_slot bigint NOT NULL,
    head_slot bigint NOT NULL,
    head_blockhash character varying(44) NOT NULL,
    head_block_height bigint NOT NULL,
    finalized_slot bigint NOT NULL,
    finalized_blockhash character varying(44) NOT NULL,
    finalized_block_height bigint NOT NULL,
    finalized_block_time timestamp with time zone,
    lease_term bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cursors_order_check CHECK (((anchor_slot <= finalized_slot) AND (finalized_slot <= head_slot)))
);

-- Name: TABLE cursors; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.cursors IS 'How far the index reaches; the row "chain" is written in the transaction that writes the slots it speaks of.';

-- Name: COLUMN cursors.energy_mint; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.cursors.energy_mint IS 'The mint whose balances are shown as energy, as the follower last read it from the program''s config account.';

-- Name: tx_attempts; Type: TABLE; Schema: indexer

CREATE TABLE indexer.tx_attempts (
    blockhash_slot bigint NOT NULL,
    signature character varying(88) NOT NULL,
    kind character varying(40) NOT NULL,
    signer character varying(44) NOT NULL,
    transaction bytea NOT NULL,
    blockhash character varying(44) NOT NULL,
    last_valid_block_height bigint NOT NULL,
    fee_lamports bigint NOT NULL,
    compute_unit_limit integer NOT NULL,
    compute_unit_price_micro_lamports bigint NOT NULL,
    lease_name text NOT NULL,
    lease_term bigint NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    status character varying(10) DEFAULT 'signed'::character varying NOT NULL,
    sends integer DEFAULT 0 NOT NULL,
    first_sent_at timestamp with time zone,
    last_sent_at timestamp with time zone,
    last_send_error text,
    spent_slot bigint,
    spent_error jsonb,
    review_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT tx_attempts_closed_check CHECK ((((status)::text = ANY (ARRAY[('dead'::character varying)::text, ('spent'::character varying)::text])) = (closed_at IS NOT NULL))),
    CONSTRAINT tx_attempts_review_check CHECK ((((status)::text <> 'review'::text) OR (review_reason IS NOT NULL))),
    CONSTRAINT tx_attempts_spent_check CHECK ((((status)::text = 'spent'::text) = (spent_slot IS NOT NULL))),
    CONSTRAINT tx_attempts_status_check CHECK (((status)::text = ANY (ARRAY[('signed'::character varying)::text, ('sent'::character varying)::text, ('dead'::character varying)::text, ('spent'::character varying)::text, ('review'::character varying)::text]))),
    CONSTRAINT tx_attempts_transaction_check CHECK (((length(transaction) >= 1) AND (length(transaction) <= 1232)))
)
PARTITION BY RANGE (blockhash_slot);

-- Name: TABLE tx_attempts; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.tx_attempts IS 'Signed transactions. Only these bytes are ever sent; a new signature for an operation needs the old attempt dead or spent.';

-- Name: COLUMN tx_attempts.blockhash_slot; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.tx_attempts.blockhash_slot IS 'Finalized slot of our own index whose block carries the blockhash.';

-- Name: COLUMN tx_attempts.context; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.tx_attempts.context IS 'What the outcome handler of the kind needs to know again.';

-- Name: COLUMN tx_attempts.last_send_error; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.tx_attempts.last_send_error IS 'What an endpoint answered; proves nothing about the transaction.';

-- Name: blockchain_transactions; Type: TABLE; Schema: public

CREATE TABLE public.blockchain_transactions (
    slot bigint NOT NULL,
    signature character varying(88) NOT NULL,
    tx_index integer NOT NULL,
    user_id uuid,
    fee_payer character varying(44) NOT NULL,
    signers character varying(44)[] NOT NULL,
    program_ids character varying(44)[] NOT NULL,
    version smallint,
    status character varying(20) NOT NULL,
    error jsonb,
    fee_lamports bigint NOT NULL,
    compute_units_consumed bigint,
    log_truncated boolean NOT NULL,
    recent_blockhash character varying(44) NOT NULL,
    block_time timestamp with time zone,
    CONSTRAINT blockchain_transactions_error_check CHECK ((((status)::text = 'failed'::text) = (error IS NOT NULL))),
    CONSTRAINT blockchain_transactions_fee_check CHECK ((fee_lamports >= 0)),
    CONSTRAINT blockchain_transactions_status_check CHECK (((status)::text = ANY (ARRAY[('confirmed'::character varying)::text, ('failed'::character varying)::text])))
)
PARTITION BY RANGE (slot);

-- Name: TABLE blockchain_transactions; Type: COMMENT; Schema: public

COMMENT ON TABLE public.blockchain_transactions IS 'Transactions of watched programs, mints and accounts, and every transaction signed by one of our keys. A row is final when its slot is at or below finalized_slot of indexer.cursors. Deviation: slot and signature are the key, without id; program_ids, fee_lamports and error stand for program_id, fee and error_message; what was called by instruction_name shows in blockchain_events; submitted_at and confirmed_at are times of our own attempts, in blockchain.api_transactions; without created_at and updated_at, since a row is written once and its time is block_time.';

-- Name: COLUMN blockchain_transactions.user_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_transactions.user_id IS 'The user whose wallet paid the fee, as known when the row was written; not part of replay comparisons.';

-- Name: COLUMN blockchain_transactions.version; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_transactions.version IS 'Message version; NULL for a legacy message.';

-- Name: COLUMN blockchain_transactions.status; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_transactions.status IS 'Outcome on chain. Deviation: never pending, since what is not in a block is in indexer.tx_attempts only. A rolled-back slot loses its rows, so no status says "dropped".';

-- Name: api_transactions; Type: VIEW; Schema: blockchain

CREATE VIEW blockchain.api_transactions AS
 SELECT a.signature,
    a.kind,
    a.signer,
    a.status AS attempt_status,
    a.created_at AS signed_at,
    a.first_sent_at,
    a.sends,
    a.last_send_error,
    COALESCE(t.slot, a.spent_slot) AS slot,
    t.status AS chain_status,
    t.error,
    t.fee_lamports,
    t.compute_units_consumed,
    t.block_time,
    a.closed_at,
    a.review_reason,
    COALESCE((t.slot <= ( SELECT c.finalized_slot
           FROM indexer.cursors c
          WHERE (c.name = 'chain'::text))), false) AS finalized
   FROM (indexer.tx_attempts a
     LEFT JOIN public.blockchain_transactions t ON (((t.signature)::text = (a.signature)::text)));

-- Name: VIEW api_transactions; Type: COMMENT; Schema: blockchain

COMMENT ON VIEW blockchain.api_transactions IS 'Life of each transaction that we signed: written, sent, landed, final, or proved dead.';

-- Name: contract_executions; Type: TABLE; Schema: blockchain

CREATE TABLE blockchain.contract_executions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    transaction_hash character varying(88) NOT NULL,
    contract_address character varying(44) NOT NULL,
    caller character varying(44) NOT NULL,
    method_name character varying(255) NOT NULL,
    input_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    output_data jsonb,
    gas_used bigint DEFAULT 0 NOT NULL,
    status character varying(20) NOT NULL,
    error_message text,
    executed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT contract_executions_gas_used_check CHECK ((gas_used >= 0)),
    CONSTRAINT contract_executions_status_check CHECK (((status)::text = ANY (ARRAY[('success'::character varying)::text, ('failed'::character varying)::text, ('reverted'::character varying)::text])))
);

-- Name: COLUMN contract_executions.transaction_hash; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.contract_executions.transaction_hash IS 'Signature of the Solana transaction, base58. Deviation: 88 characters, the width of such a signature.';

-- Name: COLUMN contract_executions.contract_address; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.contract_executions.contract_address IS 'Deviation: 44 characters, the width of a Solana address.';

-- Name: COLUMN contract_executions.method_name; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.contract_executions.method_name IS 'Name of the instruction.';

-- Name: COLUMN contract_executions.gas_used; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.contract_executions.gas_used IS 'Compute units.';

-- Name: registered_consumers; Type: TABLE; Schema: blockchain

CREATE TABLE blockchain.registered_consumers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    consumer_id character varying(100) NOT NULL,
    user_id uuid,
    consumer_name character varying(255) NOT NULL,
    consumer_type character varying(50) NOT NULL,
    location_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    avg_consumption_kwh numeric(15,6) DEFAULT 0 NOT NULL,
    peak_demand_kw numeric(15,6) DEFAULT 0 NOT NULL,
    verified boolean DEFAULT false NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT registered_consumers_avg_consumption_kwh_check CHECK (((avg_consumption_kwh >= (0)::numeric) AND (avg_consumption_kwh <> 'NaN'::numeric))),
    CONSTRAINT registered_consumers_consumer_type_check CHECK (((consumer_type)::text = ANY (ARRAY[('residential'::character varying)::text, ('commercial'::character varying)::text, ('industrial'::character varying)::text, ('agricultural'::character varying)::text, ('municipal'::character varying)::text]))),
    CONSTRAINT registered_consumers_peak_demand_kw_check CHECK (((peak_demand_kw >= (0)::numeric) AND (peak_demand_kw <> 'NaN'::numeric)))
);

-- Name: registered_producers; Type: TABLE; Schema: blockchain

CREATE TABLE blockchain.registered_producers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    producer_id character varying(100) NOT NULL,
    user_id uuid,
    producer_name character varying(255) NOT NULL,
    producer_type character varying(50) NOT NULL,
    energy_sources text[] DEFAULT '{}'::text[] NOT NULL,
    location_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    capacity_kw numeric(15,6) NOT NULL,
    certification character varying(255),
    verified boolean DEFAULT false NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT registered_producers_capacity_kw_check CHECK (((capacity_kw > (0)::numeric) AND (capacity_kw <> 'NaN'::numeric))),
    CONSTRAINT registered_producers_energy_sources_check CHECK ((array_position(energy_sources, NULL::text) IS NULL)),
    CONSTRAINT registered_producers_producer_type_check CHECK (((producer_type)::text = ANY (ARRAY[('residential'::character varying)::text, ('commercial'::character varying)::text, ('industrial'::character varying)::text, ('utility'::character varying)::text, ('community'::character varying)::text])))
);

-- Name: COLUMN registered_producers.energy_sources; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.registered_producers.energy_sources IS 'Every source the producer feeds in from.';

-- Name: smart_contracts; Type: TABLE; Schema: blockchain

CREATE TABLE blockchain.smart_contracts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    contract_address character varying(44) NOT NULL,
    deployer character varying(44) NOT NULL,
    contract_name character varying(255) NOT NULL,
    contract_code text,
    abi jsonb DEFAULT '{}'::jsonb NOT NULL,
    status character varying(20) DEFAULT 'active'::character varying NOT NULL,
    gas_used bigint DEFAULT 0 NOT NULL,
    storage_rent numeric(20,8) DEFAULT 0 NOT NULL,
    deployed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT smart_contracts_costs_check CHECK (((gas_used >= 0) AND (storage_rent >= (0)::numeric) AND (storage_rent <> 'NaN'::numeric))),
    CONSTRAINT smart_contracts_status_check CHECK (((status)::text = ANY (ARRAY[('active'::character varying)::text, ('paused'::character varying)::text, ('destroyed'::character varying)::text])))
);

-- Name: COLUMN smart_contracts.contract_address; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.smart_contracts.contract_address IS 'Program id. Deviation: 44 characters, the width of a Solana address.';

-- Name: COLUMN smart_contracts.abi; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.smart_contracts.abi IS 'The IDL of a Solana program.';

-- Name: COLUMN smart_contracts.gas_used; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.smart_contracts.gas_used IS 'Compute units of its deployment.';

-- Name: COLUMN smart_contracts.storage_rent; Type: COMMENT; Schema: blockchain

COMMENT ON COLUMN blockchain.smart_contracts.storage_rent IS 'SOL kept in the accounts of its code.';

-- Name: settings; Type: TABLE; Schema: community

CREATE TABLE community.settings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key character varying(100) NOT NULL,
    value text,
    type character varying(20) DEFAULT 'string'::character varying NOT NULL,
    description text,
    is_public boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

-- Name: api_settings; Type: VIEW; Schema: community

CREATE VIEW community.api_settings AS
 SELECT key,
    value,
    type,
    description
   FROM community.settings s
  WHERE is_public;

-- Name: VIEW api_settings; Type: COMMENT; Schema: community

COMMENT ON VIEW community.api_settings IS 'The settings that are public, with their values.';

-- Name: tokens; Type: TABLE; Schema: community

CREATE TABLE community.tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    symbol character varying(20) NOT NULL,
    name character varying(100) NOT NULL,
    contract_address character varying(128),
    network character varying(50) DEFAULT 'solana'::character varying NOT NULL,
    total_supply numeric(38,18) DEFAULT 0 NOT NULL,
    circulating_supply numeric(38,18) DEFAULT 0 NOT NULL,
    description text,
    image_url text,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tokens_supply_check CHECK (((circulating_supply >= (0)::numeric) AND (circulating_supply <= total_supply) AND (GREATEST(circulating_supply, total_supply) <> 'NaN'::numeric)))
);

-- Name: user_tokens; Type: TABLE; Schema: community

CREATE TABLE community.user_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    token_id uuid NOT NULL,
    balance numeric(38,18) DEFAULT 0 NOT NULL,
    staked_balance numeric(38,18) DEFAULT 0 NOT NULL,
    voting_power numeric(38,18) DEFAULT 0 NOT NULL,
    last_updated timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_tokens_balance_check CHECK (((balance >= (0)::numeric) AND (balance <> 'NaN'::numeric))),
    CONSTRAINT user_tokens_staked_balance_check CHECK (((staked_balance >= (0)::numeric) AND (staked_balance <> 'NaN'::numeric))),
    CONSTRAINT user_tokens_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: COLUMN user_tokens.last_updated; Type: COMMENT; Schema: community

COMMENT ON COLUMN community.user_tokens.last_updated IS 'When the balance was last read from the chain; updated_at is the row''s.';

-- Name: users; Type: TABLE; Schema: public

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email character varying(255) NOT NULL,
    username character varying(100),
    password_hash text,
    wallet_address character varying(44),
    role character varying(20) DEFAULT 'user'::character varying NOT NULL,
    user_type character varying(20),
    first_name character varying(100),
    last_name character varying(100),
    phone character varying(50),
    email_verified boolean DEFAULT false NOT NULL,
    email_verified_at timestamp with time zone,
    blockchain_registered boolean DEFAULT false NOT NULL,
    kyc_status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    status character varying(20) DEFAULT 'ACTIVE'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name text,
    hosting_role character varying(20) DEFAULT 'guest'::character varying NOT NULL,
    two_factor_secret text,
    last_login timestamp with time zone,
    CONSTRAINT users_hosting_role_check CHECK (((hosting_role)::text = ANY (ARRAY[('owner'::character varying)::text, ('admin'::character varying)::text, ('user'::character varying)::text, ('client'::character varying)::text, ('guest'::character varying)::text]))),
    CONSTRAINT users_kyc_status_check CHECK (((kyc_status)::text = ANY (ARRAY[('pending'::character varying)::text, ('verified'::character varying)::text, ('rejected'::character varying)::text, ('expired'::character varying)::text]))),
    CONSTRAINT users_password_hash_check CHECK ((length(password_hash) >= 60)),
    CONSTRAINT users_role_check CHECK (((role)::text = ANY (ARRAY[('user'::character varying)::text, ('moderator'::character varying)::text, ('admin'::character varying)::text]))),
    CONSTRAINT users_status_check CHECK (((status)::text = ANY (ARRAY[('ACTIVE'::character varying)::text, ('SUSPENDED'::character varying)::text, ('DELETED'::character varying)::text]))),
    CONSTRAINT users_status_is_active_check CHECK ((is_active = ((status)::text = 'ACTIVE'::text))),
    CONSTRAINT users_user_type_check CHECK (((user_type)::text = ANY (ARRAY[('prosumer'::character varying)::text, ('consumer'::character varying)::text, ('corporate'::character varying)::text]))),
    CONSTRAINT users_wallet_address_check CHECK (((wallet_address)::text ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'::text))
);

-- Name: COLUMN users.wallet_address; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.users.wallet_address IS 'Base58 Solana address, the only chain there is here; an Ethereum address is refused. Deviation: 44 characters, since 42 (seed 002) cannot hold one.';

-- Name: COLUMN users.role; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.users.role IS 'Role in the community; hosting has roles of its own in hosting_role.';

-- Name: api_token_holders; Type: VIEW; Schema: community

CREATE VIEW community.api_token_holders AS
 SELECT t.id AS token_id,
    t.symbol,
    h.user_id,
    u.username,
    round(h.balance, 6) AS balance,
    round(h.staked_balance, 6) AS staked_balance,
    round(h.voting_power, 6) AS voting_power,
    h.last_updated
   FROM ((community.user_tokens h
     JOIN community.tokens t ON ((t.id = h.token_id)))
     JOIN public.users u ON ((u.id = h.user_id)));

-- Name: VIEW api_token_holders; Type: COMMENT; Schema: community

COMMENT ON VIEW community.api_token_holders IS 'Who holds how much of each token; 18 decimals are stored, 6 are shown.';

-- Name: audit_logs; Type: TABLE; Schema: public

CREATE TABLE public.audit_logs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    action character varying(100) NOT NULL,
    resource_type character varying(100),
    resource_id uuid,
    old_values jsonb,
    new_values jsonb,
    ip_address inet,
    user_agent text,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    actor text DEFAULT SESSION_USER NOT NULL,
    resource_key text,
    server_id bigint DEFAULT indexer.server_id() NOT NULL,
    CONSTRAINT audit_logs_action_check CHECK (((action)::text <> ''::text))
)
PARTITION BY RANGE (created_at);

-- Name: TABLE audit_logs; Type: COMMENT; Schema: public

COMMENT ON TABLE public.audit_logs IS 'Deviation: no updated_at, because no row is ever updated; and action, resource_type, old_values and new_values, as the community document draws them, in place of event_type and event_data.';

-- Name: COLUMN audit_logs.user_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.audit_logs.user_id IS 'The acting user. Deviation: no foreign key, whose ON DELETE would change a row that must not change.';

-- Name: COLUMN audit_logs.transaction_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.audit_logs.transaction_id IS 'Orders rows by transaction, so that a range can be sealed.';

-- Name: COLUMN audit_logs.actor; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.audit_logs.actor IS 'Database role of the session.';

-- Name: COLUMN audit_logs.resource_key; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.audit_logs.resource_key IS 'Key of the row where that is no uuid.';

-- Name: COLUMN audit_logs.server_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.audit_logs.server_id IS 'Cluster whose counter gave transaction_id: after a restore into another one the numbers start anew.';

-- Name: audit_logs; Type: VIEW; Schema: community

CREATE VIEW community.audit_logs AS
 SELECT id,
    user_id,
    action,
    resource_type,
    resource_id,
    old_values,
    new_values,
    ip_address,
    user_agent,
    created_at
   FROM public.audit_logs;

-- Name: VIEW audit_logs; Type: COMMENT; Schema: community

COMMENT ON VIEW community.audit_logs IS 'public.audit_logs in the columns of the community; nobody writes to it.';

-- Name: COLUMN audit_logs.user_id; Type: COMMENT; Schema: community

COMMENT ON COLUMN community.audit_logs.user_id IS 'Deviation: no foreign key, whose ON DELETE would change a row that must not change.';

-- Name: COLUMN audit_logs.ip_address; Type: COMMENT; Schema: community

COMMENT ON COLUMN community.audit_logs.ip_address IS 'Deviation: inet, which holds addresses and nothing else.';

-- Name: notifications; Type: TABLE; Schema: community

CREATE TABLE community.notifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    type character varying(50) NOT NULL,
    title character varying(255) NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_read boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (created_at);

-- Name: profiles; Type: TABLE; Schema: community

CREATE TABLE community.profiles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    bio text,
    avatar_url text,
    website text,
    twitter text,
    discord text,
    telegram text,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profiles_preferences_check CHECK ((jsonb_typeof(preferences) = 'object'::text))
);

-- Name: transactions; Type: TABLE; Schema: community

CREATE TABLE community.transactions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    type character varying(20) NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    amount numeric(38,18) NOT NULL,
    currency character varying(20) NOT NULL,
    description text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    transaction_hash character varying(88),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT transactions_amount_check CHECK (((amount >= (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT transactions_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('confirmed'::character varying)::text, ('failed'::character varying)::text]))),
    CONSTRAINT transactions_type_check CHECK (((type)::text = ANY (ARRAY[('deposit'::character varying)::text, ('withdrawal'::character varying)::text, ('transfer'::character varying)::text, ('vote'::character varying)::text])))
)
PARTITION BY RANGE (created_at);

-- Name: users; Type: VIEW; Schema: community

CREATE VIEW community.users AS
 SELECT id,
    email,
    password_hash,
    first_name,
    last_name,
    username,
    role,
    is_active,
    email_verified,
    two_factor_secret,
    created_at,
    updated_at,
    last_login
   FROM public.users;

-- Name: VIEW users; Type: COMMENT; Schema: community

COMMENT ON VIEW community.users IS 'public.users as members of the community; writable.';

-- Name: wallets; Type: TABLE; Schema: community

CREATE TABLE community.wallets (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    address character varying(128) NOT NULL,
    network character varying(50) DEFAULT 'solana'::character varying NOT NULL,
    type character varying(50) DEFAULT 'external'::character varying NOT NULL,
    is_primary boolean DEFAULT false NOT NULL,
    is_verified boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT wallets_address_check CHECK (((address)::text ~
CASE
    WHEN ((network)::text = 'solana'::text) THEN '^[1-9A-HJ-NP-Za-km-z]{32,44}$'::text
    ELSE '^\S+$'::text
END))
);

-- Name: crm_deals; Type: TABLE; Schema: crm

CREATE TABLE crm.crm_deals (
    id bigint NOT NULL,
    lead_id bigint,
    title text NOT NULL,
    value numeric DEFAULT 0 NOT NULL,
    stage text DEFAULT 'discovery'::text NOT NULL,
    probability integer DEFAULT 0 NOT NULL,
    expected_close_date date,
    owner_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT crm_deals_closed_at_check CHECK (((stage = ANY (ARRAY['closed_won'::text, 'closed_lost'::text])) = (closed_at IS NOT NULL))),
    CONSTRAINT crm_deals_probability_check CHECK (((probability >= 0) AND (probability <= 100))),
    CONSTRAINT crm_deals_stage_check CHECK ((stage = ANY (ARRAY['discovery'::text, 'proposal'::text, 'negotiation'::text, 'closed_won'::text, 'closed_lost'::text]))),
    CONSTRAINT crm_deals_value_check CHECK (((value >= (0)::numeric) AND (value < 'Infinity'::numeric)))
);

-- Name: COLUMN crm_deals.id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN crm_deals.lead_id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.lead_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN crm_deals.value; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.value IS 'USD.';

-- Name: COLUMN crm_deals.owner_id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.owner_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN crm_deals.created_at; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN crm_deals.closed_at; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_deals.closed_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: crm_invoices; Type: TABLE; Schema: crm

CREATE TABLE crm.crm_invoices (
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    invoice_number text NOT NULL,
    amount numeric NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    issue_date date,
    due_date date,
    paid_date date,
    pdf_path text,
    CONSTRAINT crm_invoices_amount_check CHECK (((amount >= (0)::numeric) AND (amount < 'Infinity'::numeric))),
    CONSTRAINT crm_invoices_due_date_check CHECK ((due_date >= issue_date)),
    CONSTRAINT crm_invoices_paid_check CHECK (((status = 'paid'::text) = (paid_date IS NOT NULL))),
    CONSTRAINT crm_invoices_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'sent'::text, 'paid'::text, 'overdue'::text])))
);

-- Name: COLUMN crm_invoices.id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_invoices.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN crm_invoices.deal_id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_invoices.deal_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN crm_invoices.amount; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_invoices.amount IS 'USD.';

-- Name: api_pipeline; Type: VIEW; Schema: crm

CREATE VIEW crm.api_pipeline AS
 SELECT d.stage,
    count(*) AS deals,
    sum(d.value) AS value,
    round((sum((d.value * (d.probability)::numeric)) / (100)::numeric), 2) AS weighted_value,
    COALESCE(sum(i.invoiced), (0)::numeric) AS invoiced,
    COALESCE(sum(i.paid), (0)::numeric) AS paid
   FROM (crm.crm_deals d
     LEFT JOIN LATERAL ( SELECT sum(n.amount) FILTER (WHERE (n.status <> 'draft'::text)) AS invoiced,
            sum(n.amount) FILTER (WHERE (n.status = 'paid'::text)) AS paid
           FROM crm.crm_invoices n
          WHERE (n.deal_id = d.id)) i ON (true))
  GROUP BY d.stage;

-- Name: VIEW api_pipeline; Type: COMMENT; Schema: crm

COMMENT ON VIEW crm.api_pipeline IS 'Deals by stage: number, value, value weighted by probability, invoiced (drafts are not) and paid, in USD.';

-- Name: crm_activities; Type: TABLE; Schema: crm

CREATE TABLE crm.crm_activities (
    id bigint NOT NULL,
    deal_id bigint NOT NULL,
    type text NOT NULL,
    description text,
    performed_by uuid,
    activity_date timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT crm_activities_type_check CHECK ((type = ANY (ARRAY['call'::text, 'email'::text, 'meeting'::text, 'note'::text])))
);

-- Name: COLUMN crm_activities.id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_activities.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN crm_activities.deal_id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_activities.deal_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN crm_activities.performed_by; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_activities.performed_by IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN crm_activities.activity_date; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_activities.activity_date IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: crm_activities_id_seq; Type: SEQUENCE; Schema: crm

ALTER TABLE crm.crm_activities ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME crm.crm_activities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: crm_deals_id_seq; Type: SEQUENCE; Schema: crm

ALTER TABLE crm.crm_deals ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME crm.crm_deals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: crm_invoices_id_seq; Type: SEQUENCE; Schema: crm

ALTER TABLE crm.crm_invoices ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME crm.crm_invoices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: crm_leads; Type: TABLE; Schema: crm

CREATE TABLE crm.crm_leads (
    id bigint NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    company text,
    status text DEFAULT 'new'::text NOT NULL,
    source text,
    score integer DEFAULT 0 NOT NULL,
    owner_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT crm_leads_score_check CHECK (((score >= 0) AND (score <= 100))),
    CONSTRAINT crm_leads_source_check CHECK ((source = ANY (ARRAY['website'::text, 'referral'::text, 'cold_call'::text]))),
    CONSTRAINT crm_leads_status_check CHECK ((status = ANY (ARRAY['new'::text, 'contacted'::text, 'qualified'::text, 'converted'::text, 'lost'::text])))
);

-- Name: COLUMN crm_leads.id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_leads.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN crm_leads.owner_id; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_leads.owner_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN crm_leads.created_at; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_leads.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN crm_leads.updated_at; Type: COMMENT; Schema: crm

COMMENT ON COLUMN crm.crm_leads.updated_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: crm_leads_id_seq; Type: SEQUENCE; Schema: crm

ALTER TABLE crm.crm_leads ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME crm.crm_leads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: comments; Type: TABLE; Schema: governance

CREATE TABLE governance.comments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    proposal_id uuid NOT NULL,
    user_id uuid NOT NULL,
    parent_id uuid,
    content text NOT NULL,
    likes integer DEFAULT 0 NOT NULL,
    dislikes integer DEFAULT 0 NOT NULL,
    is_deleted boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
)
PARTITION BY HASH (proposal_id);

-- Name: COLUMN comments.is_deleted; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.comments.is_deleted IS 'The usual way to delete: governance.api_comments, which readers use, shows no content; answers stay.';

-- Name: api_comments; Type: VIEW; Schema: governance

CREATE VIEW governance.api_comments AS
 SELECT id,
    proposal_id,
    user_id,
    parent_id,
        CASE
            WHEN is_deleted THEN ''::text
            ELSE content
        END AS content,
    likes,
    dislikes,
    is_deleted,
    created_at
   FROM governance.comments c;

-- Name: VIEW api_comments; Type: COMMENT; Schema: governance

COMMENT ON VIEW governance.api_comments IS 'Comments; a deleted one keeps its place and its answers, without content.';

-- Name: proposals; Type: TABLE; Schema: governance

CREATE TABLE governance.proposals (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    proposer_id uuid NOT NULL,
    title character varying(255) NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    type character varying(50) DEFAULT 'general'::character varying NOT NULL,
    status character varying(20) DEFAULT 'draft'::character varying NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    voting_start timestamp with time zone,
    voting_end timestamp with time zone,
    quorum_threshold numeric(38,18) DEFAULT 0.4 NOT NULL,
    approval_threshold numeric(38,18) DEFAULT 0.5 NOT NULL,
    total_voting_power numeric(38,18) DEFAULT 0 NOT NULL,
    total_votes integer DEFAULT 0 NOT NULL,
    yes_votes integer DEFAULT 0 NOT NULL,
    no_votes integer DEFAULT 0 NOT NULL,
    abstain_votes integer DEFAULT 0 NOT NULL,
    yes_power numeric(38,18) DEFAULT 0 NOT NULL,
    no_power numeric(38,18) DEFAULT 0 NOT NULL,
    abstain_power numeric(38,18) DEFAULT 0 NOT NULL,
    activated_at timestamp with time zone,
    closed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT proposals_active_window_check CHECK ((((status)::text = ANY (ARRAY[('draft'::character varying)::text, ('expired'::character varying)::text])) OR ((voting_start IS NOT NULL) AND (voting_end IS NOT NULL)))),
    CONSTRAINT proposals_approval_threshold_check CHECK (((approval_threshold >= (0)::numeric) AND (approval_threshold <= (1)::numeric))),
    CONSTRAINT proposals_power_check CHECK (((yes_power >= (0)::numeric) AND (no_power >= (0)::numeric) AND (abstain_power >= (0)::numeric) AND (total_voting_power >= (0)::numeric) AND (GREATEST(yes_power, no_power, abstain_power, total_voting_power) <> 'NaN'::numeric))),
    CONSTRAINT proposals_quorum_threshold_check CHECK (((quorum_threshold >= (0)::numeric) AND (quorum_threshold <= (1)::numeric))),
    CONSTRAINT proposals_status_check CHECK (((status)::text = ANY (ARRAY[('draft'::character varying)::text, ('active'::character varying)::text, ('passed'::character varying)::text, ('rejected'::character varying)::text, ('expired'::character varying)::text]))),
    CONSTRAINT proposals_tally_check CHECK (((yes_votes >= 0) AND (no_votes >= 0) AND (abstain_votes >= 0) AND (total_votes = ((yes_votes + no_votes) + abstain_votes)))),
    CONSTRAINT proposals_title_check CHECK (((title)::text <> ''::text)),
    CONSTRAINT proposals_window_check CHECK ((voting_start < voting_end))
);

-- Name: TABLE proposals; Type: COMMENT; Schema: governance

COMMENT ON TABLE governance.proposals IS 'Two documents draw it. Deviation: of the shorter one, proposer_id stands for proposer, type for proposal_type, voting_end for voting_deadline, the tallies for voting_results; without execution_deadline, since nothing here is executed.';

-- Name: COLUMN proposals.status; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.proposals.status IS 'draft, then active; after voting_end passed, rejected or expired, as the votes say. A draft that is given up: expired.';

-- Name: COLUMN proposals.quorum_threshold; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.proposals.quorum_threshold IS 'Share of total_voting_power that must vote, abstaining included; 0 to 1.';

-- Name: COLUMN proposals.approval_threshold; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.proposals.approval_threshold IS 'Share of yes in yes and no that is needed; 0 to 1. A tie never passes.';

-- Name: COLUMN proposals.total_voting_power; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.proposals.total_voting_power IS 'All power that could vote: the sum of its snapshots; a proposal without snapshots names it while it is a draft.';

-- Name: COLUMN proposals.yes_votes; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.proposals.yes_votes IS 'Heads; yes_power is their weight. Written by the triggers of votes alone.';

-- Name: api_proposals; Type: VIEW; Schema: governance

CREATE VIEW governance.api_proposals AS
 SELECT id,
    proposer_id,
    title,
    type,
    status,
    voting_start,
    voting_end,
    total_votes,
    yes_votes,
    no_votes,
    abstain_votes,
    round(yes_power, 6) AS yes_power,
    round(no_power, 6) AS no_power,
    round(abstain_power, 6) AS abstain_power,
    round(total_voting_power, 6) AS total_voting_power,
    round((voted / NULLIF(total_voting_power, (0)::numeric)), 6) AS turnout,
    round(quorum_threshold, 6) AS quorum,
    ((total_voting_power > (0)::numeric) AND (voted >= (quorum_threshold * total_voting_power))) AS quorum_reached,
    round((yes_power / NULLIF((yes_power + no_power), (0)::numeric)), 6) AS approval,
    round(approval_threshold, 6) AS approval_threshold,
    ((yes_power > no_power) AND (yes_power >= (approval_threshold * (yes_power + no_power)))) AS approved,
    indexer.proposal_outcome(total_votes, yes_power, no_power, abstain_power, total_voting_power, quorum_threshold, approval_threshold) AS outcome,
    created_at
   FROM ( SELECT p.id,
            p.proposer_id,
            p.title,
            p.description,
            p.type,
            p.status,
            p.metadata,
            p.voting_start,
            p.voting_end,
            p.quorum_threshold,
            p.approval_threshold,
            p.total_voting_power,
            p.total_votes,
            p.yes_votes,
            p.no_votes,
            p.abstain_votes,
            p.yes_power,
            p.no_power,
            p.abstain_power,
            p.activated_at,
            p.closed_at,
            p.created_at,
            p.updated_at,
            ((p.yes_power + p.no_power) + p.abstain_power) AS voted
           FROM governance.proposals p) q;

-- Name: VIEW api_proposals; Type: COMMENT; Schema: governance

COMMENT ON VIEW governance.api_proposals IS 'Proposals with turnout (abstaining counts), approval (yes of yes and no) and the outcome if voting ended now. Power is shown with 6 decimals.';

-- Name: comments_h0; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h0 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h1; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h1 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h2; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h2 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h3; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h3 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h4; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h4 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h5; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h5 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h6; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h6 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: comments_h7; Type: TABLE; Schema: governance

CREATE TABLE governance.comments_h7 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT comments_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT comments_proposal_id_not_null NOT NULL,
    user_id uuid CONSTRAINT comments_user_id_not_null NOT NULL,
    parent_id uuid,
    content text CONSTRAINT comments_content_not_null NOT NULL,
    likes integer DEFAULT 0 CONSTRAINT comments_likes_not_null NOT NULL,
    dislikes integer DEFAULT 0 CONSTRAINT comments_dislikes_not_null NOT NULL,
    is_deleted boolean DEFAULT false CONSTRAINT comments_is_deleted_not_null NOT NULL,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT comments_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT comments_updated_at_not_null NOT NULL,
    CONSTRAINT comments_content_check CHECK ((content <> ''::text)),
    CONSTRAINT comments_dislikes_check CHECK ((dislikes >= 0)),
    CONSTRAINT comments_likes_check CHECK ((likes >= 0)),
    CONSTRAINT comments_parent_check CHECK ((parent_id <> id))
);

-- Name: votes; Type: TABLE; Schema: governance

CREATE TABLE governance.votes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    proposal_id uuid NOT NULL,
    voter_id uuid NOT NULL,
    vote_type character varying(10) NOT NULL,
    voting_power numeric(38,18) NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
)
PARTITION BY HASH (proposal_id);

-- Name: TABLE votes; Type: COMMENT; Schema: governance

COMMENT ON TABLE governance.votes IS 'Two documents draw it. Deviation: of the shorter one, voter_id stands for voter, vote_type (yes, no, abstain) for choice (for, against, abstain); without signature, since votes are rows of members, not of wallets.';

-- Name: COLUMN votes.voting_power; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.votes.voting_power IS 'Power of the voter in the snapshots of the proposal; left out, it is taken from there. Without any snapshot: as given, else 0. Without a default, so that "left out" shows.';

-- Name: votes_h0; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h0 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h1; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h1 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h2; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h2 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h3; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h3 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h4; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h4 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h5; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h5 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h6; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h6 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: votes_h7; Type: TABLE; Schema: governance

CREATE TABLE governance.votes_h7 (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT votes_id_not_null NOT NULL,
    proposal_id uuid CONSTRAINT votes_proposal_id_not_null NOT NULL,
    voter_id uuid CONSTRAINT votes_voter_id_not_null NOT NULL,
    vote_type character varying(10) CONSTRAINT votes_vote_type_not_null NOT NULL,
    voting_power numeric(38,18) CONSTRAINT votes_voting_power_not_null NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() CONSTRAINT votes_created_at_not_null NOT NULL,
    updated_at timestamp with time zone DEFAULT now() CONSTRAINT votes_updated_at_not_null NOT NULL,
    CONSTRAINT votes_vote_type_check CHECK (((vote_type)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('abstain'::character varying)::text]))),
    CONSTRAINT votes_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: voting_power_snapshots; Type: TABLE; Schema: governance

CREATE TABLE governance.voting_power_snapshots (
    proposal_id uuid NOT NULL,
    user_id uuid NOT NULL,
    voting_power numeric(38,18) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT voting_power_snapshots_voting_power_check CHECK (((voting_power >= (0)::numeric) AND (voting_power <> 'NaN'::numeric)))
);

-- Name: TABLE voting_power_snapshots; Type: COMMENT; Schema: governance

COMMENT ON TABLE governance.voting_power_snapshots IS 'Power of each member at voting_start: what is bought later does not vote. Fixed from the first vote on.';

-- Name: COLUMN voting_power_snapshots.user_id; Type: COMMENT; Schema: governance

COMMENT ON COLUMN governance.voting_power_snapshots.user_id IS 'Without a foreign key: what could vote stays counted when a member leaves, and keeps nobody from leaving.';

-- Name: energy_storage; Type: TABLE; Schema: grid

CREATE TABLE grid.energy_storage (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    storage_id character varying(100) NOT NULL,
    storage_operator character varying(100) NOT NULL,
    storage_type character varying(50) NOT NULL,
    capacity_mwh numeric(15,6) NOT NULL,
    current_charge numeric(15,6) DEFAULT 0 NOT NULL,
    efficiency numeric(5,4) DEFAULT 0.95 NOT NULL,
    location_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    status character varying(20) DEFAULT 'active'::character varying NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT energy_storage_capacity_mwh_check CHECK (((capacity_mwh > (0)::numeric) AND (capacity_mwh <> 'NaN'::numeric))),
    CONSTRAINT energy_storage_current_charge_check CHECK ((((current_charge >= (0)::numeric) AND (current_charge <= capacity_mwh)) AND (current_charge <> 'NaN'::numeric))),
    CONSTRAINT energy_storage_efficiency_check CHECK (((efficiency > (0)::numeric) AND (efficiency <= (1)::numeric))),
    CONSTRAINT energy_storage_status_check CHECK (((status)::text = ANY (ARRAY[('active'::character varying)::text, ('maintenance'::character varying)::text, ('offline'::character varying)::text])))
);

-- Name: COLUMN energy_storage.current_charge; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.energy_storage.current_charge IS 'MWh in store, at most capacity_mwh.';

-- Name: COLUMN energy_storage.efficiency; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.energy_storage.efficiency IS 'Share of the energy put in that can be taken out again.';

-- Name: storage_operations; Type: TABLE; Schema: grid

CREATE TABLE grid.storage_operations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    storage_id character varying(100) NOT NULL,
    operation_type character varying(20) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_unit numeric(15,6) DEFAULT 0 NOT NULL,
    grid_location character varying(100),
    settlement_status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    executed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT storage_operations_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT storage_operations_operation_type_check CHECK (((operation_type)::text = ANY (ARRAY[('charge'::character varying)::text, ('discharge'::character varying)::text]))),
    CONSTRAINT storage_operations_price_per_unit_check CHECK (((price_per_unit >= (0)::numeric) AND (price_per_unit <> 'NaN'::numeric))),
    CONSTRAINT storage_operations_settlement_status_check CHECK (((settlement_status)::text = ANY (ARRAY[('pending'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: COLUMN storage_operations.energy_amount; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.storage_operations.energy_amount IS 'MWh, measured at the grid.';

-- Name: COLUMN storage_operations.price_per_unit; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.storage_operations.price_per_unit IS 'Per MWh. Deviation: may be 0, since a storage may be charged for nothing.';

-- Name: api_storage; Type: VIEW; Schema: grid

CREATE VIEW grid.api_storage AS
 SELECT s.storage_id,
    s.storage_operator,
    s.storage_type,
    s.status,
    s.capacity_mwh,
    s.current_charge,
    round((s.current_charge / s.capacity_mwh), 6) AS state_of_charge,
    COALESCE(o.charged_mwh, (0)::numeric) AS charged_mwh,
    COALESCE(o.discharged_mwh, (0)::numeric) AS discharged_mwh,
    o.last_operation_at
   FROM (grid.energy_storage s
     LEFT JOIN LATERAL ( SELECT sum(x.energy_amount) FILTER (WHERE ((x.operation_type)::text = 'charge'::text)) AS charged_mwh,
            sum(x.energy_amount) FILTER (WHERE ((x.operation_type)::text = 'discharge'::text)) AS discharged_mwh,
            max(x.executed_at) AS last_operation_at
           FROM grid.storage_operations x
          WHERE ((x.storage_id)::text = (s.storage_id)::text)) o ON (true));

-- Name: VIEW api_storage; Type: COMMENT; Schema: grid

COMMENT ON VIEW grid.api_storage IS 'Storage systems with what went in and out of them, in MWh.';

-- Name: carbon_credits; Type: TABLE; Schema: grid

CREATE TABLE grid.carbon_credits (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    credit_id character varying(100) NOT NULL,
    issuer character varying(100) NOT NULL,
    holder character varying(100) NOT NULL,
    energy_source character varying(20) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    offset_amount numeric(15,6) NOT NULL,
    certification_body character varying(100) NOT NULL,
    serial_first bigint,
    serial_last bigint,
    verified boolean DEFAULT false NOT NULL,
    status character varying(20) DEFAULT 'active'::character varying NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT carbon_credits_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT carbon_credits_expires_at_check CHECK ((expires_at > issued_at)),
    CONSTRAINT carbon_credits_offset_amount_check CHECK (((offset_amount > (0)::numeric) AND (offset_amount <> 'NaN'::numeric))),
    CONSTRAINT carbon_credits_serial_check CHECK ((((serial_first IS NULL) = (serial_last IS NULL)) AND (serial_first >= 0) AND (serial_first <= serial_last))),
    CONSTRAINT carbon_credits_status_check CHECK (((status)::text = ANY (ARRAY[('active'::character varying)::text, ('retired'::character varying)::text, ('cancelled'::character varying)::text, ('expired'::character varying)::text])))
);

-- Name: COLUMN carbon_credits.energy_amount; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.carbon_credits.energy_amount IS 'kWh whose production the credit stands for.';

-- Name: COLUMN carbon_credits.offset_amount; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.carbon_credits.offset_amount IS 'kg of CO2 equivalent.';

-- Name: COLUMN carbon_credits.serial_first; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.carbon_credits.serial_first IS 'First serial of the registry of certification_body; serial_last is the last one, included.';

-- Name: energy_consumption; Type: TABLE; Schema: grid

CREATE TABLE grid.energy_consumption (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    consumer_id character varying(100) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    consumer_type character varying(20) NOT NULL,
    location_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    appliance_breakdown jsonb DEFAULT '{}'::jsonb NOT NULL,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT energy_consumption_appliance_breakdown_check CHECK ((jsonb_typeof(appliance_breakdown) = 'object'::text)),
    CONSTRAINT energy_consumption_consumer_type_check CHECK (((consumer_type)::text = ANY (ARRAY[('residential'::character varying)::text, ('commercial'::character varying)::text, ('industrial'::character varying)::text, ('agricultural'::character varying)::text, ('municipal'::character varying)::text]))),
    CONSTRAINT energy_consumption_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric)))
);

-- Name: COLUMN energy_consumption.appliance_breakdown; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.energy_consumption.appliance_breakdown IS 'Name of the appliance to its kWh, as text.';

-- Name: energy_production; Type: TABLE; Schema: grid

CREATE TABLE grid.energy_production (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    producer_id character varying(100) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    energy_source character varying(20) NOT NULL,
    location_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    efficiency numeric(5,4) DEFAULT 1 NOT NULL,
    quality_score numeric(5,4) DEFAULT 1 NOT NULL,
    equipment_id character varying(100),
    verified boolean DEFAULT false NOT NULL,
    verification_authority character varying(100),
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT energy_production_efficiency_check CHECK (((efficiency >= (0)::numeric) AND (efficiency <= (1)::numeric))),
    CONSTRAINT energy_production_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT energy_production_quality_score_check CHECK (((quality_score >= (0)::numeric) AND (quality_score <= (1)::numeric))),
    CONSTRAINT energy_production_verified_check CHECK (((NOT verified) OR (verification_authority IS NOT NULL)))
);

-- Name: COLUMN energy_production.energy_amount; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.energy_production.energy_amount IS 'kWh.';

-- Name: locations; Type: TABLE; Schema: grid

CREATE TABLE grid.locations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    grid_code character varying(20) NOT NULL,
    province character varying(100),
    district character varying(100),
    substation character varying(100),
    coordinates point,
    location_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    capacity_mw numeric(10,2) DEFAULT 0 NOT NULL,
    current_load_mw numeric(10,2) DEFAULT 0 NOT NULL,
    congestion_level character varying(20) DEFAULT 'low'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT locations_congestion_level_check CHECK (((congestion_level)::text = ANY (ARRAY[('low'::character varying)::text, ('medium'::character varying)::text, ('high'::character varying)::text, ('critical'::character varying)::text]))),
    CONSTRAINT locations_grid_code_check CHECK (((grid_code)::text ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]*$'::text)),
    CONSTRAINT locations_load_check CHECK (((capacity_mw >= (0)::numeric) AND (current_load_mw >= (0)::numeric) AND (GREATEST(capacity_mw, current_load_mw) <> 'NaN'::numeric)))
);

-- Name: COLUMN locations.coordinates; Type: COMMENT; Schema: grid

COMMENT ON COLUMN grid.locations.coordinates IS 'Longitude and latitude in degrees, in this order.';

-- Name: api_curtailments; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_curtailments AS
SELECT
    NULL::bigint AS id,
    NULL::bigint AS site_id,
    NULL::text AS site_name,
    NULL::text AS plan_type,
    NULL::text AS status,
    NULL::numeric AS target_mw,
    NULL::timestamp with time zone AS scheduled_time,
    NULL::timestamp with time zone AS executed_at,
    NULL::timestamp with time zone AS recovery_time,
    NULL::timestamp with time zone AS recovered_at,
    NULL::numeric AS reduced_mw,
    NULL::bigint AS planned_miners,
    NULL::numeric AS planned_mw,
    NULL::numeric AS hashrate_loss,
    NULL::boolean AS reaches_target;

-- Name: VIEW api_curtailments; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_curtailments IS 'Curtailment plans with the rated power (MW) and hash rate (TH/s) of the miners they switch off.';

-- Name: hosting_miners; Type: TABLE; Schema: hosting

CREATE TABLE hosting.hosting_miners (
    id bigint NOT NULL,
    serial_number text NOT NULL,
    miner_model_id bigint NOT NULL,
    site_id bigint NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    cgminer_ip text,
    cgminer_port integer DEFAULT 4028 NOT NULL,
    cgminer_enabled boolean DEFAULT false NOT NULL,
    client_id uuid,
    purchase_date date,
    warranty_expiry date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT hosting_miners_cgminer_port_check CHECK (((cgminer_port >= 1) AND (cgminer_port <= 65535))),
    CONSTRAINT hosting_miners_status_check CHECK ((status = ANY (ARRAY['active'::text, 'offline'::text, 'maintenance'::text, 'curtailed'::text]))),
    CONSTRAINT hosting_miners_warranty_expiry_check CHECK ((warranty_expiry >= purchase_date))
);

-- Name: COLUMN hosting_miners.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN hosting_miners.miner_model_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.miner_model_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN hosting_miners.site_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.site_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN hosting_miners.client_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.client_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN hosting_miners.created_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN hosting_miners.updated_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_miners.updated_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: miner_telemetry; Type: TABLE; Schema: hosting

CREATE TABLE hosting.miner_telemetry (
    id bigint NOT NULL,
    miner_id bigint NOT NULL,
    hashrate numeric DEFAULT 0 NOT NULL,
    temperature numeric,
    power_consumption numeric DEFAULT 0 NOT NULL,
    fan_speed numeric,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT miner_telemetry_fan_speed_check CHECK (((fan_speed >= (0)::numeric) AND (fan_speed < 'Infinity'::numeric))),
    CONSTRAINT miner_telemetry_hashrate_check CHECK (((hashrate >= (0)::numeric) AND (hashrate < 'Infinity'::numeric))),
    CONSTRAINT miner_telemetry_power_consumption_check CHECK (((power_consumption >= (0)::numeric) AND (power_consumption < 'Infinity'::numeric))),
    CONSTRAINT miner_telemetry_temperature_check CHECK (((temperature > '-273.15'::numeric) AND (temperature < (1000)::numeric)))
)
PARTITION BY RANGE (recorded_at);

-- Name: COLUMN miner_telemetry.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.id IS 'Deviation: bigint; a 32-bit serial of telemetry ends after 248 days. From a sequence, since a partitioned table has no identity before PostgreSQL 17.';

-- Name: COLUMN miner_telemetry.miner_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.miner_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN miner_telemetry.hashrate; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.hashrate IS 'TH/s.';

-- Name: COLUMN miner_telemetry.temperature; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.temperature IS 'Degrees Celsius.';

-- Name: COLUMN miner_telemetry.power_consumption; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.power_consumption IS 'Watts.';

-- Name: COLUMN miner_telemetry.fan_speed; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.fan_speed IS 'Revolutions per minute.';

-- Name: COLUMN miner_telemetry.recorded_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.recorded_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN miner_telemetry.transaction_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_telemetry.transaction_id IS 'The transaction that wrote the row; the half hours are computed in this order. Left out by writers.';

-- Name: api_telemetry_latest; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_telemetry_latest AS
 SELECT m.id AS miner_id,
    m.serial_number,
    t.recorded_at,
    t.hashrate,
    t.temperature,
    t.power_consumption,
    t.fan_speed
   FROM (hosting.hosting_miners m
     LEFT JOIN LATERAL ( SELECT r.recorded_at,
            r.hashrate,
            r.temperature,
            r.power_consumption,
            r.fan_speed
           FROM hosting.miner_telemetry r
          WHERE ((r.miner_id = m.id) AND (r.recorded_at <= (now() + '00:05:00'::interval)))
          ORDER BY r.recorded_at DESC
         LIMIT 1) t ON (true));

-- Name: VIEW api_telemetry_latest; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_telemetry_latest IS 'The newest report of each miner; NULLs for one that never reported. Reports from more than 5 minutes ahead do not count.';

-- Name: hosting_sites; Type: TABLE; Schema: hosting

CREATE TABLE hosting.hosting_sites (
    id bigint NOT NULL,
    name text NOT NULL,
    location text,
    capacity_mw numeric DEFAULT 0 NOT NULL,
    total_miners integer DEFAULT 0 NOT NULL,
    active_miners integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT hosting_sites_capacity_mw_check CHECK (((capacity_mw >= (0)::numeric) AND (capacity_mw < 'Infinity'::numeric))),
    CONSTRAINT hosting_sites_miners_check CHECK (((active_miners >= 0) AND (active_miners <= total_miners)))
);

-- Name: COLUMN hosting_sites.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_sites.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN hosting_sites.capacity_mw; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_sites.capacity_mw IS 'MW.';

-- Name: COLUMN hosting_sites.created_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.hosting_sites.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: miner_models; Type: TABLE; Schema: hosting

CREATE TABLE hosting.miner_models (
    id bigint NOT NULL,
    name text NOT NULL,
    manufacturer text,
    hashrate numeric NOT NULL,
    power_consumption numeric NOT NULL,
    efficiency numeric,
    release_date date,
    msrp numeric,
    CONSTRAINT miner_models_efficiency_check CHECK (((efficiency > (0)::numeric) AND (efficiency < 'Infinity'::numeric))),
    CONSTRAINT miner_models_hashrate_check CHECK (((hashrate > (0)::numeric) AND (hashrate < 'Infinity'::numeric))),
    CONSTRAINT miner_models_msrp_check CHECK (((msrp >= (0)::numeric) AND (msrp < 'Infinity'::numeric))),
    CONSTRAINT miner_models_power_consumption_check CHECK (((power_consumption > (0)::numeric) AND (power_consumption < 'Infinity'::numeric)))
);

-- Name: COLUMN miner_models.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_models.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN miner_models.hashrate; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_models.hashrate IS 'TH/s.';

-- Name: COLUMN miner_models.power_consumption; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_models.power_consumption IS 'Watts.';

-- Name: COLUMN miner_models.efficiency; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_models.efficiency IS 'J/TH.';

-- Name: COLUMN miner_models.msrp; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_models.msrp IS 'USD.';

-- Name: api_miners; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_miners AS
 SELECT m.id,
    m.serial_number,
    m.status,
    m.site_id,
    s.name AS site_name,
    d.name AS model,
    d.manufacturer,
    m.client_id,
    m.cgminer_enabled,
    d.hashrate AS rated_hashrate,
    d.power_consumption AS rated_power_w,
    t.recorded_at AS last_seen,
    t.hashrate,
    t.temperature,
    t.power_consumption AS power_w,
    COALESCE((t.recorded_at > (now() - '00:05:00'::interval)), false) AS online,
    m.warranty_expiry
   FROM (((hosting.hosting_miners m
     JOIN hosting.hosting_sites s ON ((s.id = m.site_id)))
     JOIN hosting.miner_models d ON ((d.id = m.miner_model_id)))
     LEFT JOIN hosting.api_telemetry_latest t ON ((t.miner_id = m.id)));

-- Name: VIEW api_miners; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_miners IS 'Miners with site, model and newest report; online: heard of within 5 minutes.';

-- Name: site_days; Type: TABLE; Schema: hosting

CREATE TABLE hosting.site_days (
    site_id bigint NOT NULL,
    day date NOT NULL,
    miners integer NOT NULL,
    hashrate_avg numeric NOT NULL,
    power_avg_mw numeric NOT NULL,
    energy_mwh numeric NOT NULL,
    efficiency_j_per_th numeric,
    uptime numeric NOT NULL,
    CONSTRAINT site_days_numbers_check CHECK (((GREATEST(hashrate_avg, power_avg_mw, energy_mwh, efficiency_j_per_th) < 'Infinity'::numeric) AND (LEAST(hashrate_avg, power_avg_mw, energy_mwh, efficiency_j_per_th) > '-Infinity'::numeric))),
    CONSTRAINT site_days_uptime_check CHECK (((uptime >= (0)::numeric) AND (uptime <= (1)::numeric)))
);

-- Name: COLUMN site_days.hashrate_avg; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.site_days.hashrate_avg IS 'TH/s of all its miners together, averaged over the day.';

-- Name: COLUMN site_days.uptime; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.site_days.uptime IS 'Share of samples with a hash rate above zero.';

-- Name: api_site_days; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_site_days AS
 SELECT d.site_id,
    s.name AS site_name,
    d.day,
    d.miners,
    d.hashrate_avg,
    d.power_avg_mw,
    d.energy_mwh,
    d.efficiency_j_per_th,
    d.uptime
   FROM (hosting.site_days d
     JOIN hosting.hosting_sites s ON ((s.id = d.site_id)));

-- Name: VIEW api_site_days; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_site_days IS 'Key figures of each site and day (UTC), computed ahead.';

-- Name: api_sites; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_sites AS
 SELECT s.id,
    s.name,
    s.location,
    s.capacity_mw,
    s.total_miners,
    s.active_miners,
    COALESCE(p.rated_mw, (0)::numeric) AS rated_mw,
    COALESCE(p.active_mw, (0)::numeric) AS active_mw,
    round((COALESCE(p.active_mw, (0)::numeric) / NULLIF(s.capacity_mw, (0)::numeric)), 6) AS utilisation,
    COALESCE(p.active_hashrate, (0)::numeric) AS active_hashrate
   FROM (hosting.hosting_sites s
     LEFT JOIN LATERAL ( SELECT (sum(d.power_consumption) / (1000000)::numeric) AS rated_mw,
            (sum(d.power_consumption) FILTER (WHERE (m.status = 'active'::text)) / (1000000)::numeric) AS active_mw,
            sum(d.hashrate) FILTER (WHERE (m.status = 'active'::text)) AS active_hashrate
           FROM (hosting.hosting_miners m
             JOIN hosting.miner_models d ON ((d.id = m.miner_model_id)))
          WHERE (m.site_id = s.id)) p ON (true));

-- Name: VIEW api_sites; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_sites IS 'Sites with the rated power of their miners; utilisation: of the active ones, in shares of the capacity.';

-- Name: telemetry_30min; Type: TABLE; Schema: hosting

CREATE TABLE hosting.telemetry_30min (
    miner_id bigint NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    samples integer NOT NULL,
    hashrate_avg numeric NOT NULL,
    hashrate_min numeric NOT NULL,
    hashrate_max numeric NOT NULL,
    power_avg_w numeric NOT NULL,
    power_max_w numeric NOT NULL,
    temperature_avg numeric,
    temperature_max numeric,
    fan_speed_avg numeric,
    online_samples integer NOT NULL,
    site_id bigint NOT NULL,
    CONSTRAINT telemetry_30min_bucket_check CHECK ((mod(EXTRACT(epoch FROM bucket_start), (1800)::numeric) = (0)::numeric)),
    CONSTRAINT telemetry_30min_numbers_check CHECK (((GREATEST(hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w, temperature_avg, temperature_max, fan_speed_avg) < 'Infinity'::numeric) AND (LEAST(hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w, temperature_avg, temperature_max, fan_speed_avg) > '-Infinity'::numeric))),
    CONSTRAINT telemetry_30min_samples_check CHECK (((samples > 0) AND ((online_samples >= 0) AND (online_samples <= samples))))
)
PARTITION BY RANGE (bucket_start);

-- Name: TABLE telemetry_30min; Type: COMMENT; Schema: hosting

COMMENT ON TABLE hosting.telemetry_30min IS '48 rows a day and miner, 4,320 in 90 days, whatever the rate of the raw rows.';

-- Name: COLUMN telemetry_30min.online_samples; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.telemetry_30min.online_samples IS 'Samples with a hash rate above zero.';

-- Name: COLUMN telemetry_30min.site_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.telemetry_30min.site_id IS 'Where the miner stood when the half hour was first computed; a later move leaves history where it was.';

-- Name: api_telemetry_30min; Type: VIEW; Schema: hosting

CREATE VIEW hosting.api_telemetry_30min AS
 SELECT miner_id,
    bucket_start,
    samples,
    hashrate_avg,
    hashrate_min,
    hashrate_max,
    power_avg_w,
    power_max_w,
    temperature_avg,
    temperature_max,
    fan_speed_avg,
    online_samples
   FROM hosting.telemetry_30min;

-- Name: VIEW api_telemetry_30min; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.api_telemetry_30min IS 'Telemetry by the half hour, under one name in every time-series mode.';

-- Name: curtailment_plan_miners; Type: TABLE; Schema: hosting

CREATE TABLE hosting.curtailment_plan_miners (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    miner_id bigint NOT NULL,
    shutdown_order integer NOT NULL,
    CONSTRAINT curtailment_plan_miners_shutdown_order_check CHECK ((shutdown_order >= 1))
);

-- Name: COLUMN curtailment_plan_miners.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plan_miners.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN curtailment_plan_miners.plan_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plan_miners.plan_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN curtailment_plan_miners.miner_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plan_miners.miner_id IS 'Deviation: bigint, as the key it names.';

-- Name: curtailment_plan_miners_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.curtailment_plan_miners ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.curtailment_plan_miners_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: curtailment_plans; Type: TABLE; Schema: hosting

CREATE TABLE hosting.curtailment_plans (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    plan_type text DEFAULT 'manual'::text NOT NULL,
    target_power_reduction numeric NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    scheduled_time timestamp with time zone,
    executed_at timestamp with time zone,
    recovery_time timestamp with time zone,
    recovered_at timestamp with time zone,
    miners_affected integer DEFAULT 0 NOT NULL,
    power_reduced numeric DEFAULT 0 NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT curtailment_plans_executed_at_check CHECK ((executed_at >= scheduled_time)),
    CONSTRAINT curtailment_plans_executed_check CHECK (((status <> 'executed'::text) OR (executed_at IS NOT NULL))),
    CONSTRAINT curtailment_plans_miners_affected_check CHECK ((miners_affected >= 0)),
    CONSTRAINT curtailment_plans_plan_type_check CHECK ((plan_type = ANY (ARRAY['manual'::text, 'scheduled'::text, 'automatic'::text]))),
    CONSTRAINT curtailment_plans_power_reduced_check CHECK (((power_reduced >= (0)::numeric) AND (power_reduced < 'Infinity'::numeric))),
    CONSTRAINT curtailment_plans_recovery_check CHECK (((recovered_at IS NULL) OR ((executed_at IS NOT NULL) AND (recovered_at >= executed_at)))),
    CONSTRAINT curtailment_plans_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'executing'::text, 'executed'::text, 'cancelled'::text]))),
    CONSTRAINT curtailment_plans_target_check CHECK (((target_power_reduction > (0)::numeric) AND (target_power_reduction < 'Infinity'::numeric)))
);

-- Name: COLUMN curtailment_plans.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN curtailment_plans.site_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.site_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN curtailment_plans.target_power_reduction; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.target_power_reduction IS 'MW.';

-- Name: COLUMN curtailment_plans.scheduled_time; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.scheduled_time IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN curtailment_plans.executed_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.executed_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN curtailment_plans.recovery_time; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.recovery_time IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN curtailment_plans.recovered_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.recovered_at IS 'When the miners ran again; a time of its own, because the states are the five of the document.';

-- Name: COLUMN curtailment_plans.power_reduced; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.power_reduced IS 'MW.';

-- Name: COLUMN curtailment_plans.created_by; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.created_by IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN curtailment_plans.created_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.curtailment_plans.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: curtailment_plans_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.curtailment_plans ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.curtailment_plans_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: hosting_miners_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.hosting_miners ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.hosting_miners_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: hosting_sites_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.hosting_sites ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.hosting_sites_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: login_records; Type: TABLE; Schema: hosting

CREATE TABLE hosting.login_records (
    id bigint NOT NULL,
    email text NOT NULL,
    success boolean NOT NULL,
    login_time timestamp with time zone DEFAULT now() NOT NULL,
    ip_address text,
    location text
);

-- Name: COLUMN login_records.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.login_records.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN login_records.email; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.login_records.email IS 'As typed: an attempt may name nobody we know, so the user is found by e-mail and not by a key.';

-- Name: COLUMN login_records.login_time; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.login_records.login_time IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: login_records_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.login_records ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.login_records_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: miner_models_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.miner_models ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.miner_models_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: miner_operation_log; Type: TABLE; Schema: hosting

CREATE TABLE hosting.miner_operation_log (
    id bigint NOT NULL,
    miner_id bigint NOT NULL,
    operation text NOT NULL,
    performed_by uuid,
    details text,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT miner_operation_log_operation_check CHECK ((operation = ANY (ARRAY['start'::text, 'shutdown'::text, 'approve'::text, 'reject'::text])))
);

-- Name: COLUMN miner_operation_log.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_operation_log.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN miner_operation_log.miner_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_operation_log.miner_id IS 'Deviation: bigint, as the key it names.';

-- Name: COLUMN miner_operation_log.performed_by; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_operation_log.performed_by IS 'Who did it; NULL: the system, or a user who has left. Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN miner_operation_log."timestamp"; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.miner_operation_log."timestamp" IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: miner_operation_log_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.miner_operation_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.miner_operation_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: miner_telemetry_id_seq; Type: SEQUENCE; Schema: hosting

CREATE SEQUENCE hosting.miner_telemetry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: miner_telemetry_id_seq; Type: SEQUENCE OWNED BY; Schema: hosting

ALTER SEQUENCE hosting.miner_telemetry_id_seq OWNED BY hosting.miner_telemetry.id;

-- Name: outbox_events; Type: TABLE; Schema: hosting

CREATE TABLE hosting.outbox_events (
    id bigint NOT NULL,
    event_type text NOT NULL,
    aggregate_type text,
    aggregate_id text,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    idempotency_key text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    processed_at timestamp with time zone,
    CONSTRAINT outbox_events_processed_at_check CHECK ((((status)::text = 'processed'::text) = (processed_at IS NOT NULL))),
    CONSTRAINT outbox_events_retry_count_check CHECK ((retry_count >= 0)),
    CONSTRAINT outbox_events_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('processed'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: TABLE outbox_events; Type: COMMENT; Schema: hosting

COMMENT ON TABLE hosting.outbox_events IS 'Written in the transaction of what happened. Consumers go by status, never by the highest id: ids commit out of order.';

-- Name: outbox_events_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.outbox_events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.outbox_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: user_access; Type: TABLE; Schema: hosting

CREATE TABLE hosting.user_access (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    access_start_date timestamp with time zone DEFAULT now() NOT NULL,
    access_end_date timestamp with time zone,
    granted_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_access_dates_check CHECK ((access_start_date < access_end_date))
);

-- Name: COLUMN user_access.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.id IS 'Deviation: bigint, as wide as every other identity here.';

-- Name: COLUMN user_access.user_id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.user_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN user_access.access_start_date; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.access_start_date IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN user_access.access_end_date; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.access_end_date IS 'NULL: without end. Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN user_access.granted_by; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.granted_by IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN user_access.created_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.user_access.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: user_access_id_seq; Type: SEQUENCE; Schema: hosting

ALTER TABLE hosting.user_access ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hosting.user_access_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: users; Type: VIEW; Schema: hosting

CREATE VIEW hosting.users AS
 SELECT id,
    email,
    password_hash,
    hosting_role AS role,
    name,
    status,
    created_at,
    updated_at
   FROM public.users;

-- Name: VIEW users; Type: COMMENT; Schema: hosting

COMMENT ON VIEW hosting.users IS 'public.users with the role that hosting gives them; writable.';

-- Name: COLUMN users.id; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.users.id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';

-- Name: COLUMN users.email; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.users.email IS 'Deviation: 255 characters, as the investment document draws it.';

-- Name: COLUMN users.status; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.users.status IS 'Deviation: varchar with a CHECK of the three words, which can gain one without rewriting a type.';

-- Name: COLUMN users.created_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.users.created_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: COLUMN users.updated_at; Type: COMMENT; Schema: hosting

COMMENT ON COLUMN hosting.users.updated_at IS 'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

-- Name: audit_seal_parts; Type: TABLE; Schema: indexer

CREATE TABLE indexer.audit_seal_parts (
    seal_number bigint NOT NULL,
    part integer NOT NULL,
    partition_name text NOT NULL,
    row_ids uuid[] NOT NULL,
    row_digests bytea[] NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT audit_seal_parts_length_check CHECK ((length(digest) = 32)),
    CONSTRAINT audit_seal_parts_rows_check CHECK ((cardinality(row_ids) = cardinality(row_digests)))
);
ALTER TABLE ONLY indexer.audit_seal_parts ALTER COLUMN row_ids SET STORAGE EXTERNAL;
ALTER TABLE ONLY indexer.audit_seal_parts ALTER COLUMN row_digests SET STORAGE EXTERNAL;

-- Name: TABLE audit_seal_parts; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.audit_seal_parts IS 'Which rows a seal covers, each with its digest, at most 10,000 of one partition in a part: so that a broken seal names the row, and still holds when retention has dropped the partition.';

-- Name: audit_seals; Type: TABLE; Schema: indexer

CREATE TABLE indexer.audit_seals (
    seal_number bigint NOT NULL,
    server_id bigint NOT NULL,
    from_transaction xid8 NOT NULL,
    to_transaction xid8 NOT NULL,
    row_count bigint NOT NULL,
    previous_seal bytea NOT NULL,
    seal bytea NOT NULL,
    sealed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_seals_length_check CHECK (((length(seal) = 32) AND (length(previous_seal) = 32))),
    CONSTRAINT audit_seals_range_check CHECK ((from_transaction < to_transaction))
);

-- Name: TABLE audit_seals; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.audit_seals IS 'Each seal covers the audit rows of the transactions of one server from from_transaction up to, not including, to_transaction, and the seal before it: no row can change or vanish without breaking it and all later seals. Numbers have no gaps. Who keeps the newest elsewhere (it is in the log) also sees when seals are cut off at the end.';

-- Name: balance_changes; Type: TABLE; Schema: indexer

CREATE TABLE indexer.balance_changes (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    account_id character varying(44) NOT NULL,
    mint character varying(44),
    owner character varying(44),
    before_amount numeric(78,0) NOT NULL,
    after_amount numeric(78,0) NOT NULL,
    block_time timestamp with time zone,
    CONSTRAINT balance_changes_numbers_check CHECK ((GREATEST(before_amount, after_amount) <> 'NaN'::numeric))
)
PARTITION BY RANGE (slot);

-- Name: TABLE balance_changes; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.balance_changes IS 'What each transaction did to watched balances, in base units of the mint or, where mint is NULL, in lamports.';

-- Name: deleted_rows; Type: TABLE; Schema: indexer

CREATE TABLE indexer.deleted_rows (
    id bigint NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    content jsonb NOT NULL,
    deleted_at timestamp with time zone DEFAULT now() NOT NULL
);

-- Name: TABLE deleted_rows; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.deleted_rows IS 'Copies of orders, matches and settlements that a cascade from users removed: the counterparty keeps his record.';

-- Name: deleted_rows_id_seq; Type: SEQUENCE; Schema: indexer

ALTER TABLE indexer.deleted_rows ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME indexer.deleted_rows_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: dropped_partitions; Type: TABLE; Schema: indexer

CREATE TABLE indexer.dropped_partitions (
    id bigint NOT NULL,
    table_name text NOT NULL,
    partition_name text NOT NULL,
    bounds text NOT NULL,
    row_count bigint NOT NULL,
    dropped_by text DEFAULT SESSION_USER NOT NULL,
    dropped_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dropped_partitions_row_count_check CHECK ((row_count >= 0))
);

-- Name: TABLE dropped_partitions; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.dropped_partitions IS 'Partitions that retention has dropped: what is missing from a table without a row here was not taken by it.';

-- Name: dropped_partitions_id_seq; Type: SEQUENCE; Schema: indexer

ALTER TABLE indexer.dropped_partitions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME indexer.dropped_partitions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: epoch_books; Type: TABLE; Schema: indexer

CREATE TABLE indexer.epoch_books (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    order_id uuid NOT NULL,
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    side character varying(4) NOT NULL,
    remaining_micro_kwh bigint NOT NULL,
    limit_micro bigint NOT NULL,
    effective_limit_micro bigint NOT NULL,
    CONSTRAINT epoch_books_amounts_check CHECK (((remaining_micro_kwh > 0) AND (limit_micro > 0) AND (effective_limit_micro >= 0))),
    CONSTRAINT epoch_books_side_check CHECK (((side)::text = ANY (ARRAY[('buy'::character varying)::text, ('sell'::character varying)::text])))
)
PARTITION BY RANGE (epoch_number);

-- Name: TABLE epoch_books; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.epoch_books IS 'The book as the clearing saw it. Energy in 1e-6 kWh, limits in 1e-6 per kWh; effective = net of charges.';

-- Name: fee_schedules; Type: TABLE; Schema: indexer

CREATE TABLE indexer.fee_schedules (
    effective_from bigint NOT NULL,
    market_fee_bps integer NOT NULL,
    grid_fee_per_kwh numeric(15,6) DEFAULT 0 NOT NULL,
    wheeling_per_kwh numeric(15,6) DEFAULT 0 NOT NULL,
    loss_bps integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fee_schedules_bps_check CHECK ((((market_fee_bps >= 0) AND (market_fee_bps <= 10000)) AND ((loss_bps >= 0) AND (loss_bps <= 10000)))),
    CONSTRAINT fee_schedules_per_kwh_check CHECK (((grid_fee_per_kwh >= (0)::numeric) AND (wheeling_per_kwh >= (0)::numeric) AND (GREATEST(grid_fee_per_kwh, wheeling_per_kwh) <> 'NaN'::numeric)))
);

-- Name: TABLE fee_schedules; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.fee_schedules IS 'Charges that the buyer bears on top of the price, from the epoch effective_from (YYYYMMDDHHMM) on.';

-- Name: idl_registry; Type: TABLE; Schema: indexer

CREATE TABLE indexer.idl_registry (
    program_id character varying(44) NOT NULL,
    from_slot bigint NOT NULL,
    idl_sha256 bytea NOT NULL,
    idl text NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idl_registry_sha256_check CHECK ((length(idl_sha256) = 32))
);

-- Name: TABLE idl_registry; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.idl_registry IS 'The layout of a program''s events from a slot on, until the next row of that program.';

-- Name: leases; Type: TABLE; Schema: indexer

CREATE TABLE indexer.leases (
    name text NOT NULL,
    holder text NOT NULL,
    term bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    acquired_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT leases_term_check CHECK ((term > 0))
);

-- Name: lookup_table_addresses; Type: TABLE; Schema: indexer

CREATE TABLE indexer.lookup_table_addresses (
    purpose character varying(40) NOT NULL,
    address character varying(44) NOT NULL,
    wanted_id bigint NOT NULL,
    shared boolean DEFAULT false NOT NULL,
    table_address character varying(44),
    "position" smallint,
    final_slot bigint,
    CONSTRAINT lookup_table_addresses_final_check CHECK (((final_slot IS NULL) OR (table_address IS NOT NULL))),
    CONSTRAINT lookup_table_addresses_placed_check CHECK (((table_address IS NULL) = ("position" IS NULL))),
    CONSTRAINT lookup_table_addresses_position_check CHECK ((("position" >= 0) AND ("position" <= 255))),
    CONSTRAINT lookup_table_addresses_shared_check CHECK (((NOT shared) OR (table_address IS NOT NULL)))
);

-- Name: TABLE lookup_table_addresses; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.lookup_table_addresses IS 'Which table holds which address at which position. Usable once final_slot is set: a node takes only finalized entries. wanted_id is the order of asking, so that addresses asked for together end up in one table.';

-- Name: COLUMN lookup_table_addresses.shared; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.lookup_table_addresses.shared IS 'Put into every table of the purpose, because every transaction of the purpose names it.';

-- Name: lookup_table_addresses_wanted_id_seq; Type: SEQUENCE; Schema: indexer

ALTER TABLE indexer.lookup_table_addresses ALTER COLUMN wanted_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME indexer.lookup_table_addresses_wanted_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: lookup_tables; Type: TABLE; Schema: indexer

CREATE TABLE indexer.lookup_tables (
    address character varying(44) NOT NULL,
    purpose character varying(40) NOT NULL,
    ordinal integer NOT NULL,
    authority character varying(44) NOT NULL,
    recent_slot bigint NOT NULL,
    status character varying(10) DEFAULT 'creating'::character varying NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lookup_tables_status_check CHECK (((status)::text = ANY (ARRAY[('creating'::character varying)::text, ('active'::character varying)::text, ('closed'::character varying)::text, ('abandoned'::character varying)::text])))
);

-- Name: COLUMN lookup_tables.status; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.lookup_tables.status IS 'creating: not yet finalized; active: takes more addresses; closed: given up, the chain holds other addresses; abandoned: never existed.';

-- Name: COLUMN lookup_tables.failures; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.lookup_tables.failures IS 'Growing steps of this purpose that failed in a row.';

-- Name: market_rules; Type: TABLE; Schema: indexer

CREATE TABLE indexer.market_rules (
    id boolean DEFAULT true NOT NULL,
    lot_kwh numeric(15,6) DEFAULT 0.001 NOT NULL,
    price_floor numeric(15,6) DEFAULT 0.001 NOT NULL,
    price_cap numeric(15,6) DEFAULT 1000 NOT NULL,
    price_tick numeric(15,6) DEFAULT 0.000001 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_rules_band_check CHECK ((price_floor <= price_cap)),
    CONSTRAINT market_rules_numbers_check CHECK ((GREATEST(lot_kwh, price_floor, price_cap, price_tick) <> 'NaN'::numeric)),
    CONSTRAINT market_rules_on_tick_check CHECK (((mod(price_floor, price_tick) = (0)::numeric) AND (mod(price_cap, price_tick) = (0)::numeric))),
    CONSTRAINT market_rules_positive_check CHECK (((lot_kwh > (0)::numeric) AND (price_tick > (0)::numeric) AND (price_floor > (0)::numeric))),
    CONSTRAINT market_rules_single_check CHECK (id),
    CONSTRAINT market_rules_smallest_payment_check CHECK (((lot_kwh * price_floor) >= 0.000001))
);

-- Name: TABLE market_rules; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.market_rules IS 'What an order must satisfy to enter the book; one row. Orders already entered are not judged again.';

-- Name: mint_books; Type: TABLE; Schema: indexer

CREATE TABLE indexer.mint_books (
    singleton boolean DEFAULT true NOT NULL,
    checked_slot bigint,
    minted_events bigint DEFAULT 0 NOT NULL,
    minted_base_units numeric(78,0) DEFAULT 0 NOT NULL,
    supply_base_units numeric(78,0),
    burned_base_units numeric(78,0),
    checked_at timestamp with time zone,
    paused_reason text,
    paused_at timestamp with time zone,
    alert text,
    CONSTRAINT mint_books_numbers_check CHECK ((GREATEST(minted_base_units, supply_base_units, burned_base_units) <> 'NaN'::numeric)),
    CONSTRAINT mint_books_paused_check CHECK (((paused_reason IS NULL) = (paused_at IS NULL))),
    CONSTRAINT mint_books_singleton_check CHECK (singleton)
);

-- Name: TABLE mint_books; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.mint_books IS 'Running sum of finalized EnergyMinted events up to checked_slot, the last comparison with the token supply, and the pause.';

-- Name: mint_carries; Type: TABLE; Schema: indexer

CREATE TABLE indexer.mint_carries (
    meter_key bytea NOT NULL,
    base_units numeric(78,0) NOT NULL,
    from_window bigint NOT NULL,
    CONSTRAINT mint_carries_base_units_check CHECK ((base_units < (0)::numeric))
);

-- Name: TABLE mint_carries; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.mint_carries IS 'What a meter still owes after late readings lowered an already minted window: its next frozen operation takes it.';

-- Name: mint_totals; Type: TABLE; Schema: indexer

CREATE TABLE indexer.mint_totals (
    day_start_window bigint NOT NULL,
    operations bigint NOT NULL,
    minted_base_units numeric(78,0) NOT NULL,
    CONSTRAINT mint_totals_minted_base_units_check CHECK (((minted_base_units >= (0)::numeric) AND (minted_base_units <> 'NaN'::numeric)))
);

-- Name: TABLE mint_totals; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.mint_totals IS 'Sums of done operations per queue partition (first window of its 96); they outlive dropped partitions.';

-- Name: parked_items; Type: TABLE; Schema: indexer

CREATE TABLE indexer.parked_items (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    instruction_path character varying(20) NOT NULL,
    item_ordinal integer NOT NULL,
    signature character varying(88),
    program_id character varying(44),
    reason character varying(40) NOT NULL,
    detail text NOT NULL,
    payload bytea NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (slot);

-- Name: TABLE parked_items; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.parked_items IS 'What could not be decoded, with its bytes; replay tries again. parked_at is not part of comparisons.';

-- Name: raw_transactions; Type: TABLE; Schema: indexer

CREATE TABLE indexer.raw_transactions (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    signature character varying(88),
    block_time timestamp with time zone,
    payload bytea NOT NULL
)
PARTITION BY RANGE (slot);

-- Name: COLUMN raw_transactions.signature; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.raw_transactions.signature IS 'NULL when the transaction could not be read at all.';

-- Name: COLUMN raw_transactions.payload; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.raw_transactions.payload IS 'The transaction as getBlock returned it (JSON text); replay decodes these bytes again.';

-- Name: rollup_progress; Type: TABLE; Schema: indexer

CREATE TABLE indexer.rollup_progress (
    singleton boolean DEFAULT true NOT NULL,
    transaction_id xid8 DEFAULT '0'::xid8 NOT NULL,
    bucket_start timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    caught_up_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rollup_progress_singleton_check CHECK (singleton)
);

-- Name: TABLE rollup_progress; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.rollup_progress IS 'Telemetry up to (transaction_id, bucket_start) has been looked at: its half hours are computed or in touched_half_hours.';

-- Name: COLUMN rollup_progress.caught_up_at; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.rollup_progress.caught_up_at IS 'When everything committed until then had been computed.';

-- Name: slots; Type: TABLE; Schema: indexer

CREATE TABLE indexer.slots (
    slot bigint NOT NULL,
    status character varying(10) NOT NULL,
    parent_slot bigint,
    blockhash character varying(44),
    previous_blockhash character varying(44),
    block_height bigint,
    block_time timestamp with time zone,
    proved_by bigint,
    skipped_from bigint,
    CONSTRAINT slots_block_check CHECK (
CASE
    WHEN ((status)::text = 'skipped'::text) THEN ((proved_by > slot) AND ((skipped_from >= 0) AND (skipped_from <= slot)) AND (num_nonnulls(parent_slot, blockhash, previous_blockhash, block_height) = 0))
    ELSE ((num_nonnulls(proved_by, skipped_from) = 0) AND ((parent_slot < slot) OR (slot = 0)) AND (num_nulls(parent_slot, blockhash, previous_blockhash, block_height) = 0))
END),
    CONSTRAINT slots_status_check CHECK (((status)::text = ANY (ARRAY[('confirmed'::character varying)::text, ('finalized'::character varying)::text, ('skipped'::character varying)::text])))
)
PARTITION BY RANGE (slot);

-- Name: TABLE slots; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.slots IS 'Every slot from the anchor to the head: an indexed block linked to its parent, or skipped, proved by the linked block that stepped over it.';

-- Name: COLUMN slots.skipped_from; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.slots.skipped_from IS 'First of the skipped slots that this row stands for: the slot itself, or, for a stretch too long for a row each, the first of all that end with it.';

-- Name: supply_changes; Type: TABLE; Schema: indexer

CREATE TABLE indexer.supply_changes (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    instruction_path character varying(20) NOT NULL,
    change_ordinal integer NOT NULL,
    signature character varying(88) NOT NULL,
    mint character varying(44) NOT NULL,
    account_id character varying(44) NOT NULL,
    kind character varying(10) NOT NULL,
    amount numeric(78,0) NOT NULL,
    CONSTRAINT supply_changes_amount_check CHECK (((amount >= (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT supply_changes_kind_check CHECK (((kind)::text = ANY (ARRAY[('mint'::character varying)::text, ('burn'::character varying)::text])))
)
PARTITION BY RANGE (slot);

-- Name: TABLE supply_changes; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.supply_changes IS 'Mint and burn instructions of the watched mints, whoever sent them, in base units.';

-- Name: touched_half_hours; Type: TABLE; Schema: indexer

CREATE TABLE indexer.touched_half_hours (
    bucket_start timestamp with time zone NOT NULL,
    touched_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT touched_half_hours_bucket_check CHECK ((mod(EXTRACT(epoch FROM bucket_start), (1800)::numeric) = (0)::numeric))
);

-- Name: TABLE touched_half_hours; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.touched_half_hours IS 'Half hours whose telemetry changed and that wait to be computed anew.';

-- Name: trade_leaves; Type: TABLE; Schema: indexer

CREATE TABLE indexer.trade_leaves (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    trade_index integer NOT NULL,
    part integer NOT NULL,
    match_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    buy_order_id uuid NOT NULL,
    sell_order_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    seller_energy character varying(44) NOT NULL,
    buyer_energy character varying(44) NOT NULL,
    buyer_payment character varying(44) NOT NULL,
    seller_payment character varying(44) NOT NULL,
    energy_base_units numeric(78,0) NOT NULL,
    payment_base_units numeric(78,0) NOT NULL,
    fee_base_units numeric(78,0) NOT NULL,
    leaf bytea NOT NULL,
    state character varying(10) DEFAULT 'pending'::character varying NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    batch_limit integer,
    next_retry_at timestamp with time zone,
    reason text,
    signature character varying(88),
    settled_slot bigint,
    CONSTRAINT trade_leaves_amounts_check CHECK (((energy_base_units > (0)::numeric) AND (fee_base_units >= (0)::numeric) AND (payment_base_units > fee_base_units) AND (GREATEST(energy_base_units, payment_base_units, fee_base_units) <> 'NaN'::numeric))),
    CONSTRAINT trade_leaves_batch_limit_check CHECK ((batch_limit > 0)),
    CONSTRAINT trade_leaves_leaf_check CHECK ((length(leaf) = 32)),
    CONSTRAINT trade_leaves_settled_check CHECK ((((state)::text <> 'settled'::text) OR ((signature IS NOT NULL) AND (settled_slot IS NOT NULL)))),
    CONSTRAINT trade_leaves_state_check CHECK (((state)::text = ANY (ARRAY[('pending'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text, ('review'::character varying)::text])))
)
PARTITION BY RANGE (epoch_number);

-- Name: TABLE trade_leaves; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.trade_leaves IS 'Every field of every Merkle leaf, and how far its trade has come on chain. No foreign keys: proofs outlive users.';

-- Name: COLUMN trade_leaves.tries; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.trade_leaves.tries IS 'Times it was rejected on chain, failed with its transaction, or never landed.';

-- Name: COLUMN trade_leaves.batch_limit; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.trade_leaves.batch_limit IS 'Largest batch it may travel in, halved each time a transaction of several trades failed; NULL: no limit.';

-- Name: COLUMN trade_leaves.next_retry_at; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.trade_leaves.next_retry_at IS 'Wall clock before which a rejected trade is not tried again.';

-- Name: tx_attempt_items; Type: TABLE; Schema: indexer

CREATE TABLE indexer.tx_attempt_items (
    operation character varying(100) NOT NULL,
    blockhash_slot bigint NOT NULL,
    signature character varying(88) NOT NULL,
    ordinal smallint NOT NULL,
    live boolean DEFAULT true NOT NULL
)
PARTITION BY LIST (live);

-- Name: TABLE tx_attempt_items; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.tx_attempt_items IS 'Operations of each attempt. At most one live item per operation; live ends with the attempt, in one transaction.';

-- Name: tx_attempt_items_closed; Type: TABLE; Schema: indexer

CREATE TABLE indexer.tx_attempt_items_closed (
    operation character varying(100) CONSTRAINT tx_attempt_items_operation_not_null NOT NULL,
    blockhash_slot bigint CONSTRAINT tx_attempt_items_blockhash_slot_not_null NOT NULL,
    signature character varying(88) CONSTRAINT tx_attempt_items_signature_not_null NOT NULL,
    ordinal smallint CONSTRAINT tx_attempt_items_ordinal_not_null NOT NULL,
    live boolean DEFAULT true CONSTRAINT tx_attempt_items_live_not_null NOT NULL
)
PARTITION BY RANGE (blockhash_slot);

-- Name: tx_attempt_items_live; Type: TABLE; Schema: indexer

CREATE TABLE indexer.tx_attempt_items_live (
    operation character varying(100) CONSTRAINT tx_attempt_items_operation_not_null NOT NULL,
    blockhash_slot bigint CONSTRAINT tx_attempt_items_blockhash_slot_not_null NOT NULL,
    signature character varying(88) CONSTRAINT tx_attempt_items_signature_not_null NOT NULL,
    ordinal smallint CONSTRAINT tx_attempt_items_ordinal_not_null NOT NULL,
    live boolean DEFAULT true CONSTRAINT tx_attempt_items_live_not_null NOT NULL
);

-- Name: tx_death_certificates; Type: TABLE; Schema: indexer

CREATE TABLE indexer.tx_death_certificates (
    blockhash_slot bigint NOT NULL,
    signature character varying(88) NOT NULL,
    from_slot bigint NOT NULL,
    from_blockhash character varying(44) NOT NULL,
    from_block_height bigint NOT NULL,
    to_slot bigint NOT NULL,
    to_blockhash character varying(44) NOT NULL,
    to_block_height bigint NOT NULL,
    blocks_searched bigint NOT NULL,
    certified_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tx_death_certificates_complete_check CHECK ((blocks_searched = (to_block_height - from_block_height))),
    CONSTRAINT tx_death_certificates_range_check CHECK ((from_slot < to_slot))
);

-- Name: TABLE tx_death_certificates; Type: COMMENT; Schema: indexer

COMMENT ON TABLE indexer.tx_death_certificates IS 'Proof that a signature can never land: absent from every finalized block after its blockhash up to the first one past its last valid height. blocks_searched equals the difference of heights, so no block of the range was missing.';

-- Name: watched_accounts; Type: TABLE; Schema: indexer

CREATE TABLE indexer.watched_accounts (
    address character varying(44) NOT NULL,
    kind character varying(10) NOT NULL,
    from_slot bigint NOT NULL,
    until_slot bigint,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT watched_accounts_kind_check CHECK (((kind)::text = ANY (ARRAY[('program'::character varying)::text, ('mint'::character varying)::text, ('lamports'::character varying)::text, ('signer'::character varying)::text]))),
    CONSTRAINT watched_accounts_range_check CHECK ((until_slot >= from_slot))
);

-- Name: COLUMN watched_accounts.from_slot; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.watched_accounts.from_slot IS 'First slot in which every transaction that names the address is indexed.';

-- Name: COLUMN watched_accounts.until_slot; Type: COMMENT; Schema: indexer

COMMENT ON COLUMN indexer.watched_accounts.until_slot IS 'First slot from which it is no longer watched; NULL while it is.';

-- Name: assets; Type: TABLE; Schema: investment

CREATE TABLE investment.assets (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    token_id bigint NOT NULL,
    name character varying(255) NOT NULL,
    location_lat numeric(10,8),
    location_lon numeric(11,8),
    capacity_kw numeric(10,2),
    asset_type character varying(50),
    status character varying(20) DEFAULT 'pending'::character varying,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT assets_capacity_kw_check CHECK (((capacity_kw > (0)::numeric) AND (capacity_kw <> 'NaN'::numeric))),
    CONSTRAINT assets_location_lat_check CHECK (((location_lat >= ('-90'::integer)::numeric) AND (location_lat <= (90)::numeric))),
    CONSTRAINT assets_location_lon_check CHECK (((location_lon >= ('-180'::integer)::numeric) AND (location_lon <= (180)::numeric))),
    CONSTRAINT assets_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text, ('suspended'::character varying)::text, ('retired'::character varying)::text])))
);

-- Name: investments; Type: TABLE; Schema: investment

CREATE TABLE investment.investments (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    user_id uuid,
    asset_id uuid,
    amount_tokens numeric(20,8),
    purchase_price numeric(20,8),
    transaction_hash character varying(88),
    invested_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT investments_amount_tokens_check CHECK (((amount_tokens > (0)::numeric) AND (amount_tokens <> 'NaN'::numeric))),
    CONSTRAINT investments_purchase_price_check CHECK (((purchase_price >= (0)::numeric) AND (purchase_price <> 'NaN'::numeric)))
);

-- Name: COLUMN investments.transaction_hash; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.investments.transaction_hash IS 'Deviation: 88 characters, the width of a Solana signature; 66 hold an Ethereum one.';

-- Name: revenue_distributions; Type: TABLE; Schema: investment

CREATE TABLE investment.revenue_distributions (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    asset_id uuid,
    period_start date,
    period_end date,
    total_amount numeric(20,8),
    distribution_date timestamp with time zone,
    status character varying(20) DEFAULT 'pending'::character varying,
    CONSTRAINT revenue_distributions_period_check CHECK ((period_start <= period_end)),
    CONSTRAINT revenue_distributions_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('calculated'::character varying)::text, ('distributed'::character varying)::text, ('failed'::character varying)::text]))),
    CONSTRAINT revenue_distributions_total_amount_check CHECK (((total_amount >= (0)::numeric) AND (total_amount <> 'NaN'::numeric)))
);

-- Name: COLUMN revenue_distributions.period_end; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.revenue_distributions.period_end IS 'Last day of the period; holdings at its end share the revenue.';

-- Name: api_asset_yield; Type: VIEW; Schema: investment

CREATE VIEW investment.api_asset_yield AS
 SELECT a.id AS asset_id,
    a.name,
    a.status,
    a.capacity_kw,
    COALESCE(n.invested, (0)::numeric) AS invested,
    COALESCE(d.distributed, (0)::numeric) AS distributed_12_months,
    round((COALESCE(d.distributed, (0)::numeric) / NULLIF(n.invested, (0)::numeric)), 8) AS yield
   FROM ((investment.assets a
     LEFT JOIN LATERAL ( SELECT sum((i.amount_tokens * i.purchase_price)) AS invested
           FROM investment.investments i
          WHERE (i.asset_id = a.id)) n ON (true))
     LEFT JOIN LATERAL ( SELECT sum(r.total_amount) AS distributed
           FROM investment.revenue_distributions r
          WHERE ((r.asset_id = a.id) AND ((r.status)::text = 'distributed'::text) AND (r.distribution_date > (now() - '1 year'::interval)) AND (r.distribution_date <= now()))) d ON (true));

-- Name: VIEW api_asset_yield; Type: COMMENT; Schema: investment

COMMENT ON VIEW investment.api_asset_yield IS 'Yield of each asset: distributed within 12 months over all that was invested.';

-- Name: api_holdings; Type: VIEW; Schema: investment

CREATE VIEW investment.api_holdings AS
 SELECT h.user_id,
    h.asset_id,
    a.name AS asset_name,
    a.token_id,
    h.tokens,
    h.invested,
    round((h.tokens / NULLIF(t.tokens, (0)::numeric)), 8) AS share,
    h.last_invested_at
   FROM ((( SELECT i.user_id,
            i.asset_id,
            sum(i.amount_tokens) AS tokens,
            sum((i.amount_tokens * i.purchase_price)) AS invested,
            max(i.invested_at) AS last_invested_at
           FROM investment.investments i
          WHERE (i.asset_id IS NOT NULL)
          GROUP BY i.user_id, i.asset_id) h
     JOIN investment.assets a ON ((a.id = h.asset_id)))
     CROSS JOIN LATERAL ( SELECT sum(o.amount_tokens) AS tokens
           FROM investment.investments o
          WHERE (o.asset_id = h.asset_id)) t);

-- Name: VIEW api_holdings; Type: COMMENT; Schema: investment

COMMENT ON VIEW investment.api_holdings IS 'Tokens of each investor in each asset, what they cost as far as a price is known, and their share of all of them. user_id NULL: of investors who are not registered.';

-- Name: asset_documents; Type: TABLE; Schema: investment

CREATE TABLE investment.asset_documents (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    asset_id uuid,
    document_type character varying(50),
    ipfs_hash character varying(64),
    uploaded_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT asset_documents_ipfs_hash_check CHECK (((ipfs_hash)::text ~ '^(Qm[1-9A-HJ-NP-Za-km-z]{44}|z[1-9A-HJ-NP-Za-km-z]{45,63}|b[a-z2-7]{50,63}|B[A-Z2-7]{50,63}|k[0-9a-z]{45,63}|K[0-9A-Z]{45,63}|m[A-Za-z0-9+/]{45,63}|u[A-Za-z0-9_-]{45,63})$'::text))
);

-- Name: energy_production; Type: TABLE; Schema: investment

CREATE TABLE investment.energy_production (
    "time" timestamp with time zone NOT NULL,
    asset_id uuid,
    power_kw numeric(10,2),
    voltage numeric(6,2),
    temperature numeric(5,2),
    CONSTRAINT energy_production_numbers_check CHECK (((('NaN'::numeric <> power_kw) AND ('NaN'::numeric <> voltage)) AND ('NaN'::numeric <> temperature))),
    CONSTRAINT energy_production_time_check CHECK ((("time" >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND isfinite("time")))
)
PARTITION BY RANGE ("time");

-- Name: revenue_payouts; Type: TABLE; Schema: investment

CREATE TABLE investment.revenue_payouts (
    distribution_id uuid NOT NULL,
    user_id uuid NOT NULL,
    amount_tokens numeric(20,8) NOT NULL,
    amount numeric(20,8) NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    transaction_hash character varying(88),
    paid_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT revenue_payouts_amounts_check CHECK (((amount_tokens > (0)::numeric) AND (amount_tokens <> 'NaN'::numeric) AND (amount >= (0)::numeric) AND (amount <> 'NaN'::numeric))),
    CONSTRAINT revenue_payouts_paid_check CHECK ((((status)::text = 'paid'::text) = (paid_at IS NOT NULL))),
    CONSTRAINT revenue_payouts_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('paid'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: TABLE revenue_payouts; Type: COMMENT; Schema: investment

COMMENT ON TABLE investment.revenue_payouts IS 'The share of each holder; the shares of a distribution add up to its total_amount.';

-- Name: COLUMN revenue_payouts.amount_tokens; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.revenue_payouts.amount_tokens IS 'Holding at period_end, by which the revenue was shared.';

-- Name: user_profiles; Type: TABLE; Schema: investment

CREATE TABLE investment.user_profiles (
    user_id uuid NOT NULL,
    full_name character varying(255),
    country_code character(2),
    phone character varying(20),
    document_type character varying(20),
    document_number character varying(50),
    verification_date timestamp with time zone,
    CONSTRAINT user_profiles_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text))
);

-- Name: users; Type: VIEW; Schema: investment

CREATE VIEW investment.users AS
 SELECT id,
    email,
    wallet_address,
    kyc_status,
    created_at,
    updated_at
   FROM public.users;

-- Name: VIEW users; Type: COMMENT; Schema: investment

COMMENT ON VIEW investment.users IS 'public.users as investors see themselves; writable.';

-- Name: COLUMN users.wallet_address; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.users.wallet_address IS 'Base58 Solana address. Deviation: 44 characters, since 42 cannot hold one.';

-- Name: COLUMN users.created_at; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.users.created_at IS 'Deviation: never NULL, since the same column sorts users everywhere else.';

-- Name: COLUMN users.updated_at; Type: COMMENT; Schema: investment

COMMENT ON COLUMN investment.users.updated_at IS 'Deviation: never NULL, since the same column sorts users everywhere else.';

-- Name: weather_data; Type: TABLE; Schema: investment

CREATE TABLE investment.weather_data (
    "time" timestamp with time zone NOT NULL,
    asset_id uuid,
    temperature numeric(5,2),
    irradiance numeric(7,2),
    wind_speed numeric(5,2),
    CONSTRAINT weather_data_numbers_check CHECK (((('NaN'::numeric <> temperature) AND ('NaN'::numeric <> irradiance)) AND ('NaN'::numeric <> wind_speed))),
    CONSTRAINT weather_data_time_check CHECK ((("time" >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND isfinite("time")))
)
PARTITION BY RANGE ("time");

-- Name: market_epochs; Type: TABLE; Schema: public

CREATE TABLE public.market_epochs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    epoch_number bigint NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    clearing_price numeric(15,6),
    total_volume numeric(24,6) DEFAULT 0 NOT NULL,
    total_orders bigint DEFAULT 0 NOT NULL,
    matched_orders bigint DEFAULT 0 NOT NULL,
    trade_count bigint DEFAULT 0 NOT NULL,
    failure text,
    cleared_at timestamp with time zone,
    settled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_epochs_aligned_check CHECK ((mod(EXTRACT(epoch FROM start_time), (900)::numeric) = (0)::numeric)),
    CONSTRAINT market_epochs_length_check CHECK ((end_time = (start_time + '00:15:00'::interval))),
    CONSTRAINT market_epochs_number_check CHECK ((epoch_number = ((((((EXTRACT(year FROM (start_time AT TIME ZONE 'UTC'::text)))::bigint * 100000000) + ((EXTRACT(month FROM (start_time AT TIME ZONE 'UTC'::text)))::bigint * 1000000)) + ((EXTRACT(day FROM (start_time AT TIME ZONE 'UTC'::text)))::bigint * 10000)) + ((EXTRACT(hour FROM (start_time AT TIME ZONE 'UTC'::text)))::bigint * 100)) + (EXTRACT(minute FROM (start_time AT TIME ZONE 'UTC'::text)))::bigint))),
    CONSTRAINT market_epochs_numbers_check CHECK ((GREATEST(clearing_price, total_volume) <> 'NaN'::numeric)),
    CONSTRAINT market_epochs_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text, ('clearing'::character varying)::text, ('cleared'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: COLUMN market_epochs.epoch_number; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epochs.epoch_number IS 'YYYYMMDDHHMM of start_time in UTC.';

-- Name: COLUMN market_epochs.clearing_price; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epochs.clearing_price IS 'Price per kWh, weighted over zones by volume, half-even to 1e-6; NULL when nothing traded.';

-- Name: COLUMN market_epochs.cleared_at; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epochs.cleared_at IS 'Market clock at the clearing; bookkeeping, in no comparison.';

-- Name: COLUMN market_epochs.settled_at; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epochs.settled_at IS 'Market clock when the last trade ended; bookkeeping.';

-- Name: minting_retry_queue; Type: TABLE; Schema: public

CREATE TABLE public.minting_retry_queue (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    mint_window bigint NOT NULL,
    meter_key bytea NOT NULL,
    meter_id uuid,
    wallet_address character varying(44),
    destination character varying(44),
    reading_id uuid,
    reading_timestamp timestamp with time zone,
    amount_base_units numeric(78,0),
    carried_base_units numeric(78,0) DEFAULT 0 NOT NULL,
    net_base_units numeric(78,0),
    accounted_base_units numeric(78,0),
    status character varying(20) DEFAULT 'queued'::character varying NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    batch_limit smallint,
    next_retry_at timestamp with time zone DEFAULT now() NOT NULL,
    error_class character varying(20),
    error_message text,
    lease_term bigint,
    signature character varying(88),
    minted_slot bigint,
    frozen_at timestamp with time zone,
    done_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT minting_retry_queue_amount_check CHECK (((amount_base_units >= (0)::numeric) AND (amount_base_units <= '18446744073709551615'::numeric))),
    CONSTRAINT minting_retry_queue_batch_limit_check CHECK ((batch_limit > 0)),
    CONSTRAINT minting_retry_queue_done_check CHECK (((((status)::text = 'done'::text) = (minted_slot IS NOT NULL)) AND (((status)::text <> 'done'::text) OR ((signature IS NOT NULL) AND (done_at IS NOT NULL))))),
    CONSTRAINT minting_retry_queue_error_class_check CHECK (((error_class)::text = ANY (ARRAY[('transient'::character varying)::text, ('expired'::character varying)::text, ('batch'::character varying)::text, ('permanent'::character varying)::text, ('unknown'::character varying)::text, ('operator'::character varying)::text]))),
    CONSTRAINT minting_retry_queue_frozen_check CHECK ((((amount_base_units IS NULL) = (frozen_at IS NULL)) AND ((amount_base_units IS NULL) = (accounted_base_units IS NULL)))),
    CONSTRAINT minting_retry_queue_meter_key_check CHECK ((length(meter_key) = 16)),
    CONSTRAINT minting_retry_queue_mint_window_check CHECK (((mint_window >= 0) AND (mint_window <= '4294967295'::bigint))),
    CONSTRAINT minting_retry_queue_no_surplus_check CHECK ((((status)::text <> 'no_surplus'::text) OR ((amount_base_units = (0)::numeric) AND (signature IS NULL)))),
    CONSTRAINT minting_retry_queue_numbers_check CHECK ((GREATEST(carried_base_units, net_base_units) <> 'NaN'::numeric)),
    CONSTRAINT minting_retry_queue_sent_check CHECK ((((status)::text <> ALL (ARRAY[('leased'::character varying)::text, ('sent'::character varying)::text, ('done'::character varying)::text])) OR ((amount_base_units > (0)::numeric) AND (destination IS NOT NULL)))),
    CONSTRAINT minting_retry_queue_status_check CHECK (((status)::text = ANY (ARRAY[('queued'::character varying)::text, ('leased'::character varying)::text, ('sent'::character varying)::text, ('done'::character varying)::text, ('no_surplus'::character varying)::text, ('parked'::character varying)::text, ('rejected'::character varying)::text, ('review'::character varying)::text])))
)
PARTITION BY RANGE (mint_window);

-- Name: TABLE minting_retry_queue; Type: COMMENT; Schema: public

COMMENT ON TABLE public.minting_retry_queue IS 'Mint operations. meter_id, wallet_address and destination are copies without foreign keys: no cascade may touch an operation.';

-- Name: COLUMN minting_retry_queue.amount_base_units; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.amount_base_units IS 'Base units of the energy token to mint, frozen at the first lease; never changes afterwards.';

-- Name: COLUMN minting_retry_queue.carried_base_units; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.carried_base_units IS 'Signed difference of late readings of earlier, frozen windows (and their unpaid rest) that this amount contains.';

-- Name: COLUMN minting_retry_queue.net_base_units; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.net_base_units IS 'Generated minus consumed over all readings of this window that are counted, late ones too; outlives the readings.';

-- Name: COLUMN minting_retry_queue.accounted_base_units; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.accounted_base_units IS 'What was minted or carried for this window so far: max(0, net of all readings of it that are counted).';

-- Name: COLUMN minting_retry_queue.batch_limit; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.batch_limit IS 'Most operations that may share its next transaction; halved when a transaction of several failed.';

-- Name: COLUMN minting_retry_queue.error_class; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.error_class IS 'transient: try again; expired: the attempt is proved dead; batch: failed among others, tried in halves; permanent: the program refuses it for good; unknown: a person must look; operator: set aside by hand.';

-- Name: COLUMN minting_retry_queue.signature; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.minting_retry_queue.signature IS 'done: the transaction whose finalized event minted it; before: the latest attempt.';

-- Name: settlements; Type: TABLE; Schema: public

CREATE TABLE public.settlements (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    epoch_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_kwh numeric(15,6) NOT NULL,
    total_amount numeric(24,6) NOT NULL,
    fee_amount numeric(24,6) DEFAULT 0 NOT NULL,
    net_amount numeric(24,6) NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    zone_id integer DEFAULT 0 NOT NULL,
    trade_index integer NOT NULL,
    transaction_hash character varying(88),
    processed_at timestamp with time zone,
    error_message text,
    retry_count integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT settlements_amounts_check CHECK (((fee_amount >= (0)::numeric) AND (net_amount > (0)::numeric) AND (total_amount = (net_amount + fee_amount)) AND (GREATEST(fee_amount, net_amount, total_amount) <> 'NaN'::numeric))),
    CONSTRAINT settlements_completed_check CHECK ((((status)::text <> 'completed'::text) OR ((transaction_hash IS NOT NULL) AND (processed_at IS NOT NULL)))),
    CONSTRAINT settlements_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT settlements_parties_check CHECK ((buyer_id <> seller_id)),
    CONSTRAINT settlements_price_per_kwh_check CHECK (((price_per_kwh > (0)::numeric) AND (price_per_kwh <> 'NaN'::numeric))),
    CONSTRAINT settlements_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('processing'::character varying)::text, ('completed'::character varying)::text, ('failed'::character varying)::text]))),
    CONSTRAINT settlements_trade_index_check CHECK (((trade_index >= 0) AND (zone_id >= 0)))
);

-- Name: COLUMN settlements.total_amount; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.settlements.total_amount IS 'What the buyer pays: net_amount + fee_amount. Deviation: 24 digits, as all totals.';

-- Name: COLUMN settlements.net_amount; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.settlements.net_amount IS 'What the seller gets: energy times price, floored to 1e-6.';

-- Name: COLUMN settlements.transaction_hash; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.settlements.transaction_hash IS 'Signature of the finalized transaction that settled it. Deviation: 88 characters, the width of a Solana signature.';

-- Name: COLUMN settlements.processed_at; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.settlements.processed_at IS 'Block time of that transaction.';

-- Name: COLUMN settlements.retry_count; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.settlements.retry_count IS 'Times it was tried on chain and rejected, or its transaction failed.';

-- Name: api_errors; Type: VIEW; Schema: monitoring

CREATE VIEW monitoring.api_errors AS
 SELECT 'transaction'::text AS source,
    t.signature AS subject,
    (t.error)::text AS error,
    t.block_time AS happened_at
   FROM public.blockchain_transactions t
  WHERE ((t.status)::text = 'failed'::text)
UNION ALL
 SELECT 'attempt'::text AS source,
    a.signature AS subject,
    COALESCE(a.review_reason, a.last_send_error) AS error,
    COALESCE(a.last_sent_at, a.created_at) AS happened_at
   FROM indexer.tx_attempts a
  WHERE ((a.review_reason IS NOT NULL) OR (a.last_send_error IS NOT NULL))
UNION ALL
 SELECT 'mint'::text AS source,
    ((encode(q.meter_key, 'hex'::text) || ':'::text) || q.mint_window) AS subject,
    COALESCE(q.error_message, (q.error_class)::text) AS error,
    q.updated_at AS happened_at
   FROM public.minting_retry_queue q
  WHERE ((q.status)::text = ANY (ARRAY[('parked'::character varying)::text, ('rejected'::character varying)::text, ('review'::character varying)::text]))
UNION ALL
 SELECT 'settlement'::text AS source,
    (s.id)::text AS subject,
    s.error_message AS error,
    s.updated_at AS happened_at
   FROM public.settlements s
  WHERE (s.error_message IS NOT NULL)
UNION ALL
 SELECT 'contract'::text AS source,
    e.transaction_hash AS subject,
    COALESCE(e.error_message, (e.status)::text) AS error,
    e.executed_at AS happened_at
   FROM blockchain.contract_executions e
  WHERE ((e.status)::text <> 'success'::text)
UNION ALL
 SELECT 'epoch'::text AS source,
    (m.epoch_number)::text AS subject,
    m.failure AS error,
    m.updated_at AS happened_at
   FROM public.market_epochs m
  WHERE (m.failure IS NOT NULL);

-- Name: VIEW api_errors; Type: COMMENT; Schema: monitoring

COMMENT ON VIEW monitoring.api_errors IS 'Everything that went wrong, from wherever it is kept, with what it happened to.';

-- Name: grid_health; Type: TABLE; Schema: monitoring

CREATE TABLE monitoring.grid_health (
    id bigint NOT NULL,
    grid_code character varying(20) NOT NULL,
    health_score numeric(5,4) NOT NULL,
    stability_index numeric(5,4) DEFAULT 1 NOT NULL,
    congestion_level character varying(20) DEFAULT 'low'::character varying NOT NULL,
    active_connections integer DEFAULT 0 NOT NULL,
    energy_flow_in numeric(15,6) DEFAULT 0 NOT NULL,
    energy_flow_out numeric(15,6) DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT grid_health_active_connections_check CHECK ((active_connections >= 0)),
    CONSTRAINT grid_health_congestion_level_check CHECK (((congestion_level)::text = ANY (ARRAY[('low'::character varying)::text, ('medium'::character varying)::text, ('high'::character varying)::text, ('critical'::character varying)::text]))),
    CONSTRAINT grid_health_energy_flow_in_check CHECK (((energy_flow_in >= (0)::numeric) AND (energy_flow_in <> 'NaN'::numeric))),
    CONSTRAINT grid_health_energy_flow_out_check CHECK (((energy_flow_out >= (0)::numeric) AND (energy_flow_out <> 'NaN'::numeric))),
    CONSTRAINT grid_health_grid_code_check CHECK (((grid_code)::text ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]*$'::text)),
    CONSTRAINT grid_health_health_score_check CHECK (((health_score >= (0)::numeric) AND (health_score <= (1)::numeric))),
    CONSTRAINT grid_health_stability_index_check CHECK (((stability_index >= (0)::numeric) AND (stability_index <= (1)::numeric)))
)
PARTITION BY RANGE (recorded_at);

-- Name: COLUMN grid_health.id; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.grid_health.id IS 'Deviation: bigserial, since a partitioned table can have an identity column from PostgreSQL 17 on only.';

-- Name: COLUMN grid_health.energy_flow_in; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.grid_health.energy_flow_in IS 'kWh since the row before of the same grid code.';

-- Name: api_grid_health; Type: VIEW; Schema: monitoring

CREATE VIEW monitoring.api_grid_health AS
 WITH RECURSIVE codes AS (
        ( SELECT h_1.grid_code
           FROM monitoring.grid_health h_1
          ORDER BY h_1.grid_code
         LIMIT 1)
        UNION ALL
         SELECT ( SELECT h_1.grid_code
                   FROM monitoring.grid_health h_1
                  WHERE ((h_1.grid_code)::text > (c_1.grid_code)::text)
                  ORDER BY h_1.grid_code
                 LIMIT 1) AS grid_code
           FROM codes c_1
          WHERE (c_1.grid_code IS NOT NULL)
        )
 SELECT h.grid_code,
    h.health_score,
    h.stability_index,
    h.congestion_level,
    h.active_connections,
    h.energy_flow_in,
    h.energy_flow_out,
    h.recorded_at,
    l.coordinates,
    l.capacity_mw
   FROM ((codes c
     CROSS JOIN LATERAL ( SELECT r.id,
            r.grid_code,
            r.health_score,
            r.stability_index,
            r.congestion_level,
            r.active_connections,
            r.energy_flow_in,
            r.energy_flow_out,
            r.recorded_at
           FROM monitoring.grid_health r
          WHERE ((r.grid_code)::text = (c.grid_code)::text)
          ORDER BY r.recorded_at DESC, r.id DESC
         LIMIT 1) h)
     LEFT JOIN grid.locations l ON (((l.grid_code)::text = (h.grid_code)::text)))
  ORDER BY h.grid_code;

-- Name: VIEW api_grid_health; Type: COMMENT; Schema: monitoring

COMMENT ON VIEW monitoring.api_grid_health IS 'The newest row of each grid code. Nodes report at different times, so the newest time of all shows only one of them.';

-- Name: transaction_metrics; Type: TABLE; Schema: monitoring

CREATE TABLE monitoring.transaction_metrics (
    id bigint NOT NULL,
    block_number bigint NOT NULL,
    transaction_count integer DEFAULT 0 NOT NULL,
    total_gas_used bigint DEFAULT 0 NOT NULL,
    total_fees numeric(20,8) DEFAULT 0 NOT NULL,
    energy_traded numeric(15,6) DEFAULT 0 NOT NULL,
    avg_confirmation_time numeric(10,3) DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT transaction_metrics_avg_confirmation_time_check CHECK (((avg_confirmation_time >= (0)::numeric) AND (avg_confirmation_time <> 'NaN'::numeric))),
    CONSTRAINT transaction_metrics_counts_check CHECK (((block_number >= 0) AND (transaction_count >= 0) AND (total_gas_used >= 0) AND (total_fees >= (0)::numeric) AND (total_fees <> 'NaN'::numeric))),
    CONSTRAINT transaction_metrics_energy_traded_check CHECK (((energy_traded >= (0)::numeric) AND (energy_traded <> 'NaN'::numeric)))
)
PARTITION BY RANGE (recorded_at);

-- Name: COLUMN transaction_metrics.id; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.id IS 'Deviation: bigserial, since a partitioned table can have an identity column from PostgreSQL 17 on only.';

-- Name: COLUMN transaction_metrics.block_number; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.block_number IS 'Slot.';

-- Name: COLUMN transaction_metrics.total_gas_used; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.total_gas_used IS 'Compute units.';

-- Name: COLUMN transaction_metrics.total_fees; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.total_fees IS 'SOL.';

-- Name: COLUMN transaction_metrics.energy_traded; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.energy_traded IS 'kWh.';

-- Name: COLUMN transaction_metrics.avg_confirmation_time; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.transaction_metrics.avg_confirmation_time IS 'Seconds.';

-- Name: api_transaction_hours; Type: VIEW; Schema: monitoring

CREATE VIEW monitoring.api_transaction_hours AS
 SELECT date_trunc('hour'::text, recorded_at, 'UTC'::text) AS hour,
    sum(transaction_count) AS transactions,
    sum(total_gas_used) AS compute_units,
    sum(total_fees) AS fees_sol,
    sum(energy_traded) AS energy_kwh,
    round((sum((avg_confirmation_time * (transaction_count)::numeric)) / (NULLIF(sum(transaction_count), 0))::numeric), 3) AS avg_confirmation_s
   FROM monitoring.transaction_metrics m
  GROUP BY (date_trunc('hour'::text, recorded_at, 'UTC'::text));

-- Name: VIEW api_transaction_hours; Type: COMMENT; Schema: monitoring

COMMENT ON VIEW monitoring.api_transaction_hours IS 'Transaction figures by the hour (UTC); confirmation time weighted by transactions.';

-- Name: grid_health_id_seq; Type: SEQUENCE; Schema: monitoring

CREATE SEQUENCE monitoring.grid_health_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: grid_health_id_seq; Type: SEQUENCE OWNED BY; Schema: monitoring

ALTER SEQUENCE monitoring.grid_health_id_seq OWNED BY monitoring.grid_health.id;

-- Name: index_usage; Type: VIEW; Schema: monitoring

CREATE VIEW monitoring.index_usage AS
 SELECT s.schemaname AS schema_name,
    s.relname AS table_name,
    s.indexrelname AS index_name,
    s.idx_scan AS scans,
    s.idx_tup_read AS entries_read,
    s.idx_tup_fetch AS rows_fetched,
    io.idx_blks_read AS blocks_read,
    io.idx_blks_hit AS blocks_hit,
    pg_relation_size((s.indexrelid)::regclass) AS bytes,
    x.indisunique AS is_unique
   FROM ((pg_stat_user_indexes s
     JOIN pg_statio_user_indexes io ON ((io.indexrelid = s.indexrelid)))
     JOIN pg_index x ON ((x.indexrelid = s.indexrelid)));

-- Name: VIEW index_usage; Type: COMMENT; Schema: monitoring

COMMENT ON VIEW monitoring.index_usage IS 'How often each index was used, what it read and what it weighs; one that is not unique and never scanned is a candidate to go.';

-- Name: system_metrics; Type: TABLE; Schema: monitoring

CREATE TABLE monitoring.system_metrics (
    id bigint NOT NULL,
    metric_name character varying(100) NOT NULL,
    metric_value numeric(20,8) NOT NULL,
    metric_type character varying(50) DEFAULT 'gauge'::character varying NOT NULL,
    labels jsonb DEFAULT '{}'::jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT system_metrics_metric_name_check CHECK (((metric_name)::text <> ''::text)),
    CONSTRAINT system_metrics_metric_type_check CHECK (((metric_type)::text = ANY (ARRAY[('counter'::character varying)::text, ('gauge'::character varying)::text, ('histogram'::character varying)::text]))),
    CONSTRAINT system_metrics_metric_value_check CHECK ((metric_value <> 'NaN'::numeric))
)
PARTITION BY RANGE (recorded_at);

-- Name: COLUMN system_metrics.id; Type: COMMENT; Schema: monitoring

COMMENT ON COLUMN monitoring.system_metrics.id IS 'Deviation: bigserial, since a partitioned table can have an identity column from PostgreSQL 17 on only.';

-- Name: system_metrics_id_seq; Type: SEQUENCE; Schema: monitoring

CREATE SEQUENCE monitoring.system_metrics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: system_metrics_id_seq; Type: SEQUENCE OWNED BY; Schema: monitoring

ALTER SEQUENCE monitoring.system_metrics_id_seq OWNED BY monitoring.system_metrics.id;

-- Name: transaction_metrics_id_seq; Type: SEQUENCE; Schema: monitoring

CREATE SEQUENCE monitoring.transaction_metrics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: transaction_metrics_id_seq; Type: SEQUENCE OWNED BY; Schema: monitoring

ALTER SEQUENCE monitoring.transaction_metrics_id_seq OWNED BY monitoring.transaction_metrics.id;

-- Name: _sqlx_migrations; Type: TABLE; Schema: public

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

-- Name: erc_certificate_transfers; Type: TABLE; Schema: public

CREATE TABLE public.erc_certificate_transfers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    certificate_id uuid NOT NULL,
    from_user_id uuid,
    to_user_id uuid,
    from_wallet character varying(44),
    to_wallet character varying(44),
    transfer_date timestamp with time zone DEFAULT now() NOT NULL,
    transaction_hash character varying(88),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erc_certificate_transfers_users_check CHECK ((from_user_id <> to_user_id)),
    CONSTRAINT erc_certificate_transfers_wallets_check CHECK (((from_wallet)::text <> (to_wallet)::text))
);

-- Name: COLUMN erc_certificate_transfers.from_user_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificate_transfers.from_user_id IS 'Deviation: may be NULL and becomes so when the user is deleted: the history of the certificate outlives its former owners; the wallets stay.';

-- Name: COLUMN erc_certificate_transfers.to_user_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificate_transfers.to_user_id IS 'Deviation: may be NULL and becomes so when the user is deleted, as from_user_id.';

-- Name: COLUMN erc_certificate_transfers.transaction_hash; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificate_transfers.transaction_hash IS 'Signature of the transfer on chain.';

-- Name: erc_certificates; Type: TABLE; Schema: public

CREATE TABLE public.erc_certificates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    certificate_id character varying(100) NOT NULL,
    wallet_address character varying(44),
    energy_amount numeric(15,6) NOT NULL,
    certificate_type character varying(20) DEFAULT 'ERC'::character varying NOT NULL,
    energy_source character varying(50),
    period_start timestamp with time zone,
    period_end timestamp with time zone,
    status character varying(20) DEFAULT 'active'::character varying NOT NULL,
    issue_date timestamp with time zone DEFAULT now() NOT NULL,
    expiry_date timestamp with time zone,
    ended_at timestamp with time zone,
    beneficiary text,
    issuer_wallet character varying(44),
    issue_signature character varying(88),
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erc_certificates_certificate_id_check CHECK (((certificate_id)::text <> ''::text)),
    CONSTRAINT erc_certificates_certificate_type_check CHECK (((certificate_type)::text = ANY (ARRAY[('REC'::character varying)::text, ('ERC'::character varying)::text, ('IREC'::character varying)::text]))),
    CONSTRAINT erc_certificates_ended_at_check CHECK (((ended_at IS NULL) OR ((status)::text = ANY (ARRAY[('retired'::character varying)::text, ('revoked'::character varying)::text, ('expired'::character varying)::text])))),
    CONSTRAINT erc_certificates_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT erc_certificates_period_check CHECK ((period_start < period_end)),
    CONSTRAINT erc_certificates_status_check CHECK (((status)::text = ANY (ARRAY[('active'::character varying)::text, ('transferred'::character varying)::text, ('retired'::character varying)::text, ('revoked'::character varying)::text, ('expired'::character varying)::text])))
);

-- Name: TABLE erc_certificates; Type: COMMENT; Schema: public

COMMENT ON TABLE public.erc_certificates IS 'Certificates as on chain. Deviation: without vintage_year and issuance_date; period_start and period_end say when the energy was produced, issue_date when the certificate was issued.';

-- Name: COLUMN erc_certificates.user_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificates.user_id IS 'Present owner. Deviation: may be NULL and becomes so when the owner is deleted: the certificate exists on chain whoever leaves, and whether or not its wallet is one of a user of ours.';

-- Name: COLUMN erc_certificates.energy_amount; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificates.energy_amount IS 'kWh.';

-- Name: COLUMN erc_certificates.status; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificates.status IS 'active: with its first owner; transferred: with a later one; retired, revoked and expired are final.';

-- Name: COLUMN erc_certificates.issue_signature; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.erc_certificates.issue_signature IS 'Transaction that issued it on chain.';

-- Name: api_certificates; Type: VIEW; Schema: public

CREATE VIEW public.api_certificates AS
 SELECT c.id,
    c.certificate_id,
    c.certificate_type,
    c.energy_source,
    c.energy_amount AS energy_kwh,
        CASE
            WHEN ((c.status)::text = ANY (ARRAY[('active'::character varying)::text, ('transferred'::character varying)::text])) THEN
            CASE
                WHEN (c.expiry_date <= now()) THEN (0)::numeric
                ELSE c.energy_amount
            END
            ELSE (0)::numeric
        END AS remaining_kwh,
    c.status,
    c.user_id AS holder_id,
    c.wallet_address AS holder_wallet,
    c.issue_date,
    c.expiry_date,
    COALESCE(t.transfers, (0)::bigint) AS transfers,
    t.last_transfer_date
   FROM (public.erc_certificates c
     LEFT JOIN LATERAL ( SELECT count(*) AS transfers,
            max(x.transfer_date) AS last_transfer_date
           FROM public.erc_certificate_transfers x
          WHERE (x.certificate_id = c.id)) t ON (true));

-- Name: VIEW api_certificates; Type: COMMENT; Schema: public

COMMENT ON VIEW public.api_certificates IS 'Certificates with their holder and the energy that can still be retired: none once they ended or expired. The holder is the one that the certificate names; whoever records a transfer names the new one there too.';

-- Name: blockchain_events; Type: TABLE; Schema: public

CREATE TABLE public.blockchain_events (
    id uuid NOT NULL,
    slot bigint NOT NULL,
    event_type character varying(100) NOT NULL,
    signature character varying(88) NOT NULL,
    data jsonb NOT NULL,
    processed_at timestamp with time zone DEFAULT now() NOT NULL,
    program_id character varying(44) NOT NULL,
    tx_index integer NOT NULL,
    instruction_path character varying(20) NOT NULL,
    event_ordinal integer NOT NULL,
    source character varying(10) NOT NULL,
    block_time timestamp with time zone,
    CONSTRAINT blockchain_events_ordinal_check CHECK ((event_ordinal >= 0)),
    CONSTRAINT blockchain_events_source_check CHECK (((source)::text = ANY (ARRAY[('log'::character varying)::text, ('cpi'::character varying)::text, ('both'::character varying)::text])))
)
PARTITION BY RANGE (slot);

-- Name: COLUMN blockchain_events.id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_events.id IS 'UUIDv8 computed from slot, transaction index, instruction path and ordinal; its order is the order on chain.';

-- Name: COLUMN blockchain_events.processed_at; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_events.processed_at IS 'When the row was written; not part of replay comparisons. Deviation: never NULL, since the projections of an event are written in the same database transaction.';

-- Name: COLUMN blockchain_events.instruction_path; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.blockchain_events.instruction_path IS 'The call that emitted the event: top-level index, then "." and the index among its inner instructions.';

-- Name: generation_claims; Type: TABLE; Schema: public

CREATE TABLE public.generation_claims (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    meter_id uuid,
    meter_key bytea NOT NULL,
    period tstzrange NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    certificate_id uuid,
    carbon_credit_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT generation_claims_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT generation_claims_meter_key_check CHECK ((length(meter_key) = 16)),
    CONSTRAINT generation_claims_period_check CHECK (((NOT isempty(period)) AND (NOT lower_inf(period)) AND (NOT upper_inf(period)) AND lower_inc(period) AND (NOT upper_inc(period)) AND (mod(EXTRACT(epoch FROM lower(period)), (900)::numeric) = (0)::numeric) AND (mod(EXTRACT(epoch FROM upper(period)), (900)::numeric) = (0)::numeric))),
    CONSTRAINT generation_claims_purpose_check CHECK ((num_nonnulls(certificate_id, carbon_credit_id) = 1))
);

-- Name: TABLE generation_claims; Type: COMMENT; Schema: public

COMMENT ON TABLE public.generation_claims IS 'What a certificate or a carbon credit was issued for. Minting claims energy by its own operation key, not here.';

-- Name: COLUMN generation_claims.meter_key; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.generation_claims.meter_key IS 'The meter as the chain names it, filled in from meter_id; stays when the meter is deleted, so that the same serial registered anew claims nothing twice.';

-- Name: market_epoch_parts; Type: TABLE; Schema: public

CREATE TABLE public.market_epoch_parts (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    part integer NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    first_index integer NOT NULL,
    trade_count integer NOT NULL,
    price_units bigint NOT NULL,
    root bytea NOT NULL,
    deadline timestamp with time zone,
    payer character varying(44),
    opened_signature character varying(88),
    opened_slot bigint,
    closed_signature character varying(88),
    closed_slot bigint,
    attempts integer DEFAULT 0 NOT NULL,
    close_attempts integer DEFAULT 0 NOT NULL,
    next_retry_at timestamp with time zone,
    failure text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_epoch_parts_part_check CHECK (((part >= 0) AND (part <= 65535))),
    CONSTRAINT market_epoch_parts_price_check CHECK ((price_units > 0)),
    CONSTRAINT market_epoch_parts_range_check CHECK (((first_index >= 0) AND ((trade_count >= 1) AND (trade_count <= 65536)))),
    CONSTRAINT market_epoch_parts_root_check CHECK ((length(root) = 32)),
    CONSTRAINT market_epoch_parts_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('open'::character varying)::text, ('settled'::character varying)::text, ('closed'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: TABLE market_epoch_parts; Type: COMMENT; Schema: public

COMMENT ON TABLE public.market_epoch_parts IS 'One settlement account on chain: at most 65,536 trades under one Merkle root. pending: not yet seen open; open: its SettlementOpened is indexed; settled: every trade has ended; closed: account gone, rent back; failed: its deadline passed before it opened.';

-- Name: COLUMN market_epoch_parts.price_units; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_parts.price_units IS 'Units of the payment token (1e-6) per kWh.';

-- Name: COLUMN market_epoch_parts.deadline; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_parts.deadline IS 'Chain time after which nothing of it settles; fixed with the first opening that is written.';

-- Name: COLUMN market_epoch_parts.payer; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_parts.payer IS 'Who pays the rent of the account and gets it back.';

-- Name: market_epoch_zones; Type: TABLE; Schema: public

CREATE TABLE public.market_epoch_zones (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    status character varying(20) DEFAULT 'cleared'::character varying NOT NULL,
    clearing_price numeric(15,6),
    volume numeric(24,6) NOT NULL,
    gross_volume numeric(24,6) NOT NULL,
    netted_volume numeric(24,6) NOT NULL,
    interval_low numeric(15,6),
    interval_high numeric(15,6),
    last_accepted_ask numeric(15,6),
    last_accepted_bid numeric(15,6),
    first_rejected_ask numeric(15,6),
    first_rejected_bid numeric(15,6),
    marginal_side character varying(4) NOT NULL,
    marginal_executed numeric(24,6) NOT NULL,
    marginal_total numeric(24,6) NOT NULL,
    orders_in bigint NOT NULL,
    orders_filled bigint NOT NULL,
    orders_partial bigint NOT NULL,
    orders_netted bigint NOT NULL,
    welfare numeric(36,12) NOT NULL,
    congestion_rent numeric(24,6) DEFAULT 0 NOT NULL,
    total_value numeric(24,6) NOT NULL,
    total_fees numeric(24,6) NOT NULL,
    total_payment numeric(24,6) NOT NULL,
    k_numerator integer NOT NULL,
    k_denominator integer NOT NULL,
    price_tick numeric(15,6) NOT NULL,
    lot_kwh numeric(15,6) NOT NULL,
    price_floor numeric(15,6) NOT NULL,
    price_cap numeric(15,6) NOT NULL,
    rationing character varying(10) NOT NULL,
    market_fee_bps integer NOT NULL,
    grid_fee_per_kwh numeric(15,6) DEFAULT 0 NOT NULL,
    wheeling_per_kwh numeric(15,6) DEFAULT 0 NOT NULL,
    loss_bps integer DEFAULT 0 NOT NULL,
    book_hash bytea NOT NULL,
    result_hash bytea NOT NULL,
    trade_count integer NOT NULL,
    part_count integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_epoch_zones_hash_check CHECK (((length(book_hash) = 32) AND (length(result_hash) = 32))),
    CONSTRAINT market_epoch_zones_marginal_side_check CHECK (((marginal_side)::text = ANY (ARRAY[('none'::character varying)::text, ('buy'::character varying)::text, ('sell'::character varying)::text]))),
    CONSTRAINT market_epoch_zones_money_check CHECK ((total_payment = (total_value + total_fees))),
    CONSTRAINT market_epoch_zones_numbers_check CHECK ((GREATEST(clearing_price, volume, gross_volume, netted_volume, interval_low, interval_high, last_accepted_ask, last_accepted_bid, first_rejected_ask, first_rejected_bid, marginal_executed, marginal_total, welfare, congestion_rent, total_value, total_fees, total_payment, price_tick, lot_kwh, price_floor, price_cap, grid_fee_per_kwh, wheeling_per_kwh) <> 'NaN'::numeric)),
    CONSTRAINT market_epoch_zones_price_check CHECK (((clearing_price IS NULL) = (volume = (0)::numeric))),
    CONSTRAINT market_epoch_zones_rationing_check CHECK (((rationing)::text = ANY (ARRAY[('time'::character varying)::text, ('prorata'::character varying)::text]))),
    CONSTRAINT market_epoch_zones_status_check CHECK (((status)::text = ANY (ARRAY[('cleared'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text]))),
    CONSTRAINT market_epoch_zones_volume_check CHECK (((volume >= (0)::numeric) AND (netted_volume >= (0)::numeric) AND (gross_volume = (volume + netted_volume)))),
    CONSTRAINT market_epoch_zones_zone_id_check CHECK ((zone_id >= 0))
);

-- Name: TABLE market_epoch_zones; Type: COMMENT; Schema: public

COMMENT ON TABLE public.market_epoch_zones IS 'The published result of one zone in one epoch; prices per kWh, volumes in kWh. The stored book and the rules in this row are enough to compute it again.';

-- Name: COLUMN market_epoch_zones.marginal_side; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_zones.marginal_side IS 'The side whose orders at the price were rationed.';

-- Name: COLUMN market_epoch_zones.marginal_executed; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_zones.marginal_executed IS 'Of marginal_total, the energy with a limit at the price, how much was executed; their quotient is the ratio.';

-- Name: COLUMN market_epoch_zones.welfare; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.market_epoch_zones.welfare IS 'Sum of (effective bid - ask) over the gross volume, exact.';

-- Name: meter_readings; Type: TABLE; Schema: public

CREATE TABLE public.meter_readings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    meter_id uuid,
    meter_key bytea,
    user_id uuid,
    wallet_address character varying(44),
    "timestamp" timestamp with time zone NOT NULL,
    energy_generated numeric(15,6) DEFAULT 0 NOT NULL,
    energy_consumed numeric(15,6) DEFAULT 0 NOT NULL,
    minted boolean DEFAULT false NOT NULL,
    blockchain_status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    status_reason character varying(40),
    mint_window bigint,
    carried_from bigint,
    mint_signature character varying(88),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meter_readings_blockchain_status_check CHECK (((blockchain_status)::text = ANY (ARRAY[('pending'::character varying)::text, ('queued'::character varying)::text, ('minting'::character varying)::text, ('minted'::character varying)::text, ('no_surplus'::character varying)::text, ('parked'::character varying)::text, ('rejected'::character varying)::text, ('review'::character varying)::text]))),
    CONSTRAINT meter_readings_carried_from_check CHECK (((carried_from IS NULL) OR (carried_from < mint_window))),
    CONSTRAINT meter_readings_energy_consumed_check CHECK (((energy_consumed >= (0)::numeric) AND (energy_consumed <> 'NaN'::numeric))),
    CONSTRAINT meter_readings_energy_generated_check CHECK (((energy_generated >= (0)::numeric) AND (energy_generated <> 'NaN'::numeric))),
    CONSTRAINT meter_readings_mint_signature_check CHECK ((minted = (mint_signature IS NOT NULL))),
    CONSTRAINT meter_readings_minted_check CHECK ((minted = ((blockchain_status)::text = 'minted'::text))),
    CONSTRAINT meter_readings_timestamp_check CHECK ((("timestamp" >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND isfinite("timestamp")))
)
PARTITION BY RANGE ("timestamp");

-- Name: COLUMN meter_readings.meter_key; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.meter_key IS 'The meter as the chain names it; stays when the meter is deleted, so that the same serial registered anew brings no reading twice.';

-- Name: COLUMN meter_readings.wallet_address; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.wallet_address IS 'Wallet that the writer saw; minting pays the wallet of the meter''s owner.';

-- Name: COLUMN meter_readings."timestamp"; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings."timestamp" IS 'Start of the measured interval; it decides the window, so one reading never spans two of them.';

-- Name: COLUMN meter_readings.energy_generated; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.energy_generated IS 'kWh generated in the interval.';

-- Name: COLUMN meter_readings.energy_consumed; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.energy_consumed IS 'kWh consumed in the interval.';

-- Name: COLUMN meter_readings.blockchain_status; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.blockchain_status IS 'pending: new; queued: accepted, its window has an operation; minting: counted in a frozen amount; minted; no_surplus: counted, nothing to mint; parked: waits for a verified meter or a wallet; rejected: status_reason says why; review.';

-- Name: COLUMN meter_readings.mint_window; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.mint_window IS 'The window whose operation counted this reading. Set once, in the transaction that froze the amount.';

-- Name: COLUMN meter_readings.carried_from; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.carried_from IS 'The window it belongs to, when that was already frozen and a later window counted it.';

-- Name: COLUMN meter_readings.mint_signature; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_readings.mint_signature IS 'Transaction whose finalized event minted it; never anything else.';

-- Name: meter_registry; Type: TABLE; Schema: public

CREATE TABLE public.meter_registry (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    meter_serial character varying(255) NOT NULL,
    meter_key bytea GENERATED ALWAYS AS (indexer.meter_key((meter_serial)::text)) STORED NOT NULL,
    zone_id integer DEFAULT 0 NOT NULL,
    verification_status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    verification_method character varying(50),
    meter_type character varying(50),
    manufacturer character varying(100),
    location_address text,
    installation_date date,
    verified_by uuid,
    verified_at timestamp with time zone,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meter_registry_meter_serial_check CHECK (((meter_serial)::text <> ''::text)),
    CONSTRAINT meter_registry_verification_status_check CHECK (((verification_status)::text = ANY (ARRAY[('pending'::character varying)::text, ('verified'::character varying)::text, ('rejected'::character varying)::text, ('suspended'::character varying)::text]))),
    CONSTRAINT meter_registry_zone_id_check CHECK ((zone_id >= 0))
);

-- Name: COLUMN meter_registry.meter_key; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_registry.meter_key IS 'First 16 bytes of sha256("gridtokenx:meter:" + meter_serial): the name of the meter on chain.';

-- Name: COLUMN meter_registry.verified_by; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.meter_registry.verified_by IS 'Deviation: may be NULL: nobody has verified a pending meter yet, or who did has left.';

-- Name: order_matches; Type: TABLE; Schema: public

CREATE TABLE public.order_matches (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    epoch_id uuid NOT NULL,
    buy_order_id uuid NOT NULL,
    sell_order_id uuid NOT NULL,
    matched_amount numeric(15,6) NOT NULL,
    match_price numeric(15,6) NOT NULL,
    match_time timestamp with time zone NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    settlement_id uuid,
    zone_id integer DEFAULT 0 NOT NULL,
    trade_index integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_matches_match_price_check CHECK (((match_price > (0)::numeric) AND (match_price <> 'NaN'::numeric))),
    CONSTRAINT order_matches_matched_amount_check CHECK (((matched_amount > (0)::numeric) AND (matched_amount <> 'NaN'::numeric))),
    CONSTRAINT order_matches_netted_check CHECK ((((status)::text = 'netted'::text) = (trade_index IS NULL))),
    CONSTRAINT order_matches_orders_check CHECK ((buy_order_id <> sell_order_id)),
    CONSTRAINT order_matches_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text, ('netted'::character varying)::text]))),
    CONSTRAINT order_matches_trade_index_check CHECK (((trade_index >= 0) AND (zone_id >= 0)))
);

-- Name: COLUMN order_matches.match_time; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.order_matches.match_time IS 'End of the epoch.';

-- Name: COLUMN order_matches.status; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.order_matches.status IS 'netted: both orders are one user''s, his own consumption; it fills them, moves nothing and has no index.';

-- Name: COLUMN order_matches.settlement_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.order_matches.settlement_id IS 'Deviation: may be NULL: a netted match has no settlement, and that of a user who has left goes with him.';

-- Name: trading_orders; Type: TABLE; Schema: public

CREATE TABLE public.trading_orders (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    epoch_id uuid,
    order_type character varying(10) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_kwh numeric(15,6) NOT NULL,
    filled_amount numeric(15,6) DEFAULT 0 NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    zone_id integer NOT NULL,
    meter_id uuid,
    time_in_force character varying(10) DEFAULT 'gtc'::character varying NOT NULL,
    expires_at timestamp with time zone,
    seq bigint NOT NULL,
    entered_at timestamp with time zone DEFAULT indexer.market_now() NOT NULL,
    closed_epoch_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trading_orders_energy_amount_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric))),
    CONSTRAINT trading_orders_filled_amount_check CHECK ((((filled_amount >= (0)::numeric) AND (filled_amount <= energy_amount)) AND (filled_amount <> 'NaN'::numeric))),
    CONSTRAINT trading_orders_order_type_check CHECK (((order_type)::text = ANY (ARRAY[('buy'::character varying)::text, ('sell'::character varying)::text]))),
    CONSTRAINT trading_orders_payment_check CHECK (((trunc((energy_amount * price_per_kwh), 6) >= 0.000001) AND (trunc((energy_amount * price_per_kwh), 6) <= 18446744073709.551615))),
    CONSTRAINT trading_orders_price_per_kwh_check CHECK (((price_per_kwh > (0)::numeric) AND (price_per_kwh <> 'NaN'::numeric))),
    CONSTRAINT trading_orders_status_check CHECK (((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text, ('partially_filled'::character varying)::text, ('filled'::character varying)::text, ('settled'::character varying)::text, ('cancelled'::character varying)::text, ('expired'::character varying)::text]))),
    CONSTRAINT trading_orders_status_filled_check CHECK (
CASE
    WHEN ((status)::text = ANY (ARRAY[('filled'::character varying)::text, ('settled'::character varying)::text])) THEN (filled_amount = energy_amount)
    WHEN ((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text])) THEN (filled_amount = (0)::numeric)
    WHEN ((status)::text = 'partially_filled'::text) THEN ((filled_amount > (0)::numeric) AND (filled_amount < energy_amount))
    ELSE (filled_amount < energy_amount)
END),
    CONSTRAINT trading_orders_time_in_force_check CHECK (((time_in_force)::text = ANY (ARRAY[('gtc'::character varying)::text, ('epoch'::character varying)::text]))),
    CONSTRAINT trading_orders_zone_id_check CHECK ((zone_id >= 0))
);

-- Name: COLUMN trading_orders.epoch_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.epoch_id IS 'The first epoch whose book held the order; written by clearing.';

-- Name: COLUMN trading_orders.filled_amount; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.filled_amount IS 'Written by the triggers of order_matches alone.';

-- Name: COLUMN trading_orders.status; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.status IS 'pending: in no book yet; active: carried over by a clearing; partially_filled; filled; settled: filled and every match settled or netted; cancelled; expired.';

-- Name: COLUMN trading_orders.zone_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.zone_id IS 'Given by the writer, else the meter''s, else 0; frozen at entry. Without a default, so that "not given" shows.';

-- Name: COLUMN trading_orders.time_in_force; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.time_in_force IS 'gtc: stays until filled, cancelled or expires_at; epoch: what its first book leaves unmatched expires.';

-- Name: COLUMN trading_orders.seq; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.seq IS 'Rank in time among equal prices; given by the database and given anew when price or amount changes.';

-- Name: COLUMN trading_orders.entered_at; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.entered_at IS 'Market clock at entry: the order is for the epochs that end later.';

-- Name: COLUMN trading_orders.closed_epoch_id; Type: COMMENT; Schema: public

COMMENT ON COLUMN public.trading_orders.closed_epoch_id IS 'The epoch in which it filled, expired or was cancelled (the running one, where that exists).';

-- Name: trading_orders_seq_seq; Type: SEQUENCE; Schema: public

ALTER TABLE public.trading_orders ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trading_orders_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: user_activities; Type: TABLE; Schema: public

CREATE TABLE public.user_activities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    activity_type character varying(50) NOT NULL,
    description text,
    ip_address inet,
    user_agent text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_activities_activity_type_check CHECK (((activity_type)::text <> ''::text))
)
PARTITION BY RANGE (created_at);

-- Name: api_epochs; Type: VIEW; Schema: trading

CREATE VIEW trading.api_epochs AS
 SELECT e.epoch_number,
    e.start_time,
    e.end_time,
    e.status,
    e.clearing_price,
    e.total_volume AS volume_kwh,
    e.total_orders,
    e.matched_orders,
    e.trade_count,
    z.zones,
    z.fees,
    z.paid
   FROM (public.market_epochs e
     LEFT JOIN LATERAL ( SELECT count(*) AS zones,
            sum(m.total_fees) AS fees,
            sum(m.total_payment) AS paid
           FROM public.market_epoch_zones m
          WHERE (m.epoch_number = e.epoch_number)) z ON (true));

-- Name: VIEW api_epochs; Type: COMMENT; Schema: trading

COMMENT ON VIEW trading.api_epochs IS 'Market epochs with the sums of their zones.';

-- Name: trades; Type: TABLE; Schema: trading

CREATE TABLE trading.trades (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    buy_order_id uuid,
    sell_order_id uuid,
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_unit numeric(15,6) NOT NULL,
    total_value numeric(24,6) NOT NULL,
    grid_fee numeric(24,6) DEFAULT 0 NOT NULL,
    carbon_offset numeric(15,6) DEFAULT 0 NOT NULL,
    executed_at timestamp with time zone NOT NULL,
    settlement_status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    epoch_number bigint,
    zone_id integer DEFAULT 0 NOT NULL,
    trade_index integer,
    signature character varying(88),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trades_amounts_check CHECK (((energy_amount > (0)::numeric) AND (energy_amount <> 'NaN'::numeric) AND (price_per_unit > (0)::numeric) AND (price_per_unit <> 'NaN'::numeric) AND (total_value > (0)::numeric) AND (total_value <> 'NaN'::numeric))),
    CONSTRAINT trades_carbon_offset_check CHECK (((carbon_offset >= (0)::numeric) AND (carbon_offset <> 'NaN'::numeric))),
    CONSTRAINT trades_grid_fee_check CHECK (((grid_fee >= (0)::numeric) AND (grid_fee <> 'NaN'::numeric))),
    CONSTRAINT trades_parties_check CHECK ((buyer_id <> seller_id)),
    CONSTRAINT trades_settlement_status_check CHECK (((settlement_status)::text = ANY (ARRAY[('pending'::character varying)::text, ('settled'::character varying)::text, ('failed'::character varying)::text])))
);

-- Name: TABLE trades; Type: COMMENT; Schema: trading

COMMENT ON TABLE trading.trades IS 'Deviation: orders, users and leaves are named without foreign keys: the trade happened on chain, whoever is deleted here and whatever old partition is dropped.';

-- Name: COLUMN trades.buyer_id; Type: COMMENT; Schema: trading

COMMENT ON COLUMN trading.trades.buyer_id IS 'Deviation: uuid like every column that names a user.';

-- Name: COLUMN trades.seller_id; Type: COMMENT; Schema: trading

COMMENT ON COLUMN trading.trades.seller_id IS 'Deviation: uuid like every column that names a user.';

-- Name: COLUMN trades.total_value; Type: COMMENT; Schema: trading

COMMENT ON COLUMN trading.trades.total_value IS 'Energy times price: what the seller got; the fee comes on top. Deviation: 24 digits, as all totals.';

-- Name: COLUMN trades.grid_fee; Type: COMMENT; Schema: trading

COMMENT ON COLUMN trading.trades.grid_fee IS 'What the buyer paid above total_value for the grid.';

-- Name: COLUMN trades.executed_at; Type: COMMENT; Schema: trading

COMMENT ON COLUMN trading.trades.executed_at IS 'Block time of the transaction that settled it.';

-- Name: api_trades; Type: VIEW; Schema: trading

CREATE VIEW trading.api_trades AS
 SELECT t.id,
    t.epoch_number,
    t.zone_id,
    t.trade_index,
    t.buyer_id,
    t.seller_id,
    t.energy_amount AS energy_kwh,
    t.price_per_unit AS price_per_kwh,
    t.total_value,
    t.grid_fee,
    t.carbon_offset,
    t.executed_at,
    t.settlement_status,
    t.signature,
    s.total_amount AS paid_by_buyer,
    s.net_amount AS received_by_seller,
    s.fee_amount AS fees,
    s.status AS settlement_state,
    s.id AS settlement_id
   FROM ((trading.trades t
     LEFT JOIN public.market_epochs e ON ((e.epoch_number = t.epoch_number)))
     LEFT JOIN public.settlements s ON (((s.epoch_id = e.id) AND (s.zone_id = t.zone_id) AND (s.trade_index = t.trade_index))));

-- Name: VIEW api_trades; Type: COMMENT; Schema: trading

COMMENT ON VIEW trading.api_trades IS 'Trades with what the buyer paid and the seller received.';

-- Name: comments_h0; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h0 FOR VALUES WITH (modulus 8, remainder 0);

-- Name: comments_h1; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h1 FOR VALUES WITH (modulus 8, remainder 1);

-- Name: comments_h2; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h2 FOR VALUES WITH (modulus 8, remainder 2);

-- Name: comments_h3; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h3 FOR VALUES WITH (modulus 8, remainder 3);

-- Name: comments_h4; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h4 FOR VALUES WITH (modulus 8, remainder 4);

-- Name: comments_h5; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h5 FOR VALUES WITH (modulus 8, remainder 5);

-- Name: comments_h6; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h6 FOR VALUES WITH (modulus 8, remainder 6);

-- Name: comments_h7; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.comments ATTACH PARTITION governance.comments_h7 FOR VALUES WITH (modulus 8, remainder 7);

-- Name: votes_h0; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h0 FOR VALUES WITH (modulus 8, remainder 0);

-- Name: votes_h1; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h1 FOR VALUES WITH (modulus 8, remainder 1);

-- Name: votes_h2; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h2 FOR VALUES WITH (modulus 8, remainder 2);

-- Name: votes_h3; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h3 FOR VALUES WITH (modulus 8, remainder 3);

-- Name: votes_h4; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h4 FOR VALUES WITH (modulus 8, remainder 4);

-- Name: votes_h5; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h5 FOR VALUES WITH (modulus 8, remainder 5);

-- Name: votes_h6; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h6 FOR VALUES WITH (modulus 8, remainder 6);

-- Name: votes_h7; Type: TABLE ATTACH; Schema: governance

ALTER TABLE ONLY governance.votes ATTACH PARTITION governance.votes_h7 FOR VALUES WITH (modulus 8, remainder 7);

-- Name: tx_attempt_items_closed; Type: TABLE ATTACH; Schema: indexer

ALTER TABLE ONLY indexer.tx_attempt_items ATTACH PARTITION indexer.tx_attempt_items_closed FOR VALUES IN (false);

-- Name: tx_attempt_items_live; Type: TABLE ATTACH; Schema: indexer

ALTER TABLE ONLY indexer.tx_attempt_items ATTACH PARTITION indexer.tx_attempt_items_live FOR VALUES IN (true);

-- Name: miner_telemetry id; Type: DEFAULT; Schema: hosting

ALTER TABLE ONLY hosting.miner_telemetry ALTER COLUMN id SET DEFAULT nextval('hosting.miner_telemetry_id_seq'::regclass);

-- Name: users id; Type: DEFAULT; Schema: investment

ALTER TABLE ONLY investment.users ALTER COLUMN id SET DEFAULT public.uuid_generate_v4();

-- Name: grid_health id; Type: DEFAULT; Schema: monitoring

ALTER TABLE ONLY monitoring.grid_health ALTER COLUMN id SET DEFAULT nextval('monitoring.grid_health_id_seq'::regclass);

-- Name: system_metrics id; Type: DEFAULT; Schema: monitoring

ALTER TABLE ONLY monitoring.system_metrics ALTER COLUMN id SET DEFAULT nextval('monitoring.system_metrics_id_seq'::regclass);

-- Name: transaction_metrics id; Type: DEFAULT; Schema: monitoring

ALTER TABLE ONLY monitoring.transaction_metrics ALTER COLUMN id SET DEFAULT nextval('monitoring.transaction_metrics_id_seq'::regclass);

-- Name: market_analytics market_analytics_pkey; Type: CONSTRAINT; Schema: analytics

ALTER TABLE ONLY analytics.market_analytics
    ADD CONSTRAINT market_analytics_pkey PRIMARY KEY (id);

-- Name: technical_indicators technical_indicators_pkey; Type: CONSTRAINT; Schema: analytics

ALTER TABLE ONLY analytics.technical_indicators
    ADD CONSTRAINT technical_indicators_pkey PRIMARY KEY (id);

-- Name: technical_indicators technical_indicators_version_key; Type: CONSTRAINT; Schema: analytics

ALTER TABLE ONLY analytics.technical_indicators
    ADD CONSTRAINT technical_indicators_version_key UNIQUE (analytics_id, version);

-- Name: account_balances account_balances_pkey; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.account_balances
    ADD CONSTRAINT account_balances_pkey PRIMARY KEY (account_id);

-- Name: contract_executions contract_executions_pkey; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.contract_executions
    ADD CONSTRAINT contract_executions_pkey PRIMARY KEY (id);

-- Name: registered_consumers registered_consumers_consumer_id_key; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_consumers
    ADD CONSTRAINT registered_consumers_consumer_id_key UNIQUE (consumer_id);

-- Name: registered_consumers registered_consumers_pkey; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_consumers
    ADD CONSTRAINT registered_consumers_pkey PRIMARY KEY (id);

-- Name: registered_producers registered_producers_pkey; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_producers
    ADD CONSTRAINT registered_producers_pkey PRIMARY KEY (id);

-- Name: registered_producers registered_producers_producer_id_key; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_producers
    ADD CONSTRAINT registered_producers_producer_id_key UNIQUE (producer_id);

-- Name: smart_contracts smart_contracts_contract_address_key; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.smart_contracts
    ADD CONSTRAINT smart_contracts_contract_address_key UNIQUE (contract_address);

-- Name: smart_contracts smart_contracts_pkey; Type: CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.smart_contracts
    ADD CONSTRAINT smart_contracts_pkey PRIMARY KEY (id);

-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id, created_at);

-- Name: CONSTRAINT notifications_pkey ON notifications; Type: COMMENT; Schema: community

COMMENT ON CONSTRAINT notifications_pkey ON community.notifications IS 'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';

-- Name: profiles profiles_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

-- Name: profiles profiles_user_id_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.profiles
    ADD CONSTRAINT profiles_user_id_key UNIQUE (user_id);

-- Name: settings settings_key_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.settings
    ADD CONSTRAINT settings_key_key UNIQUE (key);

-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (id);

-- Name: tokens tokens_contract_address_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.tokens
    ADD CONSTRAINT tokens_contract_address_key UNIQUE (contract_address);

-- Name: tokens tokens_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

-- Name: tokens tokens_symbol_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.tokens
    ADD CONSTRAINT tokens_symbol_key UNIQUE (symbol);

-- Name: transactions transactions_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.transactions
    ADD CONSTRAINT transactions_pkey PRIMARY KEY (id, created_at);

-- Name: CONSTRAINT transactions_pkey ON transactions; Type: COMMENT; Schema: community

COMMENT ON CONSTRAINT transactions_pkey ON community.transactions IS 'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';

-- Name: user_tokens user_tokens_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.user_tokens
    ADD CONSTRAINT user_tokens_pkey PRIMARY KEY (id);

-- Name: user_tokens user_tokens_user_id_token_id_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.user_tokens
    ADD CONSTRAINT user_tokens_user_id_token_id_key UNIQUE (user_id, token_id);

-- Name: wallets wallets_address_key; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.wallets
    ADD CONSTRAINT wallets_address_key UNIQUE (address);

-- Name: wallets wallets_pkey; Type: CONSTRAINT; Schema: community

ALTER TABLE ONLY community.wallets
    ADD CONSTRAINT wallets_pkey PRIMARY KEY (id);

-- Name: crm_activities crm_activities_pkey; Type: CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_activities
    ADD CONSTRAINT crm_activities_pkey PRIMARY KEY (id);

-- Name: crm_deals crm_deals_pkey; Type: CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_deals
    ADD CONSTRAINT crm_deals_pkey PRIMARY KEY (id);

-- Name: crm_invoices crm_invoices_invoice_number_key; Type: CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_invoices
    ADD CONSTRAINT crm_invoices_invoice_number_key UNIQUE (invoice_number);

-- Name: crm_invoices crm_invoices_pkey; Type: CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_invoices
    ADD CONSTRAINT crm_invoices_pkey PRIMARY KEY (id);

-- Name: crm_leads crm_leads_pkey; Type: CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_leads
    ADD CONSTRAINT crm_leads_pkey PRIMARY KEY (id);

-- Name: comments comments_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (proposal_id, id);

-- Name: CONSTRAINT comments_pkey ON comments; Type: COMMENT; Schema: governance

COMMENT ON CONSTRAINT comments_pkey ON governance.comments IS 'Deviation: (proposal_id, id), since the key of a partitioned table must hold what it is cut by.';

-- Name: comments_h0 comments_h0_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h0
    ADD CONSTRAINT comments_h0_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h1 comments_h1_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h1
    ADD CONSTRAINT comments_h1_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h2 comments_h2_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h2
    ADD CONSTRAINT comments_h2_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h3 comments_h3_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h3
    ADD CONSTRAINT comments_h3_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h4 comments_h4_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h4
    ADD CONSTRAINT comments_h4_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h5 comments_h5_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h5
    ADD CONSTRAINT comments_h5_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h6 comments_h6_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h6
    ADD CONSTRAINT comments_h6_pkey PRIMARY KEY (proposal_id, id);

-- Name: comments_h7 comments_h7_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.comments_h7
    ADD CONSTRAINT comments_h7_pkey PRIMARY KEY (proposal_id, id);

-- Name: proposals proposals_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.proposals
    ADD CONSTRAINT proposals_pkey PRIMARY KEY (id);

-- Name: votes votes_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (proposal_id, id);

-- Name: CONSTRAINT votes_pkey ON votes; Type: COMMENT; Schema: governance

COMMENT ON CONSTRAINT votes_pkey ON governance.votes IS 'Deviation: (proposal_id, id), since the key of a partitioned table must hold what it is cut by.';

-- Name: votes_h0 votes_h0_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h0
    ADD CONSTRAINT votes_h0_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes votes_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes
    ADD CONSTRAINT votes_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h0 votes_h0_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h0
    ADD CONSTRAINT votes_h0_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h1 votes_h1_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h1
    ADD CONSTRAINT votes_h1_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h1 votes_h1_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h1
    ADD CONSTRAINT votes_h1_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h2 votes_h2_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h2
    ADD CONSTRAINT votes_h2_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h2 votes_h2_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h2
    ADD CONSTRAINT votes_h2_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h3 votes_h3_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h3
    ADD CONSTRAINT votes_h3_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h3 votes_h3_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h3
    ADD CONSTRAINT votes_h3_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h4 votes_h4_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h4
    ADD CONSTRAINT votes_h4_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h4 votes_h4_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h4
    ADD CONSTRAINT votes_h4_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h5 votes_h5_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h5
    ADD CONSTRAINT votes_h5_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h5 votes_h5_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h5
    ADD CONSTRAINT votes_h5_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h6 votes_h6_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h6
    ADD CONSTRAINT votes_h6_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h6 votes_h6_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h6
    ADD CONSTRAINT votes_h6_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: votes_h7 votes_h7_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h7
    ADD CONSTRAINT votes_h7_pkey PRIMARY KEY (proposal_id, id);

-- Name: votes_h7 votes_h7_proposal_id_voter_id_key; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.votes_h7
    ADD CONSTRAINT votes_h7_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id);

-- Name: voting_power_snapshots voting_power_snapshots_pkey; Type: CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.voting_power_snapshots
    ADD CONSTRAINT voting_power_snapshots_pkey PRIMARY KEY (proposal_id, user_id);

-- Name: carbon_credits carbon_credits_credit_id_key; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.carbon_credits
    ADD CONSTRAINT carbon_credits_credit_id_key UNIQUE (credit_id);

-- Name: carbon_credits carbon_credits_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.carbon_credits
    ADD CONSTRAINT carbon_credits_pkey PRIMARY KEY (id);

-- Name: carbon_credits carbon_credits_serials_once; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.carbon_credits
    ADD CONSTRAINT carbon_credits_serials_once EXCLUDE USING gist (certification_body WITH =, int8range(serial_first, serial_last, '[]'::text) WITH &&) WHERE ((serial_first IS NOT NULL));

-- Name: energy_consumption energy_consumption_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_consumption
    ADD CONSTRAINT energy_consumption_pkey PRIMARY KEY (id);

-- Name: energy_production energy_production_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_production
    ADD CONSTRAINT energy_production_pkey PRIMARY KEY (id);

-- Name: energy_storage energy_storage_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_storage
    ADD CONSTRAINT energy_storage_pkey PRIMARY KEY (id);

-- Name: energy_storage energy_storage_storage_id_key; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_storage
    ADD CONSTRAINT energy_storage_storage_id_key UNIQUE (storage_id);

-- Name: locations locations_grid_code_key; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.locations
    ADD CONSTRAINT locations_grid_code_key UNIQUE (grid_code);

-- Name: locations locations_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (id);

-- Name: storage_operations storage_operations_pkey; Type: CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.storage_operations
    ADD CONSTRAINT storage_operations_pkey PRIMARY KEY (id);

-- Name: curtailment_plan_miners curtailment_plan_miners_miner_key; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plan_miners
    ADD CONSTRAINT curtailment_plan_miners_miner_key UNIQUE (plan_id, miner_id);

-- Name: curtailment_plan_miners curtailment_plan_miners_order_key; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plan_miners
    ADD CONSTRAINT curtailment_plan_miners_order_key UNIQUE (plan_id, shutdown_order);

-- Name: curtailment_plan_miners curtailment_plan_miners_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plan_miners
    ADD CONSTRAINT curtailment_plan_miners_pkey PRIMARY KEY (id);

-- Name: curtailment_plans curtailment_plans_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plans
    ADD CONSTRAINT curtailment_plans_pkey PRIMARY KEY (id);

-- Name: hosting_miners hosting_miners_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_miners
    ADD CONSTRAINT hosting_miners_pkey PRIMARY KEY (id);

-- Name: hosting_miners hosting_miners_serial_number_key; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_miners
    ADD CONSTRAINT hosting_miners_serial_number_key UNIQUE (serial_number);

-- Name: hosting_sites hosting_sites_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_sites
    ADD CONSTRAINT hosting_sites_pkey PRIMARY KEY (id);

-- Name: login_records login_records_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.login_records
    ADD CONSTRAINT login_records_pkey PRIMARY KEY (id);

-- Name: miner_models miner_models_name_key; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_models
    ADD CONSTRAINT miner_models_name_key UNIQUE (name);

-- Name: miner_models miner_models_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_models
    ADD CONSTRAINT miner_models_pkey PRIMARY KEY (id);

-- Name: miner_operation_log miner_operation_log_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_operation_log
    ADD CONSTRAINT miner_operation_log_pkey PRIMARY KEY (id);

-- Name: miner_telemetry miner_telemetry_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_telemetry
    ADD CONSTRAINT miner_telemetry_pkey PRIMARY KEY (id, recorded_at);

-- Name: CONSTRAINT miner_telemetry_pkey ON miner_telemetry; Type: COMMENT; Schema: hosting

COMMENT ON CONSTRAINT miner_telemetry_pkey ON hosting.miner_telemetry IS 'Deviation: (id, recorded_at), since the key of a partitioned table must hold what it is cut by.';

-- Name: outbox_events outbox_events_idempotency_key_key; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.outbox_events
    ADD CONSTRAINT outbox_events_idempotency_key_key UNIQUE (idempotency_key);

-- Name: outbox_events outbox_events_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (id);

-- Name: site_days site_days_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.site_days
    ADD CONSTRAINT site_days_pkey PRIMARY KEY (site_id, day);

-- Name: telemetry_30min telemetry_30min_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.telemetry_30min
    ADD CONSTRAINT telemetry_30min_pkey PRIMARY KEY (miner_id, bucket_start);

-- Name: user_access user_access_pkey; Type: CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.user_access
    ADD CONSTRAINT user_access_pkey PRIMARY KEY (id);

-- Name: audit_seal_parts audit_seal_parts_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.audit_seal_parts
    ADD CONSTRAINT audit_seal_parts_pkey PRIMARY KEY (seal_number, part);

-- Name: audit_seals audit_seals_from_transaction_key; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.audit_seals
    ADD CONSTRAINT audit_seals_from_transaction_key UNIQUE (server_id, from_transaction);

-- Name: audit_seals audit_seals_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (seal_number);

-- Name: balance_changes balance_changes_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.balance_changes
    ADD CONSTRAINT balance_changes_pkey PRIMARY KEY (slot, tx_index, account_id);

-- Name: cursors cursors_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.cursors
    ADD CONSTRAINT cursors_pkey PRIMARY KEY (name);

-- Name: deleted_rows deleted_rows_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.deleted_rows
    ADD CONSTRAINT deleted_rows_pkey PRIMARY KEY (id);

-- Name: dropped_partitions dropped_partitions_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.dropped_partitions
    ADD CONSTRAINT dropped_partitions_pkey PRIMARY KEY (id);

-- Name: epoch_books epoch_books_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.epoch_books
    ADD CONSTRAINT epoch_books_pkey PRIMARY KEY (epoch_number, zone_id, order_id);

-- Name: fee_schedules fee_schedules_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.fee_schedules
    ADD CONSTRAINT fee_schedules_pkey PRIMARY KEY (effective_from);

-- Name: idl_registry idl_registry_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.idl_registry
    ADD CONSTRAINT idl_registry_pkey PRIMARY KEY (program_id, from_slot);

-- Name: leases leases_name_term_key; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.leases
    ADD CONSTRAINT leases_name_term_key UNIQUE (name, term);

-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);

-- Name: lookup_table_addresses lookup_table_addresses_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.lookup_table_addresses
    ADD CONSTRAINT lookup_table_addresses_pkey PRIMARY KEY (wanted_id);

-- Name: lookup_table_addresses lookup_table_addresses_position_key; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.lookup_table_addresses
    ADD CONSTRAINT lookup_table_addresses_position_key UNIQUE (table_address, "position");

-- Name: lookup_tables lookup_tables_ordinal_key; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.lookup_tables
    ADD CONSTRAINT lookup_tables_ordinal_key UNIQUE (purpose, ordinal);

-- Name: lookup_tables lookup_tables_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.lookup_tables
    ADD CONSTRAINT lookup_tables_pkey PRIMARY KEY (address);

-- Name: market_rules market_rules_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.market_rules
    ADD CONSTRAINT market_rules_pkey PRIMARY KEY (id);

-- Name: mint_books mint_books_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.mint_books
    ADD CONSTRAINT mint_books_pkey PRIMARY KEY (singleton);

-- Name: mint_carries mint_carries_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.mint_carries
    ADD CONSTRAINT mint_carries_pkey PRIMARY KEY (meter_key);

-- Name: mint_totals mint_totals_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.mint_totals
    ADD CONSTRAINT mint_totals_pkey PRIMARY KEY (day_start_window);

-- Name: parked_items parked_items_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.parked_items
    ADD CONSTRAINT parked_items_pkey PRIMARY KEY (slot, tx_index, instruction_path, item_ordinal);

-- Name: partition_policies partition_policies_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.partition_policies
    ADD CONSTRAINT partition_policies_pkey PRIMARY KEY (table_name);

-- Name: raw_transactions raw_transactions_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.raw_transactions
    ADD CONSTRAINT raw_transactions_pkey PRIMARY KEY (slot, tx_index);

-- Name: rollup_progress rollup_progress_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.rollup_progress
    ADD CONSTRAINT rollup_progress_pkey PRIMARY KEY (singleton);

-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

-- Name: slots slots_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (slot);

-- Name: supply_changes supply_changes_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.supply_changes
    ADD CONSTRAINT supply_changes_pkey PRIMARY KEY (slot, tx_index, instruction_path, change_ordinal);

-- Name: touched_half_hours touched_half_hours_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.touched_half_hours
    ADD CONSTRAINT touched_half_hours_pkey PRIMARY KEY (bucket_start);

-- Name: trade_leaves trade_leaves_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.trade_leaves
    ADD CONSTRAINT trade_leaves_pkey PRIMARY KEY (epoch_number, zone_id, trade_index);

-- Name: tx_attempts tx_attempts_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.tx_attempts
    ADD CONSTRAINT tx_attempts_pkey PRIMARY KEY (blockhash_slot, signature);

-- Name: tx_death_certificates tx_death_certificates_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.tx_death_certificates
    ADD CONSTRAINT tx_death_certificates_pkey PRIMARY KEY (blockhash_slot, signature);

-- Name: watched_accounts watched_accounts_pkey; Type: CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.watched_accounts
    ADD CONSTRAINT watched_accounts_pkey PRIMARY KEY (address, kind, from_slot);

-- Name: asset_documents asset_documents_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.asset_documents
    ADD CONSTRAINT asset_documents_pkey PRIMARY KEY (id);

-- Name: assets assets_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.assets
    ADD CONSTRAINT assets_pkey PRIMARY KEY (id);

-- Name: assets assets_token_id_key; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.assets
    ADD CONSTRAINT assets_token_id_key UNIQUE (token_id);

-- Name: investments investments_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.investments
    ADD CONSTRAINT investments_pkey PRIMARY KEY (id);

-- Name: revenue_distributions revenue_distributions_periods_apart; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_distributions
    ADD CONSTRAINT revenue_distributions_periods_apart EXCLUDE USING gist (asset_id WITH =, daterange(period_start, period_end, '[]'::text) WITH &&) WHERE (((asset_id IS NOT NULL) AND ((period_start IS NOT NULL) OR (period_end IS NOT NULL))));

-- Name: CONSTRAINT revenue_distributions_periods_apart ON revenue_distributions; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT revenue_distributions_periods_apart ON investment.revenue_distributions IS 'A period without a start or an end is open on that side; one with neither is not known yet.';

-- Name: revenue_distributions revenue_distributions_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_distributions
    ADD CONSTRAINT revenue_distributions_pkey PRIMARY KEY (id);

-- Name: revenue_payouts revenue_payouts_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_payouts
    ADD CONSTRAINT revenue_payouts_pkey PRIMARY KEY (distribution_id, user_id);

-- Name: user_profiles user_profiles_pkey; Type: CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.user_profiles
    ADD CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id);

-- Name: grid_health grid_health_pkey; Type: CONSTRAINT; Schema: monitoring

ALTER TABLE ONLY monitoring.grid_health
    ADD CONSTRAINT grid_health_pkey PRIMARY KEY (id, recorded_at);

-- Name: system_metrics system_metrics_pkey; Type: CONSTRAINT; Schema: monitoring

ALTER TABLE ONLY monitoring.system_metrics
    ADD CONSTRAINT system_metrics_pkey PRIMARY KEY (id, recorded_at);

-- Name: transaction_metrics transaction_metrics_pkey; Type: CONSTRAINT; Schema: monitoring

ALTER TABLE ONLY monitoring.transaction_metrics
    ADD CONSTRAINT transaction_metrics_pkey PRIMARY KEY (id, recorded_at);

-- Name: _sqlx_migrations _sqlx_migrations_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

-- Name: audit_logs audit_logs_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.audit_logs
    ADD CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at);

-- Name: CONSTRAINT audit_logs_pkey ON audit_logs; Type: COMMENT; Schema: public

COMMENT ON CONSTRAINT audit_logs_pkey ON public.audit_logs IS 'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';

-- Name: blockchain_events blockchain_events_identity_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.blockchain_events
    ADD CONSTRAINT blockchain_events_identity_key UNIQUE (slot, signature, instruction_path, event_ordinal);

-- Name: blockchain_events blockchain_events_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.blockchain_events
    ADD CONSTRAINT blockchain_events_pkey PRIMARY KEY (slot, id);

-- Name: CONSTRAINT blockchain_events_pkey ON blockchain_events; Type: COMMENT; Schema: public

COMMENT ON CONSTRAINT blockchain_events_pkey ON public.blockchain_events IS 'Deviation: (slot, id), since the key of a partitioned table must hold what it is cut by.';

-- Name: blockchain_transactions blockchain_transactions_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.blockchain_transactions
    ADD CONSTRAINT blockchain_transactions_pkey PRIMARY KEY (slot, signature);

-- Name: blockchain_transactions blockchain_transactions_position_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.blockchain_transactions
    ADD CONSTRAINT blockchain_transactions_position_key UNIQUE (slot, tx_index);

-- Name: erc_certificate_transfers erc_certificate_transfers_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificate_transfers
    ADD CONSTRAINT erc_certificate_transfers_pkey PRIMARY KEY (id);

-- Name: erc_certificates erc_certificates_certificate_id_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificates
    ADD CONSTRAINT erc_certificates_certificate_id_key UNIQUE (certificate_id);

-- Name: erc_certificates erc_certificates_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificates
    ADD CONSTRAINT erc_certificates_pkey PRIMARY KEY (id);

-- Name: generation_claims generation_claims_once; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.generation_claims
    ADD CONSTRAINT generation_claims_once EXCLUDE USING gist (meter_key WITH =, period WITH &&);

-- Name: generation_claims generation_claims_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.generation_claims
    ADD CONSTRAINT generation_claims_pkey PRIMARY KEY (id);

-- Name: users idx_users_email; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.users
    ADD CONSTRAINT idx_users_email UNIQUE (email);

-- Name: users idx_users_wallet; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.users
    ADD CONSTRAINT idx_users_wallet UNIQUE (wallet_address);

-- Name: market_epoch_parts market_epoch_parts_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epoch_parts
    ADD CONSTRAINT market_epoch_parts_pkey PRIMARY KEY (epoch_number, zone_id, part);

-- Name: market_epoch_zones market_epoch_zones_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epoch_zones
    ADD CONSTRAINT market_epoch_zones_pkey PRIMARY KEY (epoch_number, zone_id);

-- Name: market_epochs market_epochs_epoch_number_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epochs
    ADD CONSTRAINT market_epochs_epoch_number_key UNIQUE (epoch_number);

-- Name: market_epochs market_epochs_no_overlap; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epochs
    ADD CONSTRAINT market_epochs_no_overlap EXCLUDE USING gist (tstzrange(start_time, end_time) WITH &&);

-- Name: market_epochs market_epochs_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epochs
    ADD CONSTRAINT market_epochs_pkey PRIMARY KEY (id);

-- Name: meter_readings meter_readings_meter_id_timestamp_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_readings
    ADD CONSTRAINT meter_readings_meter_id_timestamp_key UNIQUE (meter_id, "timestamp");

-- Name: meter_readings meter_readings_meter_key_timestamp_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_readings
    ADD CONSTRAINT meter_readings_meter_key_timestamp_key UNIQUE (meter_key, "timestamp");

-- Name: meter_readings meter_readings_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_readings
    ADD CONSTRAINT meter_readings_pkey PRIMARY KEY (id, "timestamp");

-- Name: CONSTRAINT meter_readings_pkey ON meter_readings; Type: COMMENT; Schema: public

COMMENT ON CONSTRAINT meter_readings_pkey ON public.meter_readings IS 'Deviation: (id, timestamp), since the key of a partitioned table must hold what it is cut by.';

-- Name: meter_registry meter_registry_meter_key_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_registry
    ADD CONSTRAINT meter_registry_meter_key_key UNIQUE (meter_key);

-- Name: meter_registry meter_registry_meter_serial_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_registry
    ADD CONSTRAINT meter_registry_meter_serial_key UNIQUE (meter_serial);

-- Name: meter_registry meter_registry_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_registry
    ADD CONSTRAINT meter_registry_pkey PRIMARY KEY (id);

-- Name: minting_retry_queue minting_retry_queue_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.minting_retry_queue
    ADD CONSTRAINT minting_retry_queue_pkey PRIMARY KEY (mint_window, meter_key);

-- Name: order_matches order_matches_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_pkey PRIMARY KEY (id);

-- Name: order_matches order_matches_trade_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_trade_key UNIQUE (epoch_id, zone_id, trade_index);

-- Name: settlements settlements_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (id);

-- Name: settlements settlements_trade_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_trade_key UNIQUE (epoch_id, zone_id, trade_index);

-- Name: trading_orders trading_orders_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.trading_orders
    ADD CONSTRAINT trading_orders_pkey PRIMARY KEY (id);

-- Name: user_activities user_activities_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.user_activities
    ADD CONSTRAINT user_activities_pkey PRIMARY KEY (id, created_at);

-- Name: CONSTRAINT user_activities_pkey ON user_activities; Type: COMMENT; Schema: public

COMMENT ON CONSTRAINT user_activities_pkey ON public.user_activities IS 'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- Name: users users_username_key; Type: CONSTRAINT; Schema: public

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

-- Name: trades trades_epoch_trade_key; Type: CONSTRAINT; Schema: trading

ALTER TABLE ONLY trading.trades
    ADD CONSTRAINT trades_epoch_trade_key UNIQUE (epoch_number, zone_id, trade_index);

-- Name: trades trades_pkey; Type: CONSTRAINT; Schema: trading

ALTER TABLE ONLY trading.trades
    ADD CONSTRAINT trades_pkey PRIMARY KEY (id);

-- Name: market_analytics_created_at_idx; Type: INDEX; Schema: analytics

CREATE INDEX market_analytics_created_at_idx ON analytics.market_analytics USING btree (created_at);

-- Name: technical_indicators_created_at_idx; Type: INDEX; Schema: analytics

CREATE INDEX technical_indicators_created_at_idx ON analytics.technical_indicators USING btree (created_at);

-- Name: account_balances_energy_idx; Type: INDEX; Schema: blockchain

CREATE INDEX account_balances_energy_idx ON blockchain.account_balances USING gin (energy_balances);

-- Name: account_balances_mint_idx; Type: INDEX; Schema: blockchain

CREATE INDEX account_balances_mint_idx ON blockchain.account_balances USING btree (mint) WHERE (mint IS NOT NULL);

-- Name: account_balances_owner_idx; Type: INDEX; Schema: blockchain

CREATE INDEX account_balances_owner_idx ON blockchain.account_balances USING btree (owner) WHERE (owner IS NOT NULL);

-- Name: contract_executions_caller_idx; Type: INDEX; Schema: blockchain

CREATE INDEX contract_executions_caller_idx ON blockchain.contract_executions USING btree (caller, executed_at DESC);

-- Name: contract_executions_contract_idx; Type: INDEX; Schema: blockchain

CREATE INDEX contract_executions_contract_idx ON blockchain.contract_executions USING btree (contract_address, executed_at DESC);

-- Name: contract_executions_input_idx; Type: INDEX; Schema: blockchain

CREATE INDEX contract_executions_input_idx ON blockchain.contract_executions USING gin (input_data jsonb_path_ops);

-- Name: contract_executions_transaction_idx; Type: INDEX; Schema: blockchain

CREATE INDEX contract_executions_transaction_idx ON blockchain.contract_executions USING btree (transaction_hash);

-- Name: contract_executions_unsuccessful_idx; Type: INDEX; Schema: blockchain

CREATE INDEX contract_executions_unsuccessful_idx ON blockchain.contract_executions USING btree (executed_at DESC) WHERE ((status)::text <> 'success'::text);

-- Name: registered_consumers_location_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_consumers_location_idx ON blockchain.registered_consumers USING gin (location_json jsonb_path_ops);

-- Name: registered_consumers_type_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_consumers_type_idx ON blockchain.registered_consumers USING btree (consumer_type);

-- Name: registered_consumers_user_id_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_consumers_user_id_idx ON blockchain.registered_consumers USING btree (user_id);

-- Name: registered_producers_location_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_producers_location_idx ON blockchain.registered_producers USING gin (location_json jsonb_path_ops);

-- Name: registered_producers_sources_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_producers_sources_idx ON blockchain.registered_producers USING gin (energy_sources);

-- Name: registered_producers_type_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_producers_type_idx ON blockchain.registered_producers USING btree (producer_type);

-- Name: registered_producers_user_id_idx; Type: INDEX; Schema: blockchain

CREATE INDEX registered_producers_user_id_idx ON blockchain.registered_producers USING btree (user_id);

-- Name: smart_contracts_abi_idx; Type: INDEX; Schema: blockchain

CREATE INDEX smart_contracts_abi_idx ON blockchain.smart_contracts USING gin (abi jsonb_path_ops);

-- Name: smart_contracts_deployer_idx; Type: INDEX; Schema: blockchain

CREATE INDEX smart_contracts_deployer_idx ON blockchain.smart_contracts USING btree (deployer);

-- Name: smart_contracts_status_idx; Type: INDEX; Schema: blockchain

CREATE INDEX smart_contracts_status_idx ON blockchain.smart_contracts USING btree (status);

-- Name: notifications_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX notifications_created_at_idx ON ONLY community.notifications USING btree (created_at);

-- Name: notifications_data_idx; Type: INDEX; Schema: community

CREATE INDEX notifications_data_idx ON ONLY community.notifications USING gin (data jsonb_path_ops);

-- Name: notifications_is_read_idx; Type: INDEX; Schema: community

CREATE INDEX notifications_is_read_idx ON ONLY community.notifications USING btree (is_read);

-- Name: notifications_user_id_is_read_idx; Type: INDEX; Schema: community

CREATE INDEX notifications_user_id_is_read_idx ON ONLY community.notifications USING btree (user_id, is_read);

-- Name: profiles_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX profiles_created_at_idx ON community.profiles USING btree (created_at);

-- Name: profiles_preferences_idx; Type: INDEX; Schema: community

CREATE INDEX profiles_preferences_idx ON community.profiles USING gin (preferences jsonb_path_ops);

-- Name: settings_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX settings_created_at_idx ON community.settings USING btree (created_at);

-- Name: settings_is_public_idx; Type: INDEX; Schema: community

CREATE INDEX settings_is_public_idx ON community.settings USING btree (is_public);

-- Name: tokens_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX tokens_created_at_idx ON community.tokens USING btree (created_at);

-- Name: transactions_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_created_at_idx ON ONLY community.transactions USING btree (created_at);

-- Name: transactions_hash_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_hash_idx ON ONLY community.transactions USING btree (transaction_hash);

-- Name: transactions_metadata_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_metadata_idx ON ONLY community.transactions USING gin (metadata jsonb_path_ops);

-- Name: transactions_status_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_status_idx ON ONLY community.transactions USING btree (status);

-- Name: transactions_type_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_type_idx ON ONLY community.transactions USING btree (type);

-- Name: transactions_user_id_idx; Type: INDEX; Schema: community

CREATE INDEX transactions_user_id_idx ON ONLY community.transactions USING btree (user_id, created_at DESC);

-- Name: user_tokens_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX user_tokens_created_at_idx ON community.user_tokens USING btree (created_at);

-- Name: user_tokens_token_id_idx; Type: INDEX; Schema: community

CREATE INDEX user_tokens_token_id_idx ON community.user_tokens USING btree (token_id);

-- Name: user_tokens_voting_power_idx; Type: INDEX; Schema: community

CREATE INDEX user_tokens_voting_power_idx ON community.user_tokens USING btree (voting_power);

-- Name: wallets_created_at_idx; Type: INDEX; Schema: community

CREATE INDEX wallets_created_at_idx ON community.wallets USING btree (created_at);

-- Name: wallets_one_primary_idx; Type: INDEX; Schema: community

CREATE UNIQUE INDEX wallets_one_primary_idx ON community.wallets USING btree (user_id) WHERE is_primary;

-- Name: wallets_user_id_idx; Type: INDEX; Schema: community

CREATE INDEX wallets_user_id_idx ON community.wallets USING btree (user_id);

-- Name: crm_activities_deal_id_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_activities_deal_id_idx ON crm.crm_activities USING btree (deal_id, activity_date DESC);

-- Name: crm_activities_performed_by_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_activities_performed_by_idx ON crm.crm_activities USING btree (performed_by);

-- Name: crm_deals_lead_id_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_deals_lead_id_idx ON crm.crm_deals USING btree (lead_id);

-- Name: crm_deals_owner_id_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_deals_owner_id_idx ON crm.crm_deals USING btree (owner_id);

-- Name: crm_deals_stage_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_deals_stage_idx ON crm.crm_deals USING btree (stage, expected_close_date);

-- Name: crm_invoices_deal_id_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_invoices_deal_id_idx ON crm.crm_invoices USING btree (deal_id);

-- Name: crm_invoices_status_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_invoices_status_idx ON crm.crm_invoices USING btree (status, due_date);

-- Name: crm_leads_owner_id_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_leads_owner_id_idx ON crm.crm_leads USING btree (owner_id);

-- Name: crm_leads_status_idx; Type: INDEX; Schema: crm

CREATE INDEX crm_leads_status_idx ON crm.crm_leads USING btree (status);

-- Name: comments_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_created_at_idx ON ONLY governance.comments USING btree (created_at);

-- Name: comments_h0_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h0_created_at_idx ON governance.comments_h0 USING btree (created_at);

-- Name: comments_parent_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_parent_id_idx ON ONLY governance.comments USING btree (parent_id, proposal_id);

-- Name: comments_h0_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h0_parent_id_proposal_id_idx ON governance.comments_h0 USING btree (parent_id, proposal_id);

-- Name: comments_proposal_created_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_proposal_created_idx ON ONLY governance.comments USING btree (proposal_id, created_at);

-- Name: comments_h0_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h0_proposal_id_created_at_idx ON governance.comments_h0 USING btree (proposal_id, created_at);

-- Name: comments_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_user_id_idx ON ONLY governance.comments USING btree (user_id);

-- Name: comments_h0_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h0_user_id_idx ON governance.comments_h0 USING btree (user_id);

-- Name: comments_h1_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h1_created_at_idx ON governance.comments_h1 USING btree (created_at);

-- Name: comments_h1_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h1_parent_id_proposal_id_idx ON governance.comments_h1 USING btree (parent_id, proposal_id);

-- Name: comments_h1_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h1_proposal_id_created_at_idx ON governance.comments_h1 USING btree (proposal_id, created_at);

-- Name: comments_h1_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h1_user_id_idx ON governance.comments_h1 USING btree (user_id);

-- Name: comments_h2_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h2_created_at_idx ON governance.comments_h2 USING btree (created_at);

-- Name: comments_h2_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h2_parent_id_proposal_id_idx ON governance.comments_h2 USING btree (parent_id, proposal_id);

-- Name: comments_h2_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h2_proposal_id_created_at_idx ON governance.comments_h2 USING btree (proposal_id, created_at);

-- Name: comments_h2_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h2_user_id_idx ON governance.comments_h2 USING btree (user_id);

-- Name: comments_h3_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h3_created_at_idx ON governance.comments_h3 USING btree (created_at);

-- Name: comments_h3_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h3_parent_id_proposal_id_idx ON governance.comments_h3 USING btree (parent_id, proposal_id);

-- Name: comments_h3_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h3_proposal_id_created_at_idx ON governance.comments_h3 USING btree (proposal_id, created_at);

-- Name: comments_h3_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h3_user_id_idx ON governance.comments_h3 USING btree (user_id);

-- Name: comments_h4_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h4_created_at_idx ON governance.comments_h4 USING btree (created_at);

-- Name: comments_h4_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h4_parent_id_proposal_id_idx ON governance.comments_h4 USING btree (parent_id, proposal_id);

-- Name: comments_h4_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h4_proposal_id_created_at_idx ON governance.comments_h4 USING btree (proposal_id, created_at);

-- Name: comments_h4_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h4_user_id_idx ON governance.comments_h4 USING btree (user_id);

-- Name: comments_h5_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h5_created_at_idx ON governance.comments_h5 USING btree (created_at);

-- Name: comments_h5_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h5_parent_id_proposal_id_idx ON governance.comments_h5 USING btree (parent_id, proposal_id);

-- Name: comments_h5_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h5_proposal_id_created_at_idx ON governance.comments_h5 USING btree (proposal_id, created_at);

-- Name: comments_h5_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h5_user_id_idx ON governance.comments_h5 USING btree (user_id);

-- Name: comments_h6_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h6_created_at_idx ON governance.comments_h6 USING btree (created_at);

-- Name: comments_h6_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h6_parent_id_proposal_id_idx ON governance.comments_h6 USING btree (parent_id, proposal_id);

-- Name: comments_h6_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h6_proposal_id_created_at_idx ON governance.comments_h6 USING btree (proposal_id, created_at);

-- Name: comments_h6_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h6_user_id_idx ON governance.comments_h6 USING btree (user_id);

-- Name: comments_h7_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h7_created_at_idx ON governance.comments_h7 USING btree (created_at);

-- Name: comments_h7_parent_id_proposal_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h7_parent_id_proposal_id_idx ON governance.comments_h7 USING btree (parent_id, proposal_id);

-- Name: comments_h7_proposal_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h7_proposal_id_created_at_idx ON governance.comments_h7 USING btree (proposal_id, created_at);

-- Name: comments_h7_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX comments_h7_user_id_idx ON governance.comments_h7 USING btree (user_id);

-- Name: proposals_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_created_at_idx ON governance.proposals USING btree (created_at);

-- Name: proposals_metadata_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_metadata_idx ON governance.proposals USING gin (metadata jsonb_path_ops);

-- Name: proposals_proposer_id_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_proposer_id_idx ON governance.proposals USING btree (proposer_id);

-- Name: proposals_status_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_status_idx ON governance.proposals USING btree (status);

-- Name: proposals_voting_end_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_voting_end_idx ON governance.proposals USING btree (voting_end);

-- Name: proposals_voting_start_idx; Type: INDEX; Schema: governance

CREATE INDEX proposals_voting_start_idx ON governance.proposals USING btree (voting_start);

-- Name: votes_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_created_at_idx ON ONLY governance.votes USING btree (created_at);

-- Name: votes_h0_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h0_created_at_idx ON governance.votes_h0 USING btree (created_at);

-- Name: votes_voter_id_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_voter_id_idx ON ONLY governance.votes USING btree (voter_id, created_at DESC);

-- Name: votes_h0_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h0_voter_id_created_at_idx ON governance.votes_h0 USING btree (voter_id, created_at DESC);

-- Name: votes_h1_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h1_created_at_idx ON governance.votes_h1 USING btree (created_at);

-- Name: votes_h1_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h1_voter_id_created_at_idx ON governance.votes_h1 USING btree (voter_id, created_at DESC);

-- Name: votes_h2_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h2_created_at_idx ON governance.votes_h2 USING btree (created_at);

-- Name: votes_h2_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h2_voter_id_created_at_idx ON governance.votes_h2 USING btree (voter_id, created_at DESC);

-- Name: votes_h3_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h3_created_at_idx ON governance.votes_h3 USING btree (created_at);

-- Name: votes_h3_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h3_voter_id_created_at_idx ON governance.votes_h3 USING btree (voter_id, created_at DESC);

-- Name: votes_h4_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h4_created_at_idx ON governance.votes_h4 USING btree (created_at);

-- Name: votes_h4_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h4_voter_id_created_at_idx ON governance.votes_h4 USING btree (voter_id, created_at DESC);

-- Name: votes_h5_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h5_created_at_idx ON governance.votes_h5 USING btree (created_at);

-- Name: votes_h5_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h5_voter_id_created_at_idx ON governance.votes_h5 USING btree (voter_id, created_at DESC);

-- Name: votes_h6_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h6_created_at_idx ON governance.votes_h6 USING btree (created_at);

-- Name: votes_h6_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h6_voter_id_created_at_idx ON governance.votes_h6 USING btree (voter_id, created_at DESC);

-- Name: votes_h7_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h7_created_at_idx ON governance.votes_h7 USING btree (created_at);

-- Name: votes_h7_voter_id_created_at_idx; Type: INDEX; Schema: governance

CREATE INDEX votes_h7_voter_id_created_at_idx ON governance.votes_h7 USING btree (voter_id, created_at DESC);

-- Name: voting_power_snapshots_user_id_idx; Type: INDEX; Schema: governance

CREATE INDEX voting_power_snapshots_user_id_idx ON governance.voting_power_snapshots USING btree (user_id);

-- Name: carbon_credits_expires_at_idx; Type: INDEX; Schema: grid

CREATE INDEX carbon_credits_expires_at_idx ON grid.carbon_credits USING btree (expires_at) WHERE ((status)::text = 'active'::text);

-- Name: carbon_credits_holder_idx; Type: INDEX; Schema: grid

CREATE INDEX carbon_credits_holder_idx ON grid.carbon_credits USING btree (holder);

-- Name: carbon_credits_issuer_idx; Type: INDEX; Schema: grid

CREATE INDEX carbon_credits_issuer_idx ON grid.carbon_credits USING btree (issuer);

-- Name: carbon_credits_status_idx; Type: INDEX; Schema: grid

CREATE INDEX carbon_credits_status_idx ON grid.carbon_credits USING btree (status);

-- Name: energy_consumption_appliances_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_consumption_appliances_idx ON grid.energy_consumption USING gin (appliance_breakdown);

-- Name: energy_consumption_consumer_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_consumption_consumer_idx ON grid.energy_consumption USING btree (consumer_id, "timestamp" DESC);

-- Name: energy_consumption_location_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_consumption_location_idx ON grid.energy_consumption USING gin (location_json jsonb_path_ops);

-- Name: energy_consumption_timestamp_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_consumption_timestamp_idx ON grid.energy_consumption USING btree ("timestamp");

-- Name: energy_consumption_type_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_consumption_type_idx ON grid.energy_consumption USING btree (consumer_type, "timestamp" DESC);

-- Name: energy_production_location_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_production_location_idx ON grid.energy_production USING gin (location_json jsonb_path_ops);

-- Name: energy_production_producer_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_production_producer_idx ON grid.energy_production USING btree (producer_id, "timestamp" DESC);

-- Name: energy_production_source_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_production_source_idx ON grid.energy_production USING btree (energy_source, "timestamp" DESC);

-- Name: energy_production_timestamp_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_production_timestamp_idx ON grid.energy_production USING btree ("timestamp");

-- Name: energy_production_unverified_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_production_unverified_idx ON grid.energy_production USING btree ("timestamp") WHERE (NOT verified);

-- Name: energy_storage_location_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_storage_location_idx ON grid.energy_storage USING gin (location_json jsonb_path_ops);

-- Name: energy_storage_operator_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_storage_operator_idx ON grid.energy_storage USING btree (storage_operator);

-- Name: energy_storage_status_idx; Type: INDEX; Schema: grid

CREATE INDEX energy_storage_status_idx ON grid.energy_storage USING btree (status);

-- Name: locations_coordinates_idx; Type: INDEX; Schema: grid

CREATE INDEX locations_coordinates_idx ON grid.locations USING gist (coordinates);

-- Name: locations_location_data_idx; Type: INDEX; Schema: grid

CREATE INDEX locations_location_data_idx ON grid.locations USING gin (location_data jsonb_path_ops);

-- Name: storage_operations_executed_at_idx; Type: INDEX; Schema: grid

CREATE INDEX storage_operations_executed_at_idx ON grid.storage_operations USING btree (executed_at);

-- Name: storage_operations_storage_idx; Type: INDEX; Schema: grid

CREATE INDEX storage_operations_storage_idx ON grid.storage_operations USING btree (storage_id, executed_at DESC);

-- Name: storage_operations_unsettled_idx; Type: INDEX; Schema: grid

CREATE INDEX storage_operations_unsettled_idx ON grid.storage_operations USING btree (executed_at) WHERE ((settlement_status)::text = 'pending'::text);

-- Name: curtailment_plan_miners_miner_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX curtailment_plan_miners_miner_id_idx ON hosting.curtailment_plan_miners USING btree (miner_id);

-- Name: curtailment_plans_created_by_idx; Type: INDEX; Schema: hosting

CREATE INDEX curtailment_plans_created_by_idx ON hosting.curtailment_plans USING btree (created_by);

-- Name: curtailment_plans_site_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX curtailment_plans_site_id_idx ON hosting.curtailment_plans USING btree (site_id);

-- Name: curtailment_plans_status_scheduled_idx; Type: INDEX; Schema: hosting

CREATE INDEX curtailment_plans_status_scheduled_idx ON hosting.curtailment_plans USING btree (status, scheduled_time);

-- Name: hosting_miners_client_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX hosting_miners_client_id_idx ON hosting.hosting_miners USING btree (client_id);

-- Name: hosting_miners_miner_model_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX hosting_miners_miner_model_id_idx ON hosting.hosting_miners USING btree (miner_model_id);

-- Name: hosting_miners_polled_idx; Type: INDEX; Schema: hosting

CREATE INDEX hosting_miners_polled_idx ON hosting.hosting_miners USING btree (id) WHERE cgminer_enabled;

-- Name: hosting_miners_site_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX hosting_miners_site_id_idx ON hosting.hosting_miners USING btree (site_id, status);

-- Name: login_records_email_idx; Type: INDEX; Schema: hosting

CREATE INDEX login_records_email_idx ON hosting.login_records USING btree (email, login_time DESC);

-- Name: login_records_login_time_idx; Type: INDEX; Schema: hosting

CREATE INDEX login_records_login_time_idx ON hosting.login_records USING btree (login_time);

-- Name: miner_operation_log_miner_idx; Type: INDEX; Schema: hosting

CREATE INDEX miner_operation_log_miner_idx ON hosting.miner_operation_log USING btree (miner_id, "timestamp" DESC);

-- Name: miner_operation_log_performed_by_idx; Type: INDEX; Schema: hosting

CREATE INDEX miner_operation_log_performed_by_idx ON hosting.miner_operation_log USING btree (performed_by);

-- Name: miner_operation_log_timestamp_idx; Type: INDEX; Schema: hosting

CREATE INDEX miner_operation_log_timestamp_idx ON hosting.miner_operation_log USING btree ("timestamp");

-- Name: miner_telemetry_miner_recorded_idx; Type: INDEX; Schema: hosting

CREATE INDEX miner_telemetry_miner_recorded_idx ON ONLY hosting.miner_telemetry USING btree (miner_id, recorded_at);

-- Name: miner_telemetry_recorded_brin; Type: INDEX; Schema: hosting

CREATE INDEX miner_telemetry_recorded_brin ON ONLY hosting.miner_telemetry USING brin (recorded_at) WITH (pages_per_range='32');

-- Name: miner_telemetry_touched_idx; Type: INDEX; Schema: hosting

CREATE INDEX miner_telemetry_touched_idx ON ONLY hosting.miner_telemetry USING btree (transaction_id, date_bin('00:30:00'::interval, recorded_at, '1970-01-01 00:00:00+00'::timestamp with time zone));

-- Name: outbox_events_aggregate_idx; Type: INDEX; Schema: hosting

CREATE INDEX outbox_events_aggregate_idx ON hosting.outbox_events USING btree (aggregate_type, aggregate_id, id);

-- Name: outbox_events_pending_idx; Type: INDEX; Schema: hosting

CREATE INDEX outbox_events_pending_idx ON hosting.outbox_events USING btree (id) WHERE ((status)::text = 'pending'::text);

-- Name: outbox_events_processed_at_idx; Type: INDEX; Schema: hosting

CREATE INDEX outbox_events_processed_at_idx ON hosting.outbox_events USING btree (processed_at) WHERE ((status)::text = 'processed'::text);

-- Name: telemetry_30min_bucket_idx; Type: INDEX; Schema: hosting

CREATE INDEX telemetry_30min_bucket_idx ON ONLY hosting.telemetry_30min USING btree (bucket_start);

-- Name: user_access_granted_by_idx; Type: INDEX; Schema: hosting

CREATE INDEX user_access_granted_by_idx ON hosting.user_access USING btree (granted_by);

-- Name: user_access_user_id_idx; Type: INDEX; Schema: hosting

CREATE INDEX user_access_user_id_idx ON hosting.user_access USING btree (user_id, access_start_date);

-- Name: balance_changes_account_idx; Type: INDEX; Schema: indexer

CREATE INDEX balance_changes_account_idx ON ONLY indexer.balance_changes USING btree (account_id, slot DESC, tx_index DESC);

-- Name: deleted_rows_row_id_idx; Type: INDEX; Schema: indexer

CREATE INDEX deleted_rows_row_id_idx ON indexer.deleted_rows USING btree (row_id);

-- Name: dropped_partitions_partition_name_idx; Type: INDEX; Schema: indexer

CREATE INDEX dropped_partitions_partition_name_idx ON indexer.dropped_partitions USING btree (partition_name);

-- Name: lookup_table_addresses_home_key; Type: INDEX; Schema: indexer

CREATE UNIQUE INDEX lookup_table_addresses_home_key ON indexer.lookup_table_addresses USING btree (purpose, address) WHERE (NOT shared);

-- Name: lookup_table_addresses_wanted_idx; Type: INDEX; Schema: indexer

CREATE INDEX lookup_table_addresses_wanted_idx ON indexer.lookup_table_addresses USING btree (purpose, wanted_id) WHERE (table_address IS NULL);

-- Name: trade_leaves_pending_idx; Type: INDEX; Schema: indexer

CREATE INDEX trade_leaves_pending_idx ON ONLY indexer.trade_leaves USING btree (epoch_number, zone_id, part, trade_index) WHERE ((state)::text = 'pending'::text);

-- Name: tx_attempt_items_attempt_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempt_items_attempt_idx ON ONLY indexer.tx_attempt_items USING btree (blockhash_slot, signature);

-- Name: tx_attempt_items_closed_blockhash_slot_signature_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempt_items_closed_blockhash_slot_signature_idx ON ONLY indexer.tx_attempt_items_closed USING btree (blockhash_slot, signature);

-- Name: tx_attempt_items_live_blockhash_slot_signature_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempt_items_live_blockhash_slot_signature_idx ON indexer.tx_attempt_items_live USING btree (blockhash_slot, signature);

-- Name: tx_attempt_items_live_operation_key; Type: INDEX; Schema: indexer

CREATE UNIQUE INDEX tx_attempt_items_live_operation_key ON indexer.tx_attempt_items_live USING btree (operation);

-- Name: tx_attempt_items_operation_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempt_items_operation_idx ON ONLY indexer.tx_attempt_items_closed USING btree (operation);

-- Name: tx_attempts_live_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempts_live_idx ON ONLY indexer.tx_attempts USING btree (lease_name, last_valid_block_height) WHERE ((status)::text = ANY (ARRAY[('signed'::character varying)::text, ('sent'::character varying)::text]));

-- Name: tx_attempts_review_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempts_review_idx ON ONLY indexer.tx_attempts USING btree (kind) WHERE ((status)::text = 'review'::text);

-- Name: tx_attempts_signature_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempts_signature_idx ON ONLY indexer.tx_attempts USING btree (signature);

-- Name: tx_attempts_troubled_idx; Type: INDEX; Schema: indexer

CREATE INDEX tx_attempts_troubled_idx ON ONLY indexer.tx_attempts USING btree (created_at) WHERE ((review_reason IS NOT NULL) OR (last_send_error IS NOT NULL));

-- Name: watched_accounts_current_idx; Type: INDEX; Schema: indexer

CREATE UNIQUE INDEX watched_accounts_current_idx ON indexer.watched_accounts USING btree (address, kind) WHERE (until_slot IS NULL);

-- Name: asset_documents_asset_id_idx; Type: INDEX; Schema: investment

CREATE INDEX asset_documents_asset_id_idx ON investment.asset_documents USING btree (asset_id);

-- Name: energy_production_time_idx; Type: INDEX; Schema: investment

CREATE INDEX energy_production_time_idx ON ONLY investment.energy_production USING btree ("time" DESC);

-- Name: idx_assets_location; Type: INDEX; Schema: investment

CREATE INDEX idx_assets_location ON investment.assets USING gist (investment.ll_to_earth(location_lat, location_lon));

-- Name: INDEX idx_assets_location; Type: COMMENT; Schema: investment

COMMENT ON INDEX investment.idx_assets_location IS 'Deviation: over investment.ll_to_earth, since the index over the extension''s own function is lost in a restore.';

-- Name: idx_assets_status; Type: INDEX; Schema: investment

CREATE INDEX idx_assets_status ON investment.assets USING btree (status);

-- Name: idx_investments_asset; Type: INDEX; Schema: investment

CREATE INDEX idx_investments_asset ON investment.investments USING btree (asset_id);

-- Name: idx_investments_user; Type: INDEX; Schema: investment

CREATE INDEX idx_investments_user ON investment.investments USING btree (user_id);

-- Name: idx_production_asset_time; Type: INDEX; Schema: investment

CREATE UNIQUE INDEX idx_production_asset_time ON ONLY investment.energy_production USING btree (asset_id, "time" DESC);

-- Name: INDEX idx_production_asset_time; Type: COMMENT; Schema: investment

COMMENT ON INDEX investment.idx_production_asset_time IS 'Deviation: unique, so that a reading sent twice is stored once.';

-- Name: idx_weather_asset_time; Type: INDEX; Schema: investment

CREATE UNIQUE INDEX idx_weather_asset_time ON ONLY investment.weather_data USING btree (asset_id, "time" DESC);

-- Name: INDEX idx_weather_asset_time; Type: COMMENT; Schema: investment

COMMENT ON INDEX investment.idx_weather_asset_time IS 'Deviation: unique, so that a reading sent twice is stored once.';

-- Name: revenue_distributions_asset_id_idx; Type: INDEX; Schema: investment

CREATE INDEX revenue_distributions_asset_id_idx ON investment.revenue_distributions USING btree (asset_id, period_start);

-- Name: revenue_distributions_status_idx; Type: INDEX; Schema: investment

CREATE INDEX revenue_distributions_status_idx ON investment.revenue_distributions USING btree (status);

-- Name: revenue_payouts_user_id_idx; Type: INDEX; Schema: investment

CREATE INDEX revenue_payouts_user_id_idx ON investment.revenue_payouts USING btree (user_id);

-- Name: weather_data_time_idx; Type: INDEX; Schema: investment

CREATE INDEX weather_data_time_idx ON ONLY investment.weather_data USING btree ("time" DESC);

-- Name: grid_health_code_idx; Type: INDEX; Schema: monitoring

CREATE INDEX grid_health_code_idx ON ONLY monitoring.grid_health USING btree (grid_code, recorded_at DESC);

-- Name: grid_health_recorded_at_idx; Type: INDEX; Schema: monitoring

CREATE INDEX grid_health_recorded_at_idx ON ONLY monitoring.grid_health USING btree (recorded_at);

-- Name: system_metrics_labels_idx; Type: INDEX; Schema: monitoring

CREATE INDEX system_metrics_labels_idx ON ONLY monitoring.system_metrics USING gin (labels jsonb_path_ops);

-- Name: system_metrics_name_idx; Type: INDEX; Schema: monitoring

CREATE INDEX system_metrics_name_idx ON ONLY monitoring.system_metrics USING btree (metric_name, recorded_at DESC);

-- Name: system_metrics_recorded_at_idx; Type: INDEX; Schema: monitoring

CREATE INDEX system_metrics_recorded_at_idx ON ONLY monitoring.system_metrics USING btree (recorded_at);

-- Name: transaction_metrics_block_idx; Type: INDEX; Schema: monitoring

CREATE INDEX transaction_metrics_block_idx ON ONLY monitoring.transaction_metrics USING btree (block_number);

-- Name: transaction_metrics_recorded_at_idx; Type: INDEX; Schema: monitoring

CREATE INDEX transaction_metrics_recorded_at_idx ON ONLY monitoring.transaction_metrics USING btree (recorded_at);

-- Name: audit_logs_action_idx; Type: INDEX; Schema: public

CREATE INDEX audit_logs_action_idx ON ONLY public.audit_logs USING btree (action, created_at);

-- Name: audit_logs_created_at_idx; Type: INDEX; Schema: public

CREATE INDEX audit_logs_created_at_idx ON ONLY public.audit_logs USING btree (created_at);

-- Name: audit_logs_resource_idx; Type: INDEX; Schema: public

CREATE INDEX audit_logs_resource_idx ON ONLY public.audit_logs USING btree (resource_type, resource_id);

-- Name: audit_logs_server_transaction_idx; Type: INDEX; Schema: public

CREATE INDEX audit_logs_server_transaction_idx ON ONLY public.audit_logs USING btree (server_id, transaction_id, id);

-- Name: audit_logs_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX audit_logs_user_id_idx ON ONLY public.audit_logs USING btree (user_id, created_at);

-- Name: blockchain_events_minted_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_events_minted_idx ON ONLY public.blockchain_events USING btree (((data ->> 'meter_id'::text)), ((data ->> 'window'::text))) WHERE ((event_type)::text = 'EnergyMinted'::text);

-- Name: blockchain_events_program_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_events_program_idx ON ONLY public.blockchain_events USING btree (program_id, slot DESC, id DESC);

-- Name: blockchain_events_settlement_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_events_settlement_idx ON ONLY public.blockchain_events USING btree (((data ->> 'epoch'::text)), ((data ->> 'zone'::text)), event_type) WHERE ((event_type)::text = ANY (ARRAY[('SettlementOpened'::character varying)::text, ('TradesSettled'::character varying)::text, ('SettlementClosed'::character varying)::text]));

-- Name: blockchain_events_signature_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_events_signature_idx ON ONLY public.blockchain_events USING btree (signature);

-- Name: blockchain_events_type_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_events_type_idx ON ONLY public.blockchain_events USING btree (event_type, slot DESC, id DESC);

-- Name: blockchain_transactions_failed_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_transactions_failed_idx ON ONLY public.blockchain_transactions USING btree (block_time) WHERE ((status)::text = 'failed'::text);

-- Name: blockchain_transactions_signature_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_transactions_signature_idx ON ONLY public.blockchain_transactions USING btree (signature);

-- Name: blockchain_transactions_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX blockchain_transactions_user_id_idx ON ONLY public.blockchain_transactions USING btree (user_id) WHERE (user_id IS NOT NULL);

-- Name: erc_certificate_transfers_certificate_id_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificate_transfers_certificate_id_idx ON public.erc_certificate_transfers USING btree (certificate_id, transfer_date);

-- Name: erc_certificate_transfers_from_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificate_transfers_from_user_id_idx ON public.erc_certificate_transfers USING btree (from_user_id);

-- Name: erc_certificate_transfers_to_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificate_transfers_to_user_id_idx ON public.erc_certificate_transfers USING btree (to_user_id);

-- Name: erc_certificates_issue_date_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificates_issue_date_idx ON public.erc_certificates USING btree (issue_date);

-- Name: erc_certificates_status_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificates_status_idx ON public.erc_certificates USING btree (status);

-- Name: erc_certificates_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificates_user_id_idx ON public.erc_certificates USING btree (user_id);

-- Name: erc_certificates_wallet_address_idx; Type: INDEX; Schema: public

CREATE INDEX erc_certificates_wallet_address_idx ON public.erc_certificates USING btree (wallet_address);

-- Name: generation_claims_carbon_credit_id_idx; Type: INDEX; Schema: public

CREATE INDEX generation_claims_carbon_credit_id_idx ON public.generation_claims USING btree (carbon_credit_id) WHERE (carbon_credit_id IS NOT NULL);

-- Name: generation_claims_certificate_id_idx; Type: INDEX; Schema: public

CREATE INDEX generation_claims_certificate_id_idx ON public.generation_claims USING btree (certificate_id) WHERE (certificate_id IS NOT NULL);

-- Name: generation_claims_meter_id_idx; Type: INDEX; Schema: public

CREATE INDEX generation_claims_meter_id_idx ON public.generation_claims USING btree (meter_id) WHERE (meter_id IS NOT NULL);

-- Name: idx_meter_readings_blockchain_status; Type: INDEX; Schema: public

CREATE INDEX idx_meter_readings_blockchain_status ON ONLY public.meter_readings USING btree (blockchain_status);

-- Name: idx_meter_readings_timestamp; Type: INDEX; Schema: public

CREATE INDEX idx_meter_readings_timestamp ON ONLY public.meter_readings USING btree ("timestamp");

-- Name: idx_meter_readings_wallet; Type: INDEX; Schema: public

CREATE INDEX idx_meter_readings_wallet ON ONLY public.meter_readings USING btree (wallet_address);

-- Name: idx_trading_orders_epoch; Type: INDEX; Schema: public

CREATE INDEX idx_trading_orders_epoch ON public.trading_orders USING btree (epoch_id);

-- Name: idx_trading_orders_status; Type: INDEX; Schema: public

CREATE INDEX idx_trading_orders_status ON public.trading_orders USING btree (status);

-- Name: idx_trading_orders_user; Type: INDEX; Schema: public

CREATE INDEX idx_trading_orders_user ON public.trading_orders USING btree (user_id);

-- Name: idx_users_created_at; Type: INDEX; Schema: public

CREATE INDEX idx_users_created_at ON public.users USING btree (created_at);

-- Name: INDEX idx_users_email; Type: COMMENT; Schema: public

COMMENT ON INDEX public.idx_users_email IS 'Deviation: the index of the unique constraint; a second one would only cost writes.';

-- Name: idx_users_email_verified; Type: INDEX; Schema: public

CREATE INDEX idx_users_email_verified ON public.users USING btree (email_verified);

-- Name: idx_users_role; Type: INDEX; Schema: public

CREATE INDEX idx_users_role ON public.users USING btree (role);

-- Name: INDEX idx_users_wallet; Type: COMMENT; Schema: public

COMMENT ON INDEX public.idx_users_wallet IS 'Deviation: the index of the unique constraint; a second one would only cost writes.';

-- Name: market_epoch_parts_unfinished_idx; Type: INDEX; Schema: public

CREATE INDEX market_epoch_parts_unfinished_idx ON public.market_epoch_parts USING btree (zone_id, epoch_number, part) WHERE ((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('open'::character varying)::text, ('settled'::character varying)::text]));

-- Name: market_epochs_open_idx; Type: INDEX; Schema: public

CREATE INDEX market_epochs_open_idx ON public.market_epochs USING btree (status, end_time) WHERE ((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text, ('clearing'::character varying)::text, ('cleared'::character varying)::text]));

-- Name: meter_readings_mint_window_idx; Type: INDEX; Schema: public

CREATE INDEX meter_readings_mint_window_idx ON ONLY public.meter_readings USING btree (mint_window, meter_key) WHERE (mint_window IS NOT NULL);

-- Name: meter_readings_pending_idx; Type: INDEX; Schema: public

CREATE INDEX meter_readings_pending_idx ON ONLY public.meter_readings USING btree ("timestamp") WHERE ((blockchain_status)::text = 'pending'::text);

-- Name: meter_readings_queued_idx; Type: INDEX; Schema: public

CREATE INDEX meter_readings_queued_idx ON ONLY public.meter_readings USING btree (meter_id, "timestamp") WHERE ((blockchain_status)::text = 'queued'::text);

-- Name: meter_readings_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX meter_readings_user_id_idx ON ONLY public.meter_readings USING btree (user_id);

-- Name: meter_registry_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX meter_registry_user_id_idx ON public.meter_registry USING btree (user_id);

-- Name: meter_registry_verified_by_idx; Type: INDEX; Schema: public

CREATE INDEX meter_registry_verified_by_idx ON public.meter_registry USING btree (verified_by) WHERE (verified_by IS NOT NULL);

-- Name: minting_retry_queue_attention_idx; Type: INDEX; Schema: public

CREATE INDEX minting_retry_queue_attention_idx ON ONLY public.minting_retry_queue USING btree (status, mint_window) WHERE ((status)::text = ANY (ARRAY[('parked'::character varying)::text, ('rejected'::character varying)::text, ('review'::character varying)::text]));

-- Name: minting_retry_queue_leased_idx; Type: INDEX; Schema: public

CREATE INDEX minting_retry_queue_leased_idx ON ONLY public.minting_retry_queue USING btree (mint_window, meter_key) WHERE ((status)::text = 'leased'::text);

-- Name: minting_retry_queue_open_idx; Type: INDEX; Schema: public

CREATE INDEX minting_retry_queue_open_idx ON ONLY public.minting_retry_queue USING btree (meter_key, mint_window) WHERE (amount_base_units IS NULL);

-- Name: minting_retry_queue_queued_idx; Type: INDEX; Schema: public

CREATE INDEX minting_retry_queue_queued_idx ON ONLY public.minting_retry_queue USING btree (mint_window, meter_key) WHERE ((status)::text = 'queued'::text);

-- Name: minting_retry_queue_reading_idx; Type: INDEX; Schema: public

CREATE INDEX minting_retry_queue_reading_idx ON ONLY public.minting_retry_queue USING btree (reading_id, reading_timestamp);

-- Name: order_matches_buy_order_id_idx; Type: INDEX; Schema: public

CREATE INDEX order_matches_buy_order_id_idx ON public.order_matches USING btree (buy_order_id);

-- Name: order_matches_sell_order_id_idx; Type: INDEX; Schema: public

CREATE INDEX order_matches_sell_order_id_idx ON public.order_matches USING btree (sell_order_id);

-- Name: order_matches_settlement_id_idx; Type: INDEX; Schema: public

CREATE INDEX order_matches_settlement_id_idx ON public.order_matches USING btree (settlement_id);

-- Name: settlements_buyer_id_idx; Type: INDEX; Schema: public

CREATE INDEX settlements_buyer_id_idx ON public.settlements USING btree (buyer_id);

-- Name: settlements_error_idx; Type: INDEX; Schema: public

CREATE INDEX settlements_error_idx ON public.settlements USING btree (updated_at) WHERE (error_message IS NOT NULL);

-- Name: settlements_seller_id_idx; Type: INDEX; Schema: public

CREATE INDEX settlements_seller_id_idx ON public.settlements USING btree (seller_id);

-- Name: settlements_unfinished_idx; Type: INDEX; Schema: public

CREATE INDEX settlements_unfinished_idx ON public.settlements USING btree (epoch_id) WHERE ((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('processing'::character varying)::text]));

-- Name: trading_orders_closed_epoch_id_idx; Type: INDEX; Schema: public

CREATE INDEX trading_orders_closed_epoch_id_idx ON public.trading_orders USING btree (closed_epoch_id) WHERE (closed_epoch_id IS NOT NULL);

-- Name: trading_orders_meter_id_idx; Type: INDEX; Schema: public

CREATE INDEX trading_orders_meter_id_idx ON public.trading_orders USING btree (meter_id) WHERE (meter_id IS NOT NULL);

-- Name: trading_orders_open_idx; Type: INDEX; Schema: public

CREATE INDEX trading_orders_open_idx ON public.trading_orders USING btree (zone_id, seq) WHERE ((status)::text = ANY (ARRAY[('pending'::character varying)::text, ('active'::character varying)::text, ('partially_filled'::character varying)::text]));

-- Name: user_activities_activity_type_idx; Type: INDEX; Schema: public

CREATE INDEX user_activities_activity_type_idx ON ONLY public.user_activities USING btree (activity_type, created_at);

-- Name: user_activities_user_id_idx; Type: INDEX; Schema: public

CREATE INDEX user_activities_user_id_idx ON ONLY public.user_activities USING btree (user_id, created_at);

-- Name: trades_buy_order_id_idx; Type: INDEX; Schema: trading

CREATE INDEX trades_buy_order_id_idx ON trading.trades USING btree (buy_order_id);

-- Name: trades_buyer_id_idx; Type: INDEX; Schema: trading

CREATE INDEX trades_buyer_id_idx ON trading.trades USING btree (buyer_id);

-- Name: trades_executed_at_idx; Type: INDEX; Schema: trading

CREATE INDEX trades_executed_at_idx ON trading.trades USING btree (executed_at);

-- Name: trades_sell_order_id_idx; Type: INDEX; Schema: trading

CREATE INDEX trades_sell_order_id_idx ON trading.trades USING btree (sell_order_id);

-- Name: trades_seller_id_idx; Type: INDEX; Schema: trading

CREATE INDEX trades_seller_id_idx ON trading.trades USING btree (seller_id);

-- Name: comments_h0_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h0_created_at_idx;

-- Name: comments_h0_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h0_parent_id_proposal_id_idx;

-- Name: comments_h0_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h0_pkey;

-- Name: comments_h0_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h0_proposal_id_created_at_idx;

-- Name: comments_h0_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h0_user_id_idx;

-- Name: comments_h1_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h1_created_at_idx;

-- Name: comments_h1_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h1_parent_id_proposal_id_idx;

-- Name: comments_h1_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h1_pkey;

-- Name: comments_h1_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h1_proposal_id_created_at_idx;

-- Name: comments_h1_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h1_user_id_idx;

-- Name: comments_h2_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h2_created_at_idx;

-- Name: comments_h2_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h2_parent_id_proposal_id_idx;

-- Name: comments_h2_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h2_pkey;

-- Name: comments_h2_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h2_proposal_id_created_at_idx;

-- Name: comments_h2_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h2_user_id_idx;

-- Name: comments_h3_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h3_created_at_idx;

-- Name: comments_h3_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h3_parent_id_proposal_id_idx;

-- Name: comments_h3_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h3_pkey;

-- Name: comments_h3_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h3_proposal_id_created_at_idx;

-- Name: comments_h3_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h3_user_id_idx;

-- Name: comments_h4_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h4_created_at_idx;

-- Name: comments_h4_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h4_parent_id_proposal_id_idx;

-- Name: comments_h4_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h4_pkey;

-- Name: comments_h4_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h4_proposal_id_created_at_idx;

-- Name: comments_h4_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h4_user_id_idx;

-- Name: comments_h5_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h5_created_at_idx;

-- Name: comments_h5_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h5_parent_id_proposal_id_idx;

-- Name: comments_h5_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h5_pkey;

-- Name: comments_h5_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h5_proposal_id_created_at_idx;

-- Name: comments_h5_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h5_user_id_idx;

-- Name: comments_h6_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h6_created_at_idx;

-- Name: comments_h6_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h6_parent_id_proposal_id_idx;

-- Name: comments_h6_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h6_pkey;

-- Name: comments_h6_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h6_proposal_id_created_at_idx;

-- Name: comments_h6_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h6_user_id_idx;

-- Name: comments_h7_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_created_at_idx ATTACH PARTITION governance.comments_h7_created_at_idx;

-- Name: comments_h7_parent_id_proposal_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_parent_id_idx ATTACH PARTITION governance.comments_h7_parent_id_proposal_id_idx;

-- Name: comments_h7_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_pkey ATTACH PARTITION governance.comments_h7_pkey;

-- Name: comments_h7_proposal_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_proposal_created_idx ATTACH PARTITION governance.comments_h7_proposal_id_created_at_idx;

-- Name: comments_h7_user_id_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.comments_user_id_idx ATTACH PARTITION governance.comments_h7_user_id_idx;

-- Name: votes_h0_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h0_created_at_idx;

-- Name: votes_h0_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h0_pkey;

-- Name: votes_h0_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h0_proposal_id_voter_id_key;

-- Name: votes_h0_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h0_voter_id_created_at_idx;

-- Name: votes_h1_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h1_created_at_idx;

-- Name: votes_h1_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h1_pkey;

-- Name: votes_h1_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h1_proposal_id_voter_id_key;

-- Name: votes_h1_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h1_voter_id_created_at_idx;

-- Name: votes_h2_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h2_created_at_idx;

-- Name: votes_h2_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h2_pkey;

-- Name: votes_h2_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h2_proposal_id_voter_id_key;

-- Name: votes_h2_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h2_voter_id_created_at_idx;

-- Name: votes_h3_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h3_created_at_idx;

-- Name: votes_h3_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h3_pkey;

-- Name: votes_h3_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h3_proposal_id_voter_id_key;

-- Name: votes_h3_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h3_voter_id_created_at_idx;

-- Name: votes_h4_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h4_created_at_idx;

-- Name: votes_h4_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h4_pkey;

-- Name: votes_h4_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h4_proposal_id_voter_id_key;

-- Name: votes_h4_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h4_voter_id_created_at_idx;

-- Name: votes_h5_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h5_created_at_idx;

-- Name: votes_h5_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h5_pkey;

-- Name: votes_h5_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h5_proposal_id_voter_id_key;

-- Name: votes_h5_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h5_voter_id_created_at_idx;

-- Name: votes_h6_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h6_created_at_idx;

-- Name: votes_h6_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h6_pkey;

-- Name: votes_h6_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h6_proposal_id_voter_id_key;

-- Name: votes_h6_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h6_voter_id_created_at_idx;

-- Name: votes_h7_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_created_at_idx ATTACH PARTITION governance.votes_h7_created_at_idx;

-- Name: votes_h7_pkey; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_pkey ATTACH PARTITION governance.votes_h7_pkey;

-- Name: votes_h7_proposal_id_voter_id_key; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_proposal_id_voter_id_key ATTACH PARTITION governance.votes_h7_proposal_id_voter_id_key;

-- Name: votes_h7_voter_id_created_at_idx; Type: INDEX ATTACH; Schema: governance

ALTER INDEX governance.votes_voter_id_idx ATTACH PARTITION governance.votes_h7_voter_id_created_at_idx;

-- Name: tx_attempt_items_closed_blockhash_slot_signature_idx; Type: INDEX ATTACH; Schema: indexer

ALTER INDEX indexer.tx_attempt_items_attempt_idx ATTACH PARTITION indexer.tx_attempt_items_closed_blockhash_slot_signature_idx;

-- Name: tx_attempt_items_live_blockhash_slot_signature_idx; Type: INDEX ATTACH; Schema: indexer

ALTER INDEX indexer.tx_attempt_items_attempt_idx ATTACH PARTITION indexer.tx_attempt_items_live_blockhash_slot_signature_idx;

-- Name: api_curtailments _RETURN; Type: RULE; Schema: hosting

CREATE OR REPLACE VIEW hosting.api_curtailments AS
 SELECT p.id,
    p.site_id,
    s.name AS site_name,
    p.plan_type,
    p.status,
    p.target_power_reduction AS target_mw,
    p.scheduled_time,
    p.executed_at,
    p.recovery_time,
    p.recovered_at,
    p.power_reduced AS reduced_mw,
    count(m.id) AS planned_miners,
    (COALESCE(sum(d.power_consumption), (0)::numeric) / (1000000)::numeric) AS planned_mw,
    COALESCE(sum(d.hashrate), (0)::numeric) AS hashrate_loss,
    ((COALESCE(sum(d.power_consumption), (0)::numeric) / (1000000)::numeric) >= p.target_power_reduction) AS reaches_target
   FROM ((((hosting.curtailment_plans p
     JOIN hosting.hosting_sites s ON ((s.id = p.site_id)))
     LEFT JOIN hosting.curtailment_plan_miners m ON ((m.plan_id = p.id)))
     LEFT JOIN hosting.hosting_miners h ON ((h.id = m.miner_id)))
     LEFT JOIN hosting.miner_models d ON ((d.id = h.miner_model_id)))
  GROUP BY p.id, s.name;

-- Name: market_analytics audit_change; Type: TRIGGER; Schema: analytics

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON analytics.market_analytics FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('analytics.market_analytics', 'id');

-- Name: technical_indicators audit_change; Type: TRIGGER; Schema: analytics

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON analytics.technical_indicators FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('analytics.technical_indicators', 'id');

-- Name: market_analytics audit_truncate; Type: TRIGGER; Schema: analytics

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON analytics.market_analytics FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: technical_indicators audit_truncate; Type: TRIGGER; Schema: analytics

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON analytics.technical_indicators FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: contract_executions audit_change; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON blockchain.contract_executions FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('blockchain.contract_executions', 'id');

-- Name: registered_consumers audit_change; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON blockchain.registered_consumers FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('blockchain.registered_consumers', 'id');

-- Name: registered_producers audit_change; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON blockchain.registered_producers FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('blockchain.registered_producers', 'id');

-- Name: smart_contracts audit_change; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON blockchain.smart_contracts FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('blockchain.smart_contracts', 'id');

-- Name: contract_executions audit_truncate; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON blockchain.contract_executions FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: registered_consumers audit_truncate; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON blockchain.registered_consumers FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: registered_producers audit_truncate; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON blockchain.registered_producers FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: smart_contracts audit_truncate; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON blockchain.smart_contracts FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: registered_consumers registered_consumers_touch; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER registered_consumers_touch BEFORE UPDATE ON blockchain.registered_consumers FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: registered_producers registered_producers_touch; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER registered_producers_touch BEFORE UPDATE ON blockchain.registered_producers FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: smart_contracts smart_contracts_ended_kept; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER smart_contracts_ended_kept BEFORE DELETE OR UPDATE ON blockchain.smart_contracts FOR EACH ROW WHEN (((old.status)::text = 'destroyed'::text)) EXECUTE FUNCTION indexer.keep_ended_row('status', 'contract_address', '', '', '');

-- Name: smart_contracts smart_contracts_status_final; Type: TRIGGER; Schema: blockchain

CREATE TRIGGER smart_contracts_status_final BEFORE UPDATE OF status ON blockchain.smart_contracts FOR EACH ROW WHEN ((((old.status)::text = 'destroyed'::text) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'contract_address');

-- Name: profiles audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.profiles FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.profiles', 'id');

-- Name: settings audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.settings FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.settings', 'id');

-- Name: tokens audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.tokens FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.tokens', 'id');

-- Name: transactions audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.transactions FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.transactions', 'id');

-- Name: user_tokens audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.user_tokens FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.user_tokens', 'id');

-- Name: wallets audit_change; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON community.wallets FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('community.wallets', 'id');

-- Name: profiles audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.profiles FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: settings audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.settings FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: tokens audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.tokens FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: transactions audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.transactions FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: user_tokens audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.user_tokens FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: wallets audit_truncate; Type: TRIGGER; Schema: community

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON community.wallets FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: notifications notifications_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER notifications_touch BEFORE UPDATE ON community.notifications FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: profiles profiles_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER profiles_touch BEFORE UPDATE ON community.profiles FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: settings settings_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER settings_touch BEFORE UPDATE ON community.settings FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: tokens tokens_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER tokens_touch BEFORE UPDATE ON community.tokens FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: transactions transactions_ended_kept; Type: TRIGGER; Schema: community

CREATE TRIGGER transactions_ended_kept BEFORE DELETE OR UPDATE ON community.transactions FOR EACH ROW WHEN (((old.status)::text = ANY (ARRAY[('confirmed'::character varying)::text, ('failed'::character varying)::text]))) EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'description,metadata', 'transaction_hash', '');

-- Name: transactions transactions_status_final; Type: TRIGGER; Schema: community

CREATE TRIGGER transactions_status_final BEFORE UPDATE OF status ON community.transactions FOR EACH ROW WHEN ((((old.status)::text = ANY (ARRAY[('confirmed'::character varying)::text, ('failed'::character varying)::text])) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');

-- Name: transactions transactions_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER transactions_touch BEFORE UPDATE ON community.transactions FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: user_tokens user_tokens_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER user_tokens_touch BEFORE UPDATE ON community.user_tokens FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: wallets wallets_touch; Type: TRIGGER; Schema: community

CREATE TRIGGER wallets_touch BEFORE UPDATE ON community.wallets FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: crm_activities audit_change; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON crm.crm_activities FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('crm.crm_activities', 'id');

-- Name: crm_deals audit_change; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON crm.crm_deals FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('crm.crm_deals', 'id');

-- Name: crm_invoices audit_change; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON crm.crm_invoices FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('crm.crm_invoices', 'id');

-- Name: crm_leads audit_change; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON crm.crm_leads FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('crm.crm_leads', 'id');

-- Name: crm_activities audit_truncate; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON crm.crm_activities FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: crm_deals audit_truncate; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON crm.crm_deals FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: crm_invoices audit_truncate; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON crm.crm_invoices FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: crm_leads audit_truncate; Type: TRIGGER; Schema: crm

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON crm.crm_leads FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: crm_deals crm_deals_close; Type: TRIGGER; Schema: crm

CREATE TRIGGER crm_deals_close BEFORE INSERT OR UPDATE OF stage ON crm.crm_deals FOR EACH ROW EXECUTE FUNCTION indexer.crm_deals_close();

-- Name: crm_leads crm_leads_touch; Type: TRIGGER; Schema: crm

CREATE TRIGGER crm_leads_touch BEFORE UPDATE ON crm.crm_leads FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: comments audit_change; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON governance.comments FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('governance.comments', 'id');

-- Name: votes audit_change; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON governance.votes FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('governance.votes', 'id');

-- Name: voting_power_snapshots audit_change; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON governance.voting_power_snapshots FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('governance.voting_power_snapshots', 'proposal_id,user_id');

-- Name: proposals audit_enter; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_enter AFTER INSERT OR DELETE ON governance.proposals FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('governance.proposals', 'id');

-- Name: comments audit_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON governance.comments FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: proposals audit_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON governance.proposals FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: votes audit_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON governance.votes FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: voting_power_snapshots audit_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON governance.voting_power_snapshots FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: proposals audit_update; Type: TRIGGER; Schema: governance

CREATE TRIGGER audit_update AFTER UPDATE ON governance.proposals FOR EACH ROW WHEN ((((((((((((((((old.id IS DISTINCT FROM new.id) OR (old.proposer_id IS DISTINCT FROM new.proposer_id)) OR ((old.title)::text IS DISTINCT FROM (new.title)::text)) OR (old.description IS DISTINCT FROM new.description)) OR ((old.type)::text IS DISTINCT FROM (new.type)::text)) OR ((old.status)::text IS DISTINCT FROM (new.status)::text)) OR (old.metadata IS DISTINCT FROM new.metadata)) OR (old.voting_start IS DISTINCT FROM new.voting_start)) OR (old.voting_end IS DISTINCT FROM new.voting_end)) OR (old.quorum_threshold IS DISTINCT FROM new.quorum_threshold)) OR (old.approval_threshold IS DISTINCT FROM new.approval_threshold)) OR (old.total_voting_power IS DISTINCT FROM new.total_voting_power)) OR (old.activated_at IS DISTINCT FROM new.activated_at)) OR (old.closed_at IS DISTINCT FROM new.closed_at)) OR (old.created_at IS DISTINCT FROM new.created_at))) EXECUTE FUNCTION indexer.audit_row('governance.proposals', 'id');

-- Name: comments comments_keep_place; Type: TRIGGER; Schema: governance

CREATE TRIGGER comments_keep_place BEFORE UPDATE OF id, proposal_id, parent_id, user_id ON governance.comments FOR EACH ROW WHEN (((((old.id IS DISTINCT FROM new.id) OR (old.proposal_id IS DISTINCT FROM new.proposal_id)) OR (old.parent_id IS DISTINCT FROM new.parent_id)) OR (old.user_id IS DISTINCT FROM new.user_id))) EXECUTE FUNCTION indexer.comments_keep_place();

-- Name: comments comments_touch; Type: TRIGGER; Schema: governance

CREATE TRIGGER comments_touch BEFORE UPDATE ON governance.comments FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: proposals proposals_ended_kept; Type: TRIGGER; Schema: governance

CREATE TRIGGER proposals_ended_kept BEFORE DELETE OR UPDATE ON governance.proposals FOR EACH ROW WHEN (((old.status)::text = ANY (ARRAY[('passed'::character varying)::text, ('rejected'::character varying)::text, ('expired'::character varying)::text]))) EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'metadata', '', '');

-- Name: proposals proposals_enter; Type: TRIGGER; Schema: governance

CREATE TRIGGER proposals_enter BEFORE INSERT ON governance.proposals FOR EACH ROW EXECUTE FUNCTION indexer.proposals_enter();

-- Name: proposals proposals_guard; Type: TRIGGER; Schema: governance

CREATE TRIGGER proposals_guard BEFORE UPDATE ON governance.proposals FOR EACH ROW EXECUTE FUNCTION indexer.proposals_guard();

-- Name: votes votes_keep_voter; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_keep_voter BEFORE UPDATE OF id, proposal_id, voter_id ON governance.votes FOR EACH ROW WHEN ((((old.id IS DISTINCT FROM new.id) OR (old.proposal_id IS DISTINCT FROM new.proposal_id)) OR (old.voter_id IS DISTINCT FROM new.voter_id))) EXECUTE FUNCTION indexer.votes_keep_voter();

-- Name: votes votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h0 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h0 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h1 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h1 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h2 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h2 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h3 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h3 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h4 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h4 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h5 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h5 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h6 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h6 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes_h7 votes_no_truncate; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h7 FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();

-- Name: votes votes_take_power; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_take_power BEFORE INSERT ON governance.votes FOR EACH ROW WHEN ((new.voting_power IS NULL)) EXECUTE FUNCTION indexer.votes_take_power();

-- Name: votes votes_tally_delete; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_tally_delete AFTER DELETE ON governance.votes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();

-- Name: votes votes_tally_insert; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_tally_insert AFTER INSERT ON governance.votes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();

-- Name: votes votes_tally_update; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_tally_update AFTER UPDATE ON governance.votes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();

-- Name: votes votes_touch; Type: TRIGGER; Schema: governance

CREATE TRIGGER votes_touch BEFORE UPDATE ON governance.votes FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: voting_power_snapshots voting_power_snapshots_delete; Type: TRIGGER; Schema: governance

CREATE TRIGGER voting_power_snapshots_delete AFTER DELETE ON governance.voting_power_snapshots REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();

-- Name: voting_power_snapshots voting_power_snapshots_insert; Type: TRIGGER; Schema: governance

CREATE TRIGGER voting_power_snapshots_insert AFTER INSERT ON governance.voting_power_snapshots REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();

-- Name: voting_power_snapshots voting_power_snapshots_update; Type: TRIGGER; Schema: governance

CREATE TRIGGER voting_power_snapshots_update AFTER UPDATE ON governance.voting_power_snapshots REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();

-- Name: carbon_credits audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON grid.carbon_credits FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.carbon_credits', 'id');

-- Name: energy_consumption audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON grid.energy_consumption FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.energy_consumption', 'id');

-- Name: energy_production audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON grid.energy_production FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.energy_production', 'id');

-- Name: energy_storage audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON grid.energy_storage FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.energy_storage', 'id');

-- Name: locations audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON grid.locations FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.locations', 'id');

-- Name: storage_operations audit_change; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON grid.storage_operations FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('grid.storage_operations', 'id');

-- Name: carbon_credits audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.carbon_credits FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: energy_consumption audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.energy_consumption FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: energy_production audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.energy_production FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: energy_storage audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.energy_storage FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: locations audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.locations FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: storage_operations audit_truncate; Type: TRIGGER; Schema: grid

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON grid.storage_operations FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: carbon_credits carbon_credits_ended_kept; Type: TRIGGER; Schema: grid

CREATE TRIGGER carbon_credits_ended_kept BEFORE DELETE OR UPDATE ON grid.carbon_credits FOR EACH ROW WHEN (((old.status)::text = ANY (ARRAY[('retired'::character varying)::text, ('cancelled'::character varying)::text, ('expired'::character varying)::text]))) EXECUTE FUNCTION indexer.keep_ended_row('status', 'credit_id', '', 'retired_at', '');

-- Name: carbon_credits carbon_credits_issue_fixed; Type: TRIGGER; Schema: grid

CREATE TRIGGER carbon_credits_issue_fixed BEFORE UPDATE OF credit_id, issuer, energy_source, energy_amount, offset_amount, certification_body, serial_first, serial_last, issued_at ON grid.carbon_credits FOR EACH ROW EXECUTE FUNCTION indexer.keep_columns('credit_id', 'credit_id,issuer,energy_source,energy_amount,offset_amount,certification_body,serial_first,serial_last,issued_at');

-- Name: carbon_credits carbon_credits_status_final; Type: TRIGGER; Schema: grid

CREATE TRIGGER carbon_credits_status_final BEFORE UPDATE OF status ON grid.carbon_credits FOR EACH ROW WHEN ((((old.status)::text = ANY (ARRAY[('retired'::character varying)::text, ('cancelled'::character varying)::text, ('expired'::character varying)::text])) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'credit_id');

-- Name: energy_storage energy_storage_touch; Type: TRIGGER; Schema: grid

CREATE TRIGGER energy_storage_touch BEFORE UPDATE ON grid.energy_storage FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: locations locations_touch; Type: TRIGGER; Schema: grid

CREATE TRIGGER locations_touch BEFORE UPDATE ON grid.locations FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: curtailment_plan_miners audit_change; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON hosting.curtailment_plan_miners FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.curtailment_plan_miners', 'id');

-- Name: curtailment_plans audit_change; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON hosting.curtailment_plans FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.curtailment_plans', 'id');

-- Name: hosting_miners audit_change; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON hosting.hosting_miners FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.hosting_miners', 'id');

-- Name: miner_models audit_change; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON hosting.miner_models FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.miner_models', 'id');

-- Name: user_access audit_change; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON hosting.user_access FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.user_access', 'id');

-- Name: hosting_sites audit_enter; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_enter AFTER INSERT OR DELETE ON hosting.hosting_sites FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.hosting_sites', 'id');

-- Name: curtailment_plan_miners audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.curtailment_plan_miners FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: curtailment_plans audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.curtailment_plans FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: hosting_miners audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.hosting_miners FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: hosting_sites audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.hosting_sites FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: miner_models audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.miner_models FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: user_access audit_truncate; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON hosting.user_access FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: hosting_sites audit_update; Type: TRIGGER; Schema: hosting

CREATE TRIGGER audit_update AFTER UPDATE ON hosting.hosting_sites FOR EACH ROW WHEN ((((((old.id IS DISTINCT FROM new.id) OR (old.name IS DISTINCT FROM new.name)) OR (old.location IS DISTINCT FROM new.location)) OR (old.capacity_mw IS DISTINCT FROM new.capacity_mw)) OR (old.created_at IS DISTINCT FROM new.created_at))) EXECUTE FUNCTION indexer.audit_row('hosting.hosting_sites', 'id');

-- Name: curtailment_plan_miners curtailment_plan_miners_plan_open; Type: TRIGGER; Schema: hosting

CREATE TRIGGER curtailment_plan_miners_plan_open BEFORE INSERT OR DELETE OR UPDATE ON hosting.curtailment_plan_miners FOR EACH ROW EXECUTE FUNCTION indexer.curtailment_plan_miners_guard();

-- Name: curtailment_plans curtailment_plans_ended_kept; Type: TRIGGER; Schema: hosting

CREATE TRIGGER curtailment_plans_ended_kept BEFORE DELETE OR UPDATE ON hosting.curtailment_plans FOR EACH ROW WHEN ((old.status = ANY (ARRAY['executed'::text, 'cancelled'::text]))) EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'recovery_time', 'recovered_at', 'created_by');

-- Name: curtailment_plans curtailment_plans_status_final; Type: TRIGGER; Schema: hosting

CREATE TRIGGER curtailment_plans_status_final BEFORE UPDATE OF status ON hosting.curtailment_plans FOR EACH ROW WHEN (((old.status = ANY (ARRAY['executed'::text, 'cancelled'::text])) AND (new.status <> old.status))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');

-- Name: hosting_miners hosting_miners_count_delete; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_miners_count_delete AFTER DELETE ON hosting.hosting_miners REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.hosting_sites_count();

-- Name: hosting_miners hosting_miners_count_insert; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_miners_count_insert AFTER INSERT ON hosting.hosting_miners REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.hosting_sites_count();

-- Name: hosting_miners hosting_miners_count_update; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_miners_count_update AFTER UPDATE ON hosting.hosting_miners REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.hosting_sites_count();

-- Name: hosting_miners hosting_miners_touch; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_miners_touch BEFORE UPDATE ON hosting.hosting_miners FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: hosting_sites hosting_sites_counts; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_sites_counts BEFORE UPDATE OF total_miners, active_miners ON hosting.hosting_sites FOR EACH ROW WHEN (((old.total_miners IS DISTINCT FROM new.total_miners) OR (old.active_miners IS DISTINCT FROM new.active_miners))) EXECUTE FUNCTION indexer.hosting_sites_guard();

-- Name: hosting_sites hosting_sites_new_counts; Type: TRIGGER; Schema: hosting

CREATE TRIGGER hosting_sites_new_counts BEFORE INSERT ON hosting.hosting_sites FOR EACH ROW WHEN (((new.total_miners <> 0) OR (new.active_miners <> 0))) EXECUTE FUNCTION indexer.hosting_sites_guard();

-- Name: dropped_partitions audit_change; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON indexer.dropped_partitions FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.dropped_partitions', 'id');

-- Name: fee_schedules audit_change; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON indexer.fee_schedules FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.fee_schedules', 'effective_from');

-- Name: market_rules audit_change; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON indexer.market_rules FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.market_rules', 'id');

-- Name: partition_policies audit_change; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON indexer.partition_policies FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.partition_policies', 'table_name');

-- Name: settings audit_change; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON indexer.settings FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.settings', 'key');

-- Name: audit_seal_parts audit_seal_parts_append_only; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_seal_parts_append_only BEFORE DELETE OR UPDATE ON indexer.audit_seal_parts FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('seal_number', 'part');

-- Name: audit_seal_parts audit_seal_parts_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_seal_parts_no_truncate BEFORE TRUNCATE ON indexer.audit_seal_parts FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Name: audit_seals audit_seals_append_only; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_seals_append_only BEFORE DELETE OR UPDATE ON indexer.audit_seals FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('seal_number');

-- Name: audit_seals audit_seals_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON indexer.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Name: dropped_partitions audit_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.dropped_partitions FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: fee_schedules audit_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.fee_schedules FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: market_rules audit_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.market_rules FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: partition_policies audit_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.partition_policies FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: settings audit_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.settings FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: dropped_partitions dropped_partitions_append_only; Type: TRIGGER; Schema: indexer

CREATE TRIGGER dropped_partitions_append_only BEFORE DELETE OR UPDATE ON indexer.dropped_partitions FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('id');

-- Name: dropped_partitions dropped_partitions_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER dropped_partitions_no_truncate BEFORE TRUNCATE ON indexer.dropped_partitions FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Name: epoch_books epoch_books_append_only; Type: TRIGGER; Schema: indexer

CREATE TRIGGER epoch_books_append_only BEFORE DELETE OR UPDATE ON indexer.epoch_books FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('epoch_number', 'zone_id', 'order_id');

-- Name: epoch_books epoch_books_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER epoch_books_no_truncate BEFORE TRUNCATE ON indexer.epoch_books FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Name: partition_policies partition_policies_keep_cut; Type: TRIGGER; Schema: indexer

CREATE TRIGGER partition_policies_keep_cut BEFORE UPDATE OF table_name, kind, step ON indexer.partition_policies FOR EACH ROW WHEN ((((old.table_name IS DISTINCT FROM new.table_name) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.step IS DISTINCT FROM new.step))) EXECUTE FUNCTION indexer.partition_policies_keep_cut();

-- Name: settings settings_fixed_keys; Type: TRIGGER; Schema: indexer

CREATE TRIGGER settings_fixed_keys BEFORE DELETE OR UPDATE ON indexer.settings FOR EACH ROW EXECUTE FUNCTION indexer.settings_keep_fixed_keys();

-- Name: settings settings_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER settings_no_truncate BEFORE TRUNCATE ON indexer.settings FOR EACH STATEMENT EXECUTE FUNCTION indexer.settings_keep_fixed_keys();

-- Name: settings settings_touch; Type: TRIGGER; Schema: indexer

CREATE TRIGGER settings_touch BEFORE UPDATE ON indexer.settings FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: trade_leaves trade_leaves_guard; Type: TRIGGER; Schema: indexer

CREATE TRIGGER trade_leaves_guard BEFORE UPDATE ON indexer.trade_leaves FOR EACH ROW EXECUTE FUNCTION indexer.trade_leaves_guard();

-- Name: trade_leaves trade_leaves_no_delete; Type: TRIGGER; Schema: indexer

CREATE TRIGGER trade_leaves_no_delete BEFORE DELETE ON indexer.trade_leaves FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('epoch_number', 'zone_id', 'trade_index');

-- Name: trade_leaves trade_leaves_no_truncate; Type: TRIGGER; Schema: indexer

CREATE TRIGGER trade_leaves_no_truncate BEFORE TRUNCATE ON indexer.trade_leaves FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Name: asset_documents audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.asset_documents FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.asset_documents', 'id');

-- Name: assets audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.assets FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.assets', 'id');

-- Name: investments audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.investments FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.investments', 'id');

-- Name: revenue_distributions audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.revenue_distributions FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.revenue_distributions', 'id');

-- Name: revenue_payouts audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.revenue_payouts FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.revenue_payouts', 'distribution_id,user_id');

-- Name: user_profiles audit_change; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON investment.user_profiles FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('investment.user_profiles', 'user_id');

-- Name: asset_documents audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.asset_documents FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: assets audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.assets FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: investments audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.investments FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: revenue_distributions audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.revenue_distributions FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: revenue_payouts audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.revenue_payouts FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: user_profiles audit_truncate; Type: TRIGGER; Schema: investment

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON investment.user_profiles FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: revenue_distributions revenue_distributions_ended_kept; Type: TRIGGER; Schema: investment

CREATE TRIGGER revenue_distributions_ended_kept BEFORE DELETE OR UPDATE ON investment.revenue_distributions FOR EACH ROW WHEN (((old.status)::text = 'distributed'::text)) EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', '', 'distribution_date', '');

-- Name: revenue_distributions revenue_distributions_status_final; Type: TRIGGER; Schema: investment

CREATE TRIGGER revenue_distributions_status_final BEFORE UPDATE OF status ON investment.revenue_distributions FOR EACH ROW WHEN ((((old.status)::text = 'distributed'::text) AND ((new.status)::text IS DISTINCT FROM (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');

-- Name: revenue_payouts revenue_payouts_ended_kept; Type: TRIGGER; Schema: investment

CREATE TRIGGER revenue_payouts_ended_kept BEFORE DELETE OR UPDATE ON investment.revenue_payouts FOR EACH ROW WHEN (((old.status)::text = 'paid'::text)) EXECUTE FUNCTION indexer.keep_ended_row('status', 'distribution_id', '', 'transaction_hash', '');

-- Name: revenue_payouts revenue_payouts_status_final; Type: TRIGGER; Schema: investment

CREATE TRIGGER revenue_payouts_status_final BEFORE UPDATE OF status ON investment.revenue_payouts FOR EACH ROW WHEN ((((old.status)::text = 'paid'::text) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'distribution_id');

-- Name: erc_certificate_transfers audit_change; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.erc_certificate_transfers FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.erc_certificate_transfers', 'id');

-- Name: erc_certificates audit_change; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.erc_certificates FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.erc_certificates', 'id');

-- Name: generation_claims audit_change; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.generation_claims FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.generation_claims', 'id');

-- Name: meter_registry audit_change; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.meter_registry FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.meter_registry', 'id');

-- Name: users audit_change; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.users', 'id');

-- Name: meter_readings audit_delete; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_delete AFTER DELETE ON public.meter_readings FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.meter_readings', 'id');

-- Name: order_matches audit_delete; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_delete AFTER DELETE ON public.order_matches FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.order_matches', 'id');

-- Name: settlements audit_delete; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_delete AFTER DELETE ON public.settlements FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.settlements', 'id');

-- Name: trading_orders audit_delete; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_delete AFTER DELETE ON public.trading_orders FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.trading_orders', 'id');

-- Name: market_epoch_parts audit_enter; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epoch_parts FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epoch_parts', 'epoch_number,zone_id,part');

-- Name: market_epoch_zones audit_enter; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epoch_zones FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epoch_zones', 'epoch_number,zone_id');

-- Name: market_epochs audit_enter; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epochs FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epochs', 'id');

-- Name: settlements audit_inserts; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_inserts AFTER INSERT ON public.settlements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_inserts('public.settlements');

-- Name: audit_logs audit_logs_append_only; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_logs_append_only BEFORE DELETE OR UPDATE ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION indexer.audit_logs_append_only();

-- Name: audit_logs audit_logs_no_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON public.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_logs_append_only();

-- Name: erc_certificate_transfers audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.erc_certificate_transfers FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: erc_certificates audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.erc_certificates FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: generation_claims audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.generation_claims FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: market_epoch_parts audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.market_epoch_parts FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: market_epoch_zones audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.market_epoch_zones FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: market_epochs audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.market_epochs FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: meter_readings audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.meter_readings FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: meter_registry audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.meter_registry FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: order_matches audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.order_matches FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: settlements audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.settlements FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: trading_orders audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.trading_orders FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: users audit_truncate; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: market_epoch_parts audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.market_epoch_parts FOR EACH ROW WHEN (((SESSION_USER <> 'gridtokenx_service'::name) OR ((((((((old.epoch_number IS DISTINCT FROM new.epoch_number) OR (old.zone_id IS DISTINCT FROM new.zone_id)) OR (old.part IS DISTINCT FROM new.part)) OR (old.first_index IS DISTINCT FROM new.first_index)) OR (old.trade_count IS DISTINCT FROM new.trade_count)) OR (old.price_units IS DISTINCT FROM new.price_units)) OR (old.root IS DISTINCT FROM new.root)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.market_epoch_parts', 'epoch_number,zone_id,part');

-- Name: market_epoch_zones audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.market_epoch_zones FOR EACH ROW WHEN (((SESSION_USER <> 'gridtokenx_service'::name) OR ((old.status)::text = (new.status)::text))) EXECUTE FUNCTION indexer.audit_row('public.market_epoch_zones', 'epoch_number,zone_id');

-- Name: market_epochs audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.market_epochs FOR EACH ROW WHEN (((SESSION_USER <> 'gridtokenx_service'::name) OR (((((old.id IS DISTINCT FROM new.id) OR (old.epoch_number IS DISTINCT FROM new.epoch_number)) OR (old.start_time IS DISTINCT FROM new.start_time)) OR (old.end_time IS DISTINCT FROM new.end_time)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.market_epochs', 'id');

-- Name: meter_readings audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.meter_readings FOR EACH ROW WHEN (((SESSION_USER = 'gridtokenx_service'::name) AND (((((((((old.id IS DISTINCT FROM new.id) OR (old.meter_id IS DISTINCT FROM new.meter_id)) OR (old.meter_key IS DISTINCT FROM new.meter_key)) OR (old.user_id IS DISTINCT FROM new.user_id)) OR ((old.wallet_address)::text IS DISTINCT FROM (new.wallet_address)::text)) OR (old."timestamp" IS DISTINCT FROM new."timestamp")) OR (old.energy_generated IS DISTINCT FROM new.energy_generated)) OR (old.energy_consumed IS DISTINCT FROM new.energy_consumed)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.meter_readings', 'id');

-- Name: order_matches audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.order_matches FOR EACH ROW WHEN (((SESSION_USER = 'gridtokenx_service'::name) AND (((((((((((old.id IS DISTINCT FROM new.id) OR (old.epoch_id IS DISTINCT FROM new.epoch_id)) OR (old.buy_order_id IS DISTINCT FROM new.buy_order_id)) OR (old.sell_order_id IS DISTINCT FROM new.sell_order_id)) OR (old.matched_amount IS DISTINCT FROM new.matched_amount)) OR (old.match_price IS DISTINCT FROM new.match_price)) OR (old.match_time IS DISTINCT FROM new.match_time)) OR (old.settlement_id IS DISTINCT FROM new.settlement_id)) OR (old.zone_id IS DISTINCT FROM new.zone_id)) OR (old.trade_index IS DISTINCT FROM new.trade_index)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.order_matches', 'id');

-- Name: settlements audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.settlements FOR EACH ROW WHEN (((SESSION_USER = 'gridtokenx_service'::name) AND ((((((((((((old.id IS DISTINCT FROM new.id) OR (old.epoch_id IS DISTINCT FROM new.epoch_id)) OR (old.buyer_id IS DISTINCT FROM new.buyer_id)) OR (old.seller_id IS DISTINCT FROM new.seller_id)) OR (old.energy_amount IS DISTINCT FROM new.energy_amount)) OR (old.price_per_kwh IS DISTINCT FROM new.price_per_kwh)) OR (old.total_amount IS DISTINCT FROM new.total_amount)) OR (old.fee_amount IS DISTINCT FROM new.fee_amount)) OR (old.net_amount IS DISTINCT FROM new.net_amount)) OR (old.zone_id IS DISTINCT FROM new.zone_id)) OR (old.trade_index IS DISTINCT FROM new.trade_index)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.settlements', 'id');

-- Name: trading_orders audit_update; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_update AFTER UPDATE ON public.trading_orders FOR EACH ROW WHEN (((SESSION_USER = 'gridtokenx_service'::name) AND ((((((((((((old.id IS DISTINCT FROM new.id) OR (old.user_id IS DISTINCT FROM new.user_id)) OR ((old.order_type)::text IS DISTINCT FROM (new.order_type)::text)) OR (old.energy_amount IS DISTINCT FROM new.energy_amount)) OR (old.price_per_kwh IS DISTINCT FROM new.price_per_kwh)) OR (old.zone_id IS DISTINCT FROM new.zone_id)) OR (old.meter_id IS DISTINCT FROM new.meter_id)) OR ((old.time_in_force)::text IS DISTINCT FROM (new.time_in_force)::text)) OR (old.expires_at IS DISTINCT FROM new.expires_at)) OR (old.seq IS DISTINCT FROM new.seq)) OR (old.entered_at IS DISTINCT FROM new.entered_at)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.audit_row('public.trading_orders', 'id');

-- Name: meter_readings audit_updates; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_updates AFTER UPDATE ON public.meter_readings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((SESSION_USER <> 'gridtokenx_service'::name)) EXECUTE FUNCTION indexer.audit_updates('public.meter_readings', 'id,timestamp');

-- Name: order_matches audit_updates; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_updates AFTER UPDATE ON public.order_matches REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((SESSION_USER <> 'gridtokenx_service'::name)) EXECUTE FUNCTION indexer.audit_updates('public.order_matches', 'id');

-- Name: settlements audit_updates; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_updates AFTER UPDATE ON public.settlements REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((SESSION_USER <> 'gridtokenx_service'::name)) EXECUTE FUNCTION indexer.audit_updates('public.settlements', 'id');

-- Name: trading_orders audit_updates; Type: TRIGGER; Schema: public

CREATE TRIGGER audit_updates AFTER UPDATE ON public.trading_orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((SESSION_USER <> 'gridtokenx_service'::name)) EXECUTE FUNCTION indexer.audit_updates('public.trading_orders', 'id');

-- Name: erc_certificate_transfers erc_certificate_transfers_enter; Type: TRIGGER; Schema: public

CREATE TRIGGER erc_certificate_transfers_enter BEFORE INSERT OR UPDATE OF certificate_id ON public.erc_certificate_transfers FOR EACH ROW EXECUTE FUNCTION indexer.erc_certificate_transfers_enter();

-- Name: erc_certificates erc_certificates_ended_kept; Type: TRIGGER; Schema: public

CREATE TRIGGER erc_certificates_ended_kept BEFORE DELETE OR UPDATE ON public.erc_certificates FOR EACH ROW WHEN (((old.status)::text = ANY (ARRAY[('retired'::character varying)::text, ('revoked'::character varying)::text, ('expired'::character varying)::text]))) EXECUTE FUNCTION indexer.keep_ended_row('status', 'certificate_id', 'metadata', 'ended_at', 'user_id');

-- Name: erc_certificates erc_certificates_issue_fixed; Type: TRIGGER; Schema: public

CREATE TRIGGER erc_certificates_issue_fixed BEFORE UPDATE OF certificate_id, certificate_type, energy_amount, energy_source, period_start, period_end, issue_date, issuer_wallet, issue_signature ON public.erc_certificates FOR EACH ROW EXECUTE FUNCTION indexer.keep_columns('certificate_id', 'certificate_id,certificate_type,energy_amount,energy_source,period_start,period_end,issue_date,issuer_wallet,issue_signature');

-- Name: erc_certificates erc_certificates_keep_ended; Type: TRIGGER; Schema: public

CREATE TRIGGER erc_certificates_keep_ended BEFORE UPDATE OF status ON public.erc_certificates FOR EACH ROW WHEN ((((old.status)::text = ANY (ARRAY[('retired'::character varying)::text, ('revoked'::character varying)::text, ('expired'::character varying)::text])) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.erc_certificates_keep_ended();

-- Name: erc_certificates erc_certificates_touch; Type: TRIGGER; Schema: public

CREATE TRIGGER erc_certificates_touch BEFORE UPDATE ON public.erc_certificates FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: generation_claims generation_claims_keep; Type: TRIGGER; Schema: public

CREATE TRIGGER generation_claims_keep BEFORE DELETE OR UPDATE ON public.generation_claims FOR EACH ROW EXECUTE FUNCTION indexer.generation_claims_keep();

-- Name: generation_claims generation_claims_name_meter; Type: TRIGGER; Schema: public

CREATE TRIGGER generation_claims_name_meter BEFORE INSERT ON public.generation_claims FOR EACH ROW WHEN (((new.meter_key IS NULL) OR (new.meter_id IS NOT NULL))) EXECUTE FUNCTION indexer.generation_claims_name_meter();

-- Name: market_epoch_parts market_epoch_parts_notify; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epoch_parts_notify AFTER UPDATE ON public.market_epoch_parts FOR EACH STATEMENT EXECUTE FUNCTION indexer.market_epochs_notify();

-- Name: market_epoch_parts market_epoch_parts_published; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epoch_parts_published BEFORE DELETE OR UPDATE OF epoch_number, zone_id, part, first_index, trade_count, price_units, root, created_at ON public.market_epoch_parts FOR EACH ROW EXECUTE FUNCTION indexer.market_result_guard('epoch_number,zone_id,part', 'status,deadline,payer,opened_signature,opened_slot,closed_signature,closed_slot,attempts,close_attempts,next_retry_at,failure,updated_at');

-- Name: market_epoch_parts market_epoch_parts_touch; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epoch_parts_touch BEFORE UPDATE ON public.market_epoch_parts FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: market_epoch_zones market_epoch_zones_published; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epoch_zones_published BEFORE DELETE OR UPDATE ON public.market_epoch_zones FOR EACH ROW EXECUTE FUNCTION indexer.market_result_guard('epoch_number,zone_id', 'status');

-- Name: market_epochs market_epochs_guard; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epochs_guard BEFORE UPDATE ON public.market_epochs FOR EACH ROW EXECUTE FUNCTION indexer.market_epochs_guard();

-- Name: market_epochs market_epochs_notify; Type: TRIGGER; Schema: public

CREATE TRIGGER market_epochs_notify AFTER INSERT OR UPDATE ON public.market_epochs FOR EACH STATEMENT EXECUTE FUNCTION indexer.market_epochs_notify();

-- Name: meter_readings meter_readings_keep_counted; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_readings_keep_counted BEFORE UPDATE OF "timestamp", energy_generated, energy_consumed, mint_window, carried_from ON public.meter_readings FOR EACH ROW WHEN (((old.mint_window IS NOT NULL) AND ((((old."timestamp" IS DISTINCT FROM new."timestamp") OR (old.energy_generated IS DISTINCT FROM new.energy_generated)) OR (old.energy_consumed IS DISTINCT FROM new.energy_consumed)) OR (old.mint_window IS DISTINCT FROM new.mint_window)))) EXECUTE FUNCTION indexer.meter_readings_keep_counted();

-- Name: meter_readings meter_readings_keep_meter; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_readings_keep_meter BEFORE UPDATE OF meter_id, meter_key ON public.meter_readings FOR EACH ROW WHEN (((old.meter_key IS DISTINCT FROM new.meter_key) OR ((new.meter_id IS NOT NULL) AND (old.meter_id IS DISTINCT FROM new.meter_id)))) EXECUTE FUNCTION indexer.meter_readings_name_meter();

-- Name: meter_readings meter_readings_keep_rows; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_readings_keep_rows BEFORE DELETE ON public.meter_readings FOR EACH ROW WHEN ((old.mint_window IS NOT NULL)) EXECUTE FUNCTION indexer.meter_readings_keep_counted();

-- Name: meter_readings meter_readings_name_meter; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_readings_name_meter BEFORE INSERT ON public.meter_readings FOR EACH ROW WHEN (((new.meter_id IS NOT NULL) AND (new.meter_key IS NULL))) EXECUTE FUNCTION indexer.meter_readings_name_meter();

-- Name: meter_readings meter_readings_notify; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_readings_notify AFTER INSERT ON public.meter_readings FOR EACH STATEMENT EXECUTE FUNCTION indexer.notify_readings();

-- Name: meter_registry meter_registry_keep_serial; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_registry_keep_serial BEFORE UPDATE OF meter_serial ON public.meter_registry FOR EACH ROW WHEN (((old.meter_serial)::text IS DISTINCT FROM (new.meter_serial)::text)) EXECUTE FUNCTION indexer.meter_registry_keep_serial();

-- Name: meter_registry meter_registry_touch; Type: TRIGGER; Schema: public

CREATE TRIGGER meter_registry_touch BEFORE UPDATE ON public.meter_registry FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: minting_retry_queue minting_retry_queue_keep_frozen; Type: TRIGGER; Schema: public

CREATE TRIGGER minting_retry_queue_keep_frozen BEFORE UPDATE OF mint_window, meter_key, amount_base_units, carried_base_units, destination ON public.minting_retry_queue FOR EACH ROW WHEN (((old.amount_base_units IS NOT NULL) AND (((((old.mint_window IS DISTINCT FROM new.mint_window) OR (old.meter_key IS DISTINCT FROM new.meter_key)) OR (old.amount_base_units IS DISTINCT FROM new.amount_base_units)) OR (old.carried_base_units IS DISTINCT FROM new.carried_base_units)) OR ((old.destination)::text IS DISTINCT FROM (new.destination)::text)))) EXECUTE FUNCTION indexer.minting_keep_frozen();

-- Name: minting_retry_queue minting_retry_queue_keep_rows; Type: TRIGGER; Schema: public

CREATE TRIGGER minting_retry_queue_keep_rows BEFORE DELETE ON public.minting_retry_queue FOR EACH ROW WHEN ((old.amount_base_units IS NOT NULL)) EXECUTE FUNCTION indexer.minting_keep_frozen();

-- Name: order_matches order_matches_fill; Type: TRIGGER; Schema: public

CREATE TRIGGER order_matches_fill AFTER INSERT ON public.order_matches REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION indexer.order_matches_fill();

-- Name: order_matches order_matches_guard; Type: TRIGGER; Schema: public

CREATE TRIGGER order_matches_guard BEFORE UPDATE ON public.order_matches FOR EACH ROW EXECUTE FUNCTION indexer.order_matches_guard();

-- Name: order_matches order_matches_keep_deleted; Type: TRIGGER; Schema: public

CREATE TRIGGER order_matches_keep_deleted BEFORE DELETE ON public.order_matches FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();

-- Name: order_matches order_matches_settle; Type: TRIGGER; Schema: public

CREATE TRIGGER order_matches_settle AFTER UPDATE ON public.order_matches REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.order_matches_settle();

-- Name: settlements settlements_ended_kept; Type: TRIGGER; Schema: public

CREATE TRIGGER settlements_ended_kept BEFORE DELETE OR UPDATE ON public.settlements FOR EACH ROW WHEN (((old.status)::text = 'completed'::text)) EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'retry_count,error_message', '', 'buyer_id,seller_id');

-- Name: settlements settlements_keep_deleted; Type: TRIGGER; Schema: public

CREATE TRIGGER settlements_keep_deleted BEFORE DELETE ON public.settlements FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();

-- Name: settlements settlements_refuse_open_delete; Type: TRIGGER; Schema: public

CREATE TRIGGER settlements_refuse_open_delete BEFORE DELETE ON public.settlements FOR EACH ROW WHEN (((old.status)::text <> ALL (ARRAY[('completed'::character varying)::text, ('failed'::character varying)::text]))) EXECUTE FUNCTION indexer.settlements_refuse_open_delete();

-- Name: settlements settlements_status_final; Type: TRIGGER; Schema: public

CREATE TRIGGER settlements_status_final BEFORE UPDATE OF status ON public.settlements FOR EACH ROW WHEN ((((old.status)::text = 'completed'::text) AND ((new.status)::text <> (old.status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');

-- Name: settlements settlements_touch; Type: TRIGGER; Schema: public

CREATE TRIGGER settlements_touch BEFORE UPDATE ON public.settlements FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: trading_orders trading_orders_enter; Type: TRIGGER; Schema: public

CREATE TRIGGER trading_orders_enter BEFORE INSERT ON public.trading_orders FOR EACH ROW EXECUTE FUNCTION indexer.trading_orders_enter();

-- Name: trading_orders trading_orders_guard; Type: TRIGGER; Schema: public

CREATE TRIGGER trading_orders_guard BEFORE UPDATE ON public.trading_orders FOR EACH ROW WHEN (((pg_trigger_depth() = 0) OR (new.updated_at <> now()) OR (NOT indexer.writes_market()) OR ((((((((((old.id IS DISTINCT FROM new.id) OR (old.user_id IS DISTINCT FROM new.user_id)) OR ((old.order_type)::text IS DISTINCT FROM (new.order_type)::text)) OR (old.zone_id IS DISTINCT FROM new.zone_id)) OR (old.meter_id IS DISTINCT FROM new.meter_id)) OR (old.energy_amount IS DISTINCT FROM new.energy_amount)) OR (old.price_per_kwh IS DISTINCT FROM new.price_per_kwh)) OR (old.seq IS DISTINCT FROM new.seq)) OR (old.entered_at IS DISTINCT FROM new.entered_at)) OR (old.created_at IS DISTINCT FROM new.created_at)))) EXECUTE FUNCTION indexer.trading_orders_guard();

-- Name: trading_orders trading_orders_keep_deleted; Type: TRIGGER; Schema: public

CREATE TRIGGER trading_orders_keep_deleted BEFORE DELETE ON public.trading_orders FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();

-- Name: trading_orders trading_orders_notify; Type: TRIGGER; Schema: public

CREATE TRIGGER trading_orders_notify AFTER INSERT ON public.trading_orders FOR EACH STATEMENT EXECUTE FUNCTION indexer.trading_orders_notify();

-- Name: users users_align_status; Type: TRIGGER; Schema: public

CREATE TRIGGER users_align_status BEFORE INSERT OR UPDATE OF status, is_active ON public.users FOR EACH ROW EXECUTE FUNCTION indexer.users_align_status();

-- Name: users users_touch; Type: TRIGGER; Schema: public

CREATE TRIGGER users_touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- Name: trades audit_change; Type: TRIGGER; Schema: trading

CREATE TRIGGER audit_change AFTER DELETE OR UPDATE ON trading.trades FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('trading.trades', 'id');

-- Name: trades audit_inserts; Type: TRIGGER; Schema: trading

CREATE TRIGGER audit_inserts AFTER INSERT ON trading.trades REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_inserts('trading.trades');

-- Name: trades audit_truncate; Type: TRIGGER; Schema: trading

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON trading.trades FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();

-- Name: trades trades_ended_kept; Type: TRIGGER; Schema: trading

CREATE TRIGGER trades_ended_kept BEFORE DELETE OR UPDATE ON trading.trades FOR EACH ROW WHEN (((old.settlement_status)::text = 'settled'::text)) EXECUTE FUNCTION indexer.keep_ended_row('settlement_status', 'id', 'carbon_offset', '', '');

-- Name: trades trades_leaf_published; Type: TRIGGER; Schema: trading

CREATE TRIGGER trades_leaf_published BEFORE INSERT OR UPDATE OF epoch_number, zone_id, trade_index ON trading.trades FOR EACH ROW WHEN (((new.epoch_number IS NOT NULL) AND (new.trade_index IS NOT NULL))) EXECUTE FUNCTION indexer.trades_name_leaf();

-- Name: trades trades_status_final; Type: TRIGGER; Schema: trading

CREATE TRIGGER trades_status_final BEFORE UPDATE OF settlement_status ON trading.trades FOR EACH ROW WHEN ((((old.settlement_status)::text = 'settled'::text) AND ((new.settlement_status)::text <> (old.settlement_status)::text))) EXECUTE FUNCTION indexer.refuse_leaving_state('settlement_status', 'id');

-- Name: technical_indicators technical_indicators_analytics_id_fkey; Type: FK CONSTRAINT; Schema: analytics

ALTER TABLE ONLY analytics.technical_indicators
    ADD CONSTRAINT technical_indicators_analytics_id_fkey FOREIGN KEY (analytics_id) REFERENCES analytics.market_analytics(id) ON DELETE RESTRICT;

-- Name: contract_executions contract_executions_contract_address_fkey; Type: FK CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.contract_executions
    ADD CONSTRAINT contract_executions_contract_address_fkey FOREIGN KEY (contract_address) REFERENCES blockchain.smart_contracts(contract_address) ON UPDATE RESTRICT ON DELETE RESTRICT;

-- Name: registered_consumers registered_consumers_user_id_fkey; Type: FK CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_consumers
    ADD CONSTRAINT registered_consumers_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: registered_producers registered_producers_user_id_fkey; Type: FK CONSTRAINT; Schema: blockchain

ALTER TABLE ONLY blockchain.registered_producers
    ADD CONSTRAINT registered_producers_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: notifications notifications_user_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE community.notifications
    ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: profiles profiles_user_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE ONLY community.profiles
    ADD CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: transactions transactions_user_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE community.transactions
    ADD CONSTRAINT transactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

-- Name: user_tokens user_tokens_token_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE ONLY community.user_tokens
    ADD CONSTRAINT user_tokens_token_id_fkey FOREIGN KEY (token_id) REFERENCES community.tokens(id) ON DELETE RESTRICT;

-- Name: user_tokens user_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE ONLY community.user_tokens
    ADD CONSTRAINT user_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: wallets wallets_user_id_fkey; Type: FK CONSTRAINT; Schema: community

ALTER TABLE ONLY community.wallets
    ADD CONSTRAINT wallets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: crm_activities crm_activities_deal_id_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_activities
    ADD CONSTRAINT crm_activities_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES crm.crm_deals(id) ON DELETE RESTRICT;

-- Name: crm_activities crm_activities_performed_by_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_activities
    ADD CONSTRAINT crm_activities_performed_by_fkey FOREIGN KEY (performed_by) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: crm_deals crm_deals_lead_id_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_deals
    ADD CONSTRAINT crm_deals_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES crm.crm_leads(id) ON DELETE RESTRICT;

-- Name: crm_deals crm_deals_owner_id_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_deals
    ADD CONSTRAINT crm_deals_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: crm_invoices crm_invoices_deal_id_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_invoices
    ADD CONSTRAINT crm_invoices_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES crm.crm_deals(id) ON DELETE RESTRICT;

-- Name: crm_leads crm_leads_owner_id_fkey; Type: FK CONSTRAINT; Schema: crm

ALTER TABLE ONLY crm.crm_leads
    ADD CONSTRAINT crm_leads_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: comments comments_parent_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE governance.comments
    ADD CONSTRAINT comments_parent_fkey FOREIGN KEY (proposal_id, parent_id) REFERENCES governance.comments(proposal_id, id) ON DELETE SET NULL (parent_id);

-- Name: comments comments_proposal_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE governance.comments
    ADD CONSTRAINT comments_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES governance.proposals(id) ON DELETE CASCADE;

-- Name: comments comments_user_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE governance.comments
    ADD CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: proposals proposals_proposer_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.proposals
    ADD CONSTRAINT proposals_proposer_id_fkey FOREIGN KEY (proposer_id) REFERENCES public.users(id) ON DELETE RESTRICT;

-- Name: votes votes_proposal_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE governance.votes
    ADD CONSTRAINT votes_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES governance.proposals(id) ON DELETE RESTRICT;

-- Name: votes votes_voter_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE governance.votes
    ADD CONSTRAINT votes_voter_id_fkey FOREIGN KEY (voter_id) REFERENCES public.users(id) ON DELETE RESTRICT;

-- Name: voting_power_snapshots voting_power_snapshots_proposal_id_fkey; Type: FK CONSTRAINT; Schema: governance

ALTER TABLE ONLY governance.voting_power_snapshots
    ADD CONSTRAINT voting_power_snapshots_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES governance.proposals(id) ON DELETE CASCADE;

-- Name: energy_consumption energy_consumption_consumer_id_fkey; Type: FK CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_consumption
    ADD CONSTRAINT energy_consumption_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES blockchain.registered_consumers(consumer_id) ON UPDATE CASCADE ON DELETE RESTRICT;

-- Name: energy_production energy_production_producer_id_fkey; Type: FK CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.energy_production
    ADD CONSTRAINT energy_production_producer_id_fkey FOREIGN KEY (producer_id) REFERENCES blockchain.registered_producers(producer_id) ON UPDATE CASCADE ON DELETE RESTRICT;

-- Name: storage_operations storage_operations_storage_id_fkey; Type: FK CONSTRAINT; Schema: grid

ALTER TABLE ONLY grid.storage_operations
    ADD CONSTRAINT storage_operations_storage_id_fkey FOREIGN KEY (storage_id) REFERENCES grid.energy_storage(storage_id) ON UPDATE CASCADE ON DELETE RESTRICT;

-- Name: curtailment_plan_miners curtailment_plan_miners_miner_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plan_miners
    ADD CONSTRAINT curtailment_plan_miners_miner_id_fkey FOREIGN KEY (miner_id) REFERENCES hosting.hosting_miners(id) ON DELETE RESTRICT;

-- Name: curtailment_plan_miners curtailment_plan_miners_plan_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plan_miners
    ADD CONSTRAINT curtailment_plan_miners_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES hosting.curtailment_plans(id) ON DELETE CASCADE;

-- Name: curtailment_plans curtailment_plans_created_by_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plans
    ADD CONSTRAINT curtailment_plans_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: curtailment_plans curtailment_plans_site_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.curtailment_plans
    ADD CONSTRAINT curtailment_plans_site_id_fkey FOREIGN KEY (site_id) REFERENCES hosting.hosting_sites(id) ON DELETE RESTRICT;

-- Name: hosting_miners hosting_miners_client_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_miners
    ADD CONSTRAINT hosting_miners_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: hosting_miners hosting_miners_miner_model_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_miners
    ADD CONSTRAINT hosting_miners_miner_model_id_fkey FOREIGN KEY (miner_model_id) REFERENCES hosting.miner_models(id) ON DELETE RESTRICT;

-- Name: hosting_miners hosting_miners_site_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.hosting_miners
    ADD CONSTRAINT hosting_miners_site_id_fkey FOREIGN KEY (site_id) REFERENCES hosting.hosting_sites(id) ON DELETE RESTRICT;

-- Name: miner_operation_log miner_operation_log_miner_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_operation_log
    ADD CONSTRAINT miner_operation_log_miner_id_fkey FOREIGN KEY (miner_id) REFERENCES hosting.hosting_miners(id) ON DELETE RESTRICT;

-- Name: miner_operation_log miner_operation_log_performed_by_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.miner_operation_log
    ADD CONSTRAINT miner_operation_log_performed_by_fkey FOREIGN KEY (performed_by) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: miner_telemetry miner_telemetry_miner_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE hosting.miner_telemetry
    ADD CONSTRAINT miner_telemetry_miner_id_fkey FOREIGN KEY (miner_id) REFERENCES hosting.hosting_miners(id) ON DELETE RESTRICT;

-- Name: site_days site_days_site_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.site_days
    ADD CONSTRAINT site_days_site_id_fkey FOREIGN KEY (site_id) REFERENCES hosting.hosting_sites(id) ON DELETE CASCADE;

-- Name: telemetry_30min telemetry_30min_miner_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE hosting.telemetry_30min
    ADD CONSTRAINT telemetry_30min_miner_id_fkey FOREIGN KEY (miner_id) REFERENCES hosting.hosting_miners(id) ON DELETE RESTRICT;

-- Name: user_access user_access_granted_by_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.user_access
    ADD CONSTRAINT user_access_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: user_access user_access_user_id_fkey; Type: FK CONSTRAINT; Schema: hosting

ALTER TABLE ONLY hosting.user_access
    ADD CONSTRAINT user_access_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: lookup_table_addresses lookup_table_addresses_table_address_fkey; Type: FK CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.lookup_table_addresses
    ADD CONSTRAINT lookup_table_addresses_table_address_fkey FOREIGN KEY (table_address) REFERENCES indexer.lookup_tables(address);

-- Name: tx_attempt_items tx_attempt_items_attempt_fkey; Type: FK CONSTRAINT; Schema: indexer

ALTER TABLE indexer.tx_attempt_items
    ADD CONSTRAINT tx_attempt_items_attempt_fkey FOREIGN KEY (blockhash_slot, signature) REFERENCES indexer.tx_attempts(blockhash_slot, signature);

-- Name: tx_death_certificates tx_death_certificates_attempt_fkey; Type: FK CONSTRAINT; Schema: indexer

ALTER TABLE ONLY indexer.tx_death_certificates
    ADD CONSTRAINT tx_death_certificates_attempt_fkey FOREIGN KEY (blockhash_slot, signature) REFERENCES indexer.tx_attempts(blockhash_slot, signature) ON DELETE CASCADE;

-- Name: asset_documents asset_documents_asset_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.asset_documents
    ADD CONSTRAINT asset_documents_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES investment.assets(id) ON DELETE RESTRICT;

-- Name: CONSTRAINT asset_documents_asset_id_fkey ON asset_documents; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT asset_documents_asset_id_fkey ON investment.asset_documents IS 'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';

-- Name: investments investments_asset_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.investments
    ADD CONSTRAINT investments_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES investment.assets(id) ON DELETE RESTRICT;

-- Name: CONSTRAINT investments_asset_id_fkey ON investments; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT investments_asset_id_fkey ON investment.investments IS 'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';

-- Name: investments investments_user_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.investments
    ADD CONSTRAINT investments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

-- Name: CONSTRAINT investments_user_id_fkey ON investments; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT investments_user_id_fkey ON investment.investments IS 'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';

-- Name: revenue_distributions revenue_distributions_asset_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_distributions
    ADD CONSTRAINT revenue_distributions_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES investment.assets(id) ON DELETE RESTRICT;

-- Name: CONSTRAINT revenue_distributions_asset_id_fkey ON revenue_distributions; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT revenue_distributions_asset_id_fkey ON investment.revenue_distributions IS 'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';

-- Name: revenue_payouts revenue_payouts_distribution_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_payouts
    ADD CONSTRAINT revenue_payouts_distribution_id_fkey FOREIGN KEY (distribution_id) REFERENCES investment.revenue_distributions(id) ON DELETE RESTRICT;

-- Name: revenue_payouts revenue_payouts_user_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.revenue_payouts
    ADD CONSTRAINT revenue_payouts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE RESTRICT;

-- Name: user_profiles user_profiles_user_id_fkey; Type: FK CONSTRAINT; Schema: investment

ALTER TABLE ONLY investment.user_profiles
    ADD CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: CONSTRAINT user_profiles_user_id_fkey ON user_profiles; Type: COMMENT; Schema: investment

COMMENT ON CONSTRAINT user_profiles_user_id_fkey ON investment.user_profiles IS 'Deviation: CASCADE; a profile is the user''s own and goes along.';

-- Name: blockchain_transactions blockchain_transactions_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE public.blockchain_transactions
    ADD CONSTRAINT blockchain_transactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: erc_certificate_transfers erc_certificate_transfers_certificate_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificate_transfers
    ADD CONSTRAINT erc_certificate_transfers_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES public.erc_certificates(id) ON DELETE CASCADE;

-- Name: erc_certificate_transfers erc_certificate_transfers_from_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificate_transfers
    ADD CONSTRAINT erc_certificate_transfers_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: erc_certificate_transfers erc_certificate_transfers_to_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificate_transfers
    ADD CONSTRAINT erc_certificate_transfers_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: erc_certificates erc_certificates_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.erc_certificates
    ADD CONSTRAINT erc_certificates_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: generation_claims generation_claims_carbon_credit_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.generation_claims
    ADD CONSTRAINT generation_claims_carbon_credit_id_fkey FOREIGN KEY (carbon_credit_id) REFERENCES grid.carbon_credits(id) ON DELETE RESTRICT;

-- Name: generation_claims generation_claims_certificate_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.generation_claims
    ADD CONSTRAINT generation_claims_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES public.erc_certificates(id) ON DELETE RESTRICT;

-- Name: generation_claims generation_claims_meter_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.generation_claims
    ADD CONSTRAINT generation_claims_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES public.meter_registry(id) ON DELETE SET NULL;

-- Name: market_epoch_parts market_epoch_parts_epoch_number_zone_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epoch_parts
    ADD CONSTRAINT market_epoch_parts_epoch_number_zone_id_fkey FOREIGN KEY (epoch_number, zone_id) REFERENCES public.market_epoch_zones(epoch_number, zone_id) ON DELETE RESTRICT;

-- Name: market_epoch_zones market_epoch_zones_epoch_number_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.market_epoch_zones
    ADD CONSTRAINT market_epoch_zones_epoch_number_fkey FOREIGN KEY (epoch_number) REFERENCES public.market_epochs(epoch_number) ON DELETE RESTRICT;

-- Name: meter_readings meter_readings_meter_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE public.meter_readings
    ADD CONSTRAINT meter_readings_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES public.meter_registry(id) ON DELETE SET NULL;

-- Name: meter_readings meter_readings_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE public.meter_readings
    ADD CONSTRAINT meter_readings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: meter_registry meter_registry_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_registry
    ADD CONSTRAINT meter_registry_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: meter_registry meter_registry_verified_by_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.meter_registry
    ADD CONSTRAINT meter_registry_verified_by_fkey FOREIGN KEY (verified_by) REFERENCES public.users(id) ON DELETE SET NULL;

-- Name: minting_retry_queue minting_retry_queue_reading_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE public.minting_retry_queue
    ADD CONSTRAINT minting_retry_queue_reading_fkey FOREIGN KEY (reading_id, reading_timestamp) REFERENCES public.meter_readings(id, "timestamp") ON DELETE SET NULL;

-- Name: order_matches order_matches_buy_order_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_buy_order_id_fkey FOREIGN KEY (buy_order_id) REFERENCES public.trading_orders(id) ON DELETE CASCADE;

-- Name: order_matches order_matches_epoch_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_epoch_id_fkey FOREIGN KEY (epoch_id) REFERENCES public.market_epochs(id) ON DELETE RESTRICT;

-- Name: order_matches order_matches_sell_order_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_sell_order_id_fkey FOREIGN KEY (sell_order_id) REFERENCES public.trading_orders(id) ON DELETE CASCADE;

-- Name: order_matches order_matches_settlement_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.order_matches
    ADD CONSTRAINT order_matches_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlements(id) ON DELETE SET NULL;

-- Name: settlements settlements_buyer_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: settlements settlements_epoch_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_epoch_id_fkey FOREIGN KEY (epoch_id) REFERENCES public.market_epochs(id) ON DELETE RESTRICT;

-- Name: settlements settlements_seller_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: trading_orders trading_orders_closed_epoch_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.trading_orders
    ADD CONSTRAINT trading_orders_closed_epoch_id_fkey FOREIGN KEY (closed_epoch_id) REFERENCES public.market_epochs(id) ON DELETE SET NULL;

-- Name: trading_orders trading_orders_epoch_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.trading_orders
    ADD CONSTRAINT trading_orders_epoch_id_fkey FOREIGN KEY (epoch_id) REFERENCES public.market_epochs(id) ON DELETE SET NULL;

-- Name: trading_orders trading_orders_meter_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.trading_orders
    ADD CONSTRAINT trading_orders_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES public.meter_registry(id) ON DELETE SET NULL;

-- Name: trading_orders trading_orders_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE ONLY public.trading_orders
    ADD CONSTRAINT trading_orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: user_activities user_activities_user_id_fkey; Type: FK CONSTRAINT; Schema: public

ALTER TABLE public.user_activities
    ADD CONSTRAINT user_activities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;
