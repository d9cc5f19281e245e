-- Why: every transaction that we sign is written here before it is first sent, and ends here with its proof.
-- Rollback (manual): DROP TABLE indexer.lookup_table_addresses, indexer.lookup_tables, indexer.tx_death_certificates,
--   indexer.tx_attempt_items, indexer.tx_attempts; DROP INDEX public.blockchain_events_minted_idx;
--   DELETE FROM indexer.partition_policies WHERE table_name IN ('indexer.tx_attempts', 'indexer.tx_attempt_items_closed');

CREATE TABLE IF NOT EXISTS indexer.tx_attempts (
    blockhash_slot bigint NOT NULL,
    signature varchar(88) NOT NULL,
    kind varchar(40) NOT NULL,
    signer varchar(44) NOT NULL,
    transaction bytea NOT NULL,
    blockhash varchar(44) NOT NULL,
    last_valid_block_height bigint NOT NULL,
    fee_lamports bigint NOT NULL,
    compute_unit_limit integer NOT NULL,
    compute_unit_price_micro_lamports bigint NOT NULL,
    lease_name text NOT NULL,
    lease_term bigint NOT NULL,
    context jsonb NOT NULL DEFAULT '{}',
    status varchar(10) NOT NULL DEFAULT 'signed',
    sends integer NOT NULL DEFAULT 0,
    first_sent_at timestamptz,
    last_sent_at timestamptz,
    last_send_error text,
    spent_slot bigint,
    spent_error jsonb,
    review_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    CONSTRAINT tx_attempts_pkey PRIMARY KEY (blockhash_slot, signature),
    CONSTRAINT tx_attempts_transaction_check CHECK (length(transaction) BETWEEN 1 AND 1232),
    CONSTRAINT tx_attempts_status_check CHECK (status IN ('signed', 'sent', 'dead', 'spent', 'review')),
    CONSTRAINT tx_attempts_closed_check CHECK ((status IN ('dead', 'spent')) = (closed_at IS NOT NULL)),
    CONSTRAINT tx_attempts_spent_check CHECK ((status = 'spent') = (spent_slot IS NOT NULL)),
    CONSTRAINT tx_attempts_review_check CHECK (status <> 'review' OR review_reason IS NOT NULL)
) PARTITION BY RANGE (blockhash_slot);

COMMENT ON TABLE indexer.tx_attempts IS
    'Signed transactions. Only these bytes are ever sent; a new signature for an operation needs the old attempt dead or spent.';
COMMENT ON COLUMN indexer.tx_attempts.blockhash_slot IS 'Finalized slot of our own index whose block carries the blockhash.';
COMMENT ON COLUMN indexer.tx_attempts.last_send_error IS 'What an endpoint answered; proves nothing about the transaction.';
COMMENT ON COLUMN indexer.tx_attempts.context IS 'What the outcome handler of the kind needs to know again.';

CREATE INDEX IF NOT EXISTS tx_attempts_signature_idx ON indexer.tx_attempts (signature);
CREATE INDEX IF NOT EXISTS tx_attempts_troubled_idx ON indexer.tx_attempts (created_at)
    WHERE review_reason IS NOT NULL OR last_send_error IS NOT NULL;
CREATE INDEX IF NOT EXISTS tx_attempts_live_idx ON indexer.tx_attempts (lease_name, last_valid_block_height)
    WHERE status IN ('signed', 'sent');
CREATE INDEX IF NOT EXISTS tx_attempts_review_idx ON indexer.tx_attempts (kind) WHERE status = 'review';

-- Live items sit in a small partition of their own, so that one unique index there holds the whole rule.
CREATE TABLE IF NOT EXISTS indexer.tx_attempt_items (
    operation varchar(100) NOT NULL,
    blockhash_slot bigint NOT NULL,
    signature varchar(88) NOT NULL,
    ordinal smallint NOT NULL,
    live boolean NOT NULL DEFAULT true,
    CONSTRAINT tx_attempt_items_attempt_fkey FOREIGN KEY (blockhash_slot, signature)
        REFERENCES indexer.tx_attempts (blockhash_slot, signature)
) PARTITION BY LIST (live);

CREATE TABLE IF NOT EXISTS indexer.tx_attempt_items_live PARTITION OF indexer.tx_attempt_items FOR VALUES IN (true);
CREATE TABLE IF NOT EXISTS indexer.tx_attempt_items_closed PARTITION OF indexer.tx_attempt_items FOR VALUES IN (false)
    PARTITION BY RANGE (blockhash_slot);

CREATE UNIQUE INDEX IF NOT EXISTS tx_attempt_items_live_operation_key ON indexer.tx_attempt_items_live (operation);
CREATE INDEX IF NOT EXISTS tx_attempt_items_attempt_idx ON indexer.tx_attempt_items (blockhash_slot, signature);
CREATE INDEX IF NOT EXISTS tx_attempt_items_operation_idx ON indexer.tx_attempt_items_closed (operation);

