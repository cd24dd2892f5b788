-- ?1 id: the asset as the latest usable scan of its store saw it.
SELECT asset.number, asset.id AS asset_id, asset.locator, store.name AS store_name,
       versions.rules, versions.regime, result.*
FROM asset
CROSS JOIN store ON store.number = asset.store
CROSS JOIN observation ON observation.asset = asset.number AND observation.scan = (
    SELECT max(scan_store.scan) FROM scan_store
    WHERE scan_store.store = asset.store AND scan_store.state IN ('complete', 'partial'))
CROSS JOIN result ON result.id = observation.result
CROSS JOIN versions ON versions.number = result.versions
WHERE asset.id = ?1
ORDER BY store.name, asset.locator
LIMIT 1
