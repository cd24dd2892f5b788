-- Filings as the audit log keeps them, but for the digest of their entries. ?1: the id of one, or null for all.
SELECT id, json_object(
    'kind', kind, 'state', state, 'by', submitter, 'authority', authority, 'submitted', submitted,
    'accepted', accepted, 'rejected', rejected, 'rejected_reason', rejected_reason, 'number', document,
    'as_of', as_of, 'resubmits', resubmits, 'cancelled', cancelled,
    'entries', (SELECT count(*) FROM filing_entry WHERE filing_entry.filing = filing.id)) AS picture
FROM filing WHERE ?1 IS NULL OR id = ?1 ORDER BY id
