//! Dumps that are meant to mislead, and what is said of tables wherever it stands.

use std::io::{Cursor, Read};
use std::rc::Rc;

use crate::discover::database::TableFacts;
use crate::extract::recorder::{read, read_within};
use crate::extract::{Extracted, Sink, extract_stream};
use crate::model::{AssetKind, Fragment, Reason};
use crate::open::Limits;

/// Keeps the listing, and measures the rest.
#[derive(Default)]
struct Listener {
    listing: Vec<TableFacts>,
    rows: u64,
    longest: usize,
    total: usize,
    ended: Vec<usize>,
}

impl Sink for Listener {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        self.rows += u64::from(matches!(fragment, Fragment::RowEnd));
        if let Fragment::Text(text) | Fragment::Row { text, .. } | Fragment::Cell { text, .. } = fragment {
            self.longest = self.longest.max(text.len());
            self.total += text.len();
        }
    }

    fn listing(&mut self, tables: &Rc<[TableFacts]>) -> bool {
        self.listing = tables.to_vec();
        true
    }

    fn begin_rows(&mut self, _: usize, _: &TableFacts) {}

    fn end_rows(&mut self) {}

    fn end_table(&mut self, place: usize, _: crate::open::table::RowsRead) {
        self.ended.push(place);
    }

    fn begin_member(&mut self, _: &[u8]) {}

    fn end_member(&mut self, _: Result<Extracted, Reason>) {}
}

fn listen(text: impl Read, limits: &Limits) -> (Listener, Result<Extracted, Reason>) {
    let mut listener = Listener::default();
    let mut text = text;
    let outcome = extract_stream("x.sql", 1 << 30, &mut text, limits, &mut listener);
    (listener, outcome)
}

fn tables(text: &str) -> Vec<TableFacts> {
    let (listener, outcome) = listen(Cursor::new(text.to_owned()), &Limits::default());
    assert_eq!(outcome.unwrap().partial, None, "{text}");
    listener.listing
}

fn rows(text: &str) -> Vec<String> {
    let (recorder, _) = read("x.sql", text.as_bytes());
    recorder.lines.iter().filter_map(|line| line.strip_prefix("row ")).map(str::to_owned).collect()
}

#[test]
fn what_is_said_of_a_table_is_heard_wherever_it_stands() {
    for text in [
        "CREATE TABLE `t` (`a` int COMMENT 'one', `b` char(2), PRIMARY KEY (`a`), KEY `k` (`b`)) ENGINE=x COMMENT='all';",
        "CREATE TABLE s.t (a int, b char(2));\nINSERT INTO s.t VALUES (1,'x');\nCOMMENT ON TABLE s.t IS 'all';\n\
         COMMENT ON COLUMN s.t.a IS 'one';\nALTER TABLE ONLY s.t ADD CONSTRAINT p PRIMARY KEY (a);",
        "CREATE TABLE [t] ([a] int, [b] char(2))\nGO\nALTER TABLE [t] WITH CHECK ADD CONSTRAINT [p] PRIMARY KEY CLUSTERED ([a] ASC)\n\
         GO\nEXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'one', @level0type=N'SCHEMA', @level0name=N'dbo', \
         @level1type=N'TABLE', @level1name=N't', @level2type=N'COLUMN', @level2name=N'a'\nGO\n\
         EXEC sp_addextendedproperty 'MS_Description', N'all', 'SCHEMA', N'dbo', 'TABLE', N't'\nGO\n",
        "CREATE TABLE t (a int, b char(2));\nALTER TABLE t ADD PRIMARY KEY (a), MODIFY a int COMMENT 'one', COMMENT='all';",
        "/*!50001 CREATE TABLE `t` (`a` int COMMENT 'one', `b` char(2)) */;\nALTER TABLE `t` ADD PRIMARY KEY (`a`);\n\
         ALTER TABLE `t` COMMENT 'all';",
    ] {
        let tables = tables(text);
        let table = &tables[0];
        let column = |at: usize| {
            let column: &crate::model::Column = &table.columns[at];
            (column.name.as_deref(), column.declared_type.as_deref(), column.comment.as_deref())
        };
        assert_eq!(tables.len(), 1, "{text}");
        assert_eq!((column(0), column(1)), ((Some("a"), Some("int"), Some("one")), (Some("b"), Some("char(2)"), None)));
        assert_eq!(
            (table.comment.as_deref(), table.primary_key.as_slice()),
            (Some("all"), &["a".to_owned()][..]),
            "{text}"
        );
    }
}

