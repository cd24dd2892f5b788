-- ?1 id, or null for a new filing.
INSERT INTO filing (
    id, state, submitter, authority, submitted, accepted, rejected, rejected_reason, document, as_of, kind, resubmits,
    cancelled
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
ON CONFLICT (id) DO UPDATE SET
    state = excluded.state, submitter = excluded.submitter, authority = excluded.authority,
    submitted = excluded.submitted, accepted = excluded.accepted, rejected = excluded.rejected,
    rejected_reason = excluded.rejected_reason, document = excluded.document, as_of = excluded.as_of,
    kind = excluded.kind, resubmits = excluded.resubmits, cancelled = excluded.cancelled
RETURNING id
