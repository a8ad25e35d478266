SELECT master.name AS table_name, list.name || CASE list."unique" WHEN 1 THEN ' unique' ELSE '' END AS kind, (
    SELECT GROUP_CONCAT(name, ',') FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno)
) AS columns
FROM sqlite_master AS master, pragma_index_list(master.name) AS list
WHERE master.type = 'table' AND list.origin = 'c'
