-- Who answered at the address of a database in a scan, and how safe the way there was.

ALTER TABLE scan_store ADD COLUMN connection TEXT; -- server, encryption, replica and login as JSON; null: a share, or no answer

PRAGMA user_version = 5;
