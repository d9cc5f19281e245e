-- name: covered_range
-- What the index claims to cover.
SELECT anchor_slot, head_slot, head_blockhash, head_block_height, finalized_slot, finalized_blockhash,
       finalized_block_height
  FROM indexer.cursors WHERE name = 'chain';

-- name: slot_counts
-- Blocks, proved skips and all slots of a range that have a row. The row of a slot is the first one at or after it.
SELECT coalesce(sum(last_slot - first_slot + 1), 0)::bigint AS slots,
       coalesce(sum(last_slot - first_slot + 1) FILTER (WHERE status = 'skipped'), 0)::bigint AS skipped,
       count(*) FILTER (WHERE status <> 'skipped') AS blocks
  FROM (SELECT status, greatest(coalesce(skipped_from, slot), $1) AS first_slot, least(slot, $2) AS last_slot
          FROM indexer.slots
         WHERE slot BETWEEN $1 AND coalesce((SELECT min(slot) FROM indexer.slots WHERE slot >= $2), $2)) AS s
 WHERE first_slot <= last_slot;

-- name: missing_slots
-- A covered range has a row for every slot, its own or that of the stretch that it is skipped with.
SELECT format('slots %s to %s have no row', last_slot + 1, next_slot - 1) AS difference
  FROM (SELECT last_slot, lead(first_slot, 1, $2::bigint + 1) OVER (ORDER BY last_slot) AS next_slot
          FROM (SELECT coalesce(skipped_from, slot) AS first_slot, slot AS last_slot FROM indexer.slots
                 WHERE slot BETWEEN $1 AND coalesce((SELECT min(slot) FROM indexer.slots WHERE slot >= $2), $2)
                UNION ALL SELECT $1::bigint - 1, $1::bigint - 1) AS s) AS t
 WHERE next_slot > last_slot + 1 AND last_slot < $2
 ORDER BY last_slot;

-- name: broken_links
-- Each block names the block before it: by slot, by hash, and by a height one lower.
SELECT format('block %s names parent %s %s at height %s, the block before it is %s %s at height %s', slot,
              parent_slot, previous_blockhash, block_height - 1, before_slot, before_hash, before_height) AS difference
  FROM (SELECT *, lag(slot) OVER w AS before_slot, lag(blockhash) OVER w AS before_hash,
               lag(block_height) OVER w AS before_height
          FROM indexer.slots WHERE slot BETWEEN $1 AND $2 AND status <> 'skipped'
        WINDOW w AS (ORDER BY slot)) AS b
 WHERE before_slot IS NOT NULL
   AND (parent_slot, previous_blockhash, block_height) IS DISTINCT FROM (before_slot, before_hash, before_height + 1)
 ORDER BY slot;

-- name: unproved_skips
-- A skipped slot is proved by the linked block that steps over it and over all that its row stands for.
SELECT format('%s called skipped, but block %s, its proof, has parent %s',
              CASE WHEN s.skipped_from = s.slot THEN format('slot %s is', s.slot)
                   ELSE format('slots %s to %s are', s.skipped_from, s.slot) END,
              s.proved_by, coalesce(b.parent_slot::text, 'nowhere in the index')) AS difference
  FROM indexer.slots AS s
  LEFT JOIN indexer.slots AS b ON b.slot = s.proved_by AND b.status <> 'skipped'
 WHERE s.slot BETWEEN $1 AND coalesce((SELECT min(slot) FROM indexer.slots WHERE slot >= $2), $2)
   AND s.status = 'skipped' AND (b.parent_slot < s.skipped_from) IS NOT TRUE
 ORDER BY s.slot;

-- name: wrong_marks
-- The marks of slots and the cursor say the same about what is final, and the cursor names blocks that are there.
SELECT format('slot %s is %s, the cursor says final up to %s', s.slot, s.status, c.finalized_slot) AS difference
  FROM indexer.slots AS s, indexer.cursors AS c
 WHERE c.name = 'chain' AND s.slot BETWEEN $1 AND $2
   AND s.status = CASE WHEN s.slot <= c.finalized_slot THEN 'confirmed' ELSE 'finalized' END
