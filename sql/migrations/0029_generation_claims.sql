-- Why: a kWh carries its green attribute once: into one certificate or into one carbon credit, never both.
-- Rollback (manual): DROP TABLE public.generation_claims; DROP FUNCTION indexer.generation_claims_name_meter(),
--   indexer.generation_claims_keep();

CREATE TABLE IF NOT EXISTS public.generation_claims (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    meter_id uuid REFERENCES public.meter_registry (id) ON DELETE SET NULL,
    meter_key bytea NOT NULL,
    period tstzrange NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    certificate_id uuid REFERENCES public.erc_certificates (id) ON DELETE RESTRICT,
    carbon_credit_id uuid REFERENCES grid.carbon_credits (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT generation_claims_meter_key_check CHECK (length(meter_key) = 16),
    CONSTRAINT generation_claims_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT generation_claims_purpose_check CHECK (num_nonnulls(certificate_id, carbon_credit_id) = 1),
    -- Whole windows of [start, end): the granularity in which readings are counted.
    CONSTRAINT generation_claims_period_check CHECK (
        NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)
        AND lower_inc(period) AND NOT upper_inc(period)
        AND mod(extract(epoch FROM lower(period)), 900) = 0 AND mod(extract(epoch FROM upper(period)), 900) = 0),
    CONSTRAINT generation_claims_once EXCLUDE USING gist (meter_key WITH =, period WITH &&)
);
COMMENT ON TABLE public.generation_claims IS
    'What a certificate or a carbon credit was issued for. Minting claims energy by its own operation key, not here.';
COMMENT ON COLUMN public.generation_claims.meter_key IS
    'The meter as the chain names it, filled in from meter_id; stays when the meter is deleted, so that the same serial '
    'registered anew claims nothing twice.';

CREATE INDEX IF NOT EXISTS generation_claims_meter_id_idx ON public.generation_claims (meter_id)
    WHERE meter_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS generation_claims_certificate_id_idx ON public.generation_claims (certificate_id)
    WHERE certificate_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS generation_claims_carbon_credit_id_idx ON public.generation_claims (carbon_credit_id)
    WHERE carbon_credit_id IS NOT NULL;

CREATE OR REPLACE FUNCTION indexer.generation_claims_name_meter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.meter_key := (SELECT m.meter_key FROM public.meter_registry AS m WHERE m.id = NEW.meter_id);
    IF NEW.meter_key IS NULL THEN
        RAISE EXCEPTION 'generation_claims: there is no meter %', NEW.meter_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'meter_id', CONSTRAINT = 'generation_claims_meter_id_fkey',
                  HINT = 'Register the meter in meter_registry first.';
    END IF;
    RETURN NEW;
END
$$;

-- A claim outlives its meter, but nothing else about it ever changes; it goes only when what was issued for it is void.
CREATE OR REPLACE FUNCTION indexer.generation_claims_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    meter_gone CONSTANT boolean := OLD.meter_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.meter_registry AS m WHERE m.id = OLD.meter_id);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF meter_gone AND NEW.meter_id IS NULL THEN
            OLD.meter_id := NULL;
        END IF;
        IF NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'generation_claims: claim % never changes', OLD.id
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      CONSTRAINT = 'generation_claims_fixed', HINT = 'Revoke what was issued for it and issue anew.';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM public.erc_certificates AS c WHERE c.id = OLD.certificate_id AND c.status = 'revoked')
        AND NOT EXISTS (SELECT FROM grid.carbon_credits AS c WHERE c.id = OLD.carbon_credit_id AND c.status = 'cancelled')
    THEN
        RAISE EXCEPTION 'generation_claims: what was issued for claim % is not void', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'generation_claims_kept', HINT = 'Revoke the certificate or cancel the credit first.';
    END IF;
    RETURN OLD;
END
$$;

CREATE OR REPLACE TRIGGER generation_claims_name_meter BEFORE INSERT ON public.generation_claims
    FOR EACH ROW WHEN (NEW.meter_key IS NULL OR NEW.meter_id IS NOT NULL)
    EXECUTE FUNCTION indexer.generation_claims_name_meter();
CREATE OR REPLACE TRIGGER generation_claims_keep BEFORE UPDATE OR DELETE ON public.generation_claims
    FOR EACH ROW EXECUTE FUNCTION indexer.generation_claims_keep();
