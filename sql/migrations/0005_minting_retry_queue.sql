-- Why: one row per mint operation (meter, window): the only path by which energy is minted.
-- Rollback (manual): DROP TABLE public.minting_retry_queue, indexer.mint_carries, indexer.mint_totals, indexer.mint_books;
--   DROP FUNCTION indexer.minting_keep_frozen();
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.minting_retry_queue';

CREATE TABLE IF NOT EXISTS public.minting_retry_queue (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    mint_window bigint NOT NULL,
    meter_key bytea NOT NULL,
    meter_id uuid,
    wallet_address varchar(44),
    destination varchar(44),
    reading_id uuid,
    reading_timestamp timestamptz,
    amount_base_units numeric(78,0),
    carried_base_units numeric(78,0) NOT NULL DEFAULT 0,
    net_base_units numeric(78,0),
    accounted_base_units numeric(78,0),
    status varchar(20) NOT NULL DEFAULT 'queued',
    attempts integer NOT NULL DEFAULT 0,
    batch_limit smallint,
    next_retry_at timestamptz NOT NULL DEFAULT now(),
    error_class varchar(20),
    error_message text,
    lease_term bigint,
    signature varchar(88),
    minted_slot bigint,
    frozen_at timestamptz,
    done_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT minting_retry_queue_pkey PRIMARY KEY (mint_window, meter_key),
    CONSTRAINT minting_retry_queue_reading_fkey FOREIGN KEY (reading_id, reading_timestamp)
        REFERENCES public.meter_readings (id, "timestamp") ON DELETE SET NULL,
    CONSTRAINT minting_retry_queue_meter_key_check CHECK (length(meter_key) = 16),
    CONSTRAINT minting_retry_queue_mint_window_check CHECK (mint_window BETWEEN 0 AND 4294967295),
    CONSTRAINT minting_retry_queue_amount_check CHECK (amount_base_units BETWEEN 0 AND 18446744073709551615),
    CONSTRAINT minting_retry_queue_numbers_check CHECK (greatest(carried_base_units, net_base_units) <> 'NaN'),
    CONSTRAINT minting_retry_queue_frozen_check CHECK (
        (amount_base_units IS NULL) = (frozen_at IS NULL) AND (amount_base_units IS NULL) = (accounted_base_units IS NULL)),
    CONSTRAINT minting_retry_queue_status_check CHECK (status IN
        ('queued', 'leased', 'sent', 'done', 'no_surplus', 'parked', 'rejected', 'review')),
    CONSTRAINT minting_retry_queue_sent_check CHECK (
        status NOT IN ('leased', 'sent', 'done') OR (amount_base_units > 0 AND destination IS NOT NULL)),
    CONSTRAINT minting_retry_queue_no_surplus_check CHECK (
        status <> 'no_surplus' OR (amount_base_units = 0 AND signature IS NULL)),
    CONSTRAINT minting_retry_queue_done_check CHECK (
        (status = 'done') = (minted_slot IS NOT NULL) AND (status <> 'done' OR (signature IS NOT NULL AND done_at IS NOT NULL))),
    CONSTRAINT minting_retry_queue_batch_limit_check CHECK (batch_limit > 0),
    CONSTRAINT minting_retry_queue_error_class_check CHECK (error_class IN
        ('transient', 'expired', 'batch', 'permanent', 'unknown', 'operator'))
) PARTITION BY RANGE (mint_window);

COMMENT ON TABLE public.minting_retry_queue IS
    'Mint operations. meter_id, wallet_address and destination are copies without foreign keys: no cascade may touch an operation.';
COMMENT ON COLUMN public.minting_retry_queue.amount_base_units IS
    'Base units of the energy token to mint, frozen at the first lease; never changes afterwards.';
COMMENT ON COLUMN public.minting_retry_queue.carried_base_units IS
    'Signed difference of late readings of earlier, frozen windows (and their unpaid rest) that this amount contains.';
COMMENT ON COLUMN public.minting_retry_queue.net_base_units IS
    'Generated minus consumed over all readings of this window that are counted, late ones too; outlives the readings.';
COMMENT ON COLUMN public.minting_retry_queue.accounted_base_units IS
    'What was minted or carried for this window so far: max(0, net of all readings of it that are counted).';
COMMENT ON COLUMN public.minting_retry_queue.batch_limit IS
    'Most operations that may share its next transaction; halved when a transaction of several failed.';
COMMENT ON COLUMN public.minting_retry_queue.signature IS
    'done: the transaction whose finalized event minted it; before: the latest attempt.';
COMMENT ON COLUMN public.minting_retry_queue.error_class IS
    'transient: try again; expired: the attempt is proved dead; batch: failed among others, tried in halves; '
    'permanent: the program refuses it for good; unknown: a person must look; operator: set aside by hand.';

