-- The inventory of mulu: what was found, what people decided, what was filed. No value of the scanned data is in it:
-- counts, sketches, places, public names and ids of rules only.
--
-- Heavy rows (result, finding) are written once for each examination. A later scan that finds an asset unchanged adds
-- one narrow observation that points to the old result.

-- One row: what belongs to the inventory as a whole.
CREATE TABLE meta (
    one        INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    sketch_key BLOB NOT NULL CHECK (length(sketch_key) = 16) -- key of the hashes in all sketches; drawn once
) STRICT;

-- A carrier: a file share or a database.
CREATE TABLE store (
    number   INTEGER PRIMARY KEY, -- used inside this file only
    name     TEXT NOT NULL UNIQUE, -- the short name that people see
    kind     TEXT NOT NULL, -- share, sqlite, postgres, mysql
    identity TEXT NOT NULL, -- absolute path, or URL with its password masked
    UNIQUE (kind, identity)
) STRICT;

-- A set of versions that results depend on.
CREATE TABLE versions (
    number    INTEGER PRIMARY KEY, -- used inside this file only
    rules     TEXT NOT NULL, -- hash of the rule packs
    regime    TEXT NOT NULL, -- hash of taxonomy, criteria and the enterprise facts that they look at
    extractor TEXT NOT NULL, -- version of the readers
    limits    TEXT NOT NULL, -- hash of the limits
    UNIQUE (rules, regime, extractor, limits)
) STRICT;

-- One run over some stores. AUTOINCREMENT: an id is never given twice, so people can rely on it.
CREATE TABLE scan (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- counts up from 1
    fingerprint TEXT NOT NULL, -- of the plan: a killed scan is resumed by a plan with the same one
    versions    INTEGER NOT NULL REFERENCES versions, -- what it was made with
    started     TEXT NOT NULL, -- as its caller says
    finished    TEXT, -- as its caller says; null: running, or killed and to be resumed
    tally       TEXT -- counts as JSON, from the observations; null until it is finished
) STRICT;
CREATE INDEX scan_unfinished ON scan (fingerprint) WHERE finished IS NULL;

