-- Why: the matches of a clearing, and the only writers of what they fill.
-- Rollback (manual): DROP TABLE public.order_matches; DROP FUNCTION indexer.order_matches_fill(),
--   indexer.order_matches_settle(), indexer.order_matches_guard();

CREATE TABLE IF NOT EXISTS public.order_matches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    epoch_id uuid NOT NULL REFERENCES public.market_epochs (id) ON DELETE RESTRICT,
    buy_order_id uuid NOT NULL REFERENCES public.trading_orders (id) ON DELETE CASCADE,
    sell_order_id uuid NOT NULL REFERENCES public.trading_orders (id) ON DELETE CASCADE,
    matched_amount numeric(15,6) NOT NULL,
    match_price numeric(15,6) NOT NULL,
    match_time timestamptz NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    settlement_id uuid REFERENCES public.settlements (id) ON DELETE SET NULL,
    zone_id integer NOT NULL DEFAULT 0,
    trade_index integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT order_matches_trade_key UNIQUE (epoch_id, zone_id, trade_index),
    CONSTRAINT order_matches_status_check CHECK (status IN ('pending', 'settled', 'failed', 'netted')),
    CONSTRAINT order_matches_matched_amount_check CHECK (matched_amount > 0 AND matched_amount <> 'NaN'),
    CONSTRAINT order_matches_match_price_check CHECK (match_price > 0 AND match_price <> 'NaN'),
    CONSTRAINT order_matches_orders_check CHECK (buy_order_id <> sell_order_id),
    CONSTRAINT order_matches_netted_check CHECK ((status = 'netted') = (trade_index IS NULL)),
    CONSTRAINT order_matches_trade_index_check CHECK (trade_index >= 0 AND zone_id >= 0)
);
COMMENT ON COLUMN public.order_matches.status IS
    'netted: both orders are one user''s, his own consumption; it fills them, moves nothing and has no index.';
COMMENT ON COLUMN public.order_matches.settlement_id IS
    'Deviation: may be NULL: a netted match has no settlement, and that of a user who has left goes with him.';
COMMENT ON COLUMN public.order_matches.match_time IS 'End of the epoch.';

CREATE INDEX IF NOT EXISTS order_matches_buy_order_id_idx ON public.order_matches (buy_order_id);
CREATE INDEX IF NOT EXISTS order_matches_sell_order_id_idx ON public.order_matches (sell_order_id);
CREATE INDEX IF NOT EXISTS order_matches_settlement_id_idx ON public.order_matches (settlement_id);

CREATE OR REPLACE FUNCTION indexer.order_matches_fill() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    filled bigint;
    stray record;
BEGIN
    -- One order of locking for all writers, so that two of them cannot deadlock.
    PERFORM FROM public.trading_orders AS o
      WHERE o.id IN (SELECT buy_order_id FROM inserted UNION ALL SELECT sell_order_id FROM inserted)
      ORDER BY o.id
        FOR NO KEY UPDATE;
    WITH f AS MATERIALIZED (
        SELECT side, order_id, sum(matched_amount) AS amount, (array_agg(epoch_id))[1] AS epoch_id
          FROM (SELECT 'buy' AS side, buy_order_id AS order_id, matched_amount, epoch_id FROM inserted
                UNION ALL
                SELECT 'sell', sell_order_id, matched_amount, epoch_id FROM inserted) AS sides
         GROUP BY side, order_id),
    u AS (
        UPDATE public.trading_orders AS o
           SET filled_amount = o.filled_amount + f.amount,
               status = CASE WHEN o.filled_amount + f.amount = o.energy_amount THEN 'filled' ELSE 'partially_filled' END,
               epoch_id = coalesce(o.epoch_id, f.epoch_id),
               closed_epoch_id = CASE WHEN o.filled_amount + f.amount = o.energy_amount THEN f.epoch_id END,
               updated_at = now()
          FROM f
         WHERE o.id = f.order_id AND o.order_type = f.side AND o.status IN ('pending', 'active', 'partially_filled')
        RETURNING 1)
    SELECT (SELECT count(*) FROM f), (SELECT count(*) FROM u) INTO wanted, filled;
    -- Looked for only when some side found no order: what follows is no part of an honest clearing.
    IF filled < wanted THEN
        SELECT i.id, s.side, o.id AS order_id, o.order_type, o.status, o.updated_at = now() AS touched INTO stray
          FROM inserted AS i
         CROSS JOIN LATERAL (VALUES ('buy', i.buy_order_id), ('sell', i.sell_order_id)) AS s (side, order_id)
          JOIN public.trading_orders AS o ON o.id = s.order_id
         ORDER BY o.order_type = s.side, o.updated_at = now(), i.id
         LIMIT 1;
        RAISE EXCEPTION 'order_matches: match % takes % order % as its % side, which is %', stray.id, stray.order_type,
            stray.order_id, stray.side, stray.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'order_matches_open_sides', HINT = 'A match joins an open buy order and an open sell order.';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION indexer.order_matches_settle() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
BEGIN
    SELECT array_agg(DISTINCT s.order_id) INTO touched
      FROM new_rows AS n JOIN old_rows AS p USING (id)
           CROSS JOIN LATERAL (VALUES (n.buy_order_id), (n.sell_order_id)) AS s (order_id)
     WHERE n.status = 'settled' AND p.status <> 'settled';
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- Locked before the question is asked: of two transactions that each settle one of an order's last two
    -- matches, the second must see the first.
    PERFORM FROM public.trading_orders AS o WHERE o.id = ANY (touched) ORDER BY o.id FOR NO KEY UPDATE;
    UPDATE public.trading_orders AS o
       SET status = 'settled', updated_at = now()
     WHERE o.id = ANY (touched)
       AND o.status = 'filled'
       AND NOT EXISTS (SELECT FROM public.order_matches AS m
                        WHERE (m.buy_order_id = o.id OR m.sell_order_id = o.id) AND m.status IN ('pending', 'failed'));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION indexer.order_matches_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.epoch_id, OLD.buy_order_id, OLD.sell_order_id, OLD.matched_amount, OLD.match_price, OLD.match_time,
        OLD.zone_id, OLD.trade_index)
       IS DISTINCT FROM
       (NEW.id, NEW.epoch_id, NEW.buy_order_id, NEW.sell_order_id, NEW.matched_amount, NEW.match_price, NEW.match_time,
        NEW.zone_id, NEW.trade_index) THEN
        RAISE EXCEPTION 'order_matches: match % is a published result; only its status moves', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'order_matches_result_fixed', HINT = 'Clearing again gives the same result.';
    END IF;
    IF OLD.status <> NEW.status AND OLD.status <> 'pending' THEN
        RAISE EXCEPTION 'order_matches: match % is % and stays so; it cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'status',
                  CONSTRAINT = 'order_matches_status_final', HINT = 'Only a pending match becomes settled or failed.';
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER order_matches_guard BEFORE UPDATE ON public.order_matches
    FOR EACH ROW EXECUTE FUNCTION indexer.order_matches_guard();
CREATE OR REPLACE TRIGGER order_matches_fill AFTER INSERT ON public.order_matches
    REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.order_matches_fill();
CREATE OR REPLACE TRIGGER order_matches_settle AFTER UPDATE ON public.order_matches
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.order_matches_settle();
-- A deleted match stays counted in filled_amount: its energy was traded, the copy proves it.
CREATE OR REPLACE TRIGGER order_matches_keep_deleted BEFORE DELETE ON public.order_matches
    FOR EACH ROW EXECUTE FUNCTION indexer.keep_deleted_row();
