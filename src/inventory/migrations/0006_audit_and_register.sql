-- The audit log, what persons say that no scan can know, and decisions on everything under a place.

-- Who did what, when and why. Each row holds the hash of the one before, so that none is altered, removed or moved
-- without the later ones saying so. Rows are added in the transaction of the act itself.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY, -- counts up from 1 without gaps
    time     TEXT NOT NULL, -- when it was written: RFC 3339 in UTC, to the second
    signer   TEXT NOT NULL, -- who did it
    act      TEXT NOT NULL, -- what was done, e.g. review.confirm; adopt.…: the row is older than the log
    subject  TEXT NOT NULL, -- what it was done to
    record   TEXT, -- the row that holds it, e.g. decision 12
    before   TEXT, -- what stood there, JSON
    after    TEXT, -- what stands there, JSON
    why      TEXT, -- the reason given
    previous TEXT NOT NULL, -- hash of the row before; zeros before the first
    hash     TEXT NOT NULL -- SHA-256 of all of this, hexadecimal
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is never changed');
END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is never shortened');
END;

-- A decision may speak of everything under a place, and keeps what was proposed when it was taken.
ALTER TABLE decision ADD COLUMN under_store TEXT; -- the store of the place; null: it speaks of one asset or class
ALTER TABLE decision ADD COLUMN under_prefix TEXT; -- what the locators under it begin with; empty: the whole store
ALTER TABLE decision ADD COLUMN saw_level TEXT; -- the level that was proposed then
ALTER TABLE decision ADD COLUMN saw_category TEXT; -- the category that was classified then
ALTER TABLE decision ADD COLUMN saw INTEGER; -- 1: what was proposed then is recorded, be it nothing

-- What a named person says of the enterprise, of stores, categories and entries. Rows are added, never changed: the
-- latest of a scope and field counts.
CREATE TABLE register (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were given
    scope    TEXT NOT NULL, -- enterprise, all, store, category, entry
    category TEXT, -- of a category or an entry
    store    TEXT, -- of a store or an entry
    field    TEXT NOT NULL, -- column of the form, or fact about the enterprise
    value    TEXT, -- null: taken back
    giver    TEXT NOT NULL, -- who said so
    date     TEXT NOT NULL, -- civil date
    reason   TEXT -- why
) STRICT;
CREATE TRIGGER register_is_never_changed BEFORE UPDATE ON register BEGIN
    SELECT raise(ABORT, 'values of the register are never changed');
END;
CREATE TRIGGER register_is_never_removed BEFORE DELETE ON register BEGIN
    SELECT raise(ABORT, 'values of the register are never removed');
END;

-- Data that no scan can see, entered by hand. Rows are added, never changed: the latest of a class counts.
CREATE TABLE manual_class (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were entered
    category       TEXT NOT NULL, -- category leaf
    carrier        TEXT NOT NULL, -- what carries it; takes the place of a store
    carrier_type   TEXT NOT NULL, -- 载体类型 of the form
    level          TEXT NOT NULL, -- as the person says
    records        INTEGER CHECK (records >= 0), -- as counted by a person
    records_exact  INTEGER, -- 1: counted, 0: estimated
    bytes          INTEGER CHECK (bytes >= 0), -- where it has any
    bytes_exact    INTEGER, -- 1: counted, 0: estimated
    subjects       INTEGER CHECK (subjects >= 0), -- distinct persons
    subjects_exact INTEGER, -- 1: counted, 0: estimated
    as_of          TEXT NOT NULL, -- civil date of the count
    giver          TEXT NOT NULL, -- who entered it
    date           TEXT NOT NULL, -- civil date on which they did
    reason         TEXT NOT NULL, -- what it is, or why it was changed or ended
    ended          INTEGER NOT NULL -- 1: it is there no more
) STRICT;
CREATE TRIGGER manual_class_is_never_changed BEFORE UPDATE ON manual_class BEGIN
    SELECT raise(ABORT, 'classes entered by hand are never changed');
END;
CREATE TRIGGER manual_class_is_never_removed BEFORE DELETE ON manual_class BEGIN
    SELECT raise(ABORT, 'classes entered by hand are never removed');
END;
