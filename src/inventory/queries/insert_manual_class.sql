INSERT INTO manual_class (
    category, carrier, carrier_type, level, records, records_exact, bytes, bytes_exact, subjects, subjects_exact,
    as_of, giver, date, reason, ended
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
RETURNING id
