-- Why: where the grid's nodes are, what was produced into it and what was taken from it.
-- Rollback (manual): DROP TABLE grid.energy_consumption, grid.energy_production, grid.locations;

CREATE TABLE IF NOT EXISTS grid.locations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    grid_code varchar(20) NOT NULL,
    province varchar(100),
    district varchar(100),
    substation varchar(100),
    coordinates point,
    location_data jsonb NOT NULL DEFAULT '{}',
    capacity_mw numeric(10,2) NOT NULL DEFAULT 0,
    current_load_mw numeric(10,2) NOT NULL DEFAULT 0,
    congestion_level varchar(20) NOT NULL DEFAULT 'low',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT locations_grid_code_key UNIQUE (grid_code),
    CONSTRAINT locations_grid_code_check CHECK (grid_code ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]*$'),
    CONSTRAINT locations_congestion_level_check CHECK (congestion_level IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT locations_load_check CHECK (
        capacity_mw >= 0 AND current_load_mw >= 0 AND greatest(capacity_mw, current_load_mw) <> 'NaN')
);
COMMENT ON COLUMN grid.locations.coordinates IS 'Longitude and latitude in degrees, in this order.';

CREATE INDEX IF NOT EXISTS locations_coordinates_idx ON grid.locations USING gist (coordinates);
CREATE INDEX IF NOT EXISTS locations_location_data_idx ON grid.locations USING gin (location_data jsonb_path_ops);
CREATE OR REPLACE TRIGGER locations_touch BEFORE UPDATE ON grid.locations
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS grid.energy_production (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    producer_id varchar(100) NOT NULL
        REFERENCES blockchain.registered_producers (producer_id) ON UPDATE CASCADE ON DELETE RESTRICT,
    energy_amount numeric(15,6) NOT NULL,
    energy_source varchar(20) NOT NULL,
    location_json jsonb NOT NULL DEFAULT '{}',
    efficiency numeric(5,4) NOT NULL DEFAULT 1,
    quality_score numeric(5,4) NOT NULL DEFAULT 1,
    equipment_id varchar(100),
    verified boolean NOT NULL DEFAULT false,
    verification_authority varchar(100),
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT energy_production_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT energy_production_efficiency_check CHECK (efficiency BETWEEN 0 AND 1),
    CONSTRAINT energy_production_quality_score_check CHECK (quality_score BETWEEN 0 AND 1),
    CONSTRAINT energy_production_verified_check CHECK (NOT verified OR verification_authority IS NOT NULL)
);
COMMENT ON COLUMN grid.energy_production.energy_amount IS 'kWh.';

CREATE INDEX IF NOT EXISTS energy_production_producer_idx
    ON grid.energy_production (producer_id, "timestamp" DESC);
CREATE INDEX IF NOT EXISTS energy_production_timestamp_idx ON grid.energy_production ("timestamp");
CREATE INDEX IF NOT EXISTS energy_production_source_idx ON grid.energy_production (energy_source, "timestamp" DESC);
CREATE INDEX IF NOT EXISTS energy_production_unverified_idx ON grid.energy_production ("timestamp") WHERE NOT verified;
CREATE INDEX IF NOT EXISTS energy_production_location_idx
    ON grid.energy_production USING gin (location_json jsonb_path_ops);

CREATE TABLE IF NOT EXISTS grid.energy_consumption (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    consumer_id varchar(100) NOT NULL
        REFERENCES blockchain.registered_consumers (consumer_id) ON UPDATE CASCADE ON DELETE RESTRICT,
    energy_amount numeric(15,6) NOT NULL,
    consumer_type varchar(20) NOT NULL,
    location_json jsonb NOT NULL DEFAULT '{}',
    appliance_breakdown jsonb NOT NULL DEFAULT '{}',
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT energy_consumption_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT energy_consumption_consumer_type_check
        CHECK (consumer_type IN ('residential', 'commercial', 'industrial', 'agricultural', 'municipal')),
    CONSTRAINT energy_consumption_appliance_breakdown_check CHECK (jsonb_typeof(appliance_breakdown) = 'object')
);
COMMENT ON COLUMN grid.energy_consumption.appliance_breakdown IS 'Name of the appliance to its kWh, as text.';

CREATE INDEX IF NOT EXISTS energy_consumption_consumer_idx
    ON grid.energy_consumption (consumer_id, "timestamp" DESC);
CREATE INDEX IF NOT EXISTS energy_consumption_timestamp_idx ON grid.energy_consumption ("timestamp");
CREATE INDEX IF NOT EXISTS energy_consumption_type_idx ON grid.energy_consumption (consumer_type, "timestamp" DESC);
CREATE INDEX IF NOT EXISTS energy_consumption_appliances_idx
    ON grid.energy_consumption USING gin (appliance_breakdown);
CREATE INDEX IF NOT EXISTS energy_consumption_location_idx
    ON grid.energy_consumption USING gin (location_json jsonb_path_ops);
