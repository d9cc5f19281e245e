-- Why: the orders; what may enter the book and what may change afterwards is decided here, since other
--   applications write this table.
-- Rollback (manual): DROP TABLE public.trading_orders; DROP FUNCTION indexer.trading_orders_enter(),
--   indexer.trading_orders_guard(), indexer.trading_orders_notify(), indexer.check_order_terms(numeric, numeric),
--   indexer.clearing_now(), indexer.writes_market();

CREATE TABLE IF NOT EXISTS public.trading_orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    epoch_id uuid REFERENCES public.market_epochs (id) ON DELETE SET NULL,
    order_type varchar(10) NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_kwh numeric(15,6) NOT NULL,
    filled_amount numeric(15,6) NOT NULL DEFAULT 0,
    status varchar(20) NOT NULL DEFAULT 'pending',
    zone_id integer NOT NULL,
    meter_id uuid REFERENCES public.meter_registry (id) ON DELETE SET NULL,
    time_in_force varchar(10) NOT NULL DEFAULT 'gtc',
    expires_at timestamptz,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    entered_at timestamptz NOT NULL DEFAULT indexer.market_now(),
    closed_epoch_id uuid REFERENCES public.market_epochs (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT trading_orders_order_type_check CHECK (order_type IN ('buy', 'sell')),
    CONSTRAINT trading_orders_status_check CHECK (status IN
        ('pending', 'active', 'partially_filled', 'filled', 'settled', 'cancelled', 'expired')),
    CONSTRAINT trading_orders_time_in_force_check CHECK (time_in_force IN ('gtc', 'epoch')),
    CONSTRAINT trading_orders_energy_amount_check CHECK (energy_amount > 0 AND energy_amount <> 'NaN'),
    CONSTRAINT trading_orders_price_per_kwh_check CHECK (price_per_kwh > 0 AND price_per_kwh <> 'NaN'),
    CONSTRAINT trading_orders_filled_amount_check
        CHECK (filled_amount BETWEEN 0 AND energy_amount AND filled_amount <> 'NaN'),
    CONSTRAINT trading_orders_zone_id_check CHECK (zone_id >= 0),
    CONSTRAINT trading_orders_status_filled_check CHECK (
        CASE WHEN status IN ('filled', 'settled') THEN filled_amount = energy_amount
             WHEN status IN ('pending', 'active') THEN filled_amount = 0
             WHEN status = 'partially_filled' THEN filled_amount > 0 AND filled_amount < energy_amount
             ELSE filled_amount < energy_amount END),
    -- The payment token counts in u64 of 1e-6.
    CONSTRAINT trading_orders_payment_check CHECK (
        trunc(energy_amount * price_per_kwh, 6) BETWEEN 0.000001 AND 18446744073709.551615)
);
COMMENT ON COLUMN public.trading_orders.status IS
    'pending: in no book yet; active: carried over by a clearing; partially_filled; filled; settled: filled and '
    'every match settled or netted; cancelled; expired.';
COMMENT ON COLUMN public.trading_orders.zone_id IS
    'Given by the writer, else the meter''s, else 0; frozen at entry. Without a default, so that "not given" shows.';
COMMENT ON COLUMN public.trading_orders.time_in_force IS
    'gtc: stays until filled, cancelled or expires_at; epoch: what its first book leaves unmatched expires.';
COMMENT ON COLUMN public.trading_orders.seq IS
    'Rank in time among equal prices; given by the database and given anew when price or amount changes.';
COMMENT ON COLUMN public.trading_orders.entered_at IS 'Market clock at entry: the order is for the epochs that end later.';
COMMENT ON COLUMN public.trading_orders.epoch_id IS 'The first epoch whose book held the order; written by clearing.';
COMMENT ON COLUMN public.trading_orders.closed_epoch_id IS
    'The epoch in which it filled, expired or was cancelled (the running one, where that exists).';
COMMENT ON COLUMN public.trading_orders.filled_amount IS 'Written by the triggers of order_matches alone.';

CREATE INDEX IF NOT EXISTS idx_trading_orders_epoch ON public.trading_orders (epoch_id);
CREATE INDEX IF NOT EXISTS idx_trading_orders_status ON public.trading_orders (status);
CREATE INDEX IF NOT EXISTS idx_trading_orders_user ON public.trading_orders (user_id);
CREATE INDEX IF NOT EXISTS trading_orders_meter_id_idx ON public.trading_orders (meter_id) WHERE meter_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS trading_orders_open_idx ON public.trading_orders (zone_id, seq)
    WHERE status IN ('pending', 'active', 'partially_filled');

