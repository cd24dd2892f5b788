//! How often the guess is right: windows of invented texts, in each encoding, language, shape and length.
//!
//! `cargo test --lib encoding::accuracy` holds the table of docs/encodings.md against what is measured, and prints the
//! new one where they differ.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Guess, guess};

const SAMPLES: usize = 200;
/// Characters beyond ASCII in a sample.
const LENGTHS: [usize; 6] = [2, 4, 8, 16, 64, 256];

const SIMPLIFIED: &str = "一号空压机冷却水出口温度偏高，值班员已通知维修班到场检查。更换滤芯后压力恢复正常，运行电流稳定在额定范围以内。\
    二车间本月计划产量完成百分之九十六，剩余订单安排在下周生产。仓库盘点发现备件短缺，采购部门正在联系供应商补货。\
    新员工入职培训将于周三上午举行，请各班组按时参加并做好记录。客户投诉外壳划伤，质检组追溯到包装工序，已要求返工。\
    电网调度下达限负荷指令，锅炉减至最低出力；脱硫塔液位波动，现场手动补水。合同审批完毕，财务将在月底前付款。\
    图纸版本以系统最新发布为准，旧版本全部作废。安全巡查：配电室门未关好，灭火器过期两只，限三天内整改。";
const TRADITIONAL: &str = "一號空壓機冷卻水出口溫度偏高，值班員已通知維修班到場檢查。更換濾芯後壓力恢復正常，運行電流穩定在額定範圍以內。\
    二廠區本月計劃產量完成，剩餘訂單安排在下週生產。倉庫盤點發現備件短缺，採購部門正在聯繫供應商補貨。\
    新進員工訓練將於週三上午舉行，請各班組準時參加並做好記錄。客戶投訴外殼刮傷，品管組追溯到包裝工序，已要求重工。\
    圖面版本以系統最新發布為準，舊版本全部作廢。安全巡查：配電室門未關好，滅火器過期兩只，限三天內改善。";
const JAPANESE: &str = "一号コンプレッサーの冷却水の出口温度が高いため、当直員が保全班に点検を依頼した。フィルターを交換すると圧力は正常に戻り、\
    運転電流も定格の範囲で安定している。今月の生産計画は達成できる見込みで、残りの注文は来週に回す。倉庫の棚卸しで部品の不足が見つかり、\
    購買部が仕入先に問い合わせている。図面は最新の版を使い、古い版は廃棄すること。";
const KOREAN: &str = "일호 압축기 냉각수 출구 온도가 높아 당직자가 정비반에 점검을 요청하였다. 필터를 교체하자 압력이 정상으로 돌아왔고 운전 전류도 \
    정격 범위에서 안정되었다. 이번 달 생산 계획은 달성될 전망이며 남은 주문은 다음 주로 넘긴다. 창고 재고 조사에서 부품 부족이 발견되어 \
    구매부가 공급업체에 문의하고 있다. 도면은 최신판을 사용하고 옛 판은 폐기한다.";
const GERMAN: &str = "Die Kühlwassertemperatur am Verdichter ist erhöht, der Schichtführer prüft die Ölstände. Nach dem Wechsel des Filters läuft \
    die Anlage wieder störungsfrei, der Druck fällt nicht mehr. Für die Wartung der Ventile müssen Dichtungen nachbestellt werden, die Größe steht \
    im Datenblatt. Änderungen der Pläne gehören ins Protokoll, ältere Fassungen sind ungültig. Schläuche und Anschlüsse jährlich prüfen.";
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海波云飞宇浩然子轩梓涵欣怡佳琪雨晨思远嘉豪俊熙\
    婷颖雪梅鑫淼喆堃镕璟骁昊睿翀旻玥";

/// Numbers that look random and are always the same (Numerical Recipes' congruential generator).
struct Dice(u32);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % end
    }
}

/// `length` characters beyond ASCII of a text, from anywhere, with the ASCII between them.
fn window(text: &str, length: usize, dice: &mut Dice) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = dice.below(characters.len());
    let (mut window, mut beyond) = (String::new(), 0);
    for character in characters.iter().cycle().skip(start) {
        beyond += usize::from(!character.is_ascii());
        if beyond > length {
            break;
        }
        window.push(*character);
    }
    window
}