UNION ALL
SELECT format('the cursor names block %s in slot %s, the index has %s', n.blockhash, n.slot, coalesce(s.blockhash, 'none'))
  FROM indexer.cursors AS c,
       LATERAL (VALUES (c.head_slot, c.head_blockhash, c.head_block_height),
                       (c.finalized_slot, c.finalized_blockhash, c.finalized_block_height)) AS n (slot, blockhash, height)
  LEFT JOIN indexer.slots AS s USING (slot)
 WHERE c.name = 'chain' AND (s.blockhash, s.block_height) IS DISTINCT FROM (n.blockhash, n.height)
UNION ALL
SELECT format('slot %s lies above the head %s', max(s.slot), c.head_slot)
  FROM indexer.cursors AS c JOIN indexer.slots AS s ON s.slot > c.head_slot
 WHERE c.name = 'chain' GROUP BY c.head_slot;

-- name: unlinked_facts
-- Facts stand in slots with a block; events only in transactions that succeeded; nothing lacks its raw bytes.
SELECT format('transaction %s of slot %s has no block', t.signature, t.slot) AS difference
  FROM public.blockchain_transactions AS t
  LEFT JOIN indexer.slots AS s ON s.slot = t.slot AND s.status <> 'skipped'
 WHERE t.slot BETWEEN $1 AND $2 AND s.slot IS NULL
UNION ALL
SELECT format('transaction %s of slot %s has no raw bytes', t.signature, t.slot)
  FROM public.blockchain_transactions AS t
  LEFT JOIN indexer.raw_transactions AS r ON r.slot = t.slot AND r.tx_index = t.tx_index AND r.signature = t.signature
 WHERE t.slot BETWEEN $1 AND $2 AND r.slot IS NULL
UNION ALL
SELECT format('raw transaction %s of slot %s is neither decoded nor parked', coalesce(r.signature, '?'), r.slot)
  FROM indexer.raw_transactions AS r
  LEFT JOIN public.blockchain_transactions AS t ON t.slot = r.slot AND t.tx_index = r.tx_index
  LEFT JOIN indexer.parked_items AS p ON p.slot = r.slot AND p.tx_index = r.tx_index
 WHERE r.slot BETWEEN $1 AND $2 AND t.slot IS NULL AND p.slot IS NULL
UNION ALL
SELECT format('%s of %s stands in no successful transaction', e.event_type, e.signature)
  FROM public.blockchain_events AS e
  LEFT JOIN public.blockchain_transactions AS t
         ON t.slot = e.slot AND t.signature = e.signature AND t.status = 'confirmed'
 WHERE e.slot BETWEEN $1 AND $2 AND t.slot IS NULL;

-- name: fact_counts
-- For the report.
SELECT (SELECT count(*) FROM public.blockchain_transactions WHERE slot BETWEEN $1 AND $2) AS transactions,
       (SELECT count(*) FROM public.blockchain_events WHERE slot BETWEEN $1 AND $2) AS events,
       (SELECT count(*) FROM indexer.parked_items WHERE slot BETWEEN $1 AND $2) AS parked;

-- name: parked_supply
-- Balances that no mint or burn explains; other parked items are only counted.
SELECT format('slot %s, transaction %s: %s', slot, signature, detail) AS difference
  FROM indexer.parked_items WHERE slot <= $1 AND reason = 'supply_mismatch' ORDER BY slot, tx_index;

