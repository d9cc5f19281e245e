-- Why: some tables are cut by epoch number, which is no slot; who plans partitions must know which.
-- Rollback (manual): ALTER TABLE indexer.partition_policies DROP COLUMN counts;

ALTER TABLE indexer.partition_policies
    ADD COLUMN IF NOT EXISTS counts varchar(10) NOT NULL DEFAULT 'slot'
        CONSTRAINT partition_policies_counts_check CHECK (counts IN ('slot', 'epoch'));
COMMENT ON COLUMN indexer.partition_policies.counts IS
    'For kind slot: what the numbers are; epoch numbers are YYYYMMDDHHMM, so that a step of 1000000 is a month.';

UPDATE indexer.partition_policies SET counts = 'epoch'
 WHERE table_name IN ('indexer.epoch_books', 'indexer.trade_leaves') AND counts <> 'epoch';
