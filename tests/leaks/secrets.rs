//! What is planted: values that occur once in the world, each in a place of its own.
//!
//! Plain words (`Zq7Vxk…`) stand where data stands. Identifiers stand where names stand that may be shown, since only a
//! detector can tell them from a name: headers, keys, tags, sheets, members, files.

use rust_xlsxwriter::Workbook;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::plant::archive::{Member, zip};
use crate::plant::identifiers::{mobile, resident_id};
use crate::support::ScanEnv;

/// A planted value.
pub(super) struct Secret {
    /// Where it was planted.
    pub(super) place: &'static str,
    /// The value.
    pub(super) value: String,
}

/// Hands out values and remembers them.
#[derive(Default)]
pub(super) struct Planter {
    secrets: Vec<Secret>,
}

impl Planter {
    /// A word that no detector knows.
    pub(super) fn word(&mut self, place: &'static str) -> String {
        self.remember(place, format!("Zq7Vxk{}w", self.secrets.len()))
    }

    /// A resident id.
    pub(super) fn resident(&mut self, place: &'static str) -> String {
        self.remember(place, resident_id(40_000 + self.secrets.len() as u32))
    }

    /// A mobile number.
    pub(super) fn mobile(&mut self, place: &'static str) -> String {
        self.remember(place, mobile(3_000 + self.secrets.len() as u32))
    }

    fn remember(&mut self, place: &'static str, value: String) -> String {
        self.secrets.push(Secret { place, value: value.clone() });
        value
    }

    /// All that was handed out.
    pub(super) fn into_secrets(self) -> Vec<Secret> {
        self.secrets
    }
}

/// Plants in files of all kinds.
pub(super) fn plant_files(env: &ScanEnv) -> Vec<Secret> {
    let mut planter = Planter::default();
    plant_texts(env, &mut planter);
    plant_tables(env, &mut planter);
    plant_office(env, &mut planter);
    plant_names(env, &mut planter);
    plant_broken(env, &mut planter);
    plant_database(env, &mut planter);
    plant_dumps(env, &mut planter);
    planter.into_secrets()
}

