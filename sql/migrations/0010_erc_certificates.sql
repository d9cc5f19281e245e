-- Why: renewable energy certificates, each the picture of one certificate account on chain.
-- Rollback (manual): DROP TABLE public.erc_certificates; DROP FUNCTION indexer.erc_certificates_keep_ended();

CREATE TABLE IF NOT EXISTS public.erc_certificates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    certificate_id varchar(100) NOT NULL,
    wallet_address varchar(44),
    energy_amount numeric(15,6) NOT NULL,
    certificate_type varchar(20) NOT NULL DEFAULT 'ERC',
    energy_source varchar(50),
    period_start timestamptz,
    period_end timestamptz,
    status varchar(20) NOT NULL DEFAULT 'active',
    issue_date timestamptz NOT NULL DEFAULT now(),
    expiry_date timestamptz,
    ended_at timestamptz,
    beneficiary text,
    issuer_wallet varchar(44),
    issue_signature varchar(88),
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT erc_certificates_certificate_id_key UNIQUE (certificate_id),
    CONSTRAINT erc_certificates_certificate_id_check CHECK (certificate_id <> ''),
    CONSTRAINT erc_certificates_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT erc_certificates_certificate_type_check CHECK (certificate_type IN ('REC', 'ERC', 'IREC')),
    CONSTRAINT erc_certificates_status_check
        CHECK (status IN ('active', 'transferred', 'retired', 'revoked', 'expired')),
    CONSTRAINT erc_certificates_ended_at_check
        CHECK (ended_at IS NULL OR status IN ('retired', 'revoked', 'expired')),
    CONSTRAINT erc_certificates_period_check CHECK (period_start < period_end)
);
COMMENT ON TABLE public.erc_certificates IS
    'Certificates as on chain. Deviation: without vintage_year and issuance_date; period_start and period_end say when '
    'the energy was produced, issue_date when the certificate was issued.';
COMMENT ON COLUMN public.erc_certificates.user_id IS
    'Present owner. Deviation: may be NULL and becomes so when the owner is deleted: the certificate exists on chain '
    'whoever leaves, and whether or not its wallet is one of a user of ours.';
COMMENT ON COLUMN public.erc_certificates.status IS
    'active: with its first owner; transferred: with a later one; retired, revoked and expired are final.';
COMMENT ON COLUMN public.erc_certificates.energy_amount IS 'kWh.';
COMMENT ON COLUMN public.erc_certificates.issue_signature IS 'Transaction that issued it on chain.';

CREATE INDEX IF NOT EXISTS erc_certificates_user_id_idx ON public.erc_certificates (user_id);
CREATE INDEX IF NOT EXISTS erc_certificates_wallet_address_idx ON public.erc_certificates (wallet_address);
CREATE INDEX IF NOT EXISTS erc_certificates_issue_date_idx ON public.erc_certificates (issue_date);
CREATE INDEX IF NOT EXISTS erc_certificates_status_idx ON public.erc_certificates (status);

CREATE OR REPLACE FUNCTION indexer.erc_certificates_keep_ended() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'erc_certificates: % is % and cannot become %', OLD.certificate_id, OLD.status, NEW.status
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
              CONSTRAINT = TG_NAME, HINT = 'A certificate that ended stays ended; issue another.';
END
$$;

CREATE OR REPLACE TRIGGER erc_certificates_keep_ended BEFORE UPDATE OF status ON public.erc_certificates
    FOR EACH ROW WHEN (OLD.status IN ('retired', 'revoked', 'expired') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.erc_certificates_keep_ended();
CREATE OR REPLACE TRIGGER erc_certificates_touch BEFORE UPDATE ON public.erc_certificates
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
