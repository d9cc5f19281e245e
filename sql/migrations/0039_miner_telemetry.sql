-- Why: what every miner reports each minute; by month, so that 90 days can be kept and the rest dropped whole.
-- Rollback (manual): DROP TABLE hosting.miner_telemetry;
--   DELETE FROM indexer.partition_policies WHERE table_name = 'hosting.miner_telemetry';

CREATE TABLE IF NOT EXISTS hosting.miner_telemetry (
    id bigserial NOT NULL,
    miner_id bigint NOT NULL REFERENCES hosting.hosting_miners (id) ON DELETE RESTRICT,
    hashrate numeric NOT NULL DEFAULT 0,
    temperature numeric,
    power_consumption numeric NOT NULL DEFAULT 0,
    fan_speed numeric,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT miner_telemetry_pkey PRIMARY KEY (id, recorded_at),
    CONSTRAINT miner_telemetry_hashrate_check CHECK (hashrate >= 0 AND hashrate < 'Infinity'),
    CONSTRAINT miner_telemetry_temperature_check CHECK (temperature > -273.15 AND temperature < 1000),
    CONSTRAINT miner_telemetry_power_consumption_check
        CHECK (power_consumption >= 0 AND power_consumption < 'Infinity'),
    CONSTRAINT miner_telemetry_fan_speed_check CHECK (fan_speed >= 0 AND fan_speed < 'Infinity')
) PARTITION BY RANGE (recorded_at);

CREATE INDEX IF NOT EXISTS miner_telemetry_miner_recorded_idx ON hosting.miner_telemetry (miner_id, recorded_at);
-- Rows come in the order of time, so a few pages of summary find a half hour of all miners.
CREATE INDEX IF NOT EXISTS miner_telemetry_recorded_brin ON hosting.miner_telemetry
    USING brin (recorded_at) WITH (pages_per_range = 32);

INSERT INTO indexer.partition_policies (table_name, kind) VALUES ('hosting.miner_telemetry', 'month')
ON CONFLICT (table_name) DO NOTHING;
