//! The audit log: appended to in the transaction of the act itself, and checked against the rows that it speaks of.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::fault::Fault;
use super::tallies::{counted, stored};
use crate::inventory::audit::{self, BEGINNING, Verification, Walk, digest, hash};
use crate::model::{AuditEntry, ChainHead, Signature};

/// Entries read at a time.
const PAGE_LENGTH: i64 = 1024;

/// A kind of row that the log speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Decision,
    Occurrence,
    Register,
    ManualClass,
    Filing,
}

impl Table {
    const ALL: [Self; 5] = [Self::Decision, Self::Occurrence, Self::Register, Self::ManualClass, Self::Filing];

    /// What the log calls a row of it, before its number.
    fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Occurrence => "occurrence",
            Self::Register => "register",
            Self::ManualClass => "manual_class",
            Self::Filing => "filing",
        }
    }

    /// What the log keeps of its rows.
    fn picture(self) -> &'static str {
        match self {
            Self::Decision => include_str!("../queries/picture_decision.sql"),
            Self::Occurrence => include_str!("../queries/picture_occurrence.sql"),
            Self::Register => include_str!("../queries/picture_register.sql"),
            Self::ManualClass => include_str!("../queries/picture_manual_class.sql"),
            Self::Filing => include_str!("../queries/picture_filing.sql"),
        }
    }
}

/// What is to be said of an act; the chain and the clock give the rest.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) act: String,
    pub(super) subject: String,
    pub(super) record: Option<String>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// Appends an entry. Its caller holds the write lock, so that the head does not move meanwhile.
pub(super) async fn append(connection: &mut SqliteConnection, signature: &Signature, said: Said) -> Result<(), Fault> {
    let ChainHead { length, head } = head(connection).await?;
    let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second());
    let mut entry = AuditEntry {
        seq: length + 1,
        time: now.map_err(|_| Fault::Damaged("clock"))?.to_string(),
        by: signature.by.clone(),
        act: said.act,
        subject: said.subject,
        record: said.record,
        from: said.from,
        to: said.to,
        why: signature.why.clone(),
        previous: head,
        hash: String::new(),
    };
    entry.hash = hash(&entry);
    sqlx::query(include_str!("../queries/insert_audit.sql"))
        .bind(stored(entry.seq))
        .bind(entry.time)
        .bind(entry.by)
        .bind(entry.act)
        .bind(entry.subject)
        .bind(entry.record)
        .bind(entry.from)
        .bind(entry.to)
        .bind(entry.why)
        .bind(entry.previous)
        .bind(entry.hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// Appends the entry of a row that was just written, with what stood there before.
pub(super) async fn append_row(
    connection: &mut SqliteConnection,
    (table, id): (Table, i64),
    (act, subject): (String, String),
    from: Option<String>,
    signature: &Signature,
) -> Result<(), Fault> {
    let to = picture(connection, table, id).await?;
    let record = Some(format!("{} {id}", table.name()));
    append(connection, signature, Said { act, subject, record, from, to }).await
}

/// Where the log ends.
pub(super) async fn head(connection: &mut SqliteConnection) -> Result<ChainHead, Fault> {
    let last = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetch_optional(connection).await?;
    match last {
        Some(row) => Ok(ChainHead { length: counted(row.try_get("seq")?), head: row.try_get("hash")? }),
        None => Ok(ChainHead { length: 0, head: BEGINNING.to_owned() }),
    }
}

/// The entries after one, in order; none at the end.
pub(super) async fn page(connection: &mut SqliteConnection, after: u64) -> Result<Vec<AuditEntry>, Fault> {
    let rows = sqlx::query("SELECT * FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")
        .bind(stored(after))
        .bind(PAGE_LENGTH)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<AuditEntry, Fault> {
    Ok(AuditEntry {
        seq: counted(row.try_get("seq")?),
        time: row.try_get("time")?,
        by: row.try_get("signer")?,
        act: row.try_get("act")?,
        subject: row.try_get("subject")?,
        record: row.try_get("record")?,
        from: row.try_get("before")?,
        to: row.try_get("after")?,
        why: row.try_get("why")?,
        previous: row.try_get("previous")?,
        hash: row.try_get("hash")?,
    })
}

/// What the log keeps of one row; `None` where it is not there.
pub(super) async fn picture(connection: &mut SqliteConnection, table: Table, id: i64) -> Result<Option<String>, Fault> {
    let row = sqlx::query(table.picture()).bind(id).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    whole(connection, table, &row).await.map(Some)
}

/// The picture of a row; that of a filing with the digest of its entries.
async fn whole(connection: &mut SqliteConnection, table: Table, row: &SqliteRow) -> Result<String, Fault> {
    let picture: String = row.try_get("picture")?;
    if table != Table::Filing {
        return Ok(picture);
    }
    let entries: Vec<String> = sqlx::query_scalar(include_str!("../queries/picture_filing_entry.sql"))
        .bind(row.try_get::<i64, _>("id")?)
        .fetch_all(connection)
        .await?;
    let mut fields = object(&picture)?;
    fields.insert("digest".to_owned(), Value::String(digest(entries.join("\n").as_bytes())));
    Ok(Value::Object(fields).to_string())
}

fn object(picture: &str) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_str(picture) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Fault::Damaged("audit.after")),
    }
}

