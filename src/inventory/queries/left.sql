-- ?1 and ?2 two scans, ?3 store, ?4 and ?5 locator and number of the last asset of the page before, ?6 page length. Places
-- that held a content at ?1 and hold it no more at ?2. Where ?2 could not read what is there, it may hold it still.
SELECT asset.number, asset.locator, was.content_hash, after.result IS NOT NULL AS stands
FROM asset
CROSS JOIN observation AS before ON before.scan = ?1 AND before.asset = asset.number
LEFT JOIN observation AS after ON after.scan = ?2 AND after.asset = asset.number
CROSS JOIN result AS was ON was.id = before.result
LEFT JOIN result AS now ON now.id = after.result
WHERE asset.store = ?3 AND asset.locator >= ?4 AND asset.number <> ?5
  AND after.result IS NOT before.result AND was.content_hash IS NOT NULL AND was.bytes > 0
  AND (after.result IS NULL OR now.content_hash <> was.content_hash)
ORDER BY asset.locator
LIMIT ?6
