-- Classes entered by hand as the audit log keeps them. ?1: the id of one, or null for all.
SELECT id, json_object(
    'category', category, 'carrier', carrier, 'carrier_type', carrier_type, 'level', level, 'records', records,
    'records_exact', records_exact, 'bytes', bytes, 'bytes_exact', bytes_exact, 'subjects', subjects,
    'subjects_exact', subjects_exact, 'as_of', as_of, 'by', giver, 'date', date, 'reason', reason,
    'ended', ended) AS picture
FROM manual_class WHERE ?1 IS NULL OR id = ?1 ORDER BY id
