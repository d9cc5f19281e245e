-- Why: who holds how much of an asset, and what its revenue of a period gave to each holder.
-- Rollback (manual): DROP TABLE investment.revenue_payouts, investment.revenue_distributions, investment.investments;

CREATE TABLE IF NOT EXISTS investment.investments (
    id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4(),
    user_id uuid REFERENCES public.users (id) ON DELETE RESTRICT,
    asset_id uuid REFERENCES investment.assets (id) ON DELETE RESTRICT,
    amount_tokens numeric(20,8),
    purchase_price numeric(20,8),
    transaction_hash varchar(88),
    invested_at timestamptz DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT investments_amount_tokens_check CHECK (amount_tokens > 0 AND amount_tokens <> 'NaN'),
    CONSTRAINT investments_purchase_price_check CHECK (purchase_price >= 0 AND purchase_price <> 'NaN')
);
COMMENT ON CONSTRAINT investments_user_id_fkey ON investment.investments IS
    'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';
COMMENT ON CONSTRAINT investments_asset_id_fkey ON investment.investments IS
    'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';
CREATE INDEX IF NOT EXISTS idx_investments_user ON investment.investments (user_id);
CREATE INDEX IF NOT EXISTS idx_investments_asset ON investment.investments (asset_id);

CREATE TABLE IF NOT EXISTS investment.revenue_distributions (
    id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4(),
    asset_id uuid REFERENCES investment.assets (id) ON DELETE RESTRICT,
    period_start date,
    period_end date,
    total_amount numeric(20,8),
    distribution_date timestamptz,
    status varchar(20) DEFAULT 'pending',
    CONSTRAINT revenue_distributions_status_check CHECK (status IN ('pending', 'calculated', 'distributed', 'failed')),
    CONSTRAINT revenue_distributions_period_check CHECK (period_start <= period_end),
    CONSTRAINT revenue_distributions_total_amount_check CHECK (total_amount >= 0 AND total_amount <> 'NaN'),
    CONSTRAINT revenue_distributions_periods_apart EXCLUDE USING gist (
        asset_id WITH =, daterange(period_start, period_end, '[]') WITH &&)
        WHERE (asset_id IS NOT NULL AND (period_start IS NOT NULL OR period_end IS NOT NULL))
);
COMMENT ON CONSTRAINT revenue_distributions_periods_apart ON investment.revenue_distributions IS
    'A period without a start or an end is open on that side; one with neither is not known yet.';
COMMENT ON CONSTRAINT revenue_distributions_asset_id_fkey ON investment.revenue_distributions IS
    'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';
COMMENT ON COLUMN investment.revenue_distributions.period_end IS 'Last day of the period; holdings at its end share the revenue.';
CREATE INDEX IF NOT EXISTS revenue_distributions_asset_id_idx
    ON investment.revenue_distributions (asset_id, period_start);
CREATE INDEX IF NOT EXISTS revenue_distributions_status_idx ON investment.revenue_distributions (status);

CREATE TABLE IF NOT EXISTS investment.revenue_payouts (
    distribution_id uuid NOT NULL REFERENCES investment.revenue_distributions (id) ON DELETE RESTRICT,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE RESTRICT,
    amount_tokens numeric(20,8) NOT NULL,
    amount numeric(20,8) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    transaction_hash varchar(88),
    paid_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (distribution_id, user_id),
    CONSTRAINT revenue_payouts_amounts_check
        CHECK (amount_tokens > 0 AND amount_tokens <> 'NaN' AND amount >= 0 AND amount <> 'NaN'),
    CONSTRAINT revenue_payouts_status_check CHECK (status IN ('pending', 'paid', 'failed')),
    CONSTRAINT revenue_payouts_paid_check CHECK ((status = 'paid') = (paid_at IS NOT NULL))
);
COMMENT ON TABLE investment.revenue_payouts IS 'The share of each holder; the shares of a distribution add up to its total_amount.';
COMMENT ON COLUMN investment.revenue_payouts.amount_tokens IS 'Holding at period_end, by which the revenue was shared.';
CREATE INDEX IF NOT EXISTS revenue_payouts_user_id_idx ON investment.revenue_payouts (user_id);
