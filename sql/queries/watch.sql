-- name: lock_to_change
-- One change of the list at a time, and none while a batch that was read under it is being written.
LOCK TABLE indexer.watched_accounts IN SHARE ROW EXCLUSIVE MODE;

-- name: lock_to_keep
-- Taken by each batch: what it was read under stays the list until the batch is written.
LOCK TABLE indexer.watched_accounts IN SHARE MODE;

-- name: watched
-- The whole history: replay keeps what was watched at each slot.
SELECT address, kind, from_slot, until_slot FROM indexer.watched_accounts ORDER BY kind, address, from_slot;

-- name: next_slot
-- The first slot that no written batch has reached; 0 before the anchor.
SELECT coalesce(max(head_slot) + 1, 0) FROM indexer.cursors WHERE name = 'chain';

-- name: watch
-- Starts watching addresses of one kind from a slot on.
INSERT INTO indexer.watched_accounts (address, kind, from_slot)
SELECT address, $2, $3 FROM unnest($1::text[]) AS address
ON CONFLICT (address, kind, from_slot) DO UPDATE SET until_slot = NULL;

-- name: unwatch
-- Ends watching addresses of one kind; the row stays, for replay.
UPDATE indexer.watched_accounts SET until_slot = greatest($3, from_slot)
 WHERE until_slot IS NULL AND kind = $2 AND address = ANY ($1::text[])
RETURNING address, until_slot;

-- name: held_signers
-- Keys whose transactions after the slot are all indexed; who locks them so keeps them watched until it has committed.
SELECT address FROM indexer.watched_accounts
 WHERE kind = 'signer' AND until_slot IS NULL AND from_slot <= $2::bigint + 1 AND address = ANY ($1::text[])
   FOR SHARE;

-- name: signers
-- Keys of ours, past ones too, with what they have signed that is still open.
SELECT w.address, w.from_slot, w.until_slot,
       (SELECT count(*) FROM indexer.tx_attempts AS a
         WHERE a.signer = w.address AND a.status IN ('signed', 'sent')) AS open_attempts,
       (SELECT count(*) FROM indexer.tx_attempts AS a
         WHERE a.signer = w.address AND a.status = 'review') AS attempts_in_review
  FROM indexer.watched_accounts AS w
 WHERE w.kind = 'signer'
 ORDER BY w.until_slot NULLS FIRST, w.from_slot, w.address;
