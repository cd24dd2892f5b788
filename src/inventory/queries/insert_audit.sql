INSERT INTO audit (seq, time, signer, act, subject, record, before, after, why, previous, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
