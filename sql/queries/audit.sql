-- name: seal
-- The function decides what is old enough to be sealed.
SELECT indexer.seal_audit_logs();

-- name: broken_seals
-- Every seal is computed again; none broken is the good answer.
SELECT seal_number, reason FROM indexer.broken_audit_seals() ORDER BY seal_number;
