-- Why: what anyone needs to check a clearing and to settle it: the stored book, the leaves, the charges.
-- Rollback (manual): DROP TABLE indexer.trade_leaves, indexer.epoch_books, indexer.fee_schedules;
--   DROP INDEX public.blockchain_events_settlement_idx; DROP FUNCTION indexer.refuse_change(), indexer.trade_leaves_guard();
--   DELETE FROM indexer.partition_policies WHERE table_name IN ('indexer.epoch_books', 'indexer.trade_leaves');

CREATE TABLE IF NOT EXISTS indexer.fee_schedules (
    effective_from bigint PRIMARY KEY,
    market_fee_bps integer NOT NULL,
    grid_fee_per_kwh numeric(15,6) NOT NULL DEFAULT 0,
    wheeling_per_kwh numeric(15,6) NOT NULL DEFAULT 0,
    loss_bps integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fee_schedules_bps_check CHECK (market_fee_bps BETWEEN 0 AND 10000 AND loss_bps BETWEEN 0 AND 10000),
    CONSTRAINT fee_schedules_per_kwh_check CHECK (
        grid_fee_per_kwh >= 0 AND wheeling_per_kwh >= 0 AND greatest(grid_fee_per_kwh, wheeling_per_kwh) <> 'NaN')
);
COMMENT ON TABLE indexer.fee_schedules IS
    'Charges that the buyer bears on top of the price, from the epoch effective_from (YYYYMMDDHHMM) on.';
INSERT INTO indexer.fee_schedules (effective_from, market_fee_bps) VALUES (197001010000, 25) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION indexer.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    named text;
BEGIN
    -- The arguments of a row trigger are the columns that name the row.
    SELECT string_agg(format('%s %s', k.name, to_jsonb(OLD) ->> k.name), ', ' ORDER BY k.place) INTO named
      FROM unnest(TG_ARGV) WITH ORDINALITY AS k (name, place);
    RAISE EXCEPTION '%.%: % of % is refused; rows are evidence and are never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME,
        TG_OP, coalesce(named, 'the table')
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
              HINT = 'Old rows leave with their whole partition.';
END
$$;

CREATE TABLE IF NOT EXISTS indexer.epoch_books (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    order_id uuid NOT NULL,
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    side varchar(4) NOT NULL,
    remaining_micro_kwh bigint NOT NULL,
    limit_micro bigint NOT NULL,
    effective_limit_micro bigint NOT NULL,
    PRIMARY KEY (epoch_number, zone_id, order_id),
    CONSTRAINT epoch_books_side_check CHECK (side IN ('buy', 'sell')),
    CONSTRAINT epoch_books_amounts_check
        CHECK (remaining_micro_kwh > 0 AND limit_micro > 0 AND effective_limit_micro >= 0)
) PARTITION BY RANGE (epoch_number);
COMMENT ON TABLE indexer.epoch_books IS
    'The book as the clearing saw it. Energy in 1e-6 kWh, limits in 1e-6 per kWh; effective = net of charges.';
CREATE OR REPLACE TRIGGER epoch_books_append_only BEFORE UPDATE OR DELETE ON indexer.epoch_books
    FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('epoch_number', 'zone_id', 'order_id');
CREATE OR REPLACE TRIGGER epoch_books_no_truncate BEFORE TRUNCATE ON indexer.epoch_books
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

CREATE TABLE IF NOT EXISTS indexer.trade_leaves (
    epoch_number bigint NOT NULL,
    zone_id integer NOT NULL,
    trade_index integer NOT NULL,
    part integer NOT NULL,
    match_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    buy_order_id uuid NOT NULL,
    sell_order_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    seller_energy varchar(44) NOT NULL,
    buyer_energy varchar(44) NOT NULL,
    buyer_payment varchar(44) NOT NULL,
    seller_payment varchar(44) NOT NULL,
    energy_base_units numeric(78,0) NOT NULL,
    payment_base_units numeric(78,0) NOT NULL,
    fee_base_units numeric(78,0) NOT NULL,
    leaf bytea NOT NULL,
    state varchar(10) NOT NULL DEFAULT 'pending',
    tries integer NOT NULL DEFAULT 0,
    batch_limit integer,
    next_retry_at timestamptz,
    reason text,
    signature varchar(88),
    settled_slot bigint,
    PRIMARY KEY (epoch_number, zone_id, trade_index),
    CONSTRAINT trade_leaves_leaf_check CHECK (length(leaf) = 32),
    CONSTRAINT trade_leaves_amounts_check
        CHECK (energy_base_units > 0 AND fee_base_units >= 0 AND payment_base_units > fee_base_units
               AND greatest(energy_base_units, payment_base_units, fee_base_units) <> 'NaN'),
    CONSTRAINT trade_leaves_state_check CHECK (state IN ('pending', 'settled', 'failed', 'review')),
    CONSTRAINT trade_leaves_batch_limit_check CHECK (batch_limit > 0),
    CONSTRAINT trade_leaves_settled_check CHECK (state <> 'settled' OR (signature IS NOT NULL AND settled_slot IS NOT NULL))
) PARTITION BY RANGE (epoch_number);
COMMENT ON TABLE indexer.trade_leaves IS
    'Every field of every Merkle leaf, and how far its trade has come on chain. No foreign keys: proofs outlive users.';
