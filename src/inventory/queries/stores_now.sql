-- Each store with its latest usable result (complete or partial), its latest complete one, and its latest attempt.
SELECT store.name, store.kind, store.identity,
       usable.scan AS usable_scan, usable.state AS usable_state, usable_run.finished AS usable_finished,
       complete_run.id AS complete_scan, complete_run.finished AS complete_finished,
       attempt.scan AS attempt_scan, attempt.state AS attempt_state, attempt.reason AS attempt_reason,
       attempt_run.finished AS attempt_finished
FROM store
LEFT JOIN scan_store AS usable ON usable.store = store.number AND usable.scan = (
    SELECT max(scan) FROM scan_store WHERE scan_store.store = store.number AND state IN ('complete', 'partial'))
LEFT JOIN scan AS usable_run ON usable_run.id = usable.scan
LEFT JOIN scan AS complete_run ON complete_run.id = (
    SELECT max(scan) FROM scan_store WHERE scan_store.store = store.number AND state = 'complete')
LEFT JOIN scan_store AS attempt ON attempt.store = store.number AND attempt.scan = (
    SELECT max(scan) FROM scan_store WHERE scan_store.store = store.number AND state IS NOT NULL)
LEFT JOIN scan AS attempt_run ON attempt_run.id = attempt.scan
ORDER BY store.name
