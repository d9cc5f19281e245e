-- name: has_users
-- A sample goes into an empty database only: it must never mix with real rows.
SELECT EXISTS (SELECT FROM public.users);

-- name: policies
-- Writers ensure partitions first.
SELECT table_name, kind, counts FROM indexer.partition_policies ORDER BY table_name;

-- name: ensure_partition
-- Each in a transaction of its own, before the rows.
SELECT indexer.ensure_partition(%s, %s::text);

-- name: tables_with_uuids
-- Where the database would choose a random id.
SELECT n.nspname || '.' || c.relname
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attname = 'id' AND a.atttypid = 'uuid'::regtype AND c.relkind IN ('r', 'p') AND NOT c.relispartition;

-- name: settle_matches
-- Matches enter as pending; settling them settles their orders.
UPDATE public.order_matches SET status = 'settled' WHERE status = 'pending';

-- name: clock_offset
-- What the clock is put back to.
SELECT (value #>> '{}')::bigint FROM indexer.settings WHERE key = 'market_clock_offset_ms';

-- name: move_clock
-- Votes are cast and counted at times of the sample; nobody else sees the clock move before the transaction ends.
SELECT indexer.set_market_clock_offset((extract(epoch FROM %s::timestamptz - now()) * 1000)::bigint);

-- name: reset_clock
-- As it was.
SELECT indexer.set_market_clock_offset(%s);

-- name: close_proposals
-- What is over is decided as its votes say.
UPDATE governance.proposals AS p SET status = v.outcome, closed_at = p.voting_end
  FROM governance.api_proposals AS v
 WHERE v.id = p.id AND p.status = 'active' AND p.voting_end <= indexer.market_now();

-- name: end_plans
-- After their miners, which are fixed from then on.
UPDATE hosting.curtailment_plans
   SET status = CASE mod(id, 4) WHEN 2 THEN 'executed' ELSE 'cancelled' END,
       executed_at = CASE mod(id, 4) WHEN 2 THEN scheduled_time + interval '1 hour' END
 WHERE mod(id, 4) >= 2;

-- name: roll_up_telemetry
-- As the daemon does for each half hour that was touched.
SELECT hosting.roll_up_telemetry(%s::timestamptz);

-- name: roll_up_site_day
-- As the daemon does for each day that was touched.
SELECT hosting.roll_up_site_day(%s::date);

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