fn plant_texts(env: &ScanEnv, planter: &mut Planter) {
    let (word, phone, id) = (planter.word("text"), planter.mobile("text"), planter.resident("text"));
    env.put("text.txt", format!("工艺参数记录 {word}\n联系电话：{phone}\n身份证号：{id}\n"));
    let (word, phone) = (planter.word("UTF-16 text"), planter.mobile("UTF-16 text"));
    let text = format!("\u{feff}备注 {word} 手机 {phone}\r\n");
    env.put("wide.txt", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    let word = planter.word("credential");
    env.put("service.ini", format!("[db]\nuser=reader\npassword={word}\n"));
    let (word, phone) = (planter.word("HTML cell"), planter.mobile("HTML attribute"));
    env.put(
        "page.html",
        format!("<html><body><a href=\"tel:{phone}\">x</a><table><tr><th>姓名</th></tr><tr><td>{word}</td></tr></table></body></html>"),
    );
}

fn plant_tables(env: &ScanEnv, planter: &mut Planter) {
    let (name, phone) = (planter.word("CSV cell"), planter.mobile("CSV cell"));
    env.put("table.csv", format!("姓名,联系电话,温度\n{name},{phone},20.5\n王一,13500000011,21.5\n"));
    // Data where a header would stand: rows of one shape, the first like the others.
    let mut rows = String::new();
    for _ in 0..4 {
        let (name, phone) = (planter.word("CSV without a header"), planter.mobile("CSV without a header"));
        rows.push_str(&format!("{name},{phone},甲班\n"));
    }
    env.put("headerless.csv", rows);
    let mut rows = String::new();
    for _ in 0..4 {
        rows.push_str(&format!(
            "{},{}\n",
            planter.word("words without a header"),
            planter.word("words without a header")
        ));
    }
    env.put("words.csv", rows);
    let phone = planter.mobile("CSV header");
    env.put("header.csv", format!("姓名,{phone},温度\n王一,13500000048,20.5\n李二,15900000085,21.5\n"));
    let (key, value) = (planter.mobile("JSON key"), planter.word("JSON value"));
    let nested = planter.resident("nested JSON key");
    env.put(
        "keys.json",
        format!(
            "{{\"people\":{{\"{key}\":{{\"note\":\"{value}\"}},\"{nested}\":{{\"note\":\"x\"}}}},\"手机\":\"{}\"}}",
            planter.mobile("JSON value")
        ),
    );
    let (key, word) = (planter.mobile("JSONL key"), planter.word("JSONL value"));
    env.put("lines.jsonl", format!("{{\"id\":1,\"{key}\":\"{word}\"}}\n").repeat(3));
    let (id, word, attribute) = (planter.resident("XML tag"), planter.word("XML text"), planter.word("XML attribute"));
    env.put("tags.xml", format!("<list><id_{id} note=\"{attribute}\">{word}</id_{id}><id_{id}>x</id_{id}></list>"));
}

fn plant_office(env: &ScanEnv, planter: &mut Planter) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(format!("名单{}", planter.mobile("sheet name"))).expect("a name of a sheet");
    let cells = [
        ["姓名".to_owned(), "身份证号".to_owned(), planter.resident("workbook header")],
        [planter.word("workbook cell"), planter.resident("workbook cell"), "20.5".to_owned()],
        ["王一".to_owned(), resident_id(1), "21.5".to_owned()],
    ];
    for (row, cells) in (0..).zip(&cells) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    env.put("book.xlsx", workbook.save_to_buffer().expect("a workbook"));

    let (word, id) = (planter.word("docx paragraph"), planter.resident("docx paragraph"));
    let word_part = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>员工 {word} 身份证号 {id}</w:t></w:r></w:p></w:body></w:document>"
    );
    let types = |part: &str, kind: &str| {
        format!(
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/{part}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}.main+xml\"/></Types>"
        )
    };
    let document = zip(&[
        Member::new("[Content_Types].xml", types("word/document.xml", "wordprocessingml.document")),
        Member::new("word/document.xml", word_part),
    ]);
    env.put("letter.docx", document);
    let (word, phone) = (planter.word("slide"), planter.mobile("slide"));
    let slide = format!(
        "<?xml version=\"1.0\"?><p:sld xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>{word} 联系电话 {phone}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    );
    let talk = zip(&[
        Member::new("[Content_Types].xml", types("ppt/presentation.xml", "presentationml.presentation")),
        Member::new(
            "ppt/presentation.xml",
            "<?xml version=\"1.0\"?><p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"/>",
        ),
        Member::new("ppt/slides/slide1.xml", slide),
    ]);
    env.put("talk.pptx", talk);
}

fn plant_names(env: &ScanEnv, planter: &mut Planter) {
    let phone = planter.mobile("file name");
    env.put(&format!("通讯录_{phone}.txt"), "设备台账\n");
    let phone = planter.mobile("file name with letters around");
    env.put(&format!("订单号wx{phone}b.txt"), "设备台账\n");
    let id = planter.resident("file name that an extension follows");
    env.put(&format!("sfz{id}.txt"), "设备台账\n");
    let id = planter.resident("folder name");
    env.put(&format!("档案/{id}/合同.txt"), "合同编号 HT-1\n");
    let phone = planter.mobile("name of a zip member");
    let word = planter.word("content of a zip member");
    env.put("backup.zip", zip(&[Member::new(&format!("list_{phone}.txt"), format!("备注 {word}\n"))]));
}

