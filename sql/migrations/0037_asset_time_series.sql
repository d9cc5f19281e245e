-- Why: what each asset produces and in which weather; native partitions, or hypertables where the database was made so.
-- Rollback (manual): DROP TABLE investment.weather_data, investment.energy_production;
--   DELETE FROM indexer.partition_policies WHERE table_name IN ('investment.weather_data', 'investment.energy_production');

DO $$
DECLARE
    hypertables CONSTANT boolean := EXISTS (
        SELECT FROM indexer.settings WHERE key = 'timeseries_mode' AND value = '"timescaledb"');
    cut CONSTANT text := CASE WHEN hypertables THEN '' ELSE ' PARTITION BY RANGE ("time")' END;
BEGIN
    EXECUTE 'CREATE TABLE IF NOT EXISTS investment.energy_production (
        "time" timestamptz NOT NULL,
        asset_id uuid,
        power_kw numeric(10,2),
        voltage numeric(6,2),
        temperature numeric(5,2))' || cut;
    EXECUTE 'CREATE TABLE IF NOT EXISTS investment.weather_data (
        "time" timestamptz NOT NULL,
        asset_id uuid,
        temperature numeric(5,2),
        irradiance numeric(7,2),
        wind_speed numeric(5,2))' || cut;
    IF hypertables THEN
        PERFORM public.create_hypertable('investment.energy_production', 'time', if_not_exists => true);
        PERFORM public.create_hypertable('investment.weather_data', 'time', if_not_exists => true);
    ELSE
        INSERT INTO indexer.partition_policies (table_name, kind) VALUES
            ('investment.energy_production', 'month'), ('investment.weather_data', 'month')
        ON CONFLICT (table_name) DO NOTHING;
    END IF;
END
$$;

-- Unique, so that a reading that is sent twice is stored once.
CREATE UNIQUE INDEX IF NOT EXISTS idx_production_asset_time ON investment.energy_production (asset_id, "time" DESC);
CREATE UNIQUE INDEX IF NOT EXISTS idx_weather_asset_time ON investment.weather_data (asset_id, "time" DESC);
