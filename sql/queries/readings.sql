-- name: create_stage
-- Lines of one import, in this session only.
CREATE TEMPORARY TABLE staged_readings (
    line bigint NOT NULL,
    meter_serial varchar(255) NOT NULL,
    measured_at timestamptz NOT NULL,
    energy_generated numeric(15,6) NOT NULL,
    energy_consumed numeric(15,6) NOT NULL
)

-- name: drop_stage
-- The connection goes back to the pool.
DROP TABLE IF EXISTS pg_temp.staged_readings

-- name: analyze_stage
-- A new table has no statistics, and the plan depends on its size.
ANALYZE pg_temp.staged_readings

-- name: count_staged
-- Lines that are readings by their form.
SELECT count(*) FROM pg_temp.staged_readings

-- name: ensure_partitions
-- Of past months only: a reading from the future is refused anyway.
SELECT indexer.ensure_partition('public.meter_readings', month.start)
  FROM (SELECT DISTINCT date_trunc('month', s.measured_at, 'UTC') AS start
          FROM pg_temp.staged_readings AS s
         WHERE s.measured_at <= indexer.market_now()) AS month

-- name: store_staged
-- Stores what counts and what may count later; answers every line that is not simply stored, with the reason. A
-- reading whose meter was deleted before it counted belongs to the meter that has its serial now.
WITH known AS (
    SELECT s.line, s.measured_at, s.energy_generated, s.energy_consumed, s.meter_serial, m.id AS meter_id, m.meter_key,
           m.user_id, u.wallet_address, m.verification_status,
           row_number() OVER (PARTITION BY s.meter_serial, s.measured_at ORDER BY s.line) > 1 AS repeated,
           indexer.reading_obstacle(m.verification_status, u.wallet_address, s.measured_at, s.energy_generated,
                                    s.energy_consumed, indexer.market_now(), interval '1 second' * $1::integer,
                                    $2::numeric) AS obstacle
      FROM pg_temp.staged_readings AS s
      LEFT JOIN public.meter_registry AS m ON m.meter_serial = s.meter_serial
      LEFT JOIN public.users AS u ON u.id = m.user_id
), judged AS (
    SELECT k.*,
           CASE WHEN k.obstacle IS NOT NULL AND k.obstacle NOT IN ('meter_unverified', 'no_wallet') THEN k.obstacle
                WHEN k.repeated OR EXISTS (SELECT FROM public.meter_readings AS r
                                            WHERE r.meter_key = k.meter_key AND r."timestamp" = k.measured_at
                                              AND (r.meter_id IS NOT NULL OR r.mint_window IS NOT NULL))
                THEN 'duplicate'
                ELSE k.obstacle END AS verdict
      FROM known AS k
), stored AS (
    INSERT INTO public.meter_readings AS r (meter_id, meter_key, user_id, wallet_address, "timestamp", energy_generated,
                                            energy_consumed, blockchain_status, status_reason)
    SELECT j.meter_id, j.meter_key, j.user_id, j.wallet_address, j.measured_at, j.energy_generated, j.energy_consumed,
           CASE WHEN j.verdict IS NULL THEN 'pending' ELSE 'parked' END, j.verdict
      FROM judged AS j
     WHERE $3::boolean AND (j.verdict IS NULL OR j.verdict IN ('meter_unverified', 'no_wallet'))
     ORDER BY j.line
        ON CONFLICT (meter_key, "timestamp") DO UPDATE
       SET meter_id = excluded.meter_id, user_id = excluded.user_id, wallet_address = excluded.wallet_address,
           energy_generated = excluded.energy_generated, energy_consumed = excluded.energy_consumed,
           blockchain_status = excluded.blockchain_status, status_reason = excluded.status_reason
     WHERE r.meter_id IS NULL AND r.mint_window IS NULL
    RETURNING r.meter_id, r."timestamp"
)
SELECT j.line,
       CASE WHEN j.verdict IS NOT NULL AND (j.verdict NOT IN ('meter_unverified', 'no_wallet') OR NOT $3 OR s.meter_id IS NOT NULL)
            THEN j.verdict
            ELSE 'duplicate' END AS obstacle,
       CASE j.verdict WHEN 'unknown_meter' THEN 'no meter ' || j.meter_serial
                      WHEN 'meter_unverified' THEN 'meter ' || j.meter_serial || ' is ' || j.verification_status
                      WHEN 'no_wallet' THEN 'the owner of meter ' || j.meter_serial || ' has no wallet'
                      WHEN 'amount_above_limit' THEN 'more than ' || ($2::numeric)::text || ' kWh'
                      WHEN 'in_future' THEN j.measured_at::text || ' lies in the future'
                      WHEN 'too_old' THEN j.measured_at::text || ' is too long ago'
                      ELSE 'meter ' || j.meter_serial || ' has a reading of ' || j.measured_at::text || ' already' END AS detail
  FROM judged AS j
  LEFT JOIN stored AS s ON s.meter_id = j.meter_id AND s."timestamp" = j.measured_at AND NOT j.repeated
 WHERE j.verdict IS NOT NULL OR ($3 AND s.meter_id IS NULL)
 ORDER BY j.line
