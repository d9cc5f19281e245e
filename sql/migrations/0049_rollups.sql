-- Why: telemetry arrives each minute and is read by the half hour; key figures are computed once, not at each look.
-- Rollback (manual): DROP VIEW hosting.api_telemetry_30min, hosting.api_site_days; DROP TABLE hosting.telemetry_30min,
--   hosting.site_days, indexer.touched_half_hours, indexer.rollup_progress;
--   ALTER TABLE hosting.miner_telemetry DROP COLUMN transaction_id; DROP FUNCTION hosting.roll_up_telemetry(timestamptz), hosting.roll_up_site_day(date),
--   indexer.bucket_start(timestamptz, interval);
--   DELETE FROM indexer.partition_policies WHERE table_name = 'hosting.telemetry_30min';

CREATE OR REPLACE FUNCTION indexer.bucket_start(moment timestamptz, step interval) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN date_bin(step, moment, timestamptz 'epoch');

-- How the daemon finds the half hours that rows touched, however late they commit and whatever id they carry: of the
-- transactions before the oldest open one no row can come any more. Column and index cost a COPY an eighth and single
-- rows 3 %; a trigger on each statement would cost these a third.
ALTER TABLE hosting.miner_telemetry
    ADD COLUMN IF NOT EXISTS transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
COMMENT ON COLUMN hosting.miner_telemetry.transaction_id IS
    'The transaction that wrote the row; the half hours are computed in this order. Left out by writers.';
CREATE INDEX IF NOT EXISTS miner_telemetry_touched_idx ON hosting.miner_telemetry
    (transaction_id, date_bin('30 minutes', recorded_at, timestamptz 'epoch'));

CREATE TABLE IF NOT EXISTS indexer.rollup_progress (
    singleton boolean PRIMARY KEY DEFAULT true,
    transaction_id xid8 NOT NULL DEFAULT '0',
    bucket_start timestamptz NOT NULL DEFAULT '-infinity',
    caught_up_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rollup_progress_singleton_check CHECK (singleton)
);
INSERT INTO indexer.rollup_progress DEFAULT VALUES ON CONFLICT DO NOTHING;
COMMENT ON TABLE indexer.rollup_progress IS
    'Telemetry up to (transaction_id, bucket_start) has been looked at: its half hours are computed or in touched_half_hours.';
COMMENT ON COLUMN indexer.rollup_progress.caught_up_at IS
    'When everything committed until then had been computed.';

CREATE TABLE IF NOT EXISTS indexer.touched_half_hours (
    bucket_start timestamptz PRIMARY KEY,
    touched_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT touched_half_hours_bucket_check CHECK (mod(extract(epoch FROM bucket_start), 1800) = 0)
);
COMMENT ON TABLE indexer.touched_half_hours IS 'Half hours whose telemetry changed and that wait to be computed anew.';

CREATE TABLE IF NOT EXISTS hosting.telemetry_30min (
    miner_id bigint NOT NULL REFERENCES hosting.hosting_miners (id) ON DELETE RESTRICT,
    bucket_start timestamptz NOT NULL,
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
    CONSTRAINT telemetry_30min_pkey PRIMARY KEY (miner_id, bucket_start),
    CONSTRAINT telemetry_30min_samples_check CHECK (samples > 0 AND online_samples BETWEEN 0 AND samples),
    -- NaN is greater than infinity.
    CONSTRAINT telemetry_30min_numbers_check CHECK (
        greatest(hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w, temperature_avg, temperature_max,
                 fan_speed_avg) < 'Infinity'
        AND least(hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w, temperature_avg, temperature_max,
                  fan_speed_avg) > '-Infinity'),
    CONSTRAINT telemetry_30min_bucket_check CHECK (mod(extract(epoch FROM bucket_start), 1800) = 0)
) PARTITION BY RANGE (bucket_start);
CREATE INDEX IF NOT EXISTS telemetry_30min_bucket_idx ON hosting.telemetry_30min (bucket_start);
INSERT INTO indexer.partition_policies (table_name, kind) VALUES ('hosting.telemetry_30min', 'month')
ON CONFLICT (table_name) DO NOTHING;
COMMENT ON TABLE hosting.telemetry_30min IS '48 rows a day and miner, 4,320 in 90 days, whatever the rate of the raw rows.';
COMMENT ON COLUMN hosting.telemetry_30min.online_samples IS 'Samples with a hash rate above zero.';
COMMENT ON COLUMN hosting.telemetry_30min.site_id IS
    'Where the miner stood when the half hour was first computed; a later move leaves history where it was.';

-- Raw rows are dropped in time and the half hours stay: fewer samples than are stored never replace them.
CREATE OR REPLACE FUNCTION hosting.roll_up_telemetry(moment timestamptz) RETURNS bigint
LANGUAGE sql AS $$
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
COMMENT ON FUNCTION hosting.roll_up_telemetry(timestamptz) IS
    'Computes the half hour that holds the moment anew from its raw rows; returns how many rows changed. A miner whose '
    'raw rows are fewer than were counted before keeps what it had: delete its half hour first to have it smaller.';

CREATE TABLE IF NOT EXISTS hosting.site_days (
    site_id bigint NOT NULL REFERENCES hosting.hosting_sites (id) ON DELETE CASCADE,
    day date NOT NULL,
    miners integer NOT NULL,
    hashrate_avg numeric NOT NULL,
    power_avg_mw numeric NOT NULL,
    energy_mwh numeric NOT NULL,
    efficiency_j_per_th numeric,
    uptime numeric NOT NULL,
    PRIMARY KEY (site_id, day),
    CONSTRAINT site_days_numbers_check CHECK (
        greatest(hashrate_avg, power_avg_mw, energy_mwh, efficiency_j_per_th) < 'Infinity'
        AND least(hashrate_avg, power_avg_mw, energy_mwh, efficiency_j_per_th) > '-Infinity'),
    CONSTRAINT site_days_uptime_check CHECK (uptime BETWEEN 0 AND 1)
);
COMMENT ON COLUMN hosting.site_days.hashrate_avg IS 'TH/s of all its miners together, averaged over the day.';
COMMENT ON COLUMN hosting.site_days.uptime IS 'Share of samples with a hash rate above zero.';

-- Whoever computes a day second sees what the first saw: without the wait an older picture could come last.
CREATE OR REPLACE FUNCTION hosting.roll_up_site_day(on_day date) RETURNS bigint
LANGUAGE sql AS $$
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
COMMENT ON FUNCTION hosting.roll_up_site_day(date) IS
    'Computes one day (UTC) of every site anew from the half hours; a missing half hour counts as no power. A site without '
    'any half hour keeps the day that it had: delete it if that is wrong.';

CREATE OR REPLACE VIEW hosting.api_telemetry_30min AS
SELECT miner_id, bucket_start, samples, hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w,
       temperature_avg, temperature_max, fan_speed_avg, online_samples
  FROM hosting.telemetry_30min;
COMMENT ON VIEW hosting.api_telemetry_30min IS 'Telemetry by the half hour, under one name in every time-series mode.';

CREATE OR REPLACE VIEW hosting.api_site_days AS
SELECT d.site_id, s.name AS site_name, d.day, d.miners, d.hashrate_avg, d.power_avg_mw, d.energy_mwh,
       d.efficiency_j_per_th, d.uptime
  FROM hosting.site_days AS d JOIN hosting.hosting_sites AS s ON s.id = d.site_id;
COMMENT ON VIEW hosting.api_site_days IS 'Key figures of each site and day (UTC), computed ahead.';
