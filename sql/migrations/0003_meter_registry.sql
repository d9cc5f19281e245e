-- Why: the meters, each with the 16 bytes that name it on chain.
-- Rollback (manual): DROP TABLE public.meter_registry; DROP FUNCTION indexer.meter_registry_keep_serial();
--   DROP FUNCTION indexer.meter_key(text);

-- Immutable although convert_to is only stable: the target encoding is fixed here.
CREATE OR REPLACE FUNCTION indexer.meter_key(meter_serial text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(sha256(convert_to('gridtokenx:meter:' || meter_serial, 'UTF8')) FROM 1 FOR 16);

CREATE TABLE IF NOT EXISTS public.meter_registry (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    meter_serial varchar(255) NOT NULL,
    meter_key bytea NOT NULL GENERATED ALWAYS AS (indexer.meter_key(meter_serial)) STORED,
    zone_id integer NOT NULL DEFAULT 0,
    verification_status varchar(20) NOT NULL DEFAULT 'pending',
    verification_method varchar(50),
    meter_type varchar(50),
    manufacturer varchar(100),
    location_address text,
    installation_date date,
    verified_by uuid REFERENCES public.users (id) ON DELETE SET NULL,
    verified_at timestamptz,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT meter_registry_meter_serial_key UNIQUE (meter_serial),
    CONSTRAINT meter_registry_meter_key_key UNIQUE (meter_key),
    CONSTRAINT meter_registry_meter_serial_check CHECK (meter_serial <> ''),
    CONSTRAINT meter_registry_zone_id_check CHECK (zone_id >= 0),
    CONSTRAINT meter_registry_verification_status_check
        CHECK (verification_status IN ('pending', 'verified', 'rejected', 'suspended'))
);
COMMENT ON COLUMN public.meter_registry.verified_by IS
    'Deviation: may be NULL: nobody has verified a pending meter yet, or who did has left.';
COMMENT ON COLUMN public.meter_registry.meter_key IS
    'First 16 bytes of sha256("gridtokenx:meter:" + meter_serial): the name of the meter on chain.';

CREATE INDEX IF NOT EXISTS meter_registry_user_id_idx ON public.meter_registry (user_id);
CREATE INDEX IF NOT EXISTS meter_registry_verified_by_idx ON public.meter_registry (verified_by) WHERE verified_by IS NOT NULL;

-- A new serial would be a new meter on chain, with its windows open to be minted again.
CREATE OR REPLACE FUNCTION indexer.meter_registry_keep_serial() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'meter_registry: meter_serial % of meter % names it on chain and cannot change to %',
        OLD.meter_serial, OLD.id, NEW.meter_serial
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'meter_serial',
              CONSTRAINT = TG_NAME, HINT = 'Register the new serial as a new meter.';
END
$$;

CREATE OR REPLACE TRIGGER meter_registry_keep_serial BEFORE UPDATE OF meter_serial ON public.meter_registry
    FOR EACH ROW WHEN (OLD.meter_serial IS DISTINCT FROM NEW.meter_serial)
    EXECUTE FUNCTION indexer.meter_registry_keep_serial();
CREATE OR REPLACE TRIGGER meter_registry_touch BEFORE UPDATE ON public.meter_registry
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
