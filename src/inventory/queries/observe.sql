-- ?1 scan, ?2 shard, ?3 JSON list of results, ?4 store.
INSERT OR REPLACE INTO observation (scan, asset, shard, result)
SELECT ?1, result.asset, ?2, result.id
FROM json_each(?3) AS wanted
CROSS JOIN result ON result.id = wanted.value
CROSS JOIN asset ON asset.number = result.asset AND asset.store = ?4