-- Anybody may set a setting or run a trigger of his own; the right to write books belongs to the service and the owner,
-- as whom cascades run too.
CREATE OR REPLACE FUNCTION indexer.writes_market() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN has_table_privilege('indexer.epoch_books', 'INSERT');
COMMENT ON FUNCTION indexer.writes_market() IS
    'True for the roles that clear the market: what a setting or the depth of triggers says counts only for them.';

CREATE OR REPLACE FUNCTION indexer.clearing_now() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('gridtokenx.writer', true), '') = 'clearing' AND indexer.writes_market();
COMMENT ON FUNCTION indexer.clearing_now() IS
    'True in the transaction of a clearing, which says so, of a role that may clear.';

CREATE OR REPLACE FUNCTION indexer.check_order_terms(amount numeric, price numeric) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    rules indexer.market_rules;
BEGIN
    SELECT * INTO STRICT rules FROM indexer.market_rules;
    IF amount < rules.lot_kwh OR mod(amount, rules.lot_kwh) <> 0 THEN
        RAISE EXCEPTION 'trading_orders: energy_amount % is not a positive multiple of the lot % kWh', amount, rules.lot_kwh
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'energy_amount',
                  CONSTRAINT = 'trading_orders_lot', HINT = 'indexer.market_rules holds the lot.';
    END IF;
    IF price < rules.price_floor OR price > rules.price_cap THEN
        RAISE EXCEPTION 'trading_orders: price_per_kwh % is outside % to %', price, rules.price_floor, rules.price_cap
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'price_per_kwh',
                  CONSTRAINT = 'trading_orders_price_band', HINT = 'indexer.market_rules holds floor and cap.';
    END IF;
    IF mod(price, rules.price_tick) <> 0 THEN
        RAISE EXCEPTION 'trading_orders: price_per_kwh % is not a multiple of the tick %', price, rules.price_tick
            USING ERRCODE = 'check_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'price_per_kwh',
                  CONSTRAINT = 'trading_orders_tick', HINT = 'indexer.market_rules holds the tick.';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION indexer.trading_orders_enter() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    meter record;
BEGIN
    IF NEW.epoch_id IS NOT NULL OR NEW.closed_epoch_id IS NOT NULL THEN
        RAISE EXCEPTION 'trading_orders: order % comes with epoch %; the clearing assigns epochs, a writer does not',
            NEW.id, coalesce(NEW.epoch_id, NEW.closed_epoch_id)
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'epoch_id',
                  CONSTRAINT = 'trading_orders_epoch_by_clearing', HINT = 'Leave epoch_id and closed_epoch_id out.';
    END IF;
    IF NEW.status <> 'pending' OR NEW.filled_amount <> 0 THEN
        RAISE EXCEPTION 'trading_orders: order % comes as % with % kWh filled; it enters as pending with nothing filled',
            NEW.id, NEW.status, NEW.filled_amount
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'status',
                  CONSTRAINT = 'trading_orders_enter_pending', HINT = 'Leave status and filled_amount out.';
    END IF;
    IF NEW.meter_id IS NOT NULL THEN
        SELECT m.user_id, m.zone_id INTO meter FROM public.meter_registry AS m WHERE m.id = NEW.meter_id;
        IF FOUND AND meter.user_id <> NEW.user_id THEN
            RAISE EXCEPTION 'trading_orders: meter % of order % belongs to another user than %',
                NEW.meter_id, NEW.id, NEW.user_id
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'meter_id',
                      CONSTRAINT = 'trading_orders_own_meter', HINT = 'Give a meter of the order''s own user, or none.';
        END IF;
        NEW.zone_id := coalesce(NEW.zone_id, meter.zone_id);
    END IF;
    NEW.zone_id := coalesce(NEW.zone_id, 0);
    PERFORM indexer.check_order_terms(NEW.energy_amount, NEW.price_per_kwh);
    -- Overwritten whatever the statement says: COPY may fill an identity column.
    NEW.seq := nextval('public.trading_orders_seq_seq');
    NEW.entered_at := indexer.market_now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION indexer.trading_orders_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    by_trigger CONSTANT boolean := pg_trigger_depth() > 1 AND indexer.writes_market();
    by_clearing CONSTANT boolean := indexer.clearing_now();
