-- ?1 JSON list of scans. Their shards and observations go with them.
DELETE FROM scan WHERE finished IS NOT NULL AND id IN (SELECT value FROM json_each(?1))