#[test]
fn rows_that_a_query_gives_are_not_counted_as_if_they_were_known() {
    let told = tables(
        "CREATE TABLE `t` (`a` int, `c` int);\nINSERT INTO `t` VALUES (1,2);\nINSERT INTO `t` (`a`) SELECT `a` FROM `t`;\n\
         ALTER TABLE `t` ADD COLUMN `b` int DEFAULT (1) AFTER `a`, ADD `z` int FIRST;\n",
    );
    let names: Vec<&str> = told[0].columns.iter().filter_map(|column| column.name.as_deref()).collect();
    assert_eq!(names, ["z", "a", "b", "c"]);
    assert_eq!(told[0].records.map(|it| (it.value, it.exact)), Some((1, false)));
}

#[test]
fn references_partitions_views_and_schemas_are_told() {
    let told = tables(
        "USE `mes`;\nCREATE TABLE a (id int);\nCREATE TABLE b (a_id int REFERENCES a (id));\n\
         CREATE TABLE w (x int) PARTITION BY RANGE (x);\nCREATE TABLE p PARTITION OF w FOR VALUES FROM (1) TO (2);\n\
         CREATE TABLE q (x int);\nALTER TABLE ONLY w ATTACH PARTITION q DEFAULT;\n\
         INSERT INTO p VALUES (1);\nINSERT INTO q VALUES (2);\nINSERT INTO w VALUES (3);\n\
         /*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`r`@`%` */ /*!50001 VIEW `v` AS select 1 AS `x` */;\n\
         CREATE TABLE gone (x int);\nDROP TABLE gone;\n",
    );
    let shown: Vec<_> = told
        .iter()
        .map(|table| {
            (table.raw_locator(), table.records.map(|it| it.value), table.partitions, table.foreign_keys.len())
        })
        .collect();
    let own = |name: &str, rows, partitions, references| (format!("mes.{name}"), rows, partitions, references);
    assert_eq!(
        shown,
        [own("a", Some(0), 0, 0), own("b", Some(0), 0, 1), own("w", Some(3), 2, 0), own("v", None, 0, 0)]
    );
    assert_eq!(told[3].kind, AssetKind::View);
}

#[test]
fn a_value_is_what_the_server_would_store() {
    for (written, read) in [
        (
            "INSERT INTO `t` VALUES (-1.5e3,'a\\'b\\\\','',NULL,0x414243,_binary 'x\\n',\"q\"\"r\");",
            "0=-1.5e3 1=a'b\\ 4=ABC 5=x\n 6=q\"r",
        ),
        ("INSERT INTO t VALUES (E'a\\tb','C:\\','it''s' , 'x'::text, X'4142');", "0=a\tb 1=C:\\ 2=it's 3=x 4=AB"),
        ("INSERT INTO t VALUES ($$a'b$$, $x$c$y$d$x$, ARRAY['p','q'], TRUE);", "0=a'b 1=c$y$d 2=p,q 3=TRUE"),
        (
            "INSERT INTO t VALUES (TO_DATE('2026-01-01','YYYY'), nq'{it's}', 'a'||'b', N'c');",
            "0=2026-01-01 1=it's 2=ab 3=c",
        ),
        (
            "INSERT INTO t VALUES (concat('a', to_date('b','YYYY'), 'c'), nvl('', 'd'), decode('e', 'f', 1, 'g'), 2);",
            "0=a b c 1=d 2=e f g 3=2",
        ),
        (
            "INSERT INTO t VALUES (concat(to_char('a', 'Y') , upper('b')), TO_TIMESTAMP ('c', upper('X')), 'd');",
            "0=a b 1=c 2=d",
        ),
        ("INSERT INTO t VALUES (1, -- ), (\n 2 /* ,3 */);", "0=1 1=2"),
        ("INSERT INTO t VALUES (replace('a\\nb','\\n',char(10)), CAST(N'2026' AS DateTime2));", "0=a\\nb 1=2026"),
    ] {
        assert_eq!(rows(written), [read], "{written}");
    }
    assert_eq!(
        rows("INSERT INTO t VALUES (1),(2) ON DUPLICATE KEY UPDATE a = VALUES(a);\nREPLACE INTO t VALUES (3);"),
        ["0=1", "0=2", "0=3"]
    );
    assert_eq!(rows("INSERT INTO `t` VALUES ('a\\0b\0c');"), ["0=a\0b\0c"]);
    assert_eq!(rows("COPY t (a, b) FROM stdin;\n1\t\\N\na\\\\b\tc\\nd\n\\.\n\nSELECT 1;\n"), ["0=1", "0=a\\b 1=c\nd"]);
    assert_eq!(
        rows(
            "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); END;;\nDELIMITER ;\nINSERT INTO t VALUES (2);"
        ),
        ["0=2"]
    );
    assert_eq!(
        rows("CREATE TRIGGER p BEFORE INSERT ON t BEGIN INSERT INTO t VALUES (1); END;\nINSERT INTO t VALUES (2);"),
        ["0=2"]
    );
}

