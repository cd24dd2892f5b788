-- The entries of a filing, one line each, as their digest in the audit log is taken of them. ?1: the filing.
SELECT json_array(class, category, store, level, records, records_exact, bytes, bytes_exact, subjects, subjects_exact,
    fields, rules, regime, method)
FROM filing_entry WHERE filing = ?1 ORDER BY position
