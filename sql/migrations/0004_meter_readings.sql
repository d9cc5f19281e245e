-- Why: what the meters measured; each reading is counted in exactly one mint operation.
-- Rollback (manual): DROP TABLE public.meter_readings; DROP FUNCTION indexer.notify_readings();
--   DROP FUNCTION indexer.meter_readings_keep_counted(), indexer.meter_readings_name_meter();
--   DROP FUNCTION indexer.window_of(timestamptz);
--   DROP FUNCTION indexer.window_start(bigint); DROP FUNCTION indexer.reading_obstacle;
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.meter_readings';

-- Immutable although extract is only stable: seconds since the epoch do not depend on the session's time zone.
CREATE OR REPLACE FUNCTION indexer.window_of(moment timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN floor(extract(epoch FROM moment) / 900)::bigint;
COMMENT ON FUNCTION indexer.window_of(timestamptz) IS 'The 900-second window that contains the moment: unix seconds / 900.';

CREATE OR REPLACE FUNCTION indexer.window_start(mint_window bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN timestamptz 'epoch' + interval '900 seconds' * mint_window;

CREATE TABLE IF NOT EXISTS public.meter_readings (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    meter_id uuid REFERENCES public.meter_registry (id) ON DELETE SET NULL,
    meter_key bytea,
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    wallet_address varchar(44),
    "timestamp" timestamptz NOT NULL,
    energy_generated numeric(15,6) NOT NULL DEFAULT 0,
    energy_consumed numeric(15,6) NOT NULL DEFAULT 0,
    minted boolean NOT NULL DEFAULT false,
    blockchain_status varchar(20) NOT NULL DEFAULT 'pending',
    status_reason varchar(40),
    mint_window bigint,
    carried_from bigint,
    mint_signature varchar(88),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT meter_readings_pkey PRIMARY KEY (id, "timestamp"),
    CONSTRAINT meter_readings_meter_id_timestamp_key UNIQUE (meter_id, "timestamp"),
    CONSTRAINT meter_readings_meter_key_timestamp_key UNIQUE (meter_key, "timestamp"),
    -- NaN compares greater than every number, so a lower bound alone would let it in.
    CONSTRAINT meter_readings_energy_generated_check CHECK (energy_generated >= 0 AND energy_generated <> 'NaN'),
    CONSTRAINT meter_readings_energy_consumed_check CHECK (energy_consumed >= 0 AND energy_consumed <> 'NaN'),
    CONSTRAINT meter_readings_blockchain_status_check CHECK (blockchain_status IN
        ('pending', 'queued', 'minting', 'minted', 'no_surplus', 'parked', 'rejected', 'review')),
    CONSTRAINT meter_readings_minted_check CHECK (minted = (blockchain_status = 'minted')),
    CONSTRAINT meter_readings_mint_signature_check CHECK (minted = (mint_signature IS NOT NULL)),
    CONSTRAINT meter_readings_carried_from_check CHECK (carried_from IS NULL OR carried_from < mint_window),
    CONSTRAINT meter_readings_timestamp_check CHECK ("timestamp" >= timestamptz 'epoch' AND isfinite("timestamp"))
) PARTITION BY RANGE ("timestamp");

COMMENT ON COLUMN public.meter_readings.meter_key IS
    'The meter as the chain names it; stays when the meter is deleted, so that the same serial registered anew brings no reading twice.';
COMMENT ON COLUMN public.meter_readings."timestamp" IS
    'Start of the measured interval; it decides the window, so one reading never spans two of them.';
COMMENT ON COLUMN public.meter_readings.energy_generated IS 'kWh generated in the interval.';
COMMENT ON COLUMN public.meter_readings.energy_consumed IS 'kWh consumed in the interval.';
COMMENT ON COLUMN public.meter_readings.wallet_address IS
    'Wallet that the writer saw; minting pays the wallet of the meter''s owner.';
COMMENT ON COLUMN public.meter_readings.blockchain_status IS
    'pending: new; queued: accepted, its window has an operation; minting: counted in a frozen amount; minted; '
    'no_surplus: counted, nothing to mint; parked: waits for a verified meter or a wallet; rejected: status_reason says why; review.';
COMMENT ON COLUMN public.meter_readings.mint_window IS
    'The window whose operation counted this reading. Set once, in the transaction that froze the amount.';
COMMENT ON COLUMN public.meter_readings.carried_from IS
    'The window it belongs to, when that was already frozen and a later window counted it.';
COMMENT ON COLUMN public.meter_readings.mint_signature IS 'Transaction whose finalized event minted it; never anything else.';

CREATE INDEX IF NOT EXISTS idx_meter_readings_wallet ON public.meter_readings (wallet_address);
CREATE INDEX IF NOT EXISTS idx_meter_readings_timestamp ON public.meter_readings ("timestamp");
CREATE INDEX IF NOT EXISTS idx_meter_readings_blockchain_status ON public.meter_readings (blockchain_status);
CREATE INDEX IF NOT EXISTS meter_readings_user_id_idx ON public.meter_readings (user_id);
CREATE INDEX IF NOT EXISTS meter_readings_mint_window_idx ON public.meter_readings (mint_window, meter_key) WHERE mint_window IS NOT NULL;
-- The two work lists; finished readings leave them.
CREATE INDEX IF NOT EXISTS meter_readings_pending_idx ON public.meter_readings ("timestamp") WHERE blockchain_status = 'pending';
CREATE INDEX IF NOT EXISTS meter_readings_queued_idx ON public.meter_readings (meter_id, "timestamp") WHERE blockchain_status = 'queued';

CREATE OR REPLACE FUNCTION indexer.notify_readings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_readings', '');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER meter_readings_notify AFTER INSERT ON public.meter_readings
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.notify_readings();

-- Writers name the meter by its id; the key comes from the registry and is never another one afterwards.
CREATE OR REPLACE FUNCTION indexer.meter_readings_name_meter() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    registered_key CONSTANT bytea := (SELECT m.meter_key FROM public.meter_registry AS m WHERE m.id = NEW.meter_id);
BEGIN
    IF NEW.meter_id IS NOT NULL AND registered_key IS NULL THEN
        RAISE EXCEPTION 'meter_readings: there is no meter %', NEW.meter_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_meter_id_fkey', HINT = 'Register the meter in meter_registry first.';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.meter_key IS NOT NULL
        AND (NEW.meter_key IS DISTINCT FROM OLD.meter_key OR registered_key <> OLD.meter_key) THEN
        RAISE EXCEPTION 'meter_readings: reading % is of meter % and cannot become another meter''s', OLD.id,
            encode(OLD.meter_key, 'hex')
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_meter_fixed', HINT = 'Write it as a reading of that meter.';
    END IF;
    NEW.meter_key := coalesce(registered_key, NEW.meter_key);
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER meter_readings_name_meter BEFORE INSERT ON public.meter_readings
    FOR EACH ROW WHEN (NEW.meter_id IS NOT NULL AND NEW.meter_key IS NULL)
    EXECUTE FUNCTION indexer.meter_readings_name_meter();
CREATE OR REPLACE TRIGGER meter_readings_keep_meter BEFORE UPDATE OF meter_id, meter_key ON public.meter_readings
    FOR EACH ROW WHEN (OLD.meter_key IS DISTINCT FROM NEW.meter_key
        OR (NEW.meter_id IS NOT NULL AND OLD.meter_id IS DISTINCT FROM NEW.meter_id))
    EXECUTE FUNCTION indexer.meter_readings_name_meter();

-- A counted reading is part of a frozen amount: changing it would make the books lie about what was minted, and once it
-- is gone nothing keeps the same reading from being counted again.
CREATE OR REPLACE FUNCTION indexer.meter_readings_keep_counted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'meter_readings: reading % is counted in window % and cannot be deleted', OLD.id, OLD.mint_window
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
                  CONSTRAINT = 'meter_readings_counted_kept', HINT = 'Retention drops whole partitions of old readings.';
    END IF;
    RAISE EXCEPTION 'meter_readings: reading % is counted in window % and its figures cannot change', OLD.id, OLD.mint_window
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'meter_readings',
              CONSTRAINT = 'meter_readings_counted_fixed', HINT = 'Write a correction as a reading of its own.';
END
$$;

CREATE OR REPLACE TRIGGER meter_readings_keep_counted
    BEFORE UPDATE OF "timestamp", energy_generated, energy_consumed, mint_window, carried_from ON public.meter_readings
    FOR EACH ROW WHEN (OLD.mint_window IS NOT NULL
        AND (OLD."timestamp", OLD.energy_generated, OLD.energy_consumed, OLD.mint_window)
            IS DISTINCT FROM (NEW."timestamp", NEW.energy_generated, NEW.energy_consumed, NEW.mint_window))
    EXECUTE FUNCTION indexer.meter_readings_keep_counted();
CREATE OR REPLACE TRIGGER meter_readings_keep_rows BEFORE DELETE ON public.meter_readings
    FOR EACH ROW WHEN (OLD.mint_window IS NOT NULL) EXECUTE FUNCTION indexer.meter_readings_keep_counted();

-- The one place that says whether a reading counts; NULL when it does.
CREATE OR REPLACE FUNCTION indexer.reading_obstacle(
    verification_status text, wallet_address text, measured_at timestamptz, energy_generated numeric,
    energy_consumed numeric, market_now timestamptz, max_age interval, max_kwh numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN verification_status IS NULL THEN 'unknown_meter'
    WHEN measured_at > market_now THEN 'in_future'
    WHEN measured_at < market_now - max_age THEN 'too_old'
    WHEN energy_generated > max_kwh OR energy_consumed > max_kwh THEN 'amount_above_limit'
    WHEN verification_status <> 'verified' THEN 'meter_unverified'
    WHEN wallet_address IS NULL THEN 'no_wallet'
END;
COMMENT ON FUNCTION indexer.reading_obstacle(text, text, timestamptz, numeric, numeric, timestamptz, interval, numeric) IS
    'Why a reading does not count: unknown_meter, in_future, too_old and amount_above_limit for good; '
    'meter_unverified and no_wallet until that changes.';

INSERT INTO indexer.partition_policies (table_name, kind) VALUES ('public.meter_readings', 'month')
    ON CONFLICT (table_name) DO NOTHING;
