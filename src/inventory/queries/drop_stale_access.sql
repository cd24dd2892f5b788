-- Rows that no scan which is still kept can ask for: a later row was true already at the earliest of them, or the file
-- is gone from all of them.
DELETE FROM access
WHERE EXISTS (
        SELECT 1 FROM access AS later
        WHERE later.store = access.store AND later.locator = access.locator AND later.scan > access.scan
          AND later.scan <= (SELECT min(id) FROM scan))
   OR is_folder = 0 AND NOT EXISTS (
        SELECT 1 FROM asset WHERE asset.store = access.store AND asset.locator = access.locator)
