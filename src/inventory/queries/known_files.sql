-- ?1 store, ?2 versions: the newest result of each top-level file that has a stat, with the results of its members.
-- Grouped by locator, which is the order of the index: nothing is sorted, rows stream.
WITH newest AS (
    SELECT asset.locator, max(result.id) AS id
    FROM asset CROSS JOIN result ON result.asset = asset.number AND result.versions = ?2
    WHERE asset.store = ?1 AND result.parent IS NULL AND result.size IS NOT NULL
    GROUP BY asset.locator
)
SELECT newest.locator, top.size, top.modified_ns, top.inode,
       part.id, part.status, part.reason, part.parent IS NULL AS is_top, part.bytes
FROM newest
CROSS JOIN result AS top ON top.id = newest.id
CROSS JOIN result AS part ON part.root = top.id
