-- ?1 scan, ?2 store, ?3 and ?4 locator and number of the last asset of the page before, ?5 page length.
SELECT asset.number, asset.id AS asset_id, asset.locator, versions.rules, versions.regime, result.*
FROM asset
CROSS JOIN observation ON observation.scan = ?1 AND observation.asset = asset.number
CROSS JOIN result ON result.id = observation.result
CROSS JOIN versions ON versions.number = result.versions
WHERE asset.store = ?2 AND asset.locator >= ?3 AND asset.number <> ?4
ORDER BY asset.locator
LIMIT ?5