/// A table that is mostly ASCII, with `length` other characters in cells of two to four.
fn table(text: &str, length: usize, dice: &mut Dice) -> String {
    let plain: String = text.chars().filter(|it| it.is_alphabetic()).collect();
    let mut table = String::from("tag,ts,value,unit,remark\r\n");
    let mut left = length;
    while left > 0 {
        let cell = window(&plain, left.min(2 + dice.below(3)), dice);
        left = left.saturating_sub(cell.chars().filter(|it| !it.is_ascii()).count());
        let row = dice.below(9000);
        let (minute, value) = (row % 60, row % 300);
        table.push_str(&format!("TI-{row},2026-11-20 08:{minute:02}:00,{value}.{},kPa,{cell}\r\n", row % 10));
    }
    table
}

/// Names of people, one a line, of two or three characters.
fn names(length: usize, dice: &mut Dice) -> String {
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let mut names = String::new();
    let mut left = length;
    while left > 0 {
        let characters = left.min(2 + dice.below(2));
        names.push(surnames[dice.below(surnames.len())]);
        (1..characters).for_each(|_| names.push(given[dice.below(given.len())]));
        names.push('\n');
        left -= characters;
    }
    names
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    match encoding {
        it if it == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        it if it == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let (bytes, _, is_lossy) = encoding.encode(text);
            assert!(!is_lossy, "{} lacks something of {text}", encoding.name());
            bytes.into_owned()
        }
    }
}

struct Row {
    language: &'static str,
    shape: &'static str,
    encoding: &'static Encoding,
    right: [usize; LENGTHS.len()],
}

fn rows() -> &'static [Row] {
    static ROWS: std::sync::OnceLock<Vec<Row>> = std::sync::OnceLock::new();
    ROWS.get_or_init(measured)
}

fn measured() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut dice = Dice(2022);
    let kinds: [(&str, &str, &[&'static Encoding]); 5] = [
        ("simplified Chinese", SIMPLIFIED, &[UTF_8, GB18030, UTF_16LE, UTF_16BE]),
        ("traditional Chinese", TRADITIONAL, &[UTF_8, BIG5, GB18030]),
        ("Japanese", JAPANESE, &[UTF_8, SHIFT_JIS, EUC_JP]),
        ("Korean", KOREAN, &[UTF_8, EUC_KR]),
        ("German", GERMAN, &[UTF_8, WINDOWS_1252]),
    ];
    for (language, text, encodings) in kinds {
        for encoding in encodings {
            for shape in ["running text", "table"] {
                let sample = |length, dice: &mut Dice| match shape {
                    "table" => table(text, length, dice),
                    _ => window(text, length, dice),
                };
                rows.push(Row { language, shape, encoding, right: right(encoding, &mut dice, &sample) });
            }
        }
    }
    for encoding in [UTF_8, GB18030, UTF_16LE] {
        let right = right(encoding, &mut dice, &names);
        rows.push(Row { language: "simplified Chinese", shape: "names of people", encoding, right });
    }
    rows
}

fn right(
    encoding: &'static Encoding,
    dice: &mut Dice,
    sample: &dyn Fn(usize, &mut Dice) -> String,
) -> [usize; LENGTHS.len()] {
    LENGTHS.map(|length| {
        let is_right = |_: &usize| guess(&encode(&sample(length, dice), encoding), None) == Guess::Known(encoding);
        (0..SAMPLES).filter(is_right).count()
    })
}

fn shown(rows: &[Row]) -> String {
    let mut table = format!("| language | shape | encoding | {} |\n", LENGTHS.map(|it| it.to_string()).join(" | "));
    table.push_str(&format!("|---|---|---|{}\n", "---|".repeat(LENGTHS.len())));
    for Row { language, shape, encoding, right } in rows {
        let id = super::id(encoding);
        let right = right.map(|it| it.to_string()).join(" | ");
        table.push_str(&format!("| {language} | {shape} | {id} | {right} |\n"));
    }
    table
}

#[test]
fn the_table_of_the_documentation_is_what_is_measured() {
    let documentation = include_str!("../../../docs/encodings.md");
    let measured = shown(rows());
    assert!(documentation.contains(&measured), "put this into docs/encodings.md:\n{measured}");
}

#[test]
fn no_long_text_is_taken_for_another_and_chinese_is_told_from_four_characters_on() {
    for Row { language, shape, encoding, right } in rows() {
        for (length, right) in LENGTHS.into_iter().zip(*right) {
            let is_chinese = *language == "simplified Chinese" && [UTF_8, GB18030].contains(encoding);
            let least = match length {
                64.. => SAMPLES - 1,
                4.. if is_chinese => SAMPLES * 99 / 100,
                _ => 0,
            };
            assert!(right >= least, "{language}, {shape}, {} of {length}: {right}", encoding.name());
        }
    }
}
