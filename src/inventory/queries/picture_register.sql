-- Values of the register as the audit log keeps them. ?1: the id of one, or null for all.
SELECT id, json_object(
    'scope', scope, 'category', category, 'store', store, 'field', field, 'value', value, 'by', giver, 'date', date,
    'reason', reason) AS picture
FROM register WHERE ?1 IS NULL OR id = ?1 ORDER BY id
