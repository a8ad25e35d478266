-- Indexes that are no part of a rule.
SELECT index.indrelid::REGCLASS::TEXT AS table_name,
    index.indexrelid::REGCLASS::TEXT || CASE WHEN index.indisunique THEN ' unique' ELSE '' END AS kind,
    (SELECT STRING_AGG(attname, ',' ORDER BY at)
        FROM UNNEST(index.indkey::SMALLINT[]) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = index.indrelid AND attnum = key.number) AS columns
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid AND class.relnamespace = 'public'::REGNAMESPACE
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = index.indexrelid AND contype IN ('p', 'u'))
