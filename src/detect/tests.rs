use proptest::prelude::*;

use super::*;
use crate::model::{Column, Finding, Fragment, Place, SketchKey};
use crate::rules::RulePack;

const KEY: SketchKey = SketchKey([42; 16]);

pub(super) fn pack() -> &'static RulePack {
    static PACK: std::sync::OnceLock<RulePack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| RulePack::builtin().expect("the built-in packs load"))
}

pub(super) fn scan(fragments: &[Fragment<'_>]) -> Detected {
    let mut scanner = Scanner::new(pack(), KEY, ScanOptions::default());
    for fragment in fragments {
        scanner.take(*fragment);
    }
    scanner.finish()
}

fn text(text: &str) -> Detected {
    scan(&[Fragment::Text(text.as_bytes())])
}

pub(super) fn column(name: &str) -> Column {
    Column { name: Some(name.to_owned()), ..Column::default() }
}

fn column_of(name: &str, values: &[String]) -> Detected {
    let columns = [column(name)];
    let mut scanner = Scanner::new(pack(), KEY, ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    for value in values {
        scanner.take(Fragment::Cell { column: 0, text: value.as_bytes() });
        scanner.take(Fragment::RowEnd);
    }
    scanner.finish()
}

fn of<'d>(detected: &'d Detected, detector: &str) -> Option<&'d Finding> {
    detected.findings.iter().find(|finding| finding.detector == detector)
}

fn matches(detected: &Detected, detector: &str) -> u64 {
    of(detected, detector).map_or(0, |finding| finding.matches)
}

