INSERT INTO filing_entry (
    filing, position, class, category, store, level, records, records_exact, bytes, bytes_exact, subjects,
    subjects_exact, fields, rules, regime, method
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
