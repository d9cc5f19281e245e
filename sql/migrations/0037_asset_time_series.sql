-- Why: what each asset produces and in which weather; native partitions, or hypertables where the database was made so.
-- Rollback (manual): DROP TABLE investment.weather_data, investment.energy_production;
--   DELETE FROM indexer.partition_policies WHERE table_name IN ('investment.energy_production', 'investment.weather_data');

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
        temperature numeric(5,2),
        -- A hypertable would take any time and readers stumble over infinity; NaN spoils every sum.
        CONSTRAINT energy_production_time_check CHECK ("time" >= timestamptz ''epoch'' AND isfinite("time")),
        CONSTRAINT energy_production_numbers_check CHECK (''NaN'' NOT IN (power_kw, voltage, temperature)))' || cut;
    EXECUTE 'CREATE TABLE IF NOT EXISTS investment.weather_data (
        "time" timestamptz NOT NULL,
        asset_id uuid,
        temperature numeric(5,2),
        irradiance numeric(7,2),
        wind_speed numeric(5,2),
        CONSTRAINT weather_data_time_check CHECK ("time" >= timestamptz ''epoch'' AND isfinite("time")),
        CONSTRAINT weather_data_numbers_check CHECK (''NaN'' NOT IN (temperature, irradiance, wind_speed)))' || cut;
    IF hypertables THEN
        PERFORM public.create_hypertable('investment.energy_production', 'time', if_not_exists => true);
        PERFORM public.create_hypertable('investment.weather_data', 'time', if_not_exists => true);
    END IF;
    INSERT INTO indexer.partition_policies (table_name, kind)
    SELECT name, CASE WHEN hypertables THEN 'hypertable' ELSE 'month' END
      FROM unnest(ARRAY['investment.energy_production', 'investment.weather_data']) AS name
    ON CONFLICT (table_name) DO NOTHING;
END
$$;

-- A hypertable comes with the index on time alone; native tables have the same one.
CREATE INDEX IF NOT EXISTS energy_production_time_idx ON investment.energy_production ("time" DESC);
CREATE INDEX IF NOT EXISTS weather_data_time_idx ON investment.weather_data ("time" DESC);
-- Unique, so that a reading that is sent twice is stored once.
CREATE UNIQUE INDEX IF NOT EXISTS idx_production_asset_time ON investment.energy_production (asset_id, "time" DESC);
CREATE UNIQUE INDEX IF NOT EXISTS idx_weather_asset_time ON investment.weather_data (asset_id, "time" DESC);
