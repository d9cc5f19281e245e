-- Why: the 15-minute epochs, the result of each zone in them, and the parts in which a result goes on chain.
-- Rollback (manual): DROP TABLE public.market_epoch_parts, public.market_epoch_zones, public.market_epochs,
--   indexer.market_rules, indexer.deleted_rows; DROP FUNCTION indexer.keep_deleted_row(),
--   indexer.market_epochs_guard(), indexer.market_epochs_notify(), indexer.market_result_guard();

CREATE TABLE IF NOT EXISTS indexer.market_rules (
    id boolean PRIMARY KEY DEFAULT true,
    lot_kwh numeric(15,6) NOT NULL DEFAULT 0.001,
    price_floor numeric(15,6) NOT NULL DEFAULT 0.001,
    price_cap numeric(15,6) NOT NULL DEFAULT 1000,
    price_tick numeric(15,6) NOT NULL DEFAULT 0.000001,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT market_rules_single_check CHECK (id),
    CONSTRAINT market_rules_positive_check CHECK (lot_kwh > 0 AND price_tick > 0 AND price_floor > 0),
    CONSTRAINT market_rules_numbers_check CHECK (greatest(lot_kwh, price_floor, price_cap, price_tick) <> 'NaN'),
    CONSTRAINT market_rules_band_check CHECK (price_floor <= price_cap),
    CONSTRAINT market_rules_on_tick_check CHECK (mod(price_floor, price_tick) = 0 AND mod(price_cap, price_tick) = 0),
    -- The smallest trade must be worth one unit of the payment token, or it could not be settled.
    CONSTRAINT market_rules_smallest_payment_check CHECK (lot_kwh * price_floor >= 0.000001)
);
COMMENT ON TABLE indexer.market_rules IS
    'What an order must satisfy to enter the book; one row. Orders already entered are not judged again.';
INSERT INTO indexer.market_rules DEFAULT VALUES ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS indexer.deleted_rows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    content jsonb NOT NULL,
    deleted_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE indexer.deleted_rows IS
    'Copies of orders, matches and settlements that a cascade from users removed: the counterparty keeps his record.';
CREATE INDEX IF NOT EXISTS deleted_rows_row_id_idx ON indexer.deleted_rows (row_id);

CREATE OR REPLACE FUNCTION indexer.keep_deleted_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO indexer.deleted_rows (table_name, row_id, content)
    VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, OLD.id, to_jsonb(OLD));
    RETURN OLD;
END
$$;

CREATE TABLE IF NOT EXISTS public.market_epochs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    epoch_number bigint NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    clearing_price numeric(15,6),
    total_volume numeric(24,6) NOT NULL DEFAULT 0,
    total_orders bigint NOT NULL DEFAULT 0,
    matched_orders bigint NOT NULL DEFAULT 0,
    trade_count bigint NOT NULL DEFAULT 0,
    failure text,
    cleared_at timestamptz,
    settled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT market_epochs_epoch_number_key UNIQUE (epoch_number),
    CONSTRAINT market_epochs_status_check
        CHECK (status IN ('pending', 'active', 'clearing', 'cleared', 'settled', 'failed')),
    CONSTRAINT market_epochs_numbers_check CHECK (greatest(clearing_price, total_volume) <> 'NaN'),
    CONSTRAINT market_epochs_length_check CHECK (end_time = start_time + interval '15 minutes'),
    CONSTRAINT market_epochs_aligned_check CHECK (mod(extract(epoch FROM start_time), 900) = 0),
    CONSTRAINT market_epochs_number_check CHECK (epoch_number =
        extract(year FROM start_time AT TIME ZONE 'UTC')::bigint * 100000000
        + extract(month FROM start_time AT TIME ZONE 'UTC')::bigint * 1000000
        + extract(day FROM start_time AT TIME ZONE 'UTC')::bigint * 10000
        + extract(hour FROM start_time AT TIME ZONE 'UTC')::bigint * 100
        + extract(minute FROM start_time AT TIME ZONE 'UTC')::bigint),
    CONSTRAINT market_epochs_no_overlap EXCLUDE USING gist (tstzrange(start_time, end_time) WITH &&)
);
COMMENT ON COLUMN public.market_epochs.epoch_number IS 'YYYYMMDDHHMM of start_time in UTC.';
COMMENT ON COLUMN public.market_epochs.clearing_price IS
    'Price per kWh, weighted over zones by volume, half-even to 1e-6; NULL when nothing traded.';
COMMENT ON COLUMN public.market_epochs.cleared_at IS 'Market clock at the clearing; bookkeeping, in no comparison.';
COMMENT ON COLUMN public.market_epochs.settled_at IS 'Market clock when the last trade ended; bookkeeping.';

CREATE INDEX IF NOT EXISTS market_epochs_open_idx ON public.market_epochs (status, end_time)
    WHERE status IN ('pending', 'active', 'clearing', 'cleared');

