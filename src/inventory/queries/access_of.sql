-- ?1 JSON list of locators, ?2 store, ?3 scan: the latest row of each up to the scan.
SELECT access.locator, access.mode, access.owner, access.group_owner
FROM json_each(?1) AS wanted
CROSS JOIN access ON access.store = ?2 AND access.locator = wanted.value AND access.scan = (
    SELECT max(scan) FROM access AS row
    WHERE row.store = ?2 AND row.locator = wanted.value AND row.scan <= ?3)
