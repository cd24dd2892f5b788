-- Recorded events as the audit log keeps them. ?1: the id of one, or null for all.
SELECT id, json_object(
    'event', event, 'date', date, 'time', time, 'subject', subject, 'by', recorder, 'note', note,
    'recorded', recorded, 'voids', voids) AS picture
FROM occurrence WHERE ?1 IS NULL OR id = ?1 ORDER BY id
