INSERT INTO result (
    id, asset, scan, root, versions, kind, parent, size, modified_ns, inode, status, reason, format, encoding,
    bytes, bytes_exact, records, records_exact, modified, content_hash, classification, proposal, markers,
    table_summary
) VALUES (
    ?1, (SELECT number FROM asset WHERE store = ?2 AND locator = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
    ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25
)