COMMENT ON TABLE indexer.tx_attempt_items IS
    'Operations of each attempt. At most one live item per operation; live ends with the attempt, in one transaction.';

CREATE TABLE IF NOT EXISTS indexer.tx_death_certificates (
    blockhash_slot bigint NOT NULL,
    signature varchar(88) NOT NULL,
    from_slot bigint NOT NULL,
    from_blockhash varchar(44) NOT NULL,
    from_block_height bigint NOT NULL,
    to_slot bigint NOT NULL,
    to_blockhash varchar(44) NOT NULL,
    to_block_height bigint NOT NULL,
    blocks_searched bigint NOT NULL,
    certified_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tx_death_certificates_pkey PRIMARY KEY (blockhash_slot, signature),
    -- The proof goes with the attempt that it speaks of, when retention drops its partition.
    CONSTRAINT tx_death_certificates_attempt_fkey FOREIGN KEY (blockhash_slot, signature)
        REFERENCES indexer.tx_attempts (blockhash_slot, signature) ON DELETE CASCADE,
    CONSTRAINT tx_death_certificates_range_check CHECK (from_slot < to_slot),
    CONSTRAINT tx_death_certificates_complete_check CHECK (blocks_searched = to_block_height - from_block_height)
);
COMMENT ON TABLE indexer.tx_death_certificates IS
    'Proof that a signature can never land: absent from every finalized block after its blockhash up to the first one past '
    'its last valid height. blocks_searched equals the difference of heights, so no block of the range was missing.';

INSERT INTO indexer.partition_policies (table_name, kind, step) VALUES
    ('indexer.tx_attempts', 'slot', 1000000),
    ('indexer.tx_attempt_items_closed', 'slot', 1000000)
    ON CONFLICT (table_name) DO NOTHING;

CREATE TABLE IF NOT EXISTS indexer.lookup_tables (
    address varchar(44) PRIMARY KEY,
    purpose varchar(40) NOT NULL,
    ordinal integer NOT NULL,
    authority varchar(44) NOT NULL,
    recent_slot bigint NOT NULL,
    status varchar(10) NOT NULL DEFAULT 'creating',
    failures integer NOT NULL DEFAULT 0,
    retry_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lookup_tables_ordinal_key UNIQUE (purpose, ordinal),
    CONSTRAINT lookup_tables_status_check CHECK (status IN ('creating', 'active', 'closed', 'abandoned'))
);
COMMENT ON COLUMN indexer.lookup_tables.status IS
    'creating: not yet finalized; active: takes more addresses; closed: given up, the chain holds other addresses; abandoned: never existed.';
COMMENT ON COLUMN indexer.lookup_tables.failures IS 'Growing steps of this purpose that failed in a row.';

CREATE TABLE IF NOT EXISTS indexer.lookup_table_addresses (
    purpose varchar(40) NOT NULL,
    address varchar(44) NOT NULL,
    wanted_id bigint GENERATED ALWAYS AS IDENTITY,
    shared boolean NOT NULL DEFAULT false,
    table_address varchar(44) REFERENCES indexer.lookup_tables (address),
    position smallint,
    final_slot bigint,
    CONSTRAINT lookup_table_addresses_pkey PRIMARY KEY (wanted_id),
    CONSTRAINT lookup_table_addresses_position_key UNIQUE (table_address, position),
    CONSTRAINT lookup_table_addresses_position_check CHECK (position BETWEEN 0 AND 255),
    CONSTRAINT lookup_table_addresses_placed_check CHECK ((table_address IS NULL) = (position IS NULL)),
    CONSTRAINT lookup_table_addresses_shared_check CHECK (NOT shared OR table_address IS NOT NULL),
    CONSTRAINT lookup_table_addresses_final_check CHECK (final_slot IS NULL OR table_address IS NOT NULL)
);
COMMENT ON TABLE indexer.lookup_table_addresses IS
    'Which table holds which address at which position. Usable once final_slot is set: a node takes only finalized '
    'entries. wanted_id is the order of asking, so that addresses asked for together end up in one table.';
COMMENT ON COLUMN indexer.lookup_table_addresses.shared IS
    'Put into every table of the purpose, because every transaction of the purpose names it.';
CREATE UNIQUE INDEX IF NOT EXISTS lookup_table_addresses_home_key ON indexer.lookup_table_addresses (purpose, address) WHERE NOT shared;
CREATE INDEX IF NOT EXISTS lookup_table_addresses_wanted_idx ON indexer.lookup_table_addresses (purpose, wanted_id) WHERE table_address IS NULL;

-- A skipped mint must be matched to the event that once minted it, wherever in history that is.
CREATE INDEX IF NOT EXISTS blockchain_events_minted_idx ON public.blockchain_events ((data ->> 'meter_id'), (data ->> 'window'))
    WHERE event_type = 'EnergyMinted';