/// Whether the log stands; for an inventory that is being brought up to date.
pub(super) async fn exists(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'audit'").fetch_one(connection).await?;
    Ok(tables > 0)
}

/// Takes what an older inventory holds into the log, marked as such: who wrote it, and when, nobody vouches for.
pub(super) async fn adopt(connection: &mut SqliteConnection) -> Result<(), Fault> {
    for table in Table::ALL {
        let rows = sqlx::query(table.picture()).bind(None::<i64>).fetch_all(&mut *connection).await?;
        for row in rows {
            let id: i64 = row.try_get("id")?;
            let fields = object(row.try_get("picture")?)?;
            let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
            let by = text("by").unwrap_or_default();
            let signature = Signature { by, why: text("reason").or_else(|| text("note")) };
            let subject = text("target").or_else(|| text("event")).unwrap_or_else(|| format!("{} {id}", table.name()));
            let act = format!("adopt.{}", table.name());
            append_row(connection, (table, id), (act, subject), None, &signature).await?;
        }
    }
    Ok(())
}

/// Walks the whole log, and holds every row that it speaks of against what it says.
pub(super) async fn verify(connection: &mut SqliteConnection, wanted: Option<&str>) -> Result<Verification, Fault> {
    let mut walk = Walk::new(wanted);
    let mut latest: BTreeMap<String, (u64, Option<String>)> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = page(connection, after).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for entry in page {
            walk.take(&entry);
            if let Some(record) = entry.record {
                latest.insert(record, (entry.seq, entry.to));
            }
        }
    }
    let (head, found, mut faults) = walk.finish();
    for table in Table::ALL {
        let rows = sqlx::query(table.picture()).bind(None::<i64>).fetch_all(&mut *connection).await?;
        for row in rows {
            let record = format!("{} {}", table.name(), row.try_get::<i64, _>("id")?);
            let now = whole(connection, table, &row).await?;
            match latest.remove(&record) {
                None => faults.push(audit::Fault::RowUnlogged { record }),
                Some((seq, said)) if !is_as_said(said.as_deref(), &now) => {
                    faults.push(audit::Fault::RowAltered { record, seq });
                }
                Some(_) => {}
            }
        }
    }
    faults.extend(latest.into_iter().map(|(record, (seq, _))| audit::Fault::RowGone { record, seq }));
    Ok(Verification { head, found, faults })
}

/// Whether a row has every field that the log says it has: a later layout may know more of it.
fn is_as_said(said: Option<&str>, now: &str) -> bool {
    let (Some(Ok(said)), Ok(now)) = (said.map(object), object(now)) else { return false };
    said.iter().all(|(key, value)| now.get(key) == Some(value))
}