-- name: supply_figures
-- The energy token as of a slot, from three sources that do not know of each other.
SELECT coalesce((SELECT sum((data ->> 'amount')::numeric) FROM public.blockchain_events
                  WHERE event_type = 'EnergyMinted' AND program_id = $1 AND slot <= $3), 0) AS minted_events,
       coalesce((SELECT sum(amount) FROM indexer.supply_changes
                  WHERE mint = $2 AND kind = 'mint' AND slot <= $3), 0) AS minted,
       coalesce((SELECT sum(amount) FROM indexer.supply_changes
                  WHERE mint = $2 AND kind = 'burn' AND slot <= $3), 0) AS burned,
       coalesce((SELECT sum(after_amount - before_amount) FROM indexer.balance_changes
                  WHERE mint = $2 AND slot <= $3), 0) AS held;

-- name: mint_differences
-- Every finalized mint event is one done operation of the same amount and transaction, and the other way round.
WITH minted AS (
    SELECT data ->> 'meter_id' AS meter, (data ->> 'window')::bigint AS mint_window, count(*) AS events,
           sum((data ->> 'amount')::numeric) AS amount, max(signature) AS signature
      FROM public.blockchain_events
     WHERE event_type = 'EnergyMinted' AND program_id = $1 AND slot <= $2
     GROUP BY 1, 2
), done AS (
    SELECT encode(meter_key, 'hex') AS meter, mint_window, amount_base_units AS amount, signature
      FROM public.minting_retry_queue WHERE status = 'done' AND minted_slot <= $2
)
SELECT CASE
           WHEN d.meter IS NULL THEN format('window %s of meter %s was minted (%s) without a done operation',
                                            m.mint_window, m.meter, m.amount)
           WHEN m.meter IS NULL THEN format('window %s of meter %s is done (%s) without a mint event',
                                            d.mint_window, d.meter, d.amount)
           ELSE format('window %s of meter %s: %s event(s) of %s in %s, operation of %s in %s', m.mint_window,
                       m.meter, m.events, m.amount, m.signature, d.amount, d.signature)
       END AS difference
  FROM minted AS m FULL JOIN done AS d USING (meter, mint_window)
 WHERE (m.events, m.amount, m.signature) IS DISTINCT FROM (1::bigint, d.amount, d.signature::text)
 ORDER BY 1;

-- name: signed_counts
-- For the report.
SELECT (SELECT count(*) FROM indexer.tx_attempts WHERE status IN ('signed', 'sent')) AS open,
       (SELECT count(*) FROM indexer.tx_death_certificates) AS dead;

-- name: unwatched_signers
-- Absence from the index proves nothing about a transaction whose fee payer was not watched in every slot it could
-- land in.
SELECT format('transaction %s was signed in slot %s by %s, which is not watched from there on', a.signature,
              a.blockhash_slot, a.signer) AS difference
  FROM indexer.tx_attempts AS a
 WHERE a.status IN ('signed', 'sent')
   AND NOT EXISTS (SELECT FROM indexer.watched_accounts AS w
                    WHERE w.address = a.signer AND w.kind = 'signer' AND w.until_slot IS NULL
                      AND w.from_slot <= a.blockhash_slot + 1)
UNION ALL
SELECT format('transaction %s is called dead by slots %s to %s, in which its signer %s was not always watched',
              a.signature, c.from_slot, c.to_slot, a.signer)
  FROM indexer.tx_death_certificates AS c
  JOIN indexer.tx_attempts AS a USING (blockhash_slot, signature)
 WHERE NOT EXISTS (SELECT FROM indexer.watched_accounts AS w
                    WHERE w.address = a.signer AND w.kind = 'signer' AND w.from_slot <= c.from_slot + 1
                      AND (w.until_slot IS NULL OR w.until_slot > c.to_slot))
 ORDER BY 1;

-- name: mint_counts
-- For the report.
SELECT count(*) AS operations, coalesce(sum(amount_base_units), 0) AS amount
  FROM public.minting_retry_queue WHERE status = 'done' AND minted_slot <= $1;

