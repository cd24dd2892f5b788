-- Decisions as the audit log keeps them. ?1: the id of one, or null for all.
SELECT id, json_object(
    'target', target, 'act', act, 'category', category, 'level', level, 'detector', detector, 'by', decider,
    'date', date, 'reason', reason, 'document', document, 'under_store', under_store, 'under_prefix', under_prefix,
    'saw_level', saw_level, 'saw_category', saw_category, 'saw', saw) AS picture
FROM decision WHERE ?1 IS NULL OR id = ?1 ORDER BY id
