SELECT table_name::TEXT AS table_name, column_name::TEXT AS name, data_type::TEXT AS kind,
    (is_nullable = 'YES')::INTEGER::BIGINT AS optional
FROM information_schema.columns
WHERE table_schema = 'public'
