-- ?1 shard. Bytes are summed in two halves, since sum() fails where the whole overflows.
SELECT result.status AS status,
       result.reason IS NOT NULL AS has_reason,
       result.scan <> observation.scan AS is_unchanged,
       result.parent IS NULL AS is_top,
       count(*) AS found,
       coalesce(sum(result.bytes >> 32), 0) AS upper,
       coalesce(sum(result.bytes & 4294967295), 0) AS lower
FROM observation CROSS JOIN result ON result.id = observation.result
WHERE observation.shard = ?1
GROUP BY 1, 2, 3, 4
