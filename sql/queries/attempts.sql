-- name: recent_blockhash
-- The newest finalized block we can sign under, with those of our keys whose transactions after it the index may miss:
-- watched only from a later slot on, or not at all.
SELECT s.slot, s.blockhash, s.block_height, c.head_block_height,
       array(SELECT key FROM unnest($1::text[]) AS key
              WHERE NOT EXISTS (SELECT FROM indexer.watched_accounts AS w
                                 WHERE w.address = key AND w.kind = 'signer' AND w.until_slot IS NULL)) AS unwatched,
       array(SELECT w.address FROM indexer.watched_accounts AS w
              WHERE w.address = ANY ($1::text[]) AND w.kind = 'signer' AND w.until_slot IS NULL
                AND w.from_slot > s.slot + 1) AS watched_later
  FROM indexer.cursors AS c
 CROSS JOIN LATERAL (
        SELECT b.slot, b.blockhash, b.block_height
          FROM indexer.slots AS b
         WHERE b.slot <= c.finalized_slot AND b.slot >= c.anchor_slot AND b.status = 'finalized'
         ORDER BY b.slot DESC
         LIMIT 1) AS s
 WHERE c.name = 'chain'

-- name: ensure_attempt_partitions
-- A partition cannot be made in the transaction that writes to its table.
SELECT indexer.ensure_partition('indexer.tx_attempts', $1::bigint),
       indexer.ensure_partition('indexer.tx_attempt_items_closed', $1::bigint)

-- name: commit_durably
-- A write-ahead that a crash of the server could lose would be none, whatever the server's own setting is.
SET LOCAL synchronous_commit = on

-- name: lease_is_current
-- Locks the term until the transaction ends, so that a write cannot outlive its lease.
SELECT indexer.lease_is_current($1, $2)

-- name: insert_attempts
-- Returns the signatures that were new; one that exists already must be signed with another salt.
INSERT INTO indexer.tx_attempts (
       blockhash_slot, signature, kind, signer, transaction, blockhash, last_valid_block_height, fee_lamports,
       compute_unit_limit, compute_unit_price_micro_lamports, context, lease_name, lease_term)
SELECT *
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bigint[], $8::bigint[],
              $9::integer[], $10::bigint[], $11::jsonb[], $12::text[], $13::bigint[])
    ON CONFLICT DO NOTHING
RETURNING signature

-- name: insert_items
-- The unique index over live items refuses a second live attempt for an operation.
INSERT INTO indexer.tx_attempt_items (operation, blockhash_slot, signature, ordinal)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::smallint[])

-- name: mark_sent
-- Bookkeeping of sends; an attempt that ended meanwhile keeps its end.
UPDATE indexer.tx_attempts AS a
   SET status = 'sent',
       sends = a.sends + 1,
       first_sent_at = coalesce(a.first_sent_at, now()),
       last_sent_at = now(),
       last_send_error = answer.error
  FROM unnest($1::text[], $2::text[]) AS answer(signature, error)
 WHERE a.signature = answer.signature
   AND a.status IN ('signed', 'sent')

-- name: due_for_sending
-- Live attempts that the index has not seen and that can still land; a rolled-back fork makes them due again.
SELECT a.blockhash_slot, a.signature, a.transaction, a.kind, a.last_valid_block_height, a.fee_lamports,
       a.lease_name, a.lease_term,
       array(SELECT i.operation FROM indexer.tx_attempt_items_live AS i
              WHERE i.blockhash_slot = a.blockhash_slot AND i.signature = a.signature
              ORDER BY i.ordinal) AS operations
  FROM indexer.tx_attempts AS a
  JOIN indexer.cursors AS c ON c.name = 'chain' AND c.head_block_height < a.last_valid_block_height
 WHERE a.status IN ('signed', 'sent')
   AND a.lease_name = ANY ($1::text[])
   AND (a.last_sent_at IS NULL OR a.last_sent_at <= now() - interval '1 millisecond' * $2::integer)
   AND NOT EXISTS (SELECT FROM public.blockchain_transactions AS t
                    WHERE t.signature = a.signature AND t.slot > a.blockhash_slot)
 ORDER BY a.last_sent_at NULLS FIRST, a.blockhash_slot
 LIMIT $3