#[test]
fn what_holds_no_tables_is_text() {
    let (recorder, outcome) = read("x.sql", b"-- MySQL dump 10\nSELECT a FROM b WHERE c = '7';\n");
    assert_eq!(outcome.unwrap().format, "text");
    assert!(recorder.shown().contains("SELECT a FROM b WHERE c = '7'"), "{}", recorder.shown());
}

#[test]
fn text_without_an_end_is_never_held_and_never_lost() {
    const LENGTH: u64 = 4 << 20;
    let limits = Limits { record_bytes: 256 << 10, ..Limits::default() };
    for start in [
        "INSERT INTO `t` VALUES (1,'",
        "INSERT INTO `t` VALUES (1,",
        "INSERT INTO `t` VALUES (1,$x$",
        "INSERT INTO \"t\" VALUES (1,q'[",
        "INSERT INTO `t` (`a",
        "CREATE TABLE t (a int); SELECT '",
        "CREATE TABLE t (a int); /*",
        "CREATE TABLE t (a int); SELECT $$",
        "CREATE TABLE t (a int); -- ",
        "COPY t (a) FROM stdin;\n",
        "CREATE TABLE t (a int); CREATE TABLE b (",
    ] {
        let (listener, outcome) = listen(Cursor::new(start).chain(std::io::repeat(b'x').take(LENGTH)), &limits);
        assert!(outcome.is_ok(), "{start}: {outcome:?}");
        assert!(listener.longest <= limits.record_bytes + (256 << 10), "{start}: {}", listener.longest);
        assert!(listener.total as u64 >= LENGTH, "{start}: {}", listener.total);
    }
}

#[test]
fn a_dump_that_breaks_off_says_so_and_gives_what_it_held() {
    let (recorder, outcome) = read("x.sql", b"CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1,'x'),(2,'yz");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
    assert!(recorder.shown().contains("row 0=1 1=x"), "{}", recorder.shown());
    let (_, outcome) = read("x.sql", b"COPY t (a) FROM stdin;\n1\n2\n");
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}

/// The only table of a dump that is read in doubt: its rows as counted, and that it never ended.
fn doubtful(text: &str) -> u64 {
    let (listener, outcome) = listen(Cursor::new(text.to_owned()), &Limits::default());
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt), "{text}");
    let records = listener.listing[0].records.unwrap();
    assert!(!records.exact && !listener.ended.contains(&0), "{text}");
    records.value
}

#[test]
fn tables_whose_names_differ_in_case_or_schema_are_different() {
    let shown = |text: &str| {
        let told = tables(text);
        let show = |table: &TableFacts| {
            (table.raw_locator(), table.columns.len(), table.records.map_or(0, |records| records.value))
        };
        told.iter().map(show).collect::<Vec<_>>()
    };
    let own = |name: &str, columns, rows| (name.to_owned(), columns, rows);
    assert_eq!(
        shown(
            "CREATE TABLE `Emp` (a int);\nINSERT INTO `Emp` VALUES (1);\nDROP TABLE IF EXISTS `emp`;\n\
             CREATE TABLE `emp` (a int, b int);\nINSERT INTO `emp` VALUES (1,2),(3,4);\n"
        ),
        [own(".Emp", 1, 1), own(".emp", 2, 2)]
    );
    assert_eq!(
        shown(
            "CREATE TABLE emp (a int);\nCREATE TABLE hr.emp (a int, b int);\nINSERT INTO hr.emp VALUES (1,2);\n\
             INSERT INTO emp VALUES (1),(2);\n"
        ),
        [own(".emp", 1, 2), own("hr.emp", 2, 1)]
    );
    assert_eq!(
        shown("CREATE TABLE EMP (a int);\nINSERT INTO emp VALUES (1);\nINSERT INTO hr.Emp VALUES (2);"),
        [own(".EMP", 1, 2)]
    );
}

