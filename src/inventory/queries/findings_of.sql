-- ?1 JSON list of results.
SELECT finding.*
FROM json_each(?1) AS wanted CROSS JOIN finding ON finding.result = wanted.value
ORDER BY finding.result, finding.detector
