SELECT master.name AS table_name, info.name AS name, info.type AS kind,
    CAST(info."notnull" = 0 AS BIGINT) AS optional
FROM sqlite_master AS master, pragma_table_info(master.name) AS info
WHERE master.type = 'table'
