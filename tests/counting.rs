//! Distinct values through the whole scanner: all spellings of one value are one, different values are different.

use std::sync::OnceLock;

use mulu::detect::{Detected, ScanOptions, Scanner};
use mulu::model::{Column, Fragment, SketchKey};
use mulu::rules::RulePack;
use proptest::prelude::*;

fn pack() -> &'static RulePack {
    static PACK: OnceLock<RulePack> = OnceLock::new();
    PACK.get_or_init(|| RulePack::builtin().expect("the built-in packs load"))
}

fn scanner() -> Scanner<'static> {
    Scanner::new(pack(), SketchKey([9; 16]), ScanOptions::default())
}

/// Matches and distinct values of a detector.
fn counted(detected: &Detected, detector: &str) -> (u64, u64) {
    let finding = detected.findings.iter().find(|finding| finding.detector == detector);
    finding.map_or((0, 0), |finding| (finding.matches, finding.sketch.estimate()))
}

fn in_text(detector: &str, label: &str, values: &[String]) -> (u64, u64) {
    let mut scanner = scanner();
    for value in values {
        scanner.take(Fragment::Text(format!("{label}{value}\n").as_bytes()));
    }
    counted(&scanner.finish(), detector)
}

fn in_column(detector: &str, name: &str, values: &[String]) -> (u64, u64) {
    let mut scanner = scanner();
    scanner.take(Fragment::Table(&[Column { name: Some(name.to_owned()), ..Column::default() }]));
    for value in values {
        scanner.take(Fragment::Cell { column: 0, text: value.as_bytes() });
        scanner.take(Fragment::RowEnd);
    }
    counted(&scanner.finish(), detector)
}

/// In full-width digits and letters.
fn wide(text: &str) -> String {
    let widened = |it: char| match it {
        '!'..='~' if it.is_ascii_alphanumeric() => char::from_u32(u32::from(it) + 0xfee0).unwrap_or(it),
        _ => it,
    };
    text.chars().map(widened).collect()
}

