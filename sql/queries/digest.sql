-- name: transactions
-- All columns but user_id.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row(slot, signature, tx_index, fee_payer, signers,
           program_ids, version, status, error, fee_lamports, compute_units_consumed, log_truncated,
           recent_blockhash, block_time)::text, 'UTF8')), '' ORDER BY slot, signature), '')), 'hex')
  FROM public.blockchain_transactions;

-- name: events
-- All columns but processed_at.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row(id, slot, event_type, signature, data, program_id,
           tx_index, instruction_path, event_ordinal, source, block_time)::text, 'UTF8')), '' ORDER BY slot, id),
           '')), 'hex')
  FROM public.blockchain_events;

-- name: balance_changes
-- All columns.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(c::text, 'UTF8')), ''
           ORDER BY slot, tx_index, account_id), '')), 'hex')
  FROM indexer.balance_changes AS c;

-- name: supply_changes
-- All columns.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(c::text, 'UTF8')), ''
           ORDER BY slot, tx_index, instruction_path, change_ordinal), '')), 'hex')
  FROM indexer.supply_changes AS c;

-- name: parked_items
-- All columns but parked_at.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row(slot, tx_index, instruction_path, item_ordinal,
           signature, program_id, reason, detail, payload)::text, 'UTF8')), ''
           ORDER BY slot, tx_index, instruction_path, item_ordinal), '')), 'hex')
  FROM indexer.parked_items;

-- name: balances
-- All columns but created_at and updated_at.
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row(account_id, total_balance, available_balance,
           locked_balance, nonce, energy_balances, mint, owner, slot, tx_index, block_time)::text, 'UTF8')), ''
           ORDER BY account_id), '')), 'hex')
  FROM blockchain.account_balances;