COMMENT ON COLUMN indexer.trade_leaves.tries IS 'Times it was rejected on chain, failed with its transaction, or never landed.';
COMMENT ON COLUMN indexer.trade_leaves.batch_limit IS
    'Largest batch it may travel in, halved each time a transaction of several trades failed; NULL: no limit.';
COMMENT ON COLUMN indexer.trade_leaves.next_retry_at IS 'Wall clock before which a rejected trade is not tried again.';
CREATE INDEX IF NOT EXISTS trade_leaves_pending_idx ON indexer.trade_leaves (epoch_number, zone_id, part, trade_index)
    WHERE state = 'pending';

CREATE OR REPLACE FUNCTION indexer.trade_leaves_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.epoch_number, OLD.zone_id, OLD.trade_index, OLD.part, OLD.match_id, OLD.settlement_id, OLD.buy_order_id,
        OLD.sell_order_id, OLD.buyer_id, OLD.seller_id, OLD.seller_energy, OLD.buyer_energy, OLD.buyer_payment,
        OLD.seller_payment, OLD.energy_base_units, OLD.payment_base_units, OLD.fee_base_units, OLD.leaf)
       IS DISTINCT FROM
       (NEW.epoch_number, NEW.zone_id, NEW.trade_index, NEW.part, NEW.match_id, NEW.settlement_id, NEW.buy_order_id,
        NEW.sell_order_id, NEW.buyer_id, NEW.seller_id, NEW.seller_energy, NEW.buyer_energy, NEW.buyer_payment,
        NEW.seller_payment, NEW.energy_base_units, NEW.payment_base_units, NEW.fee_base_units, NEW.leaf) THEN
        RAISE EXCEPTION 'trade_leaves: trade % of epoch %, zone % is published and never changed',
            OLD.trade_index, OLD.epoch_number, OLD.zone_id
            USING ERRCODE = 'restrict_violation', SCHEMA = 'indexer', TABLE = 'trade_leaves',
                  CONSTRAINT = 'trade_leaves_published', HINT = 'Only how far it has come on chain moves.';
    END IF;
    IF OLD.state = 'settled' AND NEW.state <> 'settled' THEN
        RAISE EXCEPTION 'trade_leaves: trade % of epoch %, zone % is settled and stays so; it cannot become %',
            OLD.trade_index, OLD.epoch_number, OLD.zone_id, NEW.state
            USING ERRCODE = 'restrict_violation', SCHEMA = 'indexer', TABLE = 'trade_leaves', COLUMN = 'state',
                  CONSTRAINT = 'trade_leaves_settled_final', HINT = 'The chain has executed it; nothing undoes that.';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER trade_leaves_guard BEFORE UPDATE ON indexer.trade_leaves
    FOR EACH ROW EXECUTE FUNCTION indexer.trade_leaves_guard();
CREATE OR REPLACE TRIGGER trade_leaves_no_delete BEFORE DELETE ON indexer.trade_leaves
    FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('epoch_number', 'zone_id', 'trade_index');
CREATE OR REPLACE TRIGGER trade_leaves_no_truncate BEFORE TRUNCATE ON indexer.trade_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Whether a part was ever opened or a trade ever executed, wherever in history that is.
CREATE INDEX IF NOT EXISTS blockchain_events_settlement_idx
    ON public.blockchain_events ((data ->> 'epoch'), (data ->> 'zone'), event_type)
    WHERE event_type IN ('SettlementOpened', 'TradesSettled', 'SettlementClosed');

-- Epoch numbers are YYYYMMDDHHMM: a step of 10^6 is a calendar month.
INSERT INTO indexer.partition_policies (table_name, kind, step) VALUES
    ('indexer.epoch_books', 'slot', 1000000),
    ('indexer.trade_leaves', 'slot', 1000000)
ON CONFLICT DO NOTHING;
