-- The share of the values in columns named for a detector whose check digit is right.

ALTER TABLE finding ADD COLUMN passed REAL CHECK (passed BETWEEN 0 AND 1); -- absent where none is wrong

PRAGMA user_version = 2;
