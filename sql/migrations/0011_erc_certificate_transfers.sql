-- Why: the chain of owners of a certificate.
-- Rollback (manual): DROP TABLE public.erc_certificate_transfers;
--   DROP FUNCTION indexer.erc_certificate_transfers_enter();

CREATE TABLE IF NOT EXISTS public.erc_certificate_transfers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    certificate_id uuid NOT NULL REFERENCES public.erc_certificates (id) ON DELETE CASCADE,
    from_user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    to_user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    from_wallet varchar(44),
    to_wallet varchar(44),
    transfer_date timestamptz NOT NULL DEFAULT now(),
    transaction_hash varchar(88),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT erc_certificate_transfers_users_check CHECK (from_user_id <> to_user_id),
    CONSTRAINT erc_certificate_transfers_wallets_check CHECK (from_wallet <> to_wallet)
);
COMMENT ON COLUMN public.erc_certificate_transfers.from_user_id IS
    'Deviation: may be NULL and becomes so when the user is deleted: the history of the certificate outlives its former '
    'owners; the wallets stay.';
COMMENT ON COLUMN public.erc_certificate_transfers.to_user_id IS
    'Deviation: may be NULL and becomes so when the user is deleted, as from_user_id.';
COMMENT ON COLUMN public.erc_certificate_transfers.transaction_hash IS 'Signature of the transfer on chain.';

CREATE INDEX IF NOT EXISTS erc_certificate_transfers_certificate_id_idx
    ON public.erc_certificate_transfers (certificate_id, transfer_date);
CREATE INDEX IF NOT EXISTS erc_certificate_transfers_from_user_id_idx ON public.erc_certificate_transfers (from_user_id);
CREATE INDEX IF NOT EXISTS erc_certificate_transfers_to_user_id_idx ON public.erc_certificate_transfers (to_user_id);

-- The certificate is locked first: nobody can end it between the look and the transfer.
CREATE OR REPLACE FUNCTION indexer.erc_certificate_transfers_enter() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    certificate record;
BEGIN
    SELECT c.certificate_id, c.status, c.expiry_date, c.user_id, c.wallet_address INTO certificate
      FROM public.erc_certificates AS c WHERE c.id = NEW.certificate_id
       FOR NO KEY UPDATE;
    IF certificate.status IN ('retired', 'revoked', 'expired') OR certificate.expiry_date <= NEW.transfer_date THEN
        RAISE EXCEPTION 'erc_certificate_transfers: certificate % is % and expires on %; it cannot be transferred on %',
            certificate.certificate_id, certificate.status, coalesce(certificate.expiry_date::text, 'no day'),
            NEW.transfer_date
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'erc_certificate_transfers_valid', HINT = 'Only a valid certificate changes hands.';
    END IF;
    -- Its owner may have been changed in the certificate before the transfer is written, or after.
    IF (certificate.user_id <> NEW.from_user_id AND certificate.user_id IS DISTINCT FROM NEW.to_user_id)
        OR (certificate.wallet_address <> NEW.from_wallet AND certificate.wallet_address IS DISTINCT FROM NEW.to_wallet) THEN
        RAISE EXCEPTION 'erc_certificate_transfers: certificate % is not held by who gives it',
            certificate.certificate_id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'erc_certificate_transfers_holder',
                  HINT = 'Write transfers in their order, each with the new owner of the certificate.';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER erc_certificate_transfers_enter BEFORE INSERT OR UPDATE OF certificate_id ON public.erc_certificate_transfers
    FOR EACH ROW EXECUTE FUNCTION indexer.erc_certificate_transfers_enter();