-- name: trade_differences
-- A trade that the program settled is, once and with the same amounts, a settled leaf, a settled match, a
-- completed settlement and a trade; what users' deletion removed counts by its copy.
WITH settled AS (
    SELECT (e.data ->> 'epoch')::bigint AS epoch_number, (e.data ->> 'zone')::integer AS zone_id,
           (e.data ->> 'first_index')::integer + r.position::integer - 1 AS trade_index,
           count(*) AS events, sum((r.result ->> 'energy')::numeric) AS energy,
           sum((r.result ->> 'payment')::numeric) AS payment, sum((r.result ->> 'fee')::numeric) AS fee,
           max(e.signature) AS signature
      FROM public.blockchain_events AS e,
           jsonb_array_elements(e.data -> 'results') WITH ORDINALITY AS r (result, position)
     WHERE e.event_type = 'TradesSettled' AND e.program_id = $1 AND e.slot <= $2
       AND r.result -> 'outcome' = '"Settled"'
     GROUP BY 1, 2, 3
), booked AS (
    SELECT l.epoch_number, l.zone_id, l.trade_index, l.energy_base_units AS energy, l.payment_base_units AS payment,
           l.fee_base_units AS fee, l.signature,
           coalesce(m.status, copies.match ->> 'status') AS match_status,
           coalesce(m.matched_amount, (copies.match ->> 'matched_amount')::numeric) AS matched_kwh,
           coalesce(s.status, copies.settlement ->> 'status') AS settlement_status,
           coalesce(s.transaction_hash, copies.settlement ->> 'transaction_hash') AS settlement_signature,
           coalesce(s.energy_amount, (copies.settlement ->> 'energy_amount')::numeric) AS settlement_kwh,
           coalesce(s.total_amount, (copies.settlement ->> 'total_amount')::numeric) AS settlement_total,
           coalesce(s.fee_amount, (copies.settlement ->> 'fee_amount')::numeric) AS settlement_fee,
           t.settlement_status AS trade_status, t.signature AS trade_signature, t.energy_amount AS trade_kwh,
           t.total_value AS trade_value
      FROM indexer.trade_leaves AS l
      LEFT JOIN public.order_matches AS m ON m.id = l.match_id
      LEFT JOIN public.settlements AS s ON s.id = l.settlement_id
      LEFT JOIN trading.trades AS t
             ON t.epoch_number = l.epoch_number AND t.zone_id = l.zone_id AND t.trade_index = l.trade_index
      LEFT JOIN LATERAL (
           SELECT max(d.content::text) FILTER (WHERE d.row_id = l.match_id)::jsonb AS match,
                  max(d.content::text) FILTER (WHERE d.row_id = l.settlement_id)::jsonb AS settlement
             FROM indexer.deleted_rows AS d
            WHERE (m.id IS NULL OR s.id IS NULL)
              AND d.row_id IN (l.match_id, l.settlement_id)) AS copies ON true
     WHERE l.state = 'settled' AND l.settled_slot <= $2
)
SELECT format('trade %s of epoch %s, zone %s: %s', trade_index, epoch_number, zone_id,
              CASE WHEN b.energy IS NULL THEN format('settled on chain in %s, not in the books', s.signature)
                   WHEN s.energy IS NULL THEN format('settled in the books by %s, not on chain', b.signature)
                   WHEN s.events <> 1 THEN format('settled %s times', s.events)
                   WHEN (s.energy, s.payment, s.fee) <> (b.energy, b.payment, b.fee)
                   THEN format('chain moved %s for %s, fee %s; the leaf says %s for %s, fee %s',
                               s.energy, s.payment, s.fee, b.energy, b.payment, b.fee)
                   ELSE format('chain settled it in %s; leaf %s, match %s, settlement %s, trade %s', s.signature,
                               b.signature, coalesce(b.match_status, 'missing'),
                               coalesce(b.settlement_status, 'missing'), coalesce(b.trade_status, 'missing'))
              END) AS difference
  FROM settled AS s FULL JOIN booked AS b USING (epoch_number, zone_id, trade_index)
 WHERE s.events IS DISTINCT FROM 1::bigint
    OR (s.energy, s.payment, s.fee, s.signature) IS DISTINCT FROM (b.energy, b.payment, b.fee, b.signature::text)
    OR (b.match_status, b.settlement_status, b.trade_status) IS DISTINCT FROM ('settled', 'completed', 'settled')
    OR (b.settlement_signature, b.trade_signature) IS DISTINCT FROM (b.signature, b.signature)
    OR (b.matched_kwh * 1000000000, b.settlement_kwh * 1000000000, b.trade_kwh * 1000000000)
       IS DISTINCT FROM (b.energy, b.energy, b.energy)
    OR (b.settlement_total * 1000000, b.settlement_fee * 1000000, b.trade_value * 1000000)
       IS DISTINCT FROM (b.payment, b.fee, b.payment - b.fee)
 ORDER BY epoch_number, zone_id, trade_index;

