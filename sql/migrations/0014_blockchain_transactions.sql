-- Why: one row per indexed transaction, failed ones too; the follower is its only writer.
-- Rollback (manual): DROP TABLE public.blockchain_transactions;
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.blockchain_transactions';

CREATE TABLE IF NOT EXISTS public.blockchain_transactions (
    slot bigint NOT NULL,
    signature varchar(88) NOT NULL,
    tx_index integer NOT NULL,
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    fee_payer varchar(44) NOT NULL,
    signers varchar(44)[] NOT NULL,
    program_ids varchar(44)[] NOT NULL,
    version smallint,
    status varchar(20) NOT NULL,
    error jsonb,
    fee_lamports bigint NOT NULL,
    compute_units_consumed bigint,
    log_truncated boolean NOT NULL,
    recent_blockhash varchar(44) NOT NULL,
    block_time timestamptz,
    CONSTRAINT blockchain_transactions_pkey PRIMARY KEY (slot, signature),
    CONSTRAINT blockchain_transactions_position_key UNIQUE (slot, tx_index),
    CONSTRAINT blockchain_transactions_status_check CHECK (status IN ('confirmed', 'failed')),
    CONSTRAINT blockchain_transactions_error_check CHECK ((status = 'failed') = (error IS NOT NULL)),
    CONSTRAINT blockchain_transactions_fee_check CHECK (fee_lamports >= 0)
) PARTITION BY RANGE (slot);
COMMENT ON TABLE public.blockchain_transactions IS
    'Transactions of watched programs, mints and accounts, and every transaction signed by one of our keys. '
    'A row is final when its slot is at or below finalized_slot of indexer.cursors. Deviation: slot and signature are the '
    'key, without id; program_ids, fee_lamports and error stand for program_id, fee and error_message; what was called by '
    'instruction_name shows in blockchain_events; submitted_at and confirmed_at are times of our own attempts, in '
    'blockchain.api_transactions; without created_at and updated_at, since a row is written once and its time is '
    'block_time.';
COMMENT ON COLUMN public.blockchain_transactions.status IS
    'Outcome on chain. Deviation: never pending, since what is not in a block is in indexer.tx_attempts only. A '
    'rolled-back slot loses its rows, so no status says "dropped".';
COMMENT ON COLUMN public.blockchain_transactions.user_id IS
    'The user whose wallet paid the fee, as known when the row was written; not part of replay comparisons.';
COMMENT ON COLUMN public.blockchain_transactions.version IS 'Message version; NULL for a legacy message.';

CREATE INDEX IF NOT EXISTS blockchain_transactions_failed_idx ON public.blockchain_transactions (block_time) WHERE status = 'failed';
CREATE INDEX IF NOT EXISTS blockchain_transactions_signature_idx ON public.blockchain_transactions (signature);
CREATE INDEX IF NOT EXISTS blockchain_transactions_user_id_idx ON public.blockchain_transactions (user_id)
    WHERE user_id IS NOT NULL;

INSERT INTO indexer.partition_policies (table_name, kind, step)
VALUES ('public.blockchain_transactions', 'slot', 1000000)
    ON CONFLICT DO NOTHING;
