-- Primary and unique keys and references.
SELECT rule.conrelid::REGCLASS::TEXT AS table_name,
    CASE rule.contype
        WHEN 'p' THEN 'primary'
        WHEN 'u' THEN 'unique'
        ELSE 'reference to ' || rule.confrelid::REGCLASS::TEXT
    END AS kind,
    (SELECT STRING_AGG(attname, ',' ORDER BY at)
        FROM UNNEST(rule.conkey) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = rule.conrelid AND attnum = key.number) AS columns
FROM pg_constraint AS rule
WHERE rule.connamespace = 'public'::REGNAMESPACE AND rule.contype IN ('p', 'u', 'f')
