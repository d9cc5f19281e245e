-- Why: a kWh carries its green attribute once: into one certificate or into one carbon credit, never both.
-- Rollback (manual): DROP TABLE public.generation_claims;

CREATE TABLE IF NOT EXISTS public.generation_claims (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    meter_id uuid NOT NULL REFERENCES public.meter_registry (id) ON DELETE RESTRICT,
    period tstzrange NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    certificate_id uuid REFERENCES public.erc_certificates (id) ON DELETE RESTRICT,
    carbon_credit_id uuid REFERENCES grid.carbon_credits (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT generation_claims_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT generation_claims_purpose_check CHECK (num_nonnulls(certificate_id, carbon_credit_id) = 1),
    -- Whole windows of [start, end): the granularity in which readings are counted.
    CONSTRAINT generation_claims_period_check CHECK (
        NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)
        AND lower_inc(period) AND NOT upper_inc(period)
        AND mod(extract(epoch FROM lower(period)), 900) = 0 AND mod(extract(epoch FROM upper(period)), 900) = 0),
    CONSTRAINT generation_claims_once EXCLUDE USING gist (meter_id WITH =, period WITH &&)
);
COMMENT ON TABLE public.generation_claims IS
    'What a certificate or a carbon credit was issued for. Minting claims energy by its own operation key, not here.';

CREATE INDEX IF NOT EXISTS generation_claims_certificate_id_idx ON public.generation_claims (certificate_id)
    WHERE certificate_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS generation_claims_carbon_credit_id_idx ON public.generation_claims (carbon_credit_id)
    WHERE carbon_credit_id IS NOT NULL;
