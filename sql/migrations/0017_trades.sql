-- Why: one row per trade that was settled on chain, in the words of seed 001.
-- Rollback (manual): DROP TABLE trading.trades;

CREATE TABLE IF NOT EXISTS trading.trades (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    buy_order_id uuid,
    sell_order_id uuid,
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    energy_amount numeric(15,6) NOT NULL,
    price_per_unit numeric(15,6) NOT NULL,
    total_value numeric(24,6) NOT NULL,
    grid_fee numeric(24,6) NOT NULL DEFAULT 0,
    carbon_offset numeric(15,6) NOT NULL DEFAULT 0,
    executed_at timestamptz NOT NULL,
    settlement_status varchar(20) NOT NULL DEFAULT 'pending',
    epoch_number bigint,
    zone_id integer NOT NULL DEFAULT 0,
    trade_index integer,
    signature varchar(88),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT trades_epoch_trade_key UNIQUE (epoch_number, zone_id, trade_index),
    CONSTRAINT trades_settlement_status_check CHECK (settlement_status IN ('pending', 'settled', 'failed')),
    CONSTRAINT trades_parties_check CHECK (buyer_id <> seller_id),
    CONSTRAINT trades_amounts_check
        CHECK (energy_amount > 0 AND energy_amount <> 'NaN' AND price_per_unit > 0 AND price_per_unit <> 'NaN'
               AND total_value > 0 AND total_value <> 'NaN'),
    CONSTRAINT trades_grid_fee_check CHECK (grid_fee >= 0 AND grid_fee <> 'NaN'),
    CONSTRAINT trades_carbon_offset_check CHECK (carbon_offset >= 0 AND carbon_offset <> 'NaN')
);
COMMENT ON TABLE trading.trades IS
    'Deviation: orders, users and leaves are named without foreign keys: the trade happened on chain, whoever is deleted '
    'here and whatever old partition is dropped.';
COMMENT ON COLUMN trading.trades.buyer_id IS 'Deviation: uuid like every column that names a user.';
COMMENT ON COLUMN trading.trades.seller_id IS 'Deviation: uuid like every column that names a user.';
COMMENT ON COLUMN trading.trades.total_value IS
    'Energy times price: what the seller got; the fee comes on top. Deviation: 24 digits, as all totals.';
COMMENT ON COLUMN trading.trades.grid_fee IS 'What the buyer paid above total_value for the grid.';
COMMENT ON COLUMN trading.trades.executed_at IS 'Block time of the transaction that settled it.';

CREATE INDEX IF NOT EXISTS trades_buyer_id_idx ON trading.trades (buyer_id);
CREATE INDEX IF NOT EXISTS trades_seller_id_idx ON trading.trades (seller_id);
CREATE INDEX IF NOT EXISTS trades_executed_at_idx ON trading.trades (executed_at);
CREATE INDEX IF NOT EXISTS trades_buy_order_id_idx ON trading.trades (buy_order_id);
CREATE INDEX IF NOT EXISTS trades_sell_order_id_idx ON trading.trades (sell_order_id);
