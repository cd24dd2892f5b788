//! What persons say that no scan can know: values of the register, and classes entered by hand. Appended, never changed.

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use super::assets::read_measure;
use super::audit::{self, Said, Table};
use super::fault::Fault;
use super::reviews;
use super::tallies::stored;
use crate::inventory::Deed;
use crate::model::{Import, Level, ManualClass, RegisterEdit, RegisterScope, Signature};

/// Does what persons want done, all of it or nothing, each with its line in the audit log.
pub(super) async fn record(connection: &mut SqliteConnection, deeds: &[Deed]) -> Result<(), Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for deed in deeds {
        match deed {
            Deed::Decision(decision) => reviews::record(&mut transaction, decision).await?,
            Deed::Register(edit) => give(&mut transaction, edit).await?,
            Deed::ManualClass(class) => enter(&mut transaction, class).await?,
            Deed::Import(import) => note(&mut transaction, import).await?,
        }
    }
    transaction.commit().await?;
    Ok(())
}

async fn give(connection: &mut SqliteConnection, edit: &RegisterEdit) -> Result<(), Fault> {
    let (category, store) = edit.scope.parts();
    let earlier: Option<i64> = sqlx::query_scalar(
        "SELECT max(id) FROM register WHERE scope = ?1 AND category IS ?2 AND store IS ?3 AND field = ?4",
    )
    .bind(edit.scope.id())
    .bind(category)
    .bind(store)
    .bind(edit.field.as_str())
    .fetch_one(&mut *connection)
    .await?;
    let from = match earlier {
        Some(id) => audit::picture(connection, Table::Register, id).await?,
        None => None,
    };
    let id: i64 = sqlx::query_scalar(include_str!("../queries/insert_register.sql"))
        .bind(edit.scope.id())
        .bind(category)
        .bind(store)
        .bind(edit.field.as_str())
        .bind(edit.value.as_deref())
        .bind(edit.by.as_str())
        .bind(edit.date.as_str())
        .bind(edit.reason.as_deref())
        .fetch_one(&mut *connection)
        .await?;
    let act = if edit.value.is_some() { "register.set" } else { "register.unset" };
    let places: Vec<&str> = [Some(edit.scope.id()), category, store].into_iter().flatten().collect();
    let said = (act.to_owned(), format!("{} {}", places.join(" "), edit.field));
    let signature = Signature { by: edit.by.clone(), why: edit.reason.clone() };
    audit::append_row(connection, (Table::Register, id), said, from, &signature).await
}

async fn enter(connection: &mut SqliteConnection, class: &ManualClass) -> Result<(), Fault> {
    let earlier: Option<i64> =
        sqlx::query_scalar("SELECT max(id) FROM manual_class WHERE category = ?1 AND carrier = ?2")
            .bind(class.category.as_str())
            .bind(class.carrier.as_str())
            .fetch_one(&mut *connection)
            .await?;
    let from = match earlier {
        Some(id) => audit::picture(connection, Table::ManualClass, id).await?,
        None => None,
    };
    let mut query = sqlx::query_scalar(include_str!("../queries/insert_manual_class.sql"))
        .bind(class.category.as_str())
        .bind(class.carrier.as_str())
        .bind(class.carrier_type.as_str())
        .bind(class.level.id());
    for measure in [class.records, class.bytes, class.subjects] {
        query = query.bind(measure.map(|it| stored(it.value))).bind(measure.map(|it| it.exact));
    }
    let id: i64 = query
        .bind(class.as_of.as_str())
        .bind(class.by.as_str())
        .bind(class.date.as_str())
        .bind(class.reason.as_str())
        .bind(class.ended)
        .fetch_one(&mut *connection)
        .await?;
    let act = match (&from, class.ended) {
        (_, true) => "class.end",
        (None, false) => "class.add",
        (Some(_), false) => "class.update",
    };
    let signature = Signature { by: class.by.clone(), why: Some(class.reason.clone()) };
    let said = (act.to_owned(), class.id().0);
    audit::append_row(connection, (Table::ManualClass, id), said, from, &signature).await
}

/// Notes that a file was brought in; only the log holds it.
async fn note(connection: &mut SqliteConnection, import: &Import) -> Result<(), Fault> {
    let to = serde_json::json!({ "digest": import.digest, "rows": import.rows }).to_string();
    let said = Said {
        act: format!("import.{}", import.kind),
        subject: import.kind.clone(),
        record: None,
        from: None,
        to: Some(to),
    };
    let signature = Signature { by: import.by.clone(), why: import.reason.clone() };
    audit::append(connection, &signature, said).await
}

/// All values, in the order in which they were given.
pub(super) async fn edits(connection: &mut SqliteConnection) -> Result<Vec<RegisterEdit>, Fault> {
    let rows = sqlx::query("SELECT * FROM register ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(read_edit).collect()
}

fn read_edit(row: &SqliteRow) -> Result<RegisterEdit, Fault> {
    let scope = RegisterScope::from_parts(row.try_get("scope")?, row.try_get("category")?, row.try_get("store")?);
    Ok(RegisterEdit {
        scope: scope.ok_or(Fault::Damaged("register.scope"))?,
        field: row.try_get("field")?,
        value: row.try_get("value")?,
        by: row.try_get("giver")?,
        date: row.try_get("date")?,
        reason: row.try_get("reason")?,
    })
}

/// All classes entered by hand, in the order in which they were entered.
pub(super) async fn manual_classes(connection: &mut SqliteConnection) -> Result<Vec<ManualClass>, Fault> {
    let rows = sqlx::query("SELECT * FROM manual_class ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(read_class).collect()
}

fn read_class(row: &SqliteRow) -> Result<ManualClass, Fault> {
    Ok(ManualClass {
        category: row.try_get("category")?,
        carrier: row.try_get("carrier")?,
        carrier_type: row.try_get("carrier_type")?,
        level: Level::from_id(row.try_get("level")?).ok_or(Fault::Damaged("manual_class.level"))?,
        records: read_measure(row, "records", "records_exact")?,
        bytes: read_measure(row, "bytes", "bytes_exact")?,
        subjects: read_measure(row, "subjects", "subjects_exact")?,
        as_of: row.try_get("as_of")?,
        by: row.try_get("giver")?,
        date: row.try_get("date")?,
        reason: row.try_get("reason")?,
        ended: row.try_get("ended")?,
    })
}
