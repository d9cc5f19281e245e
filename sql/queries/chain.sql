-- name: cursor
-- Where a restart goes on; no row before the anchor.
SELECT genesis_hash, program_id, energy_mint, anchor_slot, head_slot, head_blockhash, head_block_height,
       finalized_slot, finalized_blockhash, finalized_block_height, finalized_block_time
  FROM indexer.cursors WHERE name = 'chain';

-- name: window
-- The accepted blocks that finality may still take back, after the last one that it may not.
SELECT slot, parent_slot, blockhash, previous_blockhash, block_height,
       extract(epoch FROM block_time)::bigint AS block_time
  FROM indexer.slots WHERE slot >= $1 AND status <> 'skipped' ORDER BY slot;

-- name: idls
-- Every layout with the slot it holds from.
SELECT program_id, from_slot, idl_sha256, idl FROM indexer.idl_registry ORDER BY program_id, from_slot;

-- name: register_idl
-- A layout given again for the same slot replaces the earlier text.
INSERT INTO indexer.idl_registry (program_id, from_slot, idl_sha256, idl) VALUES ($1, $2, $3, $4)
ON CONFLICT (program_id, from_slot) DO UPDATE
   SET idl_sha256 = excluded.idl_sha256, idl = excluded.idl, registered_at = now();

-- name: ensure_partitions
-- Runs in a transaction of its own before the write: creating a partition while writing to its table is refused.
SELECT indexer.ensure_partition(p.table_name, s.slot)
  FROM unnest($1::bigint[]) AS s (slot), indexer.partition_policies AS p
 WHERE p.table_name = ANY ('{public.blockchain_transactions,public.blockchain_events,indexer.slots,
                             indexer.raw_transactions,indexer.balance_changes,indexer.supply_changes,
                             indexer.parked_items}'::text[]);

-- name: partition_steps
-- The narrowest width by which the tables of the chain are cut.
SELECT min(step) FROM indexer.partition_policies
 WHERE table_name = ANY ('{public.blockchain_transactions,public.blockchain_events,indexer.slots,
                           indexer.raw_transactions,indexer.balance_changes,indexer.supply_changes,
                           indexer.parked_items}'::text[]);

-- name: insert_blocks
-- Blocks at or below $7 are final when they are written.
INSERT INTO indexer.slots
       (slot, status, parent_slot, blockhash, previous_blockhash, block_height, block_time)
SELECT slot, CASE WHEN slot <= $7 THEN 'finalized' ELSE 'confirmed' END, parent_slot, blockhash,
       previous_blockhash, block_height, to_timestamp(block_time)
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
       AS b (slot, parent_slot, blockhash, previous_blockhash, block_height, block_time);

-- name: insert_skipped
-- The slots that a linked block stepped over: a row each, or one at the end of the stretch for all of them.
INSERT INTO indexer.slots (slot, status, proved_by, skipped_from)
SELECT slot, 'skipped', proved_by, CASE WHEN in_one_row THEN first_slot ELSE slot END
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
       AS s (first_slot, last_slot, proved_by, in_one_row),
       generate_series(CASE WHEN in_one_row THEN last_slot ELSE first_slot END, last_slot) AS slot;

-- name: insert_raw
-- Kept so that replay needs no node.
INSERT INTO indexer.raw_transactions (slot, tx_index, signature, block_time, payload)
SELECT slot, tx_index, signature, to_timestamp(block_time), payload
  FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bigint[], $5::bytea[])
       AS r (slot, tx_index, signature, block_time, payload);

-- name: insert_transactions
-- The fee payer's user, if known by now, is the one who initiated it; locked, so that nobody deletes him meanwhile.
WITH payers AS MATERIALIZED (
    SELECT id, wallet_address FROM public.users WHERE wallet_address = ANY ($4::text[]) FOR KEY SHARE
)
INSERT INTO public.blockchain_transactions
       (slot, signature, tx_index, user_id, fee_payer, signers, program_ids, version, status, error, fee_lamports,
        compute_units_consumed, log_truncated, recent_blockhash, block_time)
