-- name: progress
-- How far telemetry has been looked at, and the oldest open transaction, before which no row can come any more.
SELECT p.transaction_id, nullif(p.bucket_start, '-infinity') AS bucket_start,
       pg_snapshot_xmin(pg_current_snapshot()) AS horizon, now() AS moment
  FROM indexer.rollup_progress AS p;

-- name: lock_progress
-- One process at a time moves it on.
SELECT FROM indexer.rollup_progress FOR UPDATE;

-- name: page
-- The next rows by transaction and half hour; a pair counts once, so what LIMIT cuts off of it is not missed.
SELECT DISTINCT transaction_id, bucket_start
  FROM (SELECT r.transaction_id, date_bin('30 minutes', r.recorded_at, timestamptz 'epoch') AS bucket_start
          FROM hosting.miner_telemetry AS r
         WHERE (r.transaction_id, date_bin('30 minutes', r.recorded_at, timestamptz 'epoch'))
               > ($1::xid8, coalesce($2::timestamptz, '-infinity'))
           AND r.transaction_id < $3::xid8
         ORDER BY r.transaction_id, date_bin('30 minutes', r.recorded_at, timestamptz 'epoch')
         LIMIT $4) AS page
 ORDER BY transaction_id, bucket_start;

-- name: touch
-- Waits for whoever is computing one of them, and then puts it down again.
INSERT INTO indexer.touched_half_hours (bucket_start)
SELECT b FROM unnest($1::timestamptz[]) AS b ORDER BY b
ON CONFLICT (bucket_start) DO NOTHING;

-- name: move_on
-- In the transaction that touched what was found.
UPDATE indexer.rollup_progress
   SET transaction_id = $1::xid8, bucket_start = coalesce($2::timestamptz, '-infinity');

-- name: rows_wait
-- Rows that are committed and yet not looked at, because an older transaction is still open.
SELECT EXISTS (SELECT FROM hosting.miner_telemetry AS r WHERE r.transaction_id >= $1::xid8);

-- name: caught_up
-- All that was committed at the moment has been computed.
UPDATE indexer.rollup_progress SET caught_up_at = greatest(caught_up_at, $1);

-- name: with_rows
-- The half hours of a range that have raw rows; a day at a time, by one pass over its pages.
SELECT DISTINCT date_bin('30 minutes', r.recorded_at, timestamptz 'epoch') AS bucket_start
  FROM hosting.miner_telemetry AS r
 WHERE r.recorded_at >= date_bin('30 minutes', $1::timestamptz, timestamptz 'epoch') AND r.recorded_at < $2::timestamptz
 ORDER BY bucket_start;

-- name: raw_range
-- From where to where there can be raw rows.
SELECT min((bound)[1]::timestamptz) AS first, max((bound)[2]::timestamptz) AS last
  FROM (SELECT regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('([^']+)'\) TO \('([^']+)'\)$$) AS bound
          FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'hosting.miner_telemetry'::regclass) AS partitions;

-- name: touched
-- What waits, newest first: the present matters most to whoever looks.
SELECT bucket_start FROM indexer.touched_half_hours ORDER BY bucket_start DESC LIMIT $1;

-- name: lock_day
-- Half hours of one day are computed by one process at a time, so that the last of them is known to be the last.
SELECT pg_advisory_xact_lock(hashtextextended('gridtokenx site day ' || $1::date, 0));

-- name: take
-- What another process has computed meanwhile is left out.
DELETE FROM indexer.touched_half_hours WHERE bucket_start = ANY ($1::timestamptz[]) RETURNING bucket_start;

-- name: ensure_partition
-- Half hours of late telemetry come long after their month.
SELECT indexer.ensure_partition('hosting.telemetry_30min', $1::timestamptz);

-- name: roll_up_half_hours
-- One statement per half hour, inside the function.
SELECT coalesce(sum(hosting.roll_up_telemetry(b)), 0)::bigint FROM unnest($1::timestamptz[]) AS b;

-- name: day_waits
-- Whether half hours of the day are still to come.
SELECT EXISTS (SELECT FROM indexer.touched_half_hours AS h
                WHERE h.bucket_start >= $1::date::timestamp AT TIME ZONE 'UTC'
                  AND h.bucket_start < ($1::date + 1)::timestamp AT TIME ZONE 'UTC');

-- name: roll_up_site_day
-- Once its half hours are there.
SELECT hosting.roll_up_site_day($1::date);
