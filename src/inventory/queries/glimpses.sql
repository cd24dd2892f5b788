-- ?1 JSON list of results: as much of each as a comparison looks at.
SELECT result.id, result.kind, result.status, result.reason, result.bytes, result.bytes_exact, result.records,
       result.records_exact, result.content_hash, result.classification ->> '$.best.id' AS category,
       result.proposal ->> '$.level' AS level, versions.rules, versions.regime
FROM json_each(?1) AS wanted
CROSS JOIN result ON result.id = wanted.value
CROSS JOIN versions ON versions.number = result.versions
