-- The life cycle of filings: kinds, drafts, resubmissions, cancellations, and how filed figures were counted.

ALTER TABLE filing ADD COLUMN kind TEXT NOT NULL DEFAULT 'initial'; -- initial, change, cancellation, inventory
ALTER TABLE filing ADD COLUMN resubmits INTEGER; -- the rejected filing that this one hands in again
ALTER TABLE filing ADD COLUMN cancelled TEXT NOT NULL DEFAULT '[]'; -- what a cancellation takes out, and why; JSON
ALTER TABLE filing_entry ADD COLUMN method TEXT; -- how the figures were counted, JSON; null: not recorded

PRAGMA user_version = 2;
