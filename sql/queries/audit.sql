-- name: seal
-- The function decides what is old enough to be sealed.
SELECT indexer.seal_audit_logs();

-- name: sealed
-- What the log says about a new seal.
SELECT row_count, encode(seal, 'hex') AS value FROM indexer.audit_seals WHERE seal_number = $1;

-- name: broken_seals
-- Every seal is computed again; none broken is the good answer.
SELECT seal_number, reason FROM indexer.broken_audit_seals() ORDER BY seal_number;

-- name: seal_head
-- How many seals there are, and the newest.
SELECT count(*), max(seal_number), encode((array_agg(seal ORDER BY seal_number DESC))[1], 'hex')
  FROM indexer.audit_seals;

-- name: seal_value
-- A seal that somebody kept, as it stands here.
SELECT encode(seal, 'hex') FROM indexer.audit_seals WHERE seal_number = %s;
