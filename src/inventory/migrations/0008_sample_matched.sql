-- Of a sample, how many rows match: a row may hold several values.

ALTER TABLE finding ADD COLUMN sample_matched INTEGER; -- of the rows read, those that match; null where nobody counted them
