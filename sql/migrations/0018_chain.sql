-- Why: what the follower knows about the chain: covered slots, the cursor, raw transactions and the facts
--   that projections are rebuilt from.
-- Rollback (manual): DROP TABLE indexer.slots, indexer.cursors, indexer.raw_transactions, indexer.balance_changes,
--   indexer.supply_changes, indexer.parked_items, indexer.idl_registry, indexer.watched_accounts;
--   DELETE FROM indexer.partition_policies WHERE table_name IN ('indexer.slots', 'indexer.raw_transactions',
--   'indexer.balance_changes', 'indexer.supply_changes', 'indexer.parked_items');

CREATE TABLE IF NOT EXISTS indexer.slots (
    slot bigint NOT NULL,
    status varchar(10) NOT NULL,
    parent_slot bigint,
    blockhash varchar(44),
    previous_blockhash varchar(44),
    block_height bigint,
    block_time timestamptz,
    proved_by bigint,
    skipped_from bigint,
    CONSTRAINT slots_pkey PRIMARY KEY (slot),
    CONSTRAINT slots_status_check CHECK (status IN ('confirmed', 'finalized', 'skipped')),
    CONSTRAINT slots_block_check CHECK (
        CASE WHEN status = 'skipped'
             THEN proved_by > slot AND skipped_from BETWEEN 0 AND slot
                  AND num_nonnulls(parent_slot, blockhash, previous_blockhash, block_height) = 0
             ELSE num_nonnulls(proved_by, skipped_from) = 0 AND (parent_slot < slot OR slot = 0)
                  AND num_nulls(parent_slot, blockhash, previous_blockhash, block_height) = 0
        END)
) PARTITION BY RANGE (slot);
COMMENT ON TABLE indexer.slots IS
    'Every slot from the anchor to the head: an indexed block linked to its parent, or skipped, proved by the '
    'linked block that stepped over it.';
COMMENT ON COLUMN indexer.slots.skipped_from IS
    'First of the skipped slots that this row stands for: the slot itself, or, for a stretch too long for a row each, '
    'the first of all that end with it.';

CREATE TABLE IF NOT EXISTS indexer.cursors (
    name text PRIMARY KEY,
    genesis_hash varchar(44) NOT NULL,
    program_id varchar(44) NOT NULL,
    energy_mint varchar(44),
    anchor_slot bigint NOT NULL,
    head_slot bigint NOT NULL,
    head_blockhash varchar(44) NOT NULL,
    head_block_height bigint NOT NULL,
    finalized_slot bigint NOT NULL,
    finalized_blockhash varchar(44) NOT NULL,
    finalized_block_height bigint NOT NULL,
    finalized_block_time timestamptz,
    lease_term bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cursors_order_check CHECK (anchor_slot <= finalized_slot AND finalized_slot <= head_slot)
);
COMMENT ON TABLE indexer.cursors IS
    'How far the index reaches; the row "chain" is written in the transaction that writes the slots it speaks of.';

COMMENT ON COLUMN indexer.cursors.energy_mint IS
    'The mint whose balances are shown as energy, as the follower last read it from the program''s config account.';

CREATE TABLE IF NOT EXISTS indexer.raw_transactions (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    signature varchar(88),
    block_time timestamptz,
    payload bytea NOT NULL,
    CONSTRAINT raw_transactions_pkey PRIMARY KEY (slot, tx_index)
) PARTITION BY RANGE (slot);
COMMENT ON COLUMN indexer.raw_transactions.signature IS 'NULL when the transaction could not be read at all.';
COMMENT ON COLUMN indexer.raw_transactions.payload IS
    'The transaction as getBlock returned it (JSON text); replay decodes these bytes again.';