CREATE OR REPLACE FUNCTION indexer.market_epochs_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.epoch_number, OLD.start_time, OLD.end_time, OLD.id)
        IS DISTINCT FROM (NEW.epoch_number, NEW.start_time, NEW.end_time, NEW.id) THEN
        RAISE EXCEPTION 'market_epochs: number and times of epoch % are fixed', OLD.epoch_number
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'market_epochs_times_fixed', HINT = 'Add the epoch of the other times as another row.';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('pending', 'active'), ('active', 'clearing'), ('clearing', 'cleared'), ('clearing', 'failed'),
        ('clearing', 'settled'), ('cleared', 'settled'), ('cleared', 'failed')) THEN
        RAISE EXCEPTION 'market_epochs: epoch % cannot go from % to %', OLD.epoch_number, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
                  CONSTRAINT = 'market_epochs_status_forward',
                  HINT = 'pending, active, clearing, cleared, settled; failed from clearing or cleared.';
    END IF;
    IF OLD.status IN ('cleared', 'settled', 'failed') AND
        (OLD.clearing_price, OLD.total_volume, OLD.total_orders, OLD.matched_orders, OLD.trade_count, OLD.cleared_at)
        IS DISTINCT FROM
        (NEW.clearing_price, NEW.total_volume, NEW.total_orders, NEW.matched_orders, NEW.trade_count, NEW.cleared_at) THEN
        RAISE EXCEPTION 'market_epochs: epoch % is %; its result is published and fixed', OLD.epoch_number, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'market_epochs_result_fixed', HINT = 'epoch check computes it again from the stored book.';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Of what was published only the state moves, and how far it has come on chain.
CREATE OR REPLACE FUNCTION indexer.market_result_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    named text;
    changed text;
BEGIN
    SELECT string_agg(format('%s %s', k.name, to_jsonb(OLD) ->> k.name), ', ' ORDER BY k.place) INTO named
      FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS k (name, place);
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(b.key, ', ' ORDER BY b.key) INTO changed
          FROM jsonb_each(to_jsonb(OLD) - string_to_array(TG_ARGV[1], ',')) AS b
         WHERE b.value IS DISTINCT FROM to_jsonb(NEW) -> b.key;
        IF changed IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%: % is published; % is refused%', TG_TABLE_NAME, named, TG_OP, coalesce(' of ' || changed, '')
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
              HINT = 'epoch check computes it again from the stored book.';
END
$$;

CREATE OR REPLACE FUNCTION indexer.market_epochs_notify() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gridtokenx_epochs', '');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER market_epochs_guard BEFORE UPDATE ON public.market_epochs
    FOR EACH ROW EXECUTE FUNCTION indexer.market_epochs_guard();
CREATE OR REPLACE TRIGGER market_epochs_notify AFTER INSERT OR UPDATE ON public.market_epochs
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.market_epochs_notify();

CREATE TABLE IF NOT EXISTS public.market_epoch_zones (
    epoch_number bigint NOT NULL REFERENCES public.market_epochs (epoch_number) ON DELETE RESTRICT,
    zone_id integer NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'cleared',
    clearing_price numeric(15,6),
    volume numeric(24,6) NOT NULL,
    gross_volume numeric(24,6) NOT NULL,
    netted_volume numeric(24,6) NOT NULL,
    interval_low numeric(15,6),
    interval_high numeric(15,6),
    last_accepted_ask numeric(15,6),
    last_accepted_bid numeric(15,6),
    first_rejected_ask numeric(15,6),
    first_rejected_bid numeric(15,6),
    marginal_side varchar(4) NOT NULL,
    marginal_executed numeric(24,6) NOT NULL,
    marginal_total numeric(24,6) NOT NULL,
    orders_in bigint NOT NULL,
    orders_filled bigint NOT NULL,
    orders_partial bigint NOT NULL,
    orders_netted bigint NOT NULL,
    welfare numeric(36,12) NOT NULL,
    congestion_rent numeric(24,6) NOT NULL DEFAULT 0,
    total_value numeric(24,6) NOT NULL,
    total_fees numeric(24,6) NOT NULL,
    total_payment numeric(24,6) NOT NULL,
    k_numerator integer NOT NULL,
    k_denominator integer NOT NULL,
    price_tick numeric(15,6) NOT NULL,
    lot_kwh numeric(15,6) NOT NULL,
    price_floor numeric(15,6) NOT NULL,
    price_cap numeric(15,6) NOT NULL,
    rationing varchar(10) NOT NULL,
    market_fee_bps integer NOT NULL,
    grid_fee_per_kwh numeric(15,6) NOT NULL DEFAULT 0,
    wheeling_per_kwh numeric(15,6) NOT NULL DEFAULT 0,
    loss_bps integer NOT NULL DEFAULT 0,
    book_hash bytea NOT NULL,
    result_hash bytea NOT NULL,
    trade_count integer NOT NULL,
    part_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (epoch_number, zone_id),
    CONSTRAINT market_epoch_zones_zone_id_check CHECK (zone_id >= 0),
    CONSTRAINT market_epoch_zones_status_check CHECK (status IN ('cleared', 'settled', 'failed')),
    CONSTRAINT market_epoch_zones_marginal_side_check CHECK (marginal_side IN ('none', 'buy', 'sell')),
    CONSTRAINT market_epoch_zones_rationing_check CHECK (rationing IN ('time', 'prorata')),
    CONSTRAINT market_epoch_zones_hash_check CHECK (length(book_hash) = 32 AND length(result_hash) = 32),
    CONSTRAINT market_epoch_zones_volume_check
        CHECK (volume >= 0 AND netted_volume >= 0 AND gross_volume = volume + netted_volume),
    CONSTRAINT market_epoch_zones_numbers_check CHECK (greatest(
        clearing_price, volume, gross_volume, netted_volume, interval_low, interval_high, last_accepted_ask,
        last_accepted_bid, first_rejected_ask, first_rejected_bid, marginal_executed, marginal_total, welfare,
        congestion_rent, total_value, total_fees, total_payment, price_tick, lot_kwh, price_floor, price_cap,
        grid_fee_per_kwh, wheeling_per_kwh) <> 'NaN'),
    CONSTRAINT market_epoch_zones_price_check CHECK ((clearing_price IS NULL) = (volume = 0)),
    CONSTRAINT market_epoch_zones_money_check CHECK (total_payment = total_value + total_fees)
);
COMMENT ON TABLE public.market_epoch_zones IS
    'The published result of one zone in one epoch; prices per kWh, volumes in kWh. The stored book and the rules '
    'in this row are enough to compute it again.';
