-- Primary and unique keys and references. A primary key over one INTEGER column has no index of its own.
SELECT master.name AS table_name, 'primary' AS kind, (
    SELECT GROUP_CONCAT(name, ',') FROM (SELECT name FROM pragma_table_info(master.name) WHERE pk > 0 ORDER BY pk)
) AS columns
FROM sqlite_master AS master
WHERE master.type = 'table'
UNION ALL
SELECT master.name, 'unique', (
    SELECT GROUP_CONCAT(name, ',') FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno)
)
FROM sqlite_master AS master, pragma_index_list(master.name) AS list
WHERE master.type = 'table' AND list.origin = 'u'
UNION ALL
SELECT master.name, 'reference to ' || list."table", GROUP_CONCAT(list."from", ',')
FROM sqlite_master AS master, pragma_foreign_key_list(master.name) AS list
WHERE master.type = 'table'
GROUP BY master.name, list.id