SELECT slot, signature, tx_index, u.id, fee_payer, string_to_array(signers, ','), string_to_array(program_ids, ','),
       version, t.status, error::jsonb, fee_lamports, compute_units_consumed, log_truncated, recent_blockhash,
       to_timestamp(block_time)
  FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::smallint[],
              $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::boolean[], $13::text[], $14::bigint[])
       AS t (slot, signature, tx_index, fee_payer, signers, program_ids, version, status, error, fee_lamports,
             compute_units_consumed, log_truncated, recent_blockhash, block_time)
  LEFT JOIN payers AS u ON u.wallet_address = t.fee_payer;

-- name: insert_events
-- The identity is unique: a second copy of an event is a fault and must fail.
INSERT INTO public.blockchain_events
       (id, slot, event_type, signature, data, program_id, tx_index, instruction_path, event_ordinal, source,
        block_time)
SELECT id, slot, event_type, signature, data::jsonb, program_id, tx_index, instruction_path, event_ordinal, source,
       to_timestamp(block_time)
  FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[],
              $9::integer[], $10::text[], $11::bigint[])
       AS e (id, slot, event_type, signature, data, program_id, tx_index, instruction_path, event_ordinal, source,
             block_time);

-- name: insert_balance_changes
-- What the balance projection is made of, and made again from.
INSERT INTO indexer.balance_changes
       (slot, tx_index, account_id, mint, owner, before_amount, after_amount, block_time)
SELECT slot, tx_index, account_id, mint, owner, before_amount, after_amount, to_timestamp(block_time)
  FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[],
              $8::bigint[])
       AS c (slot, tx_index, account_id, mint, owner, before_amount, after_amount, block_time);

-- name: insert_supply_changes
-- Burns have no event of ours: any holder may burn.
INSERT INTO indexer.supply_changes
       (slot, tx_index, instruction_path, change_ordinal, signature, mint, account_id, kind, amount)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::numeric[]);

-- name: insert_parked
-- Bytes that could not be decoded; a later layout may.
INSERT INTO indexer.parked_items
       (slot, tx_index, instruction_path, item_ordinal, signature, program_id, reason, detail, payload)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::bytea[]);

-- name: finalize
-- Slots that became final since the last mark; what was skipped stays skipped.
UPDATE indexer.slots SET status = 'finalized' WHERE slot > $1 AND slot <= $2 AND status = 'confirmed';

-- name: write_cursor
-- Written with the rows it speaks of.
INSERT INTO indexer.cursors
       (name, genesis_hash, program_id, energy_mint, anchor_slot, head_slot, head_blockhash, head_block_height,
        finalized_slot, finalized_blockhash, finalized_block_height, finalized_block_time, lease_term)
VALUES ('chain', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::bigint), $12)
ON CONFLICT (name) DO UPDATE
   SET energy_mint = excluded.energy_mint, head_slot = excluded.head_slot, head_blockhash = excluded.head_blockhash,
       head_block_height = excluded.head_block_height, finalized_slot = excluded.finalized_slot,
       finalized_blockhash = excluded.finalized_blockhash,
       finalized_block_height = excluded.finalized_block_height,
       finalized_block_time = excluded.finalized_block_time, lease_term = excluded.lease_term,
       updated_at = now();

-- name: notify
-- One bell per batch; the payload is only for people who listen.
SELECT pg_notify('gridtokenx_chain', $1::text);

-- name: delete_transactions_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM public.blockchain_transactions WHERE slot > $1;

-- name: delete_events_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM public.blockchain_events WHERE slot > $1;

-- name: delete_balance_changes_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM indexer.balance_changes WHERE slot > $1;

-- name: delete_supply_changes_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM indexer.supply_changes WHERE slot > $1;

-- name: delete_parked_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM indexer.parked_items WHERE slot > $1;

-- name: delete_raw_after
-- A rolled-back slot leaves nothing behind.
DELETE FROM indexer.raw_transactions WHERE slot > $1;

-- name: delete_slots_after
-- Skip records too: the other branch may have blocks there.
DELETE FROM indexer.slots WHERE slot > $1;

-- name: raw_transactions
-- The input of replay, in the order of the chain.
SELECT slot, tx_index, extract(epoch FROM block_time)::bigint AS block_time, payload
  FROM indexer.raw_transactions WHERE (slot, tx_index) > ($1, $2) ORDER BY slot, tx_index LIMIT $3;
