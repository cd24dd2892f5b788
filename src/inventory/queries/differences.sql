-- ?1 first scan, ?2 second scan, ?3 store, ?4 and ?5 locator and number of the last asset of the page before, ?6 page
-- length, ?7 and ?8 the civil dates of the earlier and the later scan.
SELECT asset.number, asset.id AS asset_id, asset.locator, before.result AS before_result, after.result AS after_result
FROM asset
LEFT JOIN observation AS before ON before.scan = ?1 AND before.asset = asset.number
LEFT JOIN observation AS after ON after.scan = ?2 AND after.asset = asset.number
WHERE asset.store = ?3 AND asset.locator >= ?4 AND asset.number <> ?5
  AND (
    before.result IS NOT after.result
    OR before.result IS NOT NULL AND (
        EXISTS (
            SELECT 1 FROM access
            WHERE access.store = ?3 AND access.locator = asset.locator
              AND access.scan > min(?1, ?2) AND access.scan <= max(?1, ?2))
        OR EXISTS (
            SELECT 1 FROM decision
            WHERE decision.target = asset.id AND decision.date > ?7 AND decision.date <= ?8)
        OR EXISTS (
            SELECT 1 FROM decision JOIN store ON store.name = decision.under_store
            WHERE store.number = ?3 AND decision.date > ?7 AND decision.date <= ?8
              AND substr(asset.locator, 1, length(decision.under_prefix)) = decision.under_prefix)))
ORDER BY asset.locator
LIMIT ?6
