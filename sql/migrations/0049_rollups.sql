-- Why: telemetry arrives each minute and is read by the half hour; key figures are computed once, not at each look.
-- Rollback (manual): DROP VIEW hosting.api_telemetry_30min, hosting.api_site_days; DROP TABLE hosting.telemetry_30min,
--   hosting.site_days; DROP FUNCTION hosting.roll_up_telemetry(timestamptz), hosting.roll_up_site_day(date),
--   indexer.bucket_start(timestamptz, interval);
--   DELETE FROM indexer.partition_policies WHERE table_name = 'hosting.telemetry_30min';

CREATE OR REPLACE FUNCTION indexer.bucket_start(moment timestamptz, step interval) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN timestamptz 'epoch' + step * floor(extract(epoch FROM moment) / extract(epoch FROM step))::bigint;

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

CREATE OR REPLACE FUNCTION hosting.roll_up_telemetry(moment timestamptz) RETURNS bigint
LANGUAGE sql AS $$
    WITH written AS (
        INSERT INTO hosting.telemetry_30min AS t (
            miner_id, bucket_start, samples, hashrate_avg, hashrate_min, hashrate_max, power_avg_w, power_max_w,
            temperature_avg, temperature_max, fan_speed_avg, online_samples)
        SELECT r.miner_id, indexer.bucket_start(moment, interval '30 minutes'), count(*), round(avg(r.hashrate), 4),
               min(r.hashrate), max(r.hashrate), round(avg(r.power_consumption), 4), max(r.power_consumption),
               round(avg(r.temperature), 4), max(r.temperature), round(avg(r.fan_speed), 4),
               count(*) FILTER (WHERE r.hashrate > 0)
          FROM hosting.miner_telemetry AS r
         WHERE r.recorded_at >= indexer.bucket_start(moment, interval '30 minutes')
           AND r.recorded_at < indexer.bucket_start(moment, interval '30 minutes') + interval '30 minutes'
         GROUP BY r.miner_id
        ON CONFLICT (miner_id, bucket_start) DO UPDATE
           SET samples = excluded.samples, hashrate_avg = excluded.hashrate_avg, hashrate_min = excluded.hashrate_min,
               hashrate_max = excluded.hashrate_max, power_avg_w = excluded.power_avg_w,
               power_max_w = excluded.power_max_w, temperature_avg = excluded.temperature_avg,
               temperature_max = excluded.temperature_max, fan_speed_avg = excluded.fan_speed_avg,
               online_samples = excluded.online_samples
         WHERE (t.samples, t.hashrate_avg, t.power_avg_w, t.temperature_avg, t.fan_speed_avg, t.online_samples)
               IS DISTINCT FROM (excluded.samples, excluded.hashrate_avg, excluded.power_avg_w,
                                 excluded.temperature_avg, excluded.fan_speed_avg, excluded.online_samples)
        RETURNING 1)
    SELECT count(*) FROM written
$$;
COMMENT ON FUNCTION hosting.roll_up_telemetry(timestamptz) IS
    'Computes the half hour that holds the moment anew from its raw rows; returns how many rows changed.';

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

CREATE OR REPLACE FUNCTION hosting.roll_up_site_day(on_day date) RETURNS bigint
LANGUAGE sql AS $$
    WITH miner AS (
        SELECT t.miner_id, sum(t.hashrate_avg) / 48 AS hashrate, sum(t.power_avg_w) / 48 AS power_w,
               sum(t.samples) AS samples, sum(t.online_samples) AS online
          FROM hosting.telemetry_30min AS t
         WHERE t.bucket_start >= on_day::timestamp AT TIME ZONE 'UTC'
           AND t.bucket_start < (on_day + 1)::timestamp AT TIME ZONE 'UTC'
         GROUP BY t.miner_id),
    written AS (
        INSERT INTO hosting.site_days (site_id, day, miners, hashrate_avg, power_avg_mw, energy_mwh,
                                       efficiency_j_per_th, uptime)
        SELECT m.site_id, on_day, count(*), round(sum(d.hashrate), 4), round(sum(d.power_w) / 1000000, 6),
               round(sum(d.power_w) * 24 / 1000000, 6), round(sum(d.power_w) / nullif(sum(d.hashrate), 0), 4),
               round(sum(d.online) / sum(d.samples), 6)
          FROM miner AS d JOIN hosting.hosting_miners AS m ON m.id = d.miner_id
         GROUP BY m.site_id
        ON CONFLICT (site_id, day) DO UPDATE
           SET miners = excluded.miners, hashrate_avg = excluded.hashrate_avg, power_avg_mw = excluded.power_avg_mw,
               energy_mwh = excluded.energy_mwh, efficiency_j_per_th = excluded.efficiency_j_per_th,
               uptime = excluded.uptime
        RETURNING 1)
    SELECT count(*) FROM written
$$;
COMMENT ON FUNCTION hosting.roll_up_site_day(date) IS
    'Computes one day (UTC) of every site anew from the half hours; a missing half hour counts as no power.';

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
