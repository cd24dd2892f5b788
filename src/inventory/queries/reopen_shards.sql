-- ?1 scan, ?2 JSON list of results: the shards that lose assets to the one that holds these are no longer what their
-- fingerprints say. Without one they are examined again, should a resumed scan list them as they were.
UPDATE shard SET fingerprint = ''
WHERE number IN (
    SELECT observation.shard
    FROM json_each(?2) AS wanted
    CROSS JOIN result ON result.id = wanted.value
    CROSS JOIN observation ON observation.scan = ?1 AND observation.asset = result.asset)
