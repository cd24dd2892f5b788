INSERT INTO decision (target, act, category, level, detector, decider, date, reason, document)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