-- What a scan was asked to look at, and how that ended.
CREATE TABLE scan_store (
    scan   INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE, -- the scan
    store  INTEGER NOT NULL REFERENCES store, -- the store
    state  TEXT, -- complete, partial, unreachable; null until the scan is finished
    reason TEXT, -- why it is not complete
    PRIMARY KEY (scan, store)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_store_by_store ON scan_store (store, scan);

-- A part of a scan that was written in one transaction.
CREATE TABLE shard (
    number      INTEGER PRIMARY KEY, -- used inside this file only
    scan        INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE, -- the scan
    key         TEXT NOT NULL, -- names the part in the plan
    store       INTEGER NOT NULL REFERENCES store, -- the store that it is a part of
    fingerprint TEXT NOT NULL, -- of what the plan listed in it
    tally       TEXT NOT NULL, -- counts as JSON
    UNIQUE (scan, key)
) STRICT;

-- An asset by its place; the same in every scan.
CREATE TABLE asset (
    number  INTEGER PRIMARY KEY, -- used inside this file only
    id      TEXT NOT NULL, -- the id that people see; a hash, so two may share it once in a great while
    store   INTEGER NOT NULL REFERENCES store, -- the store that it is in
    locator TEXT NOT NULL, -- where in the store
    UNIQUE (store, locator)
) STRICT;
CREATE INDEX asset_by_id ON asset (id);

-- One examination of one asset. AUTOINCREMENT: a scan under way may hold ids, none may come to mean another result.
CREATE TABLE result (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- counts up
    asset          INTEGER NOT NULL REFERENCES asset, -- what was examined
    scan           INTEGER NOT NULL, -- the scan that examined it; that row may be gone
    root           INTEGER NOT NULL, -- the result of the outermost container; its own id where it has none
    versions       INTEGER NOT NULL REFERENCES versions, -- what it was made with
    kind           TEXT NOT NULL, -- file, member, table, view, object
    parent         TEXT, -- the locator of the container
    size           INTEGER, -- stat: length in bytes; null: no stat
    modified_ns    INTEGER, -- stat: last change, nanoseconds since 1970 (UTC)
    inode          INTEGER, -- stat: inode number, its 64 bits read as signed
    status         TEXT NOT NULL, -- classified, unclassified, skipped, failed
    reason         TEXT, -- why it was not read, or not read whole
    format         TEXT, -- what it is by content
    encoding       TEXT, -- the character encoding of a text
    bytes          INTEGER CHECK (bytes >= 0), -- stored bytes
    bytes_exact    INTEGER, -- 1: counted, 0: estimated
    records        INTEGER CHECK (records >= 0), -- rows
    records_exact  INTEGER, -- 1: counted, 0: estimated
    modified       TEXT, -- last change, RFC 3339
    content_hash   TEXT, -- xxh3-128, hexadecimal; null: not read whole
    classification TEXT, -- category, score, alternatives, contributions, fields as JSON
    proposal       TEXT, -- level and the criteria that ask for it as JSON
    markers        TEXT NOT NULL -- JSON list, sorted
) STRICT;
CREATE INDEX result_by_asset ON result (asset, versions);
CREATE INDEX result_by_root ON result (root);

-- What one detector found in one examination.
CREATE TABLE finding (
    result      INTEGER NOT NULL REFERENCES result ON DELETE CASCADE, -- the examination
    detector    TEXT NOT NULL, -- the rule's id
    matches     INTEGER NOT NULL CHECK (matches >= 0), -- matches seen
    sample_rows INTEGER, -- rows read, where rows were sampled
    sample_of   INTEGER, -- rows there are
    share_low   REAL, -- low end of the 95 % interval of the share of rows that match
    share_high  REAL, -- high end
    sketch      BLOB NOT NULL, -- mergeable count of distinct values, from keyed hashes
    columns     TEXT NOT NULL, -- public names of columns as a JSON list, in the order of the source
    confidence  REAL NOT NULL, -- 0 to 1
    decimals    INTEGER, -- decimals of coordinates
    PRIMARY KEY (result, detector)
) STRICT, WITHOUT ROWID;

-- In this scan, this asset was as this result says.
CREATE TABLE observation (
    scan   INTEGER NOT NULL, -- the scan
    asset  INTEGER NOT NULL REFERENCES asset, -- the asset
    shard  INTEGER NOT NULL REFERENCES shard ON DELETE CASCADE, -- the part of the scan that saw it
    result INTEGER NOT NULL REFERENCES result, -- made in this scan, or in an earlier one and still true
    PRIMARY KEY (scan, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX observation_by_shard ON observation (shard);
CREATE INDEX observation_by_result ON observation (result);

-- What a named person or the authority said. Rows are added, never changed or removed.
CREATE TABLE decision (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were taken
    target   TEXT NOT NULL, -- the id of an asset or a class; outlives what it speaks of
    act      TEXT NOT NULL, -- confirm, override, reject
    category TEXT, -- the category that it sets
    level    TEXT, -- the level that it sets
    detector TEXT, -- the detector that it speaks of
    decider  TEXT NOT NULL, -- who decided
    date     TEXT NOT NULL, -- civil date
    reason   TEXT NOT NULL, -- why
    document TEXT -- number of the authority's document
) STRICT;
CREATE INDEX decision_by_target ON decision (target, id);
CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision BEGIN
    SELECT raise(ABORT, 'decisions are never changed');
END;
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision BEGIN
    SELECT raise(ABORT, 'decisions are never removed');
END;

-- A catalog handed to an authority.
CREATE TABLE filing (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- counts up from 1
    state           TEXT NOT NULL, -- submitted, accepted, rejected, superseded
    submitter       TEXT NOT NULL, -- who submitted it
    authority       TEXT NOT NULL, -- handed to whom
    submitted       TEXT NOT NULL, -- civil date
    accepted        TEXT, -- civil date
    rejected        TEXT, -- civil date
    rejected_reason TEXT, -- why the authority rejected it
    document        TEXT, -- the number that the authority gave
    as_of           TEXT NOT NULL -- civil date of its figures
) STRICT;

-- One entry as it was filed. Ids and names are copied, not referenced: what was filed stays as it was.
CREATE TABLE filing_entry (
    filing         INTEGER NOT NULL REFERENCES filing ON DELETE CASCADE, -- the filing
    position       INTEGER NOT NULL, -- its place in the filing, from 0
    class          TEXT NOT NULL, -- the id of the class
    category       TEXT NOT NULL, -- the category leaf
    store          TEXT NOT NULL, -- the carrier
    level          TEXT NOT NULL, -- as filed
    records        INTEGER, -- as filed
    records_exact  INTEGER, -- 1: counted, 0: estimated
    bytes          INTEGER, -- as filed
    bytes_exact    INTEGER, -- 1: counted, 0: estimated
    subjects       INTEGER, -- distinct persons as filed
    subjects_exact INTEGER, -- 1: counted, 0: estimated
    fields         TEXT NOT NULL, -- columns of the form as they were written, JSON
    rules          TEXT NOT NULL, -- version of the rule packs that counted it
    regime         TEXT NOT NULL, -- version of taxonomy and criteria
    PRIMARY KEY (filing, position)
) STRICT, WITHOUT ROWID;

-- Files that mulu wrote (logs, exports): never scanned.
CREATE TABLE own_file (
    device INTEGER NOT NULL, -- device number, its 64 bits read as signed
    inode  INTEGER NOT NULL, -- inode number, its 64 bits read as signed
    path   BLOB NOT NULL, -- where it was written; the numbers hold only while they are those of this path
    PRIMARY KEY (device, inode)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
