-- name: lock
-- One sample at a time; the second would wait for the first only to fail.
SELECT pg_try_advisory_xact_lock(hashtextextended('gridtokenx sample', 0));

-- name: refuse_filled
-- A sample goes into an empty database only: it must never mix with real rows. Traces of what was there are no rows.
DO $$
DECLARE
    candidate record;
    filled boolean;
BEGIN
    FOR candidate IN
        SELECT n.nspname AS schema_name, c.relname AS table_name
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND (n.nspname IN ('blockchain', 'trading', 'grid', 'monitoring', 'governance', 'investment', 'hosting', 'crm',
                              'analytics', 'community')
                -- Others may keep tables of their own beside these.
                OR (n.nspname = 'public' AND c.relname IN (
                    'users', 'meter_registry', 'meter_readings', 'minting_retry_queue', 'market_epochs',
                    'market_epoch_zones', 'market_epoch_parts', 'trading_orders', 'order_matches', 'settlements',
                    'erc_certificates', 'erc_certificate_transfers', 'generation_claims', 'user_activities',
                    'blockchain_transactions', 'blockchain_events'))
                OR (n.nspname = 'indexer' AND c.relname IN (
                    'cursors', 'slots', 'tx_attempts', 'epoch_books', 'trade_leaves', 'mint_totals')))
         ORDER BY 1, 2
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', candidate.schema_name, candidate.table_name) INTO filled;
        IF filled THEN
            RAISE EXCEPTION 'the database is not empty: %.% has rows', candidate.schema_name, candidate.table_name
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'give db seed a database of its own';
        END IF;
    END LOOP;
END
$$;

-- name: policies
-- Writers ensure partitions first.
SELECT table_name, kind, counts FROM indexer.partition_policies ORDER BY table_name;

-- name: ensure_partition
-- The database is empty: nobody waits for the locks that creating it takes.
SELECT indexer.ensure_partition($1::text, $2::text);

-- name: tables_with_uuids
-- Where the database would choose a random id.
SELECT n.nspname || '.' || c.relname
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attname = 'id' AND a.atttypid = 'uuid'::regtype AND c.relkind IN ('r', 'p') AND NOT c.relispartition;

-- name: act_as
-- Whom the audit trail names.
SELECT set_config('gridtokenx.user_id', $1::text, true), set_config('gridtokenx.client_ip', $2::text, true),
       set_config('gridtokenx.user_agent', $3::text, true);

-- name: transaction_time
-- What the market clock adds its offset to.
SELECT now();

-- name: clock_offset_ms
-- To be set again at the end.
SELECT (value #>> '{}')::bigint FROM indexer.settings WHERE key = 'market_clock_offset_ms';

-- name: set_clock
-- Orders and votes are judged and stamped by the market clock; only this transaction sees it move, so nobody is told.
UPDATE indexer.settings SET value = to_jsonb($1::bigint) WHERE key = 'market_clock_offset_ms';

-- name: unmark_writer
-- What follows a clearing in the same transaction is not one.
SELECT set_config('gridtokenx.writer', '', true);

-- name: charge_from
-- Two hundredths a kilowatt-hour for the grid, and for the way through it a quarter of that.
INSERT INTO indexer.fee_schedules (effective_from, market_fee_bps, grid_fee_per_kwh, wheeling_per_kwh)
VALUES ($1::bigint, 25, 0.02, 0.005);

-- name: cancel_orders
-- As their owners would.
UPDATE public.trading_orders SET status = 'cancelled' WHERE id = ANY ($1::uuid[]) AND status = 'pending';

-- name: count_carbon
-- Every kilowatt-hour traded here is one less from the grid.
UPDATE trading.trades SET carbon_offset = round(energy_amount * 0.45, 6);

-- name: date_settled
-- When the last of an epoch ended, not when this was written.
UPDATE public.market_epochs AS e SET settled_at = k.settled_at
  FROM unnest($1::bigint[], $2::timestamptz[]) AS k (epoch_number, settled_at)
 WHERE e.epoch_number = k.epoch_number;

-- name: date_epochs
-- Made half an hour ahead of their start.
UPDATE public.market_epochs SET created_at = start_time - interval '30 minutes';

-- name: close_proposals
-- By the outcome that the rule gives.
UPDATE governance.proposals AS p SET status = v.outcome, closed_at = p.voting_end
  FROM governance.api_proposals AS v WHERE v.id = p.id AND p.id = ANY ($1::uuid[]);

-- name: analyze_readings
-- Without statistics the keys that refer to a reading are looked up by its time, which it shares with all others.
ANALYZE public.meter_readings;

-- name: analyze_telemetry
-- Without statistics each half hour would read all of it.
ANALYZE hosting.miner_telemetry;

-- name: end_plans
-- After their miners, which are fixed from then on.
UPDATE hosting.curtailment_plans AS p
   SET status = k.status, executed_at = k.executed_at, recovery_time = k.recovery_time, recovered_at = k.recovered_at,
       miners_affected = k.miners_affected, power_reduced = k.power_reduced
  FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::integer[],
              $7::numeric[])
       AS k (id, status, executed_at, recovery_time, recovered_at, miners_affected, power_reduced)
 WHERE p.id = k.id;

-- name: summarize_telemetry
-- Rows that are new in this transaction are not summarized yet, and each half hour would read all of them.
SELECT brin_summarize_new_values(i.indexrelid)
  FROM pg_partition_tree('hosting.miner_telemetry') AS t
  JOIN pg_index AS i ON i.indrelid = t.relid
  JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
 WHERE t.isleaf AND m.amname = 'brin';

-- name: roll_up_telemetry
-- As the daemon does for each half hour that was touched.
SELECT hosting.roll_up_telemetry($1::timestamptz);

-- name: roll_up_site_day
-- As the daemon does for each day that was touched.
SELECT hosting.roll_up_site_day($1::date);

-- name: close_mint_books
-- As the daemon does at finality.
UPDATE indexer.mint_books
   SET checked_slot = $1::bigint, checked_at = now(), burned_base_units = 0,
       (minted_events, minted_base_units, supply_base_units) = (
           SELECT sum(operations), sum(minted_base_units), sum(minted_base_units) FROM indexer.mint_totals);

-- name: advance_identities
-- Ids were given, so that rows could refer to one another; the next one must come after them.
DO $$
DECLARE
    identity record;
BEGIN
    FOR identity IN
        SELECT format('%I.%I', n.nspname, c.relname) AS name
          FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE a.attidentity = 'd' AND n.nspname IN ('hosting', 'crm', 'analytics')
    LOOP
        EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), coalesce(max(id), 0) + 1, false) FROM %s',
                       identity.name, identity.name);
    END LOOP;
END
$$;

-- name: analyze
-- A table that was just filled has no statistics, and a plan made without them is a guess.
ANALYZE;
