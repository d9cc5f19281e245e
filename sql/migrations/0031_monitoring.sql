-- Why: figures over time about the system, the chain and the grid; by month, so that old ones leave whole.
-- Rollback (manual): DROP TABLE monitoring.system_metrics, monitoring.transaction_metrics, monitoring.grid_health;
--   DELETE FROM indexer.partition_policies WHERE table_name LIKE 'monitoring.%';

CREATE TABLE IF NOT EXISTS monitoring.system_metrics (
    id bigserial NOT NULL,
    metric_name varchar(100) NOT NULL,
    metric_value numeric(20,8) NOT NULL,
    metric_type varchar(50) NOT NULL DEFAULT 'gauge',
    labels jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT system_metrics_pkey PRIMARY KEY (id, recorded_at),
    CONSTRAINT system_metrics_metric_name_check CHECK (metric_name <> ''),
    CONSTRAINT system_metrics_metric_value_check CHECK (metric_value <> 'NaN'),
    CONSTRAINT system_metrics_metric_type_check CHECK (metric_type IN ('counter', 'gauge', 'histogram'))
) PARTITION BY RANGE (recorded_at);
CREATE INDEX IF NOT EXISTS system_metrics_name_idx ON monitoring.system_metrics (metric_name, recorded_at DESC);
CREATE INDEX IF NOT EXISTS system_metrics_recorded_at_idx ON monitoring.system_metrics (recorded_at);
CREATE INDEX IF NOT EXISTS system_metrics_labels_idx ON monitoring.system_metrics USING gin (labels jsonb_path_ops);

CREATE TABLE IF NOT EXISTS monitoring.transaction_metrics (
    id bigserial NOT NULL,
    block_number bigint NOT NULL,
    transaction_count integer NOT NULL DEFAULT 0,
    total_gas_used bigint NOT NULL DEFAULT 0,
    total_fees numeric(20,8) NOT NULL DEFAULT 0,
    energy_traded numeric(15,6) NOT NULL DEFAULT 0,
    avg_confirmation_time numeric(10,3) NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT transaction_metrics_pkey PRIMARY KEY (id, recorded_at),
    CONSTRAINT transaction_metrics_counts_check
        CHECK (block_number >= 0 AND transaction_count >= 0 AND total_gas_used >= 0 AND total_fees >= 0
               AND total_fees <> 'NaN'),
    CONSTRAINT transaction_metrics_energy_traded_check CHECK (energy_traded >= 0 AND energy_traded <> 'NaN'),
    CONSTRAINT transaction_metrics_avg_confirmation_time_check
        CHECK (avg_confirmation_time >= 0 AND avg_confirmation_time <> 'NaN')
) PARTITION BY RANGE (recorded_at);
COMMENT ON COLUMN monitoring.transaction_metrics.block_number IS 'Slot.';
COMMENT ON COLUMN monitoring.transaction_metrics.total_gas_used IS 'Compute units.';
COMMENT ON COLUMN monitoring.transaction_metrics.total_fees IS 'SOL.';
COMMENT ON COLUMN monitoring.transaction_metrics.energy_traded IS 'kWh.';
COMMENT ON COLUMN monitoring.transaction_metrics.avg_confirmation_time IS 'Seconds.';
CREATE INDEX IF NOT EXISTS transaction_metrics_block_idx ON monitoring.transaction_metrics (block_number);
CREATE INDEX IF NOT EXISTS transaction_metrics_recorded_at_idx ON monitoring.transaction_metrics (recorded_at);

CREATE TABLE IF NOT EXISTS monitoring.grid_health (
    id bigserial NOT NULL,
    grid_code varchar(20) NOT NULL,
    health_score numeric(5,4) NOT NULL,
    stability_index numeric(5,4) NOT NULL DEFAULT 1,
    congestion_level varchar(20) NOT NULL DEFAULT 'low',
    active_connections integer NOT NULL DEFAULT 0,
    energy_flow_in numeric(15,6) NOT NULL DEFAULT 0,
    energy_flow_out numeric(15,6) NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grid_health_pkey PRIMARY KEY (id, recorded_at),
    CONSTRAINT grid_health_grid_code_check CHECK (grid_code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]*$'),
    CONSTRAINT grid_health_health_score_check CHECK (health_score BETWEEN 0 AND 1),
    CONSTRAINT grid_health_stability_index_check CHECK (stability_index BETWEEN 0 AND 1),
    CONSTRAINT grid_health_congestion_level_check CHECK (congestion_level IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT grid_health_active_connections_check CHECK (active_connections >= 0),
    CONSTRAINT grid_health_energy_flow_in_check CHECK (energy_flow_in >= 0 AND energy_flow_in <> 'NaN'),
    CONSTRAINT grid_health_energy_flow_out_check CHECK (energy_flow_out >= 0 AND energy_flow_out <> 'NaN')
) PARTITION BY RANGE (recorded_at);
COMMENT ON COLUMN monitoring.grid_health.energy_flow_in IS 'kWh since the row before of the same grid code.';
CREATE INDEX IF NOT EXISTS grid_health_code_idx ON monitoring.grid_health (grid_code, recorded_at DESC);
CREATE INDEX IF NOT EXISTS grid_health_recorded_at_idx ON monitoring.grid_health (recorded_at);

DO $$
DECLARE
    measured text;
BEGIN
    FOREACH measured IN ARRAY ARRAY['system_metrics', 'transaction_metrics', 'grid_health'] LOOP
        EXECUTE format('COMMENT ON COLUMN monitoring.%I.id IS %L', measured,
            'Deviation: bigserial, since a partitioned table can have an identity column from PostgreSQL 17 on only.');
    END LOOP;
END
$$;

INSERT INTO indexer.partition_policies (table_name, kind) VALUES
    ('monitoring.system_metrics', 'month'),
    ('monitoring.transaction_metrics', 'month'),
    ('monitoring.grid_health', 'month')
ON CONFLICT (table_name) DO NOTHING;