#[test]
fn lines_for_the_client_of_oracle_end_with_themselves() {
    let text = "create table U (c number);\nprompt Don't worry\nset feedback off\nset define off\nspool x.log\nwhenever sqlerror exit\n\
                prompt Creating T...\ncreate table T (a number, b varchar2(9));\nrem it's the table\n\
                insert into T (a, b)\nvalues (1, 'x');\ncommit;\nprompt 1 records loaded\n\
                insert into T (a, b)\nvalues (2, 'y');\nprompt Done.\n";
    let told = tables(text);
    assert_eq!((told.len(), told[1].columns.len()), (2, 2));
    assert_eq!(told[1].records.map(|it| (it.value, it.exact)), Some((2, true)));
    assert_eq!(rows(text), ["0=1 1=x", "0=2 1=y"]);
}

#[test]
fn statements_that_end_with_lines_are_told_by_the_next() {
    let insert = "INSERT INTO t (a, b) VALUES (1, N'x')\n";
    for text in [
        format!("CREATE TABLE t (a int, b varchar(9))\n{insert}{insert}{insert}"),
        format!("CREATE TABLE t (a int, b varchar(9));\n{insert}UPDATE u SET c = 1\n{insert}DELETE FROM u\n{insert}"),
    ] {
        let told = tables(&text);
        assert_eq!(told[0].records.map(|it| (it.value, it.exact)), Some((3, true)), "{text}");
    }
}

#[test]
fn rows_that_are_read_as_text_are_not_told_to_be_none() {
    let text = "CREATE TABLE t (a int, b text);\nCOPY t (a, b) FROM stdin WITH (FORMAT csv);\n1,x\n\\.\n";
    let (listener, outcome) = listen(Cursor::new(text), &Limits::default());
    assert_eq!(outcome.unwrap().partial, Some(Reason::UnsupportedFormat));
    assert_eq!(listener.listing[0].records.map(|it| (it.value, it.exact)), Some((0, false)));
    assert!(listener.ended.is_empty());
}

/// An archive that is broken behind its beginning.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::InvalidData.into())
    }
}

#[test]
fn an_archived_dump_with_a_broken_end_gives_what_comes_before() {
    for count in [2, 20_000] {
        let rows = (0..count).map(|at| format!("INSERT INTO t VALUES ({at},'x');\n")).collect::<Vec<_>>().concat();
        let text = format!("CREATE TABLE t (a int, b text);\n{rows}INSERT INTO t VALUES (7,'y'), (8");
        let (listener, outcome) = listen(Cursor::new(text).chain(Broken), &Limits::default());
        assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
        assert_eq!(listener.listing[0].records.map(|it| (it.value, it.exact)), Some((count + 1, false)));
        assert_eq!((listener.rows, listener.ended.len()), (count + 1, 0));
    }
}

#[test]
fn the_table_in_which_a_dump_breaks_off_is_told() {
    let whole = "CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1,'x');\n";
    for (end, count) in [
        ("INSERT INTO t VALUES (2,'y'),(3,'z", 3),
        ("INSERT INTO t VALUES (2,'y'),\n", 2),
        ("INSERT INTO t VALUES (2", 1),
        ("INSERT INTO t VAL", 1),
        ("INSERT INTO t (a, b", 1),
        ("COPY t (a, b) FROM stdin;\n2\ty\n3\tz", 3),
    ] {
        assert_eq!(doubtful(&format!("{whole}{end}")), count, "{end}");
    }
    assert_eq!(doubtful("CREATE TABLE t (a int, b te"), 0);
    for end in ["INSERT INTO t VALUES (2,'y')", "INSERT INTO t DEFAULT VALUES", "DELETE FROM t"] {
        tables(&format!("{whole}{end}"));
    }
}

#[test]
fn rows_that_cannot_be_as_they_were_written_are_told() {
    for (text, count) in [
        ("CREATE TABLE t (a int, b text, c text);\nINSERT INTO t VALUES (1,'a\\'-b','c\\'-d');", 1),
        ("CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1,'x'), (1,'x','y');", 2),
        ("CREATE TABLE t (a int, b text);\nINSERT INTO t (a, b) VALUES (1);", 1),
        ("-- PostgreSQL database dump\nCREATE TABLE t (a text, b text);\nINSERT INTO t VALUES ('it\\'s','c\\'s');", 1),
    ] {
        assert_eq!(doubtful(text), count, "{text}");
    }
    let told = tables("CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1), (2,'x'::text), (3, N'y' COLLATE z);");
    assert_eq!(told[0].records.map(|it| (it.value, it.exact)), Some((3, true)));
    assert_eq!(
        rows("CREATE TABLE t (a int, b text, c text);\nINSERT INTO t (a, b, c) VALUES (1, '他说\\'好', 'k');"),
        ["0=1 1=他说'好 2=k"]
    );
}