-- name: trade_counts
-- For the report.
SELECT count(*) AS trades, coalesce(sum(energy_base_units), 0) AS energy,
       coalesce(sum(payment_base_units), 0) AS payment, coalesce(sum(fee_base_units), 0) AS fee
  FROM indexer.trade_leaves WHERE state = 'settled' AND settled_slot <= $1;

-- name: projection_differences
-- The balances table is what the stored changes add up to; those of the energy token ($1) are shown as energy too.
WITH last AS (
    SELECT DISTINCT ON (account_id)
           account_id, mint, owner, after_amount, slot, tx_index,
           count(*) OVER (PARTITION BY account_id, mint IS NULL) AS count
      FROM indexer.balance_changes ORDER BY account_id, mint IS NULL, slot DESC, tx_index DESC
)
SELECT format('%s: the table says %s at slot %s, energy %s, the changes say %s at slot %s', account_id,
              coalesce(b.total_balance::text, 'nothing'), b.slot, b.energy_balances,
              coalesce(l.after_amount::text, 'nothing'), l.slot)
       AS difference
  FROM blockchain.account_balances AS b FULL JOIN last AS l USING (account_id)
 WHERE (b.total_balance, b.available_balance + b.locked_balance, b.mint, b.owner, b.slot, b.tx_index, b.nonce,
        b.energy_balances)
       IS DISTINCT FROM
       (l.after_amount, l.after_amount, l.mint, l.owner, l.slot, l.tx_index, l.count,
        CASE WHEN l.mint = $1::text THEN jsonb_build_object(l.mint, l.after_amount::text) ELSE '{}' END)
 ORDER BY account_id;

-- name: projected_accounts
-- What is to be compared with the chain: the index keeps up with what it watches, and with nothing else.
SELECT b.account_id, b.mint FROM blockchain.account_balances AS b
 WHERE EXISTS (SELECT FROM indexer.watched_accounts AS w
                WHERE w.until_slot IS NULL
                  AND (w.kind, w.address) = (CASE WHEN b.mint IS NULL THEN 'lamports' ELSE 'mint' END,
                                             coalesce(b.mint, b.account_id)))
 ORDER BY b.account_id;

-- name: balances_as_of
-- Each account as the index knew it at the slot in which the node answered for it.
SELECT k.account_id, c.mint, c.owner, c.after_amount
  FROM unnest($1::text[], $2::bigint[]) AS k (account_id, slot)
  LEFT JOIN LATERAL (SELECT mint, owner, after_amount FROM indexer.balance_changes AS c
                      WHERE c.account_id = k.account_id AND c.slot <= k.slot
                      ORDER BY mint IS NULL, slot DESC, tx_index DESC LIMIT 1) AS c ON true;

-- name: finalized_slot
-- What is final here.
SELECT finalized_slot FROM indexer.cursors WHERE name = 'chain';
