-- Why: carbon credits, each with its range of registry serials, which no two credits may share.
-- Rollback (manual): DROP TABLE grid.carbon_credits;

CREATE TABLE IF NOT EXISTS grid.carbon_credits (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    credit_id varchar(100) NOT NULL,
    issuer varchar(100) NOT NULL,
    holder varchar(100) NOT NULL,
    energy_source varchar(20) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    offset_amount numeric(15,6) NOT NULL,
    certification_body varchar(100) NOT NULL,
    serial_first bigint,
    serial_last bigint,
    verified boolean NOT NULL DEFAULT false,
    status varchar(20) NOT NULL DEFAULT 'active',
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    retired_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT carbon_credits_credit_id_key UNIQUE (credit_id),
    CONSTRAINT carbon_credits_status_check CHECK (status IN ('active', 'retired', 'cancelled', 'expired')),
    CONSTRAINT carbon_credits_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT carbon_credits_offset_amount_check CHECK (offset_amount > 0 AND offset_amount <> 'NaN'),
    CONSTRAINT carbon_credits_serial_check
        CHECK ((serial_first IS NULL) = (serial_last IS NULL) AND serial_first >= 0 AND serial_first <= serial_last),
    CONSTRAINT carbon_credits_expires_at_check CHECK (expires_at > issued_at),
    CONSTRAINT carbon_credits_serials_once EXCLUDE USING gist (
        certification_body WITH =, int8range(serial_first, serial_last, '[]') WITH &&)
        WHERE (serial_first IS NOT NULL)
);
COMMENT ON COLUMN grid.carbon_credits.energy_amount IS 'kWh whose production the credit stands for.';
COMMENT ON COLUMN grid.carbon_credits.offset_amount IS 'kg of CO2 equivalent.';
COMMENT ON COLUMN grid.carbon_credits.serial_first IS
    'First serial of the registry of certification_body; serial_last is the last one, included.';

CREATE INDEX IF NOT EXISTS carbon_credits_holder_idx ON grid.carbon_credits (holder);
CREATE INDEX IF NOT EXISTS carbon_credits_issuer_idx ON grid.carbon_credits (issuer);
CREATE INDEX IF NOT EXISTS carbon_credits_status_idx ON grid.carbon_credits (status);
CREATE INDEX IF NOT EXISTS carbon_credits_expires_at_idx ON grid.carbon_credits (expires_at) WHERE status = 'active';

CREATE OR REPLACE TRIGGER carbon_credits_status_final BEFORE UPDATE OF status ON grid.carbon_credits
    FOR EACH ROW WHEN (OLD.status IN ('retired', 'cancelled', 'expired') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'credit_id');
