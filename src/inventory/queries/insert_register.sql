INSERT INTO register (scope, category, store, field, value, giver, date, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
RETURNING id
