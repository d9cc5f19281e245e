-- Why: the balance of every token account of the watched mints, and the lamports of watched accounts.
-- Rollback (manual): DROP TABLE blockchain.account_balances;

CREATE TABLE IF NOT EXISTS blockchain.account_balances (
    account_id varchar(100) NOT NULL,
    total_balance numeric(78, 0) NOT NULL DEFAULT 0,
    available_balance numeric(78, 0) NOT NULL DEFAULT 0,
    locked_balance numeric(78, 0) NOT NULL DEFAULT 0,
    nonce bigint NOT NULL DEFAULT 0,
    energy_balances jsonb NOT NULL DEFAULT '{}',
    mint varchar(44),
    owner varchar(44),
    slot bigint NOT NULL DEFAULT 0,
    tx_index integer NOT NULL DEFAULT 0,
    block_time timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_balances_pkey PRIMARY KEY (account_id),
    CONSTRAINT account_balances_amounts_check
        CHECK (total_balance >= 0 AND available_balance >= 0 AND locked_balance >= 0
               AND greatest(total_balance, available_balance, locked_balance) <> 'NaN'),
    CONSTRAINT account_balances_sum_check CHECK (available_balance + locked_balance = total_balance),
    -- One value that is no amount would end every query that adds them up.
    CONSTRAINT account_balances_energy_balances_check CHECK (
        jsonb_typeof(energy_balances) = 'object'
        AND NOT jsonb_path_exists(
            energy_balances, 'strict $.* ? (@.type() != "string" || !(@ like_regex "^[0-9]{1,78}$"))', '{}', true))
);
COMMENT ON TABLE blockchain.account_balances IS
    'Deviation: account_id is the key, without an id beside it; nothing refers to a balance but by its account.';
COMMENT ON COLUMN blockchain.account_balances.account_id IS
    'The token account for a balance of a mint, the wallet for a balance of lamports (mint is NULL).';
COMMENT ON COLUMN blockchain.account_balances.nonce IS
    'How many indexed transactions changed this balance.';
COMMENT ON COLUMN blockchain.account_balances.energy_balances IS
    'For accounts of the energy token: its mint address and the amount in base units, as text.';
COMMENT ON COLUMN blockchain.account_balances.slot IS
    'With tx_index the position of the transaction that left this balance; an older position never overwrites it.';

CREATE INDEX IF NOT EXISTS account_balances_owner_idx ON blockchain.account_balances (owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS account_balances_mint_idx ON blockchain.account_balances (mint) WHERE mint IS NOT NULL;
CREATE INDEX IF NOT EXISTS account_balances_energy_idx ON blockchain.account_balances USING gin (energy_balances);
