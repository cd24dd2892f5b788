INSERT INTO occurrence (event, date, time, subject, recorder, note, recorded, voids)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
RETURNING id
