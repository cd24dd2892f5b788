-- ?1 scan, ?2 store, ?3 and ?4 locator and number of the last asset of the page before, ?5 page length. As
-- assets_of_scan.sql, with the columns that sums are made of.
SELECT asset.number, asset.id AS asset_id, asset.locator, versions.rules, versions.regime,
       result.id, result.kind, result.parent, result.status, result.reason, result.bytes, result.bytes_exact, result.records,
       result.records_exact, result.content_hash, result.classification, result.proposal, result.markers,
       result.table_summary
FROM asset
CROSS JOIN observation ON observation.scan = ?1 AND observation.asset = asset.number
CROSS JOIN result ON result.id = observation.result
CROSS JOIN versions ON versions.number = result.versions
WHERE asset.store = ?2 AND asset.locator >= ?3 AND asset.number <> ?4
ORDER BY asset.locator
LIMIT ?5