/// Groups of these lengths, parted by `separator`.
fn grouped(text: &str, lengths: &[usize], separator: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    for length in lengths {
        let (group, after) = rest.split_at(rest.len().min(*length));
        groups.push(group);
        rest = after;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.join(separator)
}

/// GB 11643: the check character over seventeen digits, by the recurrence of ISO 7064 and not by weights.
fn resident_id(number: u32) -> String {
    let (year, month, day) = (1950 + number % 50, 1 + number % 12, 1 + number % 28);
    let stem = format!("330102{year}{month:02}{day:02}{:03}", number / 7 % 1000);
    let residue = stem.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = (12 - residue) % 11;
    format!("{stem}{}", if check == 10 { "X".to_owned() } else { check.to_string() })
}

/// ISO/IEC 7812: a card of nineteen digits with its Luhn digit.
fn bank_card(number: u32) -> String {
    let stem = format!("622848001256{:06}", number % 1_000_000);
    let doubled = stem.bytes().rev().enumerate().map(|(place, digit)| {
        let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    format!("{stem}{}", (10 - doubled.sum::<u32>() % 10) % 10)
}

/// GB 11714: eight digits and letters, and the check character by modulus 11.
fn organisation_code(number: u32) -> String {
    let stem = format!("D{:07}", number.wrapping_mul(7_919) % 10_000_000);
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = stem.chars().zip(weights).map(|(it, weight)| it.to_digit(36).unwrap_or(0) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    format!("{stem}-{check}")
}

struct Kind {
    detector: &'static str,
    /// What stands before it in text; empty where text is not tried.
    label: &'static str,
    /// The name of its column; empty where cells are not tried.
    column: &'static str,
    value: fn(u32) -> String,
    spellings: fn(&str) -> Vec<String>,
}

const KINDS: &[Kind] = &[
    Kind {
        detector: "cn.mobile",
        label: "手机：",
        column: "手机号",
        value: |number| format!("139{:08}", number.wrapping_mul(7_919) % 100_000_000),
        spellings: |value| {
            let groups = grouped(value, &[3, 4], "-");
            let spaced = grouped(value, &[3, 4], " ");
            let mut spellings = vec![value.to_owned(), wide(value), groups.clone(), spaced];
            spellings.extend(["+86", "86", "0086", "+86-", "+86 "].map(|prefix| format!("{prefix}{value}")));
            spellings.push(format!("+86 {groups}"));
            spellings
        },
    },
    Kind {
        detector: "cn.resident-id",
        label: "身份证：",
        column: "身份证号",
        value: resident_id,
        spellings: |value| {
            let old = format!("{}{}", &value[..6], &value[8..17]);
            vec![value.to_owned(), value.to_lowercase(), wide(value), wide(&value.to_lowercase()), old]
        },
    },
    Kind {
        detector: "cn.bank-card",
        label: "银行卡号：",
        column: "银行卡号",
        value: bank_card,
        spellings: |value| {
            vec![value.to_owned(), wide(value), grouped(value, &[4, 4, 4, 4], " "), grouped(value, &[4, 4, 4, 4], "-")]
        },
    },
    Kind {
        detector: "cn.landline",
        label: "电话：",
        column: "固定电话",
        value: |number| format!("021-6{:07}", number.wrapping_mul(7_919) % 10_000_000),
        spellings: |value| vec![value.to_owned(), value.replace('-', ""), value.replace('-', " "), wide(value)],
    },
    Kind {
        detector: "cn.org-code",
        label: "",
        column: "组织机构代码",
        value: organisation_code,
        spellings: |value| vec![value.to_owned(), value.replace('-', ""), value.to_lowercase(), wide(value)],
    },
    Kind {
        detector: "email",
        label: "邮箱：",
        column: "email",
        value: |number| format!("user{number}@plant-demo.cn"),
        spellings: |value| vec![value.to_owned(), value.to_uppercase(), value.replace('@', "＠"), wide(value)],
    },
    Kind {
        detector: "mac",
        label: "mac ",
        column: "mac",
        value: |number| {
            let bytes = number.wrapping_mul(2_654_435_761).to_be_bytes();
            format!("3c:52:{:02x}:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2], bytes[3])
        },
        spellings: |value| {
            vec![value.to_owned(), value.to_uppercase(), value.replace(':', "-"), value.replace(':', "：")]
        },
    },
    Kind {
        detector: "cn.plate",
        label: "车牌",
        column: "车牌号",
        value: |number| {
            let province = ["浙", "京", "沪", "粤"][number as usize % 4];
            format!("{province}A{:05}", number / 4 % 100_000)
        },
        spellings: |value| {
            let (front, rest) = value.split_at(4);
            vec![value.to_owned(), format!("{front}·{rest}"), format!("{front} {rest}"), wide(value)]
        },
    },
    Kind {
        detector: "ipv4",
        label: "主机 ",
        column: "ip",
        value: |number| format!("10.{}.{}.{}", 1 + number % 12, 1 + number / 12 % 12, 1 + number / 144 % 12),
        spellings: |value| vec![value.to_owned(), wide(value), value.replace('.', "．")],
    },
    Kind {
        detector: "ipv6",
        label: "listen ",
        column: "ipv6",
        value: |number| format!("2001:db8:71::{:x}:{:x}", 1 + number % 99, 1 + number / 99 % 99),
        spellings: |value| {
            let (front, back) = value.split_once("::").expect("a shortened address");
            vec![value.to_owned(), value.to_uppercase(), format!("{front}:0:0:0:{back}")]
        },
    },
    Kind {
        detector: "geo.coordinate",
        label: "坐标 ",
        column: "",
        value: |number| format!("114.38{:04},30.50{:04}", 1 + number % 97, 1 + number / 97 % 97),
        spellings: |value| vec![value.to_owned(), value.replace(',', ", "), value.replace(',', " ")],
    },
];

/// Each value once in each of its spellings: (matches, distinct) that ought to be counted, and the spellings.
fn spelled(kind: &Kind, numbers: &[u32]) -> ((u64, u64), Vec<String>) {
    let mut values: Vec<String> = numbers.iter().map(|number| (kind.value)(*number)).collect();
    values.sort();
    values.dedup();
    let spellings: Vec<String> = values.iter().flat_map(|value| (kind.spellings)(value)).collect();
    ((spellings.len() as u64, values.len() as u64), spellings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn spellings_of_one_value_are_counted_once_and_different_values_apart(
        numbers in prop::collection::vec(0u32..1_000_000, 1..60),
    ) {
        let mut wrong = Vec::new();
        for kind in KINDS {
            let (expected, spellings) = spelled(kind, &numbers);
            let text = if kind.label.is_empty() { expected } else { in_text(kind.detector, kind.label, &spellings) };
            let cells = if kind.column.is_empty() { expected } else { in_column(kind.detector, kind.column, &spellings) };
            if (text, cells) != (expected, expected) {
                wrong.push(format!("{}: {text:?} in text, {cells:?} in cells of {expected:?}", kind.detector));
            }
        }
        prop_assert!(wrong.is_empty(), "(matches, distinct) {}", wrong.join("; "));
    }

    #[test]
    fn what_is_counted_in_text_and_in_cells_is_one_and_the_same(number in 0u32..1_000_000) {
        for kind in KINDS.iter().filter(|kind| !kind.column.is_empty() && !kind.label.is_empty()) {
            let value = (kind.value)(number);
            let mut both = scanner();
            both.take(Fragment::Text(format!("{}{value}\n", kind.label).as_bytes()));
            both.take(Fragment::Table(&[Column { name: Some(kind.column.to_owned()), ..Column::default() }]));
            both.take(Fragment::Cell { column: 0, text: value.as_bytes() });
            both.take(Fragment::RowEnd);
            prop_assert_eq!(counted(&both.finish(), kind.detector), (2, 1), "{}", kind.detector);
        }
    }
}

#[test]
fn the_keys_of_two_inventories_make_two_sketches() {
    let sketch = |key: u8| {
        let mut scanner = Scanner::new(pack(), SketchKey([key; 16]), ScanOptions::default());
        scanner.take(Fragment::Text("手机：13907160428\n".as_bytes()));
        scanner.finish().findings.remove(0).sketch.to_bytes()
    };
    assert_eq!(sketch(1), sketch(1));
    assert_ne!(sketch(1), sketch(2));
}
