-- Why: one row per trade that has to be settled on chain, in the words of the seed; the work itself reads
--   indexer.trade_leaves, which no cascade reaches.
-- Rollback (manual): DROP TABLE public.settlements; DROP FUNCTION indexer.settlements_refuse_open_delete();

CREATE TABLE IF NOT EXISTS public.settlements (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    epoch_id uuid NOT NULL REFERENCES public.market_epochs (id) ON DELETE RESTRICT,
    buyer_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    seller_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    energy_amount numeric(15,6) NOT NULL,
    price_per_kwh numeric(15,6) NOT NULL,
    total_amount numeric(24,6) NOT NULL,
    fee_amount numeric(24,6) NOT NULL DEFAULT 0,
    net_amount numeric(24,6) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    zone_id integer NOT NULL DEFAULT 0,
    trade_index integer NOT NULL,
    transaction_hash varchar(88),
    processed_at timestamptz,
    error_message text,
    retry_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT settlements_trade_key UNIQUE (epoch_id, zone_id, trade_index),
    CONSTRAINT settlements_status_check CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT settlements_parties_check CHECK (buyer_id <> seller_id),
    CONSTRAINT settlements_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT settlements_price_per_kwh_check CHECK (price_per_kwh > 0 AND price_per_kwh <> 'NaN'),
    CONSTRAINT settlements_amounts_check
        CHECK (fee_amount >= 0 AND net_amount > 0 AND total_amount = net_amount + fee_amount
               AND greatest(fee_amount, net_amount, total_amount) <> 'NaN'),
    CONSTRAINT settlements_trade_index_check CHECK (trade_index >= 0 AND zone_id >= 0),
    CONSTRAINT settlements_completed_check
        CHECK (status <> 'completed' OR (transaction_hash IS NOT NULL AND processed_at IS NOT NULL))
);
COMMENT ON COLUMN public.settlements.total_amount IS 'What the buyer pays: net_amount + fee_amount. Deviation: 24 digits, as all totals.';
COMMENT ON COLUMN public.settlements.net_amount IS 'What the seller gets: energy times price, floored to 1e-6.';
COMMENT ON COLUMN public.settlements.transaction_hash IS
    'Signature of the finalized transaction that settled it. Deviation: 88 characters, the width of a Solana signature.';
COMMENT ON COLUMN public.settlements.processed_at IS 'Block time of that transaction.';
COMMENT ON COLUMN public.settlements.retry_count IS 'Times it was tried on chain and rejected, or its transaction failed.';

CREATE INDEX IF NOT EXISTS settlements_buyer_id_idx ON public.settlements (buyer_id);
CREATE INDEX IF NOT EXISTS settlements_seller_id_idx ON public.settlements (seller_id);
CREATE INDEX IF NOT EXISTS settlements_error_idx ON public.settlements (updated_at) WHERE error_message IS NOT NULL;
CREATE INDEX IF NOT EXISTS settlements_unfinished_idx ON public.settlements (epoch_id)
    WHERE status IN ('pending', 'processing');

CREATE OR REPLACE FUNCTION indexer.settlements_refuse_open_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'settlements: % is still % and cannot be deleted', OLD.id, OLD.status
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
              CONSTRAINT = TG_NAME,
              HINT = 'Wait until it is completed or failed; deactivating the user does not need a deletion.';
END
$$;
COMMENT ON FUNCTION indexer.settlements_refuse_open_delete() IS
    'Deviation: a settlement that is neither completed nor failed keeps both its users from being deleted.';

CREATE OR REPLACE TRIGGER settlements_refuse_open_delete BEFORE DELETE ON public.settlements
    FOR EACH ROW WHEN (OLD.status NOT IN ('completed', 'failed'))
    EXECUTE FUNCTION indexer.settlements_refuse_open_delete();
CREATE OR REPLACE TRIGGER settlements_keep_deleted BEFORE DELETE ON public.settlements
    FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();
CREATE OR REPLACE TRIGGER settlements_touch BEFORE UPDATE ON public.settlements
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
