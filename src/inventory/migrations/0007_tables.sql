-- What a database says of a table besides its rows.

ALTER TABLE result ADD COLUMN table_summary TEXT; -- columns, keys, indexes and partitions as JSON; null: no table of a database
