-- Quotas that are not their latest amendment, or whose history has more or fewer entries than versions.
SELECT q.id, q.version, q.amount, last.amount AS last_amount, COALESCE(history.entries, 0) AS entries
FROM quota AS q
LEFT JOIN quota_amendment AS last ON last.quota_id = q.id AND last.version = q.version
LEFT JOIN (
    SELECT quota_id, CAST(COUNT(*) AS BIGINT) AS entries FROM quota_amendment GROUP BY quota_id
) AS history ON history.quota_id = q.id
WHERE last.amount IS NULL OR last.amount <> q.amount OR last.basis <> q.basis
    OR COALESCE(history.entries, 0) <> q.version
ORDER BY q.id
LIMIT $1
