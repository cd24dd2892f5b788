INSERT INTO decision (
    target, act, category, level, detector, decider, date, reason, document, under_store, under_prefix, saw_level,
    saw_category, saw
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
RETURNING id
