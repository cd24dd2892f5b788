//! The manufacturing execution system (MES) of the plant, as the SQLite file that it keeps on the share.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Chance, Growth, identifiers, people, stamp};

const SCHEMA: &str = include_str!("mes.sql");

/// A cell to be written.
enum Cell {
    Integer(u32),
    Real(f64),
    Text(String),
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

macro_rules! row {
    ($($cell:expr),+ $(,)?) => { vec![$(Cell::from($cell)),+] };
}

/// The rows of one table, made one by one from their number.
struct Table {
    insert: &'static str,
    rows: u32,
    row: fn(u32, &mut Chance) -> Vec<Cell>,
}

/// Writes the database anew.
pub(super) fn write(path: &Path, growth: Growth) -> anyhow::Result<()> {
    if path.exists() {
        fs::remove_file(path).with_context(|| format!("cannot replace {}", path.display()))?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .page_size(4096)
            .journal_mode(SqliteJournalMode::Delete);
        let mut connection = options.connect().await?;
        sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
        for (seed, table) in (100..).zip(TABLES) {
            fill(&mut connection, table, growth, &mut Chance::seeded(seed)).await?;
        }
        connection.close().await
    })?;
    Ok(())
}

async fn fill(
    connection: &mut SqliteConnection,
    table: &Table,
    growth: Growth,
    chance: &mut Chance,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for number in 0..growth.rows(table.rows) {
        let mut query = sqlx::query(table.insert);
        for cell in (table.row)(number, chance) {
            query = match cell {
                Cell::Integer(value) => query.bind(value),
                Cell::Real(value) => query.bind(value),
                Cell::Text(value) => query.bind(value),
            };
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// A measured number with two digits after the point.
fn real(chance: &mut Chance, low: u32, high: u32) -> Cell {
    Cell::Real(f64::from(chance.between(low, high)) / 100.0)
}

const TABLES: &[Table] = &[
    Table {
        insert: "INSERT INTO equipment VALUES (?, ?, ?, ?, ?, ?)",
        rows: 60,
        row: |number, chance| {
            let kind = chance.pick(&["混合澄清槽", "回转窑", "沉淀釜", "离心泵", "压滤机"]);
            let maker = people::company(number, chance);
            row![number + 1, format!("EQ-{number:03}"), kind, maker, stamp(number * 300), "运行"]
        },
    },
    Table {
        insert: "INSERT INTO material VALUES (?, ?, ?, ?, ?)",
        rows: 150,
        row: |number, chance| {
            let name = chance.pick(&["氯化稀土料液", "P507", "磺化煤油", "盐酸", "草酸", "氧化镨钕"]);
            row![number + 1, format!("WL-{number:04}"), name, "kg", real(chance, 10_000, 900_000)]
        },
    },
    Table {
        insert: "INSERT INTO process_route VALUES (?, ?, ?, ?, ?)",
        rows: 40,
        row: |number, chance| {
            let step = chance.pick(&["皂化", "萃取", "洗涤", "反萃", "沉淀", "灼烧"]);
            row![number + 1, format!("GY-{:02}", number / 6), number % 6 * 10 + 10, step, chance.between(20, 480)]
        },
    },
    Table {
        insert: "INSERT INTO staff VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows: 120,
        row: |number, chance| {
            let (name, department) = (people::name(chance), chance.pick(&people::DEPARTMENTS));
            row![
                number + 1,
                format!("XL{number:05}"),
                name,
                identifiers::resident_id(number),
                identifiers::mobile(number),
                department,
                chance.pick(&["甲", "乙", "丙", "丁"]),
            ]
        },
    },
    Table {
        insert: "INSERT INTO work_order VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows: 600,
        row: |number, chance| {
            let product = chance.pick(&["氧化镨钕", "氧化镝", "氧化铽", "碳酸镧铈"]);
            let quantity = chance.between(200, 6_000);
            let state = chance.pick(&["完工", "完工", "在制", "下达"]);
            row![
                number + 1,
                format!("WO26{number:05}"),
                product,
                quantity,
                stamp(number * 90),
                stamp(number * 90 + 1_000),
                state
            ]
        },
    },
    Table {
        insert: "INSERT INTO work_order_operation VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows: 1_200,
        row: |number, chance| {
            let (step, equipment) = (number % 2 * 10 + 10, chance.between(1, 60));
            let (good, scrap) = (chance.between(100, 3_000), chance.between(0, 40));
            row![number + 1, number / 2 + 1, step, equipment, good, scrap, stamp(number * 45)]
        },
    },
    Table {
        insert: "INSERT INTO process_parameter VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows: 3_000,
        row: |number, chance| {
            let (parameter, unit, low, high) = [
                ("稀土料液浓度", "g/L", 12_000, 18_500),
                ("萃取槽温度", "℃", 2_400, 3_600),
                ("反萃酸度", "mol/L", 220, 560),
                ("有机相流量", "m3/h", 1_200, 1_900),
                ("灼烧温度", "℃", 90_000, 105_000),
            ][number as usize % 5];
            let (value, lower, upper) =
                (real(chance, low, high), Cell::Real(f64::from(low) / 100.0), Cell::Real(f64::from(high) / 100.0));
            row![number + 1, number / 5 + 1, parameter, unit, value, lower, upper, stamp(number * 18)]
        },
    },
    Table {
        insert: "INSERT INTO quality_inspection VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows: 1_500,
        row: |number, chance| {
            let item = chance.pick(&["纯度", "水分", "粒度D50", "氯根", "灼减"]);
            let (value, verdict) = (real(chance, 9_850, 9_999), chance.pick(&["合格", "合格", "合格", "不合格"]));
            row![
                number + 1,
                format!("PF26{number:05}"),
                item,
                value,
                verdict,
                chance.between(1, 120),
                stamp(number * 36)
            ]
        },
    },
    Table {
        insert: "INSERT INTO defect_record VALUES (?, ?, ?, ?, ?)",
        rows: 300,
        row: |number, chance| {
            let (defect, disposal) =
                (chance.pick(&["纯度不足", "粒度超差", "杂质超标"]), chance.pick(&["返工", "让步接收", "报废"]));
            row![number + 1, chance.between(1, 1_500), defect, disposal, stamp(number * 180)]
        },
    },
    Table {
        insert: "INSERT INTO material_batch VALUES (?, ?, ?, ?, ?, ?)",
        rows: 500,
        row: |number, chance| {
            let (material, supplier) = (chance.between(1, 150), format!("GYS{:04}", chance.between(0, 139)));
            row![
                number + 1,
                format!("LOT26{number:05}"),
                material,
                supplier,
                real(chance, 5_000, 400_000),
                stamp(number * 100)
            ]
        },
    },
    Table {
        insert: "INSERT INTO equipment_runtime VALUES (?, ?, ?, ?, ?, ?)",
        rows: 2_500,
        row: |number, chance| {
            let state = chance.pick(&["RUN", "RUN", "RUN", "IDLE", "ALARM"]);
            row![
                number + 1,
                number % 60 + 1,
                stamp(number / 60 * 15),
                state,
                real(chance, 1_000, 6_000),
                real(chance, 80, 710)
            ]
        },
    },
    Table {
        insert: "INSERT INTO shift_plan VALUES (?, ?, ?, ?, ?)",
        rows: 400,
        row: |number, chance| {
            row![
                number + 1,
                stamp(number * 480),
                chance.pick(&["早班", "中班", "夜班"]),
                number % 120 + 1,
                chance.between(1, 60)
            ]
        },
    },
];