CREATE INDEX IF NOT EXISTS minting_retry_queue_queued_idx ON public.minting_retry_queue (mint_window, meter_key)
    WHERE status = 'queued';
CREATE INDEX IF NOT EXISTS minting_retry_queue_leased_idx ON public.minting_retry_queue (mint_window, meter_key)
    WHERE status = 'leased';
CREATE INDEX IF NOT EXISTS minting_retry_queue_attention_idx ON public.minting_retry_queue (status, mint_window)
    WHERE status IN ('parked', 'rejected', 'review');
CREATE INDEX IF NOT EXISTS minting_retry_queue_open_idx ON public.minting_retry_queue (meter_key, mint_window)
    WHERE amount_base_units IS NULL;
CREATE INDEX IF NOT EXISTS minting_retry_queue_reading_idx ON public.minting_retry_queue (reading_id, reading_timestamp);

CREATE OR REPLACE FUNCTION indexer.minting_keep_frozen() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'minting_retry_queue: window % of meter % is frozen at % base units and cannot be deleted',
            OLD.mint_window, encode(OLD.meter_key, 'hex'), OLD.amount_base_units
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'minting_retry_queue',
                  CONSTRAINT = TG_NAME, HINT = 'Old windows leave with their whole partition.';
    END IF;
    RAISE EXCEPTION 'minting_retry_queue: window % of meter % is frozen at % base units', OLD.mint_window,
        encode(OLD.meter_key, 'hex'), OLD.amount_base_units
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'minting_retry_queue', CONSTRAINT = TG_NAME,
              HINT = 'A later window takes the difference.';
END
$$;

CREATE OR REPLACE TRIGGER minting_retry_queue_keep_frozen
    BEFORE UPDATE OF mint_window, meter_key, amount_base_units, carried_base_units, destination ON public.minting_retry_queue
    FOR EACH ROW WHEN (OLD.amount_base_units IS NOT NULL
        AND (OLD.mint_window, OLD.meter_key, OLD.amount_base_units, OLD.carried_base_units, OLD.destination)
            IS DISTINCT FROM (NEW.mint_window, NEW.meter_key, NEW.amount_base_units, NEW.carried_base_units, NEW.destination))
    EXECUTE FUNCTION indexer.minting_keep_frozen();
CREATE OR REPLACE TRIGGER minting_retry_queue_keep_rows BEFORE DELETE ON public.minting_retry_queue
    FOR EACH ROW WHEN (OLD.amount_base_units IS NOT NULL) EXECUTE FUNCTION indexer.minting_keep_frozen();

INSERT INTO indexer.partition_policies (table_name, kind, step) VALUES ('public.minting_retry_queue', 'window', 96)
    ON CONFLICT (table_name) DO NOTHING;

CREATE TABLE IF NOT EXISTS indexer.mint_carries (
    meter_key bytea PRIMARY KEY,
    base_units numeric(78,0) NOT NULL,
    from_window bigint NOT NULL,
    CONSTRAINT mint_carries_base_units_check CHECK (base_units < 0)
);
COMMENT ON TABLE indexer.mint_carries IS
    'What a meter still owes after late readings lowered an already minted window: its next frozen operation takes it.';

CREATE TABLE IF NOT EXISTS indexer.mint_totals (
    day_start_window bigint PRIMARY KEY,
    operations bigint NOT NULL,
    minted_base_units numeric(78,0) NOT NULL,
    CONSTRAINT mint_totals_minted_base_units_check CHECK (minted_base_units >= 0 AND minted_base_units <> 'NaN')
);
COMMENT ON TABLE indexer.mint_totals IS
    'Sums of done operations per queue partition (first window of its 96); they outlive dropped partitions.';

CREATE TABLE IF NOT EXISTS indexer.mint_books (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    checked_slot bigint,
    minted_events bigint NOT NULL DEFAULT 0,
    minted_base_units numeric(78,0) NOT NULL DEFAULT 0,
    supply_base_units numeric(78,0),
    burned_base_units numeric(78,0),
    checked_at timestamptz,
    paused_reason text,
    paused_at timestamptz,
    alert text,
    CONSTRAINT mint_books_numbers_check
        CHECK (greatest(minted_base_units, supply_base_units, burned_base_units) <> 'NaN'),
    CONSTRAINT mint_books_paused_check CHECK ((paused_reason IS NULL) = (paused_at IS NULL))
);
COMMENT ON TABLE indexer.mint_books IS
    'Running sum of finalized EnergyMinted events up to checked_slot, the last comparison with the token supply, and the pause.';
INSERT INTO indexer.mint_books DEFAULT VALUES ON CONFLICT DO NOTHING;
