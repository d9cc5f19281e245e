-- Why: storage systems and what went into and out of them.
-- Rollback (manual): DROP TABLE grid.storage_operations, grid.energy_storage;

CREATE TABLE IF NOT EXISTS grid.energy_storage (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    storage_id varchar(100) NOT NULL,
    storage_operator varchar(100) NOT NULL,
    storage_type varchar(50) NOT NULL,
    capacity_mwh numeric(15,6) NOT NULL,
    current_charge numeric(15,6) NOT NULL DEFAULT 0,
    efficiency numeric(5,4) NOT NULL DEFAULT 0.95,
    location_json jsonb NOT NULL DEFAULT '{}',
    status varchar(20) NOT NULL DEFAULT 'active',
    installed_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT energy_storage_storage_id_key UNIQUE (storage_id),
    CONSTRAINT energy_storage_capacity_mwh_check CHECK (capacity_mwh > 0 AND capacity_mwh <> 'NaN'),
    CONSTRAINT energy_storage_current_charge_check
        CHECK (current_charge BETWEEN 0 AND capacity_mwh AND current_charge <> 'NaN'),
    CONSTRAINT energy_storage_efficiency_check CHECK (efficiency > 0 AND efficiency <= 1),
    CONSTRAINT energy_storage_status_check CHECK (status IN ('active', 'maintenance', 'offline'))
);
COMMENT ON COLUMN grid.energy_storage.current_charge IS 'MWh in store, at most capacity_mwh.';
COMMENT ON COLUMN grid.energy_storage.efficiency IS 'Share of the energy put in that can be taken out again.';

CREATE INDEX IF NOT EXISTS energy_storage_operator_idx ON grid.energy_storage (storage_operator);
CREATE INDEX IF NOT EXISTS energy_storage_status_idx ON grid.energy_storage (status);
CREATE INDEX IF NOT EXISTS energy_storage_location_idx
    ON grid.energy_storage USING gin (location_json jsonb_path_ops);
CREATE OR REPLACE TRIGGER energy_storage_touch BEFORE UPDATE ON grid.energy_storage
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS grid.storage_operations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    storage_id varchar(100) NOT NULL
        REFERENCES grid.energy_storage (storage_id) ON UPDATE CASCADE ON DELETE RESTRICT,
    operation_type varchar(20) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_unit numeric(15,6) NOT NULL DEFAULT 0,
    grid_location varchar(100),
    settlement_status varchar(20) NOT NULL DEFAULT 'pending',
    executed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT storage_operations_operation_type_check CHECK (operation_type IN ('charge', 'discharge')),
    CONSTRAINT storage_operations_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT storage_operations_price_per_unit_check CHECK (price_per_unit >= 0 AND price_per_unit <> 'NaN'),
    CONSTRAINT storage_operations_settlement_status_check CHECK (settlement_status IN ('pending', 'settled', 'failed'))
);
COMMENT ON COLUMN grid.storage_operations.energy_amount IS 'MWh, measured at the grid.';
COMMENT ON COLUMN grid.storage_operations.price_per_unit IS
    'Per MWh. Deviation: may be 0, since a storage may be charged for nothing.';

CREATE INDEX IF NOT EXISTS storage_operations_storage_idx ON grid.storage_operations (storage_id, executed_at DESC);
CREATE INDEX IF NOT EXISTS storage_operations_executed_at_idx ON grid.storage_operations (executed_at);
CREATE INDEX IF NOT EXISTS storage_operations_unsettled_idx ON grid.storage_operations (executed_at)
    WHERE settlement_status = 'pending';