BEGIN
    IF (OLD.id, OLD.user_id, OLD.order_type, OLD.zone_id) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.order_type, NEW.zone_id)
        OR (OLD.meter_id IS DISTINCT FROM NEW.meter_id AND NOT (by_trigger AND NEW.meter_id IS NULL)) THEN
        RAISE EXCEPTION 'trading_orders: user, side, zone and meter of order % are fixed', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders',
                  CONSTRAINT = 'trading_orders_identity_fixed', HINT = 'Cancel it and enter another.';
    END IF;
    IF OLD.filled_amount <> NEW.filled_amount AND NOT by_trigger THEN
        RAISE EXCEPTION 'trading_orders: filled_amount % of order % follows its matches and cannot become %',
            OLD.filled_amount, OLD.id, NEW.filled_amount
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'filled_amount',
                  CONSTRAINT = 'trading_orders_filled_by_matches', HINT = 'Leave filled_amount out.';
    END IF;
    IF (OLD.epoch_id IS DISTINCT FROM NEW.epoch_id OR OLD.closed_epoch_id IS DISTINCT FROM NEW.closed_epoch_id)
        AND NOT (by_trigger OR by_clearing) THEN
        RAISE EXCEPTION 'trading_orders: order % cannot get epoch %; the clearing assigns epochs, a writer does not',
            OLD.id, coalesce(NEW.epoch_id, NEW.closed_epoch_id)
            USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'epoch_id',
                  CONSTRAINT = 'trading_orders_epoch_by_clearing', HINT = 'Leave epoch_id and closed_epoch_id out.';
    END IF;
    IF OLD.status <> NEW.status AND NOT (by_trigger OR by_clearing) THEN
        IF NEW.status <> 'cancelled' OR OLD.status NOT IN ('pending', 'active', 'partially_filled') THEN
            RAISE EXCEPTION 'trading_orders: order % cannot go from % to %', OLD.id, OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders', COLUMN = 'status',
                      CONSTRAINT = 'trading_orders_status_by_clearing', HINT = 'A writer may only cancel an open order.';
        END IF;
        SELECT e.id INTO NEW.closed_epoch_id FROM public.market_epochs AS e
         WHERE tstzrange(e.start_time, e.end_time) @> indexer.market_now();
    END IF;
    NEW.seq := OLD.seq;
    NEW.entered_at := OLD.entered_at;
    NEW.created_at := OLD.created_at;
    IF OLD.energy_amount <> NEW.energy_amount OR OLD.price_per_kwh <> NEW.price_per_kwh THEN
        IF OLD.filled_amount > 0 OR OLD.status NOT IN ('pending', 'active') THEN
            RAISE EXCEPTION 'trading_orders: order % is matched or closed (%, % kWh filled); its price and amount are fixed',
                OLD.id, OLD.status, OLD.filled_amount
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'trading_orders',
                      CONSTRAINT = 'trading_orders_terms_fixed', HINT = 'Cancel the rest and enter another.';
        END IF;
        PERFORM indexer.check_order_terms(NEW.energy_amount, NEW.price_per_kwh);
        NEW.seq := nextval('public.trading_orders_seq_seq');
        NEW.entered_at := indexer.market_now();
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION indexer.trading_orders_notify() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_orders', '');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trading_orders_enter BEFORE INSERT ON public.trading_orders
    FOR EACH ROW EXECUTE FUNCTION indexer.trading_orders_enter();
-- A clearing moves every order of its book; those moves come from the triggers of order_matches, which write updated_at
-- themselves, and there would be nothing left to judge.
CREATE OR REPLACE TRIGGER trading_orders_guard BEFORE UPDATE ON public.trading_orders
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 OR NEW.updated_at <> now() OR NOT indexer.writes_market() OR
        (OLD.id, OLD.user_id, OLD.order_type, OLD.zone_id, OLD.meter_id, OLD.energy_amount, OLD.price_per_kwh, OLD.seq,
         OLD.entered_at, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.user_id, NEW.order_type, NEW.zone_id, NEW.meter_id, NEW.energy_amount, NEW.price_per_kwh, NEW.seq,
         NEW.entered_at, NEW.created_at))
    EXECUTE FUNCTION indexer.trading_orders_guard();
CREATE OR REPLACE TRIGGER trading_orders_keep_deleted BEFORE DELETE ON public.trading_orders
    FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();
CREATE OR REPLACE TRIGGER trading_orders_notify AFTER INSERT ON public.trading_orders
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.trading_orders_notify();