CREATE TABLE IF NOT EXISTS indexer.balance_changes (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    account_id varchar(44) NOT NULL,
    mint varchar(44),
    owner varchar(44),
    before_amount numeric(78, 0) NOT NULL,
    after_amount numeric(78, 0) NOT NULL,
    block_time timestamptz,
    CONSTRAINT balance_changes_pkey PRIMARY KEY (slot, tx_index, account_id),
    CONSTRAINT balance_changes_numbers_check CHECK (greatest(before_amount, after_amount) <> 'NaN')
) PARTITION BY RANGE (slot);
COMMENT ON TABLE indexer.balance_changes IS
    'What each transaction did to watched balances, in base units of the mint or, where mint is NULL, in lamports.';
CREATE INDEX IF NOT EXISTS balance_changes_account_idx
    ON indexer.balance_changes (account_id, slot DESC, tx_index DESC);

CREATE TABLE IF NOT EXISTS indexer.supply_changes (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    instruction_path varchar(20) NOT NULL,
    change_ordinal integer NOT NULL,
    signature varchar(88) NOT NULL,
    mint varchar(44) NOT NULL,
    account_id varchar(44) NOT NULL,
    kind varchar(10) NOT NULL,
    amount numeric(78, 0) NOT NULL,
    CONSTRAINT supply_changes_pkey PRIMARY KEY (slot, tx_index, instruction_path, change_ordinal),
    CONSTRAINT supply_changes_kind_check CHECK (kind IN ('mint', 'burn')),
    CONSTRAINT supply_changes_amount_check CHECK (amount >= 0 AND amount <> 'NaN')
) PARTITION BY RANGE (slot);
COMMENT ON TABLE indexer.supply_changes IS
    'Mint and burn instructions of the watched mints, whoever sent them, in base units.';

CREATE TABLE IF NOT EXISTS indexer.parked_items (
    slot bigint NOT NULL,
    tx_index integer NOT NULL,
    instruction_path varchar(20) NOT NULL,
    item_ordinal integer NOT NULL,
    signature varchar(88),
    program_id varchar(44),
    reason varchar(40) NOT NULL,
    detail text NOT NULL,
    payload bytea NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT parked_items_pkey PRIMARY KEY (slot, tx_index, instruction_path, item_ordinal)
) PARTITION BY RANGE (slot);
COMMENT ON TABLE indexer.parked_items IS
    'What could not be decoded, with its bytes; replay tries again. parked_at is not part of comparisons.';

CREATE TABLE IF NOT EXISTS indexer.idl_registry (
    program_id varchar(44) NOT NULL,
    from_slot bigint NOT NULL,
    idl_sha256 bytea NOT NULL,
    idl text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idl_registry_pkey PRIMARY KEY (program_id, from_slot),
    CONSTRAINT idl_registry_sha256_check CHECK (length(idl_sha256) = 32)
);
COMMENT ON TABLE indexer.idl_registry IS
    'The layout of a program''s events from a slot on, until the next row of that program.';

CREATE TABLE IF NOT EXISTS indexer.watched_accounts (
    address varchar(44) NOT NULL,
    kind varchar(10) NOT NULL,
    from_slot bigint NOT NULL,
    until_slot bigint,
    added_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT watched_accounts_pkey PRIMARY KEY (address, kind, from_slot),
    CONSTRAINT watched_accounts_range_check CHECK (until_slot >= from_slot),
    CONSTRAINT watched_accounts_kind_check CHECK (kind IN ('program', 'mint', 'lamports', 'signer'))
);
COMMENT ON COLUMN indexer.watched_accounts.from_slot IS
    'First slot in which every transaction that names the address is indexed.';
COMMENT ON COLUMN indexer.watched_accounts.until_slot IS
    'First slot from which it is no longer watched; NULL while it is.';
CREATE UNIQUE INDEX IF NOT EXISTS watched_accounts_current_idx ON indexer.watched_accounts (address, kind)
    WHERE until_slot IS NULL;

INSERT INTO indexer.partition_policies (table_name, kind, step) VALUES
    ('indexer.slots', 'slot', 1000000),
    ('indexer.raw_transactions', 'slot', 1000000),
    ('indexer.balance_changes', 'slot', 1000000),
    ('indexer.supply_changes', 'slot', 1000000),
    ('indexer.parked_items', 'slot', 1000000)
    ON CONFLICT DO NOTHING;