-- name: closable
-- Live attempts that are finalized, or whose expiry is; locked, so that each is closed by one resolver.
SELECT a.blockhash_slot, a.signature, a.kind, a.signer, a.blockhash, a.last_valid_block_height, a.context,
       a.lease_name, a.lease_term, a.last_send_error,
       c.anchor_slot, c.finalized_slot, c.finalized_block_height, c.head_block_height,
       seen.slot AS seen_slot, seen.error AS seen_error,
       origin.slot AS origin_slot, origin.blockhash AS origin_blockhash, origin.block_height AS origin_height,
       watch.from_slot AS watched_from, watch.until_slot AS watched_until
  FROM indexer.tx_attempts AS a
  JOIN indexer.cursors AS c ON c.name = 'chain'
  LEFT JOIN LATERAL (
        SELECT t.slot, t.error FROM public.blockchain_transactions AS t
         WHERE t.signature = a.signature AND t.slot > a.blockhash_slot
         ORDER BY t.slot LIMIT 1) AS seen ON true
  LEFT JOIN LATERAL (
        SELECT s.slot, s.blockhash, s.block_height FROM indexer.slots AS s
         WHERE s.slot = a.blockhash_slot AND s.status = 'finalized') AS origin ON true
  LEFT JOIN LATERAL (
        SELECT w.from_slot, w.until_slot FROM indexer.watched_accounts AS w
         WHERE w.address = a.signer AND w.kind = 'signer' AND w.from_slot <= a.blockhash_slot + 1
         ORDER BY w.until_slot DESC NULLS FIRST LIMIT 1) AS watch ON true
 WHERE a.status IN ('signed', 'sent')
   AND a.kind = ANY ($1::text[])
   AND (seen.slot <= c.finalized_slot OR c.finalized_block_height > a.last_valid_block_height)
 ORDER BY a.blockhash_slot, a.signature
 LIMIT $2
   FOR UPDATE OF a SKIP LOCKED

-- name: blocks_past_expiry
-- For each attempt: the first finalized block past its expiry, how many blocks lie between, and what of them that
-- names its fee payer could not be read: any of these may be the attempt.
SELECT past.slot AS past_slot, past.blockhash AS past_blockhash, past.block_height AS past_height,
       coalesce(range.blocks, 0) AS blocks_between, unread.transactions AS unreadable
  FROM unnest($1::bigint[], $2::bigint[], $4::text[]) WITH ORDINALITY
       AS attempt(blockhash_slot, expiry_height, signer, place)
  LEFT JOIN LATERAL (
        SELECT s.slot, s.blockhash, s.block_height FROM indexer.slots AS s
         WHERE s.slot > attempt.blockhash_slot AND s.slot <= $3 AND s.status = 'finalized'
           AND s.block_height > attempt.expiry_height
         ORDER BY s.slot LIMIT 1) AS past ON true
  LEFT JOIN LATERAL (
        SELECT count(*) AS blocks FROM indexer.slots AS s
         WHERE s.slot > attempt.blockhash_slot AND s.slot <= past.slot AND s.status = 'finalized') AS range ON true
 CROSS JOIN LATERAL (
        SELECT count(*) AS transactions FROM indexer.parked_items AS i
         WHERE i.slot > attempt.blockhash_slot AND i.slot <= past.slot AND i.reason = 'unreadable_transaction'
           AND position(convert_to(attempt.signer, 'UTF8') IN i.payload) > 0) AS unread
 ORDER BY attempt.place

-- name: mark_review
-- Uncertain: the items stay live, so that no new attempt can be made before a person has looked.
UPDATE indexer.tx_attempts
   SET status = 'review', review_reason = $3
 WHERE blockhash_slot = $1 AND signature = $2 AND status IN ('signed', 'sent')

-- name: mark_spent
-- Finalized, with or without error.
UPDATE indexer.tx_attempts AS a
   SET status = 'spent', spent_slot = ending.slot, spent_error = ending.error, closed_at = now()
  FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::jsonb[]) AS ending(blockhash_slot, signature, slot, error)
 WHERE a.blockhash_slot = ending.blockhash_slot AND a.signature = ending.signature

-- name: mark_dead
-- The end and its certificate are one statement: neither exists without the other.
WITH ending AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[],
                         $8::bigint[], $9::bigint[])
        AS e(blockhash_slot, signature, from_slot, from_blockhash, from_block_height, to_slot, to_blockhash,
             to_block_height, blocks_searched)
), closed AS (
    UPDATE indexer.tx_attempts AS a SET status = 'dead', closed_at = now()
      FROM ending
     WHERE a.blockhash_slot = ending.blockhash_slot AND a.signature = ending.signature
)
INSERT INTO indexer.tx_death_certificates (
       blockhash_slot, signature, from_slot, from_blockhash, from_block_height, to_slot, to_blockhash,
       to_block_height, blocks_searched)
SELECT * FROM ending

-- name: release_items
-- live ends with the attempt; the row moves to the closed partition.
UPDATE indexer.tx_attempt_items AS i
   SET live = false
  FROM unnest($1::bigint[], $2::text[]) AS attempt(blockhash_slot, signature)
 WHERE i.live AND i.blockhash_slot = attempt.blockhash_slot AND i.signature = attempt.signature
RETURNING i.operation, i.signature, i.ordinal

-- name: events_of
-- What finalized transactions did, for their handlers.
SELECT e.signature, e.program_id, e.event_type, e.instruction_path, e.event_ordinal, e.data
  FROM unnest($1::bigint[], $2::text[]) AS attempt(slot, signature)
  JOIN public.blockchain_events AS e ON e.slot = attempt.slot AND e.signature = attempt.signature

-- name: notify_closed
-- Wakes workers whose operations became free.
SELECT pg_notify('gridtokenx_attempts', '')