/// Files whose parsers would quote them in a complaint.
fn plant_broken(env: &ScanEnv, planter: &mut Planter) {
    let (opened, closed) = (planter.word("tag of a broken XML"), planter.word("closing tag of a broken XML"));
    env.put("broken.xml", format!("<list><{opened}>x</{closed}></list>"));
    let word = planter.word("broken JSON");
    env.put("broken.json", format!("{{\"a\": [1, 2, {word}]}}"));
    let word = planter.word("broken workbook");
    let broken = zip(&[
        Member::new(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        Member::new(
            "xl/workbook.xml",
            format!("<workbook><sheets><sheet name=\"{word}\" sheetId=\"{word}\" r:id=\"{word}\"/></sheets>"),
        ),
        Member::new(
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships><Relationship Id=\"{word}\" Target=\"{word}\""),
        ),
    ]);
    env.put("broken.xlsx", broken);
    let word = planter.word("broken zip");
    let mut cut = zip(&[Member::new("a.txt", format!("{word}\n"))]);
    cut.truncate(cut.len() - 30);
    env.put("broken.zip", cut);
}

fn plant_database(env: &ScanEnv, planter: &mut Planter) {
    let path = env.share().join("small.db");
    let (name, id) = (planter.word("SQLite row"), planter.resident("SQLite row"));
    let (table, column) = (planter.mobile("SQLite table name"), planter.mobile("SQLite column name"));
    let word = planter.word("SQLite row that an expression chokes on");
    let statements = format!(
        "CREATE TABLE people (employee_name TEXT, id_card TEXT, \"c_{column}\" TEXT);
         INSERT INTO people VALUES ('{name}', '{id}', '{column}'), ('x', '{}', 'y');
         CREATE TABLE \"t_{table}\" (note TEXT);
         INSERT INTO \"t_{table}\" VALUES ('{word}');
         CREATE VIEW choking AS SELECT json_extract(note, '$.a') AS a, json(note) AS b FROM \"t_{table}\";",
        resident_id(2),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let made: Result<(), sqlx::Error> = runtime.block_on(async {
        let mut database = SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut database).await?;
        Ok(())
    });
    made.expect("the database can be made");
}

/// Wherever something may stand in a dump.
fn plant_dumps(env: &ScanEnv, planter: &mut Planter) {
    let remark = planter.word("remark in a dump");
    let (comment, of_table) = (planter.resident("comment on a column"), planter.mobile("comment on a table"));
    let (column, table) = (planter.mobile("column of a dump"), planter.resident("table of a dump"));
    let (value, default) = (planter.word("value of an INSERT"), planter.word("default of a column"));
    let (id, long) = (planter.resident("value of an INSERT"), planter.word("routine in a dump"));
    env.put(
        "mysql.sql",
        format!(
            "-- {remark}\nCREATE TABLE `people` (`name` varchar(9) DEFAULT '{default}' COMMENT '{comment}', `{column}` int, \
             `id_card` char(18)) COMMENT='{of_table}';\nINSERT INTO `people` VALUES ('{value}',1,'{id}');\n\
             CREATE TABLE `{table}` (`x` int);\nDELIMITER ;;\nCREATE PROCEDURE p() BEGIN SELECT '{long}'; END;;\n"
        ),
    );
    let (value, name, broken) =
        (planter.word("row of a COPY"), planter.word("value without an end"), planter.mobile("view"));
    env.put(
        "copy.sql",
        format!(
            "CREATE TABLE public.staff (note text);\nCOPY public.staff (note) FROM stdin;\n{value}\n\\.\n\
             CREATE VIEW \"{broken}\" AS SELECT 1;\nINSERT INTO public.staff VALUES ('{name}"
        ),
    );
    let (column, property) = (planter.resident("column of an INSERT"), planter.word("extended property"));
    env.put(
        "rows.sql",
        format!(
            "INSERT [dbo].[t] ([{column}]) VALUES (1)\nGO\nEXEC sp_addextendedproperty 'MS_Description', N'{property}', \
             'SCHEMA', N'dbo', 'TABLE', N't'\nGO\n"
        ),
    );
}