COMMENT ON COLUMN public.market_epoch_zones.marginal_side IS 'The side whose orders at the price were rationed.';
COMMENT ON COLUMN public.market_epoch_zones.marginal_executed IS
    'Of marginal_total, the energy with a limit at the price, how much was executed; their quotient is the ratio.';
COMMENT ON COLUMN public.market_epoch_zones.welfare IS 'Sum of (effective bid - ask) over the gross volume, exact.';

CREATE OR REPLACE TRIGGER market_epoch_zones_published BEFORE UPDATE OR DELETE ON public.market_epoch_zones
    FOR EACH ROW EXECUTE FUNCTION indexer.market_result_guard('epoch_number,zone_id', 'status');

CREATE TABLE IF NOT EXISTS public.market_epoch_parts (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    part integer NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    first_index integer NOT NULL,
    trade_count integer NOT NULL,
    price_units bigint NOT NULL,
    root bytea NOT NULL,
    deadline timestamptz,
    payer varchar(44),
    opened_signature varchar(88),
    opened_slot bigint,
    closed_signature varchar(88),
    closed_slot bigint,
    attempts integer NOT NULL DEFAULT 0,
    close_attempts integer NOT NULL DEFAULT 0,
    next_retry_at timestamptz,
    failure text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (epoch_number, zone_id, part),
    FOREIGN KEY (epoch_number, zone_id)
        REFERENCES public.market_epoch_zones (epoch_number, zone_id) ON DELETE RESTRICT,
    CONSTRAINT market_epoch_parts_status_check CHECK (status IN ('pending', 'open', 'settled', 'closed', 'failed')),
    CONSTRAINT market_epoch_parts_part_check CHECK (part BETWEEN 0 AND 65535),
    CONSTRAINT market_epoch_parts_range_check CHECK (first_index >= 0 AND trade_count BETWEEN 1 AND 65536),
    CONSTRAINT market_epoch_parts_root_check CHECK (length(root) = 32),
    CONSTRAINT market_epoch_parts_price_check CHECK (price_units > 0)
);
COMMENT ON TABLE public.market_epoch_parts IS
    'One settlement account on chain: at most 65,536 trades under one Merkle root. pending: not yet seen open; open: '
    'its SettlementOpened is indexed; settled: every trade has ended; closed: account gone, rent back; failed: its '
    'deadline passed before it opened.';
COMMENT ON COLUMN public.market_epoch_parts.price_units IS 'Units of the payment token (1e-6) per kWh.';
COMMENT ON COLUMN public.market_epoch_parts.deadline IS
    'Chain time after which nothing of it settles; fixed with the first opening that is written.';

COMMENT ON COLUMN public.market_epoch_parts.payer IS 'Who pays the rent of the account and gets it back.';

CREATE INDEX IF NOT EXISTS market_epoch_parts_unfinished_idx ON public.market_epoch_parts (zone_id, epoch_number, part)
    WHERE status IN ('pending', 'open', 'settled');
CREATE OR REPLACE TRIGGER market_epoch_parts_published BEFORE DELETE OR UPDATE OF epoch_number, zone_id, part, first_index,
        trade_count, price_units, root, created_at ON public.market_epoch_parts
    FOR EACH ROW EXECUTE FUNCTION indexer.market_result_guard('epoch_number,zone_id,part',
        'status,deadline,payer,opened_signature,opened_slot,closed_signature,closed_slot,attempts,close_attempts,'
        'next_retry_at,failure,updated_at');
CREATE OR REPLACE TRIGGER market_epoch_parts_touch BEFORE UPDATE ON public.market_epoch_parts
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
CREATE OR REPLACE TRIGGER market_epoch_parts_notify AFTER UPDATE ON public.market_epoch_parts
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.market_epochs_notify();
