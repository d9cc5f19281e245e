-- Why: the chain of owners of a certificate.
-- Rollback (manual): DROP TABLE public.erc_certificate_transfers;

CREATE TABLE public.erc_certificate_transfers (
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
    'SET NULL: the history of the certificate outlives its former owners; the wallets stay.';
COMMENT ON COLUMN public.erc_certificate_transfers.transaction_hash IS 'Signature of the transfer on chain.';

CREATE INDEX erc_certificate_transfers_certificate_id_idx
    ON public.erc_certificate_transfers (certificate_id, transfer_date);
CREATE INDEX erc_certificate_transfers_from_user_id_idx ON public.erc_certificate_transfers (from_user_id);
CREATE INDEX erc_certificate_transfers_to_user_id_idx ON public.erc_certificate_transfers (to_user_id);