#[test]
fn every_rule_finds_its_examples_and_passes_over_its_counter_examples() {
    let failed: Vec<ExampleResult> = selftest(pack()).into_iter().filter(|result| !result.passed()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_number_inside_a_longer_one_is_not_found() {
    for context in ["{}7", "7{}", "x{}", "{}x", "0.{}", "{}.5", "a1b2-{}-9f"] {
        let detected = text(&context.replace("{}", "13907160428"));
        assert_eq!(matches(&detected, "cn.mobile"), 0, "{context}");
    }
    let detected = text("550e8400-e29b-41d4-a716-446655440000 13907160428000 2026-11-22T10:20:30.139071604");
    assert!(detected.findings.is_empty(), "{:?}", detected.findings);
}

#[test]
fn neighbours_that_are_chinese_are_boundaries() {
    assert_eq!(matches(&text("手机13907160428，13907160429号"), "cn.mobile"), 2);
}

#[test]
fn the_same_person_in_two_spellings_is_counted_once() {
    let detected = text("身份证 330102850615301 即 330102198506153014");
    let finding = of(&detected, "cn.resident-id").expect("found");
    assert_eq!((finding.matches, finding.sketch.estimate()), (2, 1));
}

#[test]
fn spellings_of_a_number_are_one_value() {
    let spelled: [(&str, &str, &[&str]); 9] = [
        ("身份证号", "cn.resident-id", &["330102198506153014", "330102 19850615 3014", "330102850615301"]),
        ("手机", "cn.mobile", &["13907160428", "+86 139 0716 0428", "139-0716-0428", "013907160428"]),
        ("座机", "cn.landline", &["0571-86207315", "057186207315", "0571 86207315"]),
        ("银行卡号", "cn.bank-card", &["6228480012567703918", "6228 4800 1256 7703 918"]),
        ("imei", "imei", &["864201047138523", "86-420104-713852-3"]),
        ("组织机构代码", "cn.org-code", &["70213846-9", "702138469"]),
        ("hkid", "hk.id", &["K903517(6)", "K9035176", "k903517 (6)"]),
        ("车牌号", "cn.plate", &["鄂A·D82K1", "鄂AD82K1", "鄂A D82K1"]),
        ("mac", "mac", &["3C:52:A1:07:9E:D4", "3c-52-a1-07-9e-d4", "3c52-a107-9ed4", "3C52A1079ED4"]),
    ];
    for (column, detector, spellings) in spelled {
        let values: Vec<String> = spellings.iter().map(|spelling| (*spelling).to_owned()).collect();
        let detected = column_of(column, &values);
        let finding = of(&detected, detector).unwrap_or_else(|| panic!("no {detector}"));
        let counted = (finding.matches, finding.sketch.estimate());
        assert_eq!(counted, (spellings.len() as u64, 1), "{detector}");
    }
    let plates = column_of("车牌号", &["鄂AD82K1".to_owned(), "浙AD82K1".to_owned()]);
    assert_eq!(of(&plates, "cn.plate").map(|finding| finding.sketch.estimate()), Some(2));
}

#[test]
fn a_column_named_for_it_counts_values_with_wrong_check_digits_at_lower_confidence() {
    let is_wrong = |number: &String| {
        let check = crate::rules::Check::ResidentId;
        checksum::verify(check, number.as_bytes()) == Some(checksum::Verdict::Refuted)
    };
    let wrong: Vec<String> = (10..29)
        .flat_map(|day| (0..2).map(move |check| format!("330102198506{day}301{check}")))
        .filter(is_wrong)
        .take(15)
        .collect();
    let named = column_of("身份证号", &wrong);
    let right = column_of("身份证号", &["330102198506153014".to_owned()]);
    let (low, high) = (of(&named, "cn.resident-id"), of(&right, "cn.resident-id"));
    assert!(low.expect("found").confidence < high.expect("found").confidence);
    assert_eq!((low.and_then(|low| low.passed), high.and_then(|high| high.passed)), (Some(0.0), None));
    assert_eq!(matches(&column_of("订单号", &wrong), "cn.resident-id"), 0);
    // A quarter is right: it is said, and none of the values is left out.
    let some: Vec<String> =
        wrong.iter().take(15).cloned().chain(std::iter::repeat_n("330102198506153014".to_owned(), 5)).collect();
    let demo = column_of("身份证号", &some);
    let found = of(&demo, "cn.resident-id").expect("found");
    assert_eq!((found.matches, found.passed), (20, Some(0.25)));
    // Three quarters are right: the wrong ones are typing errors, and are no matches.
    let many: Vec<String> =
        wrong.iter().take(5).cloned().chain(std::iter::repeat_n("330102198506153014".to_owned(), 15)).collect();
    let typed = column_of("身份证号", &many);
    let found = of(&typed, "cn.resident-id").expect("found");
    assert_eq!((found.matches, found.passed), (15, Some(0.75)));
}

#[test]
fn a_whole_column_of_right_cards_needs_no_name() {
    let cards: Vec<String> = (0..30)
        .flat_map(|serial| (0..10).map(move |check| format!("622848001256{serial:02}{check}")))
        .flat_map(|stem| (0..10).map(move |check| format!("{stem}{check}")))
        .filter(|card| {
            checksum::verify(crate::rules::Check::BankCard, card.as_bytes()) == Some(checksum::Verdict::Confirmed)
        })
        .take(50)
        .collect();
    let detected = column_of("c1", &cards);
    assert_eq!(matches(&detected, "cn.bank-card"), 50);
    assert_eq!(detected.shares.get("cn.bank-card").map(Share::matched), Some(50));
    assert_eq!(matches(&column_of("c1", &cards[..5]), "cn.bank-card"), 0);
}

#[test]
fn a_header_that_may_be_data_is_not_shown() {
    let shown = |name: &str, from_schema: bool| {
        let column = Column { name: Some(name.to_owned()), from_schema, ..Column::default() };
        names::column(pack(), Some(&column), 2).as_str().to_owned()
    };
    assert_eq!(shown("联系电话", false), "联系电话");
    assert_eq!(shown("13907160428", false), "column 3");
    assert_eq!(shown("13907160428", true), "column 3");
    assert_eq!(shown("batch 20261122", false), "column 3");
    assert_eq!(shown("batch_20261122", true), "batch_20261122");
    assert_eq!(shown(&"长".repeat(65), false), "column 3");
    assert_eq!(names::column(pack(), None, 0).as_str(), "column 1");
    for person in ["张伟", "欧阳娜娜", "王总电话", "刘德华.备注栏", "zhangsan"] {
        assert_eq!(shown(person, false), "column 3", "{person}");
    }
    assert_eq!(shown("ids.刘德华.phone", false), "ids.*.phone");
    assert_eq!(shown("lxdh", false), "lxdh");
    assert_eq!(shown("c_13907160428", true), "column 3");
}

#[test]
fn what_may_be_an_identifier_is_masked_in_a_name_without_being_counted() {
    for (name, masked) in [
        ("x13812345678y.txt", "x<cn.mobile:"),
        ("订单号13812345678.txt", "订单号<cn.mobile:"),
        ("138-1234-5678.txt", "<cn.mobile:"),
        ("20260101-13812345678.txt", "20260101-<cn.mobile:"),
        ("sfz330102198506153014.pdf", "sfz<cn.resident-id:"),
        ("6222020200112230_卡.txt", "<cn.bank-card:"),
        ("wx_13812345678_138 1234 5679", "wx_<cn.mobile:"),
    ] {
        let published = names::publish(pack(), KEY, name.as_bytes());
        let shown = published.name.as_str();
        assert!(shown.starts_with(masked), "{name} is shown as {shown}");
        assert!(!shown.contains("5678") && !shown.contains("3014") && !shown.contains("5679"), "{name}: {shown}");
    }
    for name in
        ["报表_2026-11-22.csv", "IMG_20261122_101530.jpg", "v1.2.3.4567", "P-101_2026.csv", "20261122103000.log"]
    {
        let published = names::publish(pack(), KEY, name.as_bytes());
        assert_eq!((published.name.as_str(), published.findings.len()), (name, 0));
    }
}

#[test]
fn identifiers_in_names_are_masked_alike_and_counted() {
    let published = names::publish(pack(), KEY, "工资_330102198506153014!.xlsx".as_bytes());
    let shown = published.name.as_str();
    assert!(shown.starts_with("工资_<cn.resident-id:") && shown.ends_with(">\\!.xlsx"), "{shown}");
    assert_eq!(published.findings.len(), 1);
    let wide = names::publish(pack(), KEY, "张３３０１０２１９８５０６１５３０１４李".as_bytes());
    assert!(!wide.name.as_str().contains('３') && wide.name.as_str().ends_with('李'), "{}", wide.name);
    assert_eq!(names::publish(pack(), KEY, b"pump.csv").name.as_str(), "pump.csv");
}

#[test]
fn the_shape_of_a_time_series_speaks_for_the_state_of_equipment() {
    let columns = [column("ts"), column("tag_name"), column("value"), column("quality")];
    let detected = scan(&[Fragment::Table(&columns), Fragment::TableEnd]);
    assert!(detected.evidence.iter().any(|evidence| evidence.place == Place::Shape));
    let columns = [column("name"), column("value")];
    assert!(scan(&[Fragment::Table(&columns)]).evidence.iter().all(|evidence| evidence.place != Place::Shape));
}

#[test]
fn coordinates_keep_the_decimals_that_a_tenth_of_them_have() {
    let columns = [column("经度"), column("纬度")];
    let mut scanner = Scanner::new(pack(), KEY, ScanOptions::default());
    scanner.take(Fragment::Table(&columns));
    for row in 0..100u32 {
        let (longitude, latitude) = if row < 10 {
            (format!("114.38291{}", row % 9 + 1), format!("30.50728{}", row % 9 + 1))
        } else {
            (format!("114.{:03}", row * 9 + 1), "30.507".to_owned())
        };
        scanner.take(Fragment::Cell { column: 0, text: longitude.as_bytes() });
        scanner.take(Fragment::Cell { column: 1, text: latitude.as_bytes() });
        scanner.take(Fragment::RowEnd);
    }
    let detected = scanner.finish();
    let finding = of(&detected, "geo.coordinate").expect("found");
    assert_eq!((finding.matches, finding.decimals, finding.columns.len()), (100, Some(6), 2));
    assert_eq!(detected.markers, ["geo"]);
}

#[test]
fn a_line_without_end_does_not_grow_the_buffer() {
    let piece = "a1".repeat(1 << 17);
    let mut scanner = Scanner::new(pack(), KEY, ScanOptions::default());
    for _ in 0..20 {
        scanner.take(Fragment::Text(piece.as_bytes()));
    }
    assert!(scanner.buffered_bytes() <= 256 << 10, "{}", scanner.buffered_bytes());
    assert!(scanner.finish().findings.is_empty());
}

#[test]
fn an_identifier_that_lies_across_the_end_of_a_region_is_found() {
    // Regions of running text end every 64 KiB; `@` and the letter behind 浙 are the anchors.
    let identifiers = "li.wen@plant-demo.cn 浙A7K392";
    for shift in 0..identifiers.len() {
        let detected = text(&format!("{}{identifiers}", " ".repeat((64 << 10) - shift)));
        assert_eq!((matches(&detected, "email"), matches(&detected, "cn.plate")), (1, 1), "{shift}");
    }
}

#[test]
fn nothing_that_was_scanned_is_in_what_is_returned() {
    let secret = "330102198506153014";
    let columns = [column(secret), column("password")];
    let detected = scan(&[
        Fragment::PartName(secret.as_bytes()),
        Fragment::Text(format!("身份证{secret} mail li.wen@plant-demo.cn").as_bytes()),
        Fragment::Table(&columns),
        Fragment::Cell { column: 0, text: secret.as_bytes() },
        Fragment::Cell { column: 1, text: b"Tq7pumpHall!" },
        Fragment::RowEnd,
    ]);
    assert!(detected.findings.len() >= 3);
    let said = format!("{detected:?}");
    for value in [secret, "li.wen", "Tq7pumpHall"] {
        assert!(!said.contains(value), "{value}");
    }
}

/// Pieces of text that detectors care about, and that their neighbours spoil.
pub(super) fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("330102198506153014".to_owned()),
        Just("身份证号：".to_owned()),
        Just("13907160428".to_owned()),
        Just("１３９０７１６０４２８".to_owned()),
        Just("6228 4800 1256 7703 918".to_owned()),
        Just("li.wen@plant-demo.cn".to_owned()),
        Just("10.31.7.254".to_owned()),
        Just("浙A7K392".to_owned()),
        Just("password=Tq7pumpHall!".to_owned()),
        Just("3c:52:a1:07:9e:d4".to_owned()),
        Just("-----BEGIN RSA PRIVATE KEY-----".to_owned()),
        Just("114.382915,30.507284".to_owned()),
        Just("坐标".to_owned()),
        Just("呼号：BY4QZ".to_owned()),
        Just("发射频率 435.125 MHz".to_owned()),
        Just("DB10.DBW4".to_owned()),
        Just("88.127.384/PUMP-0471832".to_owned()),
        Just("OID 1.2.156.3088.47.2".to_owned()),
        Just("姓名：许知远，".to_owned()),
        Just("通讯地址：浙江省临岚市望潮区织云路27号3幢 ".to_owned()),
        Just("ns=3;s=Line1.Pump.Speed ".to_owned()),
        Just("浙ICP备2027018346号-3".to_owned()),
        Just("许可证编号 XK13-010-02738".to_owned()),
        Just("密级：机密".to_owned()),
        Just("https://ops:Qz7mill@git.plant-demo.cn/a ".to_owned()),
        Just("mysql://mes:Tq7pumpHall@10.31.7.9/mes".to_owned()),
        Just("13907160428_li@plant-demo.cn".to_owned()),
        Just("2001:db8::9".to_owned()),
        Just("330102 1985 0615 3014".to_owned()),
        "[0-9 \n,.a-z检验]{0,12}",
        Just("来料检验".repeat(40)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_found_does_not_depend_on_where_pieces_end(
        pieces in prop::collection::vec(piece(), 1..40),
        repeat in 1usize..60,
        cuts in prop::collection::vec(1usize..3000, 1..60),
    ) {
        let whole = pieces.concat().repeat(repeat);
        let bytes = whole.as_bytes();
        let at_once = scan(&[Fragment::Text(bytes)]);
        let mut scanner = Scanner::new(pack(), KEY, ScanOptions::default());
        let mut rest = bytes;
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at(rest.len().min(*cut));
            scanner.take(Fragment::Text(piece));
            rest = after;
        }
        prop_assert_eq!(at_once, scanner.finish());
    }

    #[test]
    fn no_bytes_make_the_scanner_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), name in any::<String>()) {
        let columns = [column(&name)];
        let detected = scan(&[
            Fragment::Text(&bytes),
            Fragment::Table(&columns),
            Fragment::Cell { column: 7, text: &bytes },
            Fragment::RowEnd,
        ]);
        prop_assert_eq!(detected.rows, 1);
        prop_assert!(!names::publish(pack(), KEY, &bytes).name.as_str().contains('\n'));
    }

    #[test]
    fn a_name_without_identifiers_is_published_as_it_is(name in "[a-z_一-龥.]{1,40}") {
        let published = names::publish(pack(), KEY, name.as_bytes());
        prop_assert_eq!(published.name.as_str(), name.as_str());
    }

    #[test]
    fn one_wrong_digit_of_a_cell_never_passes(place in 0usize..17, by in 1u8..10) {
        let mut wrong = b"330102198506153014".to_vec();
        wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
        let value = String::from_utf8(wrong).expect("digits");
        prop_assert_eq!(matches(&column_of("id_card", &[value]), "cn.resident-id"), 0);
    }
}
