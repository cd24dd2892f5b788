-- What starts and discharges duties and no scan can know. Rows are added, never changed or removed: a later one takes
-- an earlier one back.
CREATE TABLE occurrence (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were recorded
    event    TEXT NOT NULL, -- what happened: an event of catalogs/miit-166/duties.toml
    date     TEXT NOT NULL, -- civil date on which it happened
    time     TEXT, -- time of day in China, HH:MM; null: not known
    subject  TEXT, -- which of several
    recorder TEXT NOT NULL, -- who recorded it
    note     TEXT, -- what else is to be said
    recorded TEXT NOT NULL, -- civil date on which it was recorded
    voids    INTEGER REFERENCES occurrence -- the earlier row that this one takes back
) STRICT;
CREATE TRIGGER occurrence_is_never_changed BEFORE UPDATE ON occurrence BEGIN
    SELECT raise(ABORT, 'occurrences are never changed');
END;
CREATE TRIGGER occurrence_is_never_removed BEFORE DELETE ON occurrence BEGIN
    SELECT raise(ABORT, 'occurrences are never removed');
END;

-- Who may do what with a file or folder of a share. A row stands for its scan and all later ones up to the next row of
-- the place: what did not change is not written again. That scan's own row may be gone.
CREATE TABLE access (
    store       INTEGER NOT NULL REFERENCES store, -- the share
    locator     TEXT NOT NULL, -- where in it; folders end in /
    scan        INTEGER NOT NULL, -- the scan that saw it first
    is_folder   INTEGER NOT NULL, -- 1: a folder, which is no asset
    mode        INTEGER NOT NULL, -- the twelve bits of the mode
    owner       INTEGER NOT NULL, -- number of the owner
    group_owner INTEGER NOT NULL, -- number of the owning group
    PRIMARY KEY (store, locator, scan)
) STRICT, WITHOUT ROWID;
