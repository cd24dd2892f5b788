-- ?1 scan that was just finished: unfinished older scans go when a later scan has read each of their stores, since
-- nobody will resume them.
DELETE FROM scan
WHERE finished IS NULL AND id < ?1 AND NOT EXISTS (
    SELECT 1 FROM scan_store AS planned
    WHERE planned.scan = scan.id AND NOT EXISTS (
        SELECT 1 FROM scan_store AS later
        WHERE later.store = planned.store AND later.scan > scan.id AND later.state IN ('complete', 'partial')))
