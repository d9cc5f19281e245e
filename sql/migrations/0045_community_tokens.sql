-- Why: tokens and what each member holds of them.
-- Rollback (manual): DROP TABLE community.user_tokens, community.tokens;

CREATE TABLE IF NOT EXISTS community.tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    symbol varchar(20) NOT NULL,
    name varchar(100) NOT NULL,
    contract_address varchar(128),
    network varchar(50) NOT NULL DEFAULT 'solana',
    total_supply numeric(38,18) NOT NULL DEFAULT 0,
    circulating_supply numeric(38,18) NOT NULL DEFAULT 0,
    description text,
    image_url text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tokens_symbol_key UNIQUE (symbol),
    CONSTRAINT tokens_contract_address_key UNIQUE (contract_address),
    CONSTRAINT tokens_supply_check CHECK (
        circulating_supply >= 0 AND circulating_supply <= total_supply
        AND greatest(circulating_supply, total_supply) <> 'NaN')
);
CREATE INDEX IF NOT EXISTS tokens_created_at_idx ON community.tokens (created_at);
CREATE OR REPLACE TRIGGER tokens_touch BEFORE UPDATE ON community.tokens
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS community.user_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    token_id uuid NOT NULL REFERENCES community.tokens (id) ON DELETE RESTRICT,
    balance numeric(38,18) NOT NULL DEFAULT 0,
    staked_balance numeric(38,18) NOT NULL DEFAULT 0,
    voting_power numeric(38,18) NOT NULL DEFAULT 0,
    last_updated timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_tokens_user_id_token_id_key UNIQUE (user_id, token_id),
    CONSTRAINT user_tokens_balance_check CHECK (balance >= 0 AND balance <> 'NaN'),
    CONSTRAINT user_tokens_staked_balance_check CHECK (staked_balance >= 0 AND staked_balance <> 'NaN'),
    CONSTRAINT user_tokens_voting_power_check CHECK (voting_power >= 0 AND voting_power <> 'NaN')
);
COMMENT ON COLUMN community.user_tokens.last_updated IS 'When the balance was last read from the chain; updated_at is the row''s.';
CREATE INDEX IF NOT EXISTS user_tokens_token_id_idx ON community.user_tokens (token_id);
CREATE INDEX IF NOT EXISTS user_tokens_voting_power_idx ON community.user_tokens (voting_power);
CREATE INDEX IF NOT EXISTS user_tokens_created_at_idx ON community.user_tokens (created_at);
CREATE OR REPLACE TRIGGER user_tokens_touch BEFORE UPDATE ON community.user_tokens
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
