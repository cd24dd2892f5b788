-- ?1 store, ?2 scan, ?3 JSON list of [locator, is_folder, mode, owner, group]: a row for each place that is not as the
-- latest row up to this scan says.
INSERT OR REPLACE INTO access (store, locator, scan, is_folder, mode, owner, group_owner)
SELECT ?1, seen.value ->> 0, ?2, seen.value ->> 1, seen.value ->> 2, seen.value ->> 3, seen.value ->> 4
FROM json_each(?3) AS seen
WHERE NOT EXISTS (
    SELECT 1 FROM access AS latest
    WHERE latest.store = ?1 AND latest.locator = seen.value ->> 0
      AND latest.scan = (
          SELECT max(scan) FROM access AS row
          WHERE row.store = ?1 AND row.locator = seen.value ->> 0 AND row.scan <= ?2)
      AND latest.mode = seen.value ->> 2
      AND latest.owner = seen.value ->> 3
      AND latest.group_owner = seen.value ->> 4)
