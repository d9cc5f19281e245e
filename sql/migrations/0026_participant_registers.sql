-- Why: who may deliver energy to the grid and who takes it.
-- Rollback (manual): DROP TABLE blockchain.registered_producers, blockchain.registered_consumers;

CREATE TABLE IF NOT EXISTS blockchain.registered_producers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    producer_id varchar(100) NOT NULL,
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    producer_name varchar(255) NOT NULL,
    producer_type varchar(50) NOT NULL,
    energy_sources text[] NOT NULL DEFAULT '{}',
    location_json jsonb NOT NULL DEFAULT '{}',
    capacity_kw numeric(15,6) NOT NULL,
    certification varchar(255),
    verified boolean NOT NULL DEFAULT false,
    registered_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT registered_producers_producer_id_key UNIQUE (producer_id),
    CONSTRAINT registered_producers_producer_type_check
        CHECK (producer_type IN ('residential', 'commercial', 'industrial', 'utility', 'community')),
    CONSTRAINT registered_producers_energy_sources_check CHECK (array_position(energy_sources, NULL) IS NULL),
    CONSTRAINT registered_producers_capacity_kw_check CHECK (capacity_kw > 0 AND capacity_kw <> 'NaN')
);
COMMENT ON COLUMN blockchain.registered_producers.energy_sources IS 'Every source the producer feeds in from.';

CREATE INDEX IF NOT EXISTS registered_producers_user_id_idx ON blockchain.registered_producers (user_id);
CREATE INDEX IF NOT EXISTS registered_producers_type_idx ON blockchain.registered_producers (producer_type);
CREATE INDEX IF NOT EXISTS registered_producers_sources_idx
    ON blockchain.registered_producers USING gin (energy_sources);
CREATE INDEX IF NOT EXISTS registered_producers_location_idx
    ON blockchain.registered_producers USING gin (location_json jsonb_path_ops);
CREATE OR REPLACE TRIGGER registered_producers_touch BEFORE UPDATE ON blockchain.registered_producers
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS blockchain.registered_consumers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    consumer_id varchar(100) NOT NULL,
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    consumer_name varchar(255) NOT NULL,
    consumer_type varchar(50) NOT NULL,
    location_json jsonb NOT NULL DEFAULT '{}',
    avg_consumption_kwh numeric(15,6) NOT NULL DEFAULT 0,
    peak_demand_kw numeric(15,6) NOT NULL DEFAULT 0,
    verified boolean NOT NULL DEFAULT false,
    registered_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT registered_consumers_consumer_id_key UNIQUE (consumer_id),
    CONSTRAINT registered_consumers_consumer_type_check
        CHECK (consumer_type IN ('residential', 'commercial', 'industrial', 'agricultural', 'municipal')),
    CONSTRAINT registered_consumers_avg_consumption_kwh_check
        CHECK (avg_consumption_kwh >= 0 AND avg_consumption_kwh <> 'NaN'),
    CONSTRAINT registered_consumers_peak_demand_kw_check CHECK (peak_demand_kw >= 0 AND peak_demand_kw <> 'NaN')
);
CREATE INDEX IF NOT EXISTS registered_consumers_user_id_idx ON blockchain.registered_consumers (user_id);
CREATE INDEX IF NOT EXISTS registered_consumers_type_idx ON blockchain.registered_consumers (consumer_type);
CREATE INDEX IF NOT EXISTS registered_consumers_location_idx
    ON blockchain.registered_consumers USING gin (location_json jsonb_path_ops);
CREATE OR REPLACE TRIGGER registered_consumers_touch BEFORE UPDATE ON blockchain.registered_consumers
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
