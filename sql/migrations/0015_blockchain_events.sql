-- Why: one row per program event that a successful transaction emitted.
-- Rollback (manual): DROP TABLE public.blockchain_events;
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.blockchain_events';

CREATE TABLE IF NOT EXISTS public.blockchain_events (
    id uuid NOT NULL,
    slot bigint NOT NULL,
    event_type varchar(100) NOT NULL,
    signature varchar(88) NOT NULL,
    data jsonb NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now(),
    program_id varchar(44) NOT NULL,
    tx_index integer NOT NULL,
    instruction_path varchar(20) NOT NULL,
    event_ordinal integer NOT NULL,
    source varchar(10) NOT NULL,
    block_time timestamptz,
    CONSTRAINT blockchain_events_pkey PRIMARY KEY (slot, id),
    CONSTRAINT blockchain_events_identity_key UNIQUE (slot, signature, instruction_path, event_ordinal),
    CONSTRAINT blockchain_events_source_check CHECK (source IN ('log', 'cpi', 'both')),
    CONSTRAINT blockchain_events_ordinal_check CHECK (event_ordinal >= 0)
) PARTITION BY RANGE (slot);
COMMENT ON COLUMN public.blockchain_events.id IS
    'UUIDv8 computed from slot, transaction index, instruction path and ordinal; its order is the order on chain.';
COMMENT ON COLUMN public.blockchain_events.instruction_path IS
    'The call that emitted the event: top-level index, then "." and the index among its inner instructions.';
COMMENT ON COLUMN public.blockchain_events.processed_at IS
    'When the row was written; not part of replay comparisons. Deviation: never NULL, since the projections of an event are '
    'written in the same database transaction.';

CREATE INDEX IF NOT EXISTS blockchain_events_type_idx ON public.blockchain_events (event_type, slot DESC, id DESC);
CREATE INDEX IF NOT EXISTS blockchain_events_program_idx ON public.blockchain_events (program_id, slot DESC, id DESC);
CREATE INDEX IF NOT EXISTS blockchain_events_signature_idx ON public.blockchain_events (signature);

INSERT INTO indexer.partition_policies (table_name, kind, step)
VALUES ('public.blockchain_events', 'slot', 1000000)
    ON CONFLICT DO NOTHING;
