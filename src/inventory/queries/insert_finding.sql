INSERT INTO finding (
    result, detector, matches, sample_rows, sample_of, share_low, share_high, sketch, columns, confidence, decimals,
    passed, sample_matched
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
