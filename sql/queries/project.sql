-- name: apply_balances
-- The last change of each account wins; one that is older than what is stored never does. A token balance is
-- never replaced by the lamports of the same account.
WITH changes AS (
    SELECT DISTINCT ON (account_id)
           account_id, mint, owner, after_amount, slot, tx_index, block_time,
           count(*) OVER (PARTITION BY account_id, mint IS NULL) AS count
      FROM indexer.balance_changes
     WHERE slot BETWEEN $1 AND $2
     ORDER BY account_id, mint IS NULL, slot DESC, tx_index DESC
)
INSERT INTO blockchain.account_balances AS b
       (account_id, total_balance, available_balance, nonce, energy_balances, mint, owner, slot, tx_index, block_time)
SELECT account_id, after_amount, after_amount, count,
       CASE WHEN mint = $3::text THEN jsonb_build_object(mint, after_amount::text) ELSE '{}' END,
       mint, owner, slot, tx_index, block_time
  FROM changes ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE
   SET total_balance = excluded.total_balance, available_balance = excluded.available_balance,
       locked_balance = 0, energy_balances = excluded.energy_balances, mint = excluded.mint,
       owner = excluded.owner, slot = excluded.slot, tx_index = excluded.tx_index,
       block_time = excluded.block_time, updated_at = now(),
       nonce = excluded.nonce
             + CASE WHEN (b.mint IS NULL) = (excluded.mint IS NULL) THEN b.nonce ELSE 0 END
 WHERE (excluded.slot, excluded.tx_index) > (b.slot, b.tx_index)
   AND (excluded.mint IS NOT NULL OR b.mint IS NULL);

-- name: roll_back_balances
-- Rebuilds the touched accounts from what is left below the common ancestor.
WITH touched AS (
    SELECT DISTINCT account_id FROM indexer.balance_changes WHERE slot > $1
), rest AS (
    SELECT t.account_id, c.*
      FROM touched AS t
      LEFT JOIN LATERAL (
           SELECT mint, owner, after_amount, slot, tx_index, block_time,
                  count(*) OVER (PARTITION BY mint IS NULL) AS count
             FROM indexer.balance_changes
            WHERE account_id = t.account_id AND slot <= $1
            ORDER BY mint IS NULL, slot DESC, tx_index DESC LIMIT 1) AS c ON true
), gone AS (
    DELETE FROM blockchain.account_balances AS b USING rest
     WHERE b.account_id = rest.account_id AND rest.slot IS NULL
)
UPDATE blockchain.account_balances AS b
   SET total_balance = rest.after_amount, available_balance = rest.after_amount, locked_balance = 0,
       nonce = rest.count, mint = rest.mint, owner = rest.owner, slot = rest.slot,
       tx_index = rest.tx_index, block_time = rest.block_time, updated_at = now(),
       energy_balances = CASE WHEN rest.mint = $2::text
                              THEN jsonb_build_object(rest.mint, rest.after_amount::text) ELSE '{}' END
  FROM rest WHERE b.account_id = rest.account_id AND rest.slot IS NOT NULL;

-- name: clear_balances
-- Before a replay.
DELETE FROM blockchain.account_balances;