#[test]
fn no_number_of_tables_columns_values_or_signs_is_too_much() {
    let limits = Limits { dumped_tables: 1_000, columns: 2_000, dumped_columns: 5_000, ..Limits::default() };
    let many = |piece: &dyn Fn(usize) -> String, count: usize| (0..count).map(piece).collect::<String>();
    let wide = format!("CREATE TABLE w ({});", many(&|at| format!("c{at} int,"), 100_000));
    let numerous = many(&|at| format!("CREATE TABLE t{at} (a int);\nINSERT INTO t{at} VALUES ({at});\n"), 20_000);
    let long = format!("CREATE TABLE l (a int);\nINSERT INTO l VALUES ({});", many(&|at| format!("{at},"), 100_000));
    for (text, most) in [(&wide, 1), (&numerous, 1_000)] {
        let (listener, outcome) = listen(Cursor::new(text), &limits);
        assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
        assert_eq!(listener.listing.len(), most);
        assert!(listener.listing.iter().all(|table| table.columns.len() <= 2_000));
    }
    let (listener, _) = listen(Cursor::new(&long), &limits);
    assert_eq!(listener.rows, 1);
    let into = " INTO t VALUES (1)".repeat(100_000);
    let (listener, _) =
        listen(Cursor::new(format!("CREATE TABLE t (a int);\nINSERT ALL{into} SELECT 1 FROM dual;")), &limits);
    assert_eq!(listener.rows, 100_000);
    for sign in ["(", "[", "/*", "/*!", "'", "\"", "`", ";", "begin ", "case ", "$$", "--", "\\", "*/", "GO\n"] {
        let signs = sign.repeat(100_000);
        for before in
            ["CREATE TABLE t (a int);\n", "CREATE TABLE t (", "INSERT INTO t VALUES (1,", "INSERT INTO t VALUES (1),("]
        {
            let (_, outcome) = listen(Cursor::new(format!("{before}{signs}")), &limits);
            assert!(outcome.is_ok(), "{before}{sign}: {outcome:?}");
        }
    }
}

#[test]
fn long_comments_are_kept_in_part_and_no_statement_is_kept_whole_at_any_price() {
    let column = |at: usize| format!("c{at} varchar(9) COMMENT '{}'", "x".repeat(5_000));
    let text = |count| format!("CREATE TABLE t ({});", (0..count).map(column).collect::<Vec<_>>().join(","));
    for (count, partial) in [(10, None), (1_100, Some(Reason::TooMany))] {
        let (listener, outcome) = listen(Cursor::new(text(count)), &Limits::default());
        assert_eq!(outcome.unwrap().partial, partial);
        let comments: Vec<usize> =
            listener.listing[0].columns.iter().filter_map(|column| column.comment.as_ref()).map(String::len).collect();
        assert_eq!((listener.listing[0].columns.len(), comments[0]), (count, 4 << 10));
        assert!(comments.iter().sum::<usize>() <= 4 << 20);
    }
}

#[test]
fn tables_whose_rows_take_turns_end_once_each_at_their_last_row() {
    let turns: Vec<String> = (0..9).map(|at| format!("INSERT INTO t{} VALUES ({at});\n", at % 3)).collect();
    let (listener, _) = listen(Cursor::new(turns.concat()), &Limits::default());
    assert_eq!((listener.ended, listener.rows), (vec![0, 1, 2], 9));
}

#[test]
fn bytes_of_any_encoding_are_read_as_their_tables() {
    let text = "CREATE TABLE `备件` (`名称` varchar(20) COMMENT '轴承型号和数量');\nINSERT INTO `备件` VALUES ('油泵电机轴承');\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &wide].concat();
    let (legacy, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes(), &marked, &legacy] {
        let (recorder, outcome) = read_within("x.sql", bytes, &Limits::default());
        assert_eq!(outcome.unwrap().format, "sql");
        assert!(recorder.shown().contains("table 名称\nrow 0=油泵电机轴承"), "{}", recorder.shown());
    }
}
