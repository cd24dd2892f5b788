//! The texts that detection is measured on, always the same: written from a fixed seed.

use mulu::rules::RulePack;

/// Bytes of each text: large against every cache, small against patience.
pub(crate) const TEXT_BYTES: usize = 32 << 20;
const SEED: u64 = 0x6d75_6c75;

/// What a text is like, which decides what is asked of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier every few kilobytes, or none.
    Sparse,
    /// A table with identifiers in every row, whose columns have these names.
    Dense(&'static [&'static str]),
}

/// A text and its name.
pub(crate) struct Text {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
}

/// All texts; `vocabulary` is written with the words of the pack.
pub(crate) fn all(pack: &RulePack) -> Vec<Text> {
    let words: Vec<&str> = pack.dictionary().terms().iter().map(|term| term.word.as_str()).collect();
    let text = |name, kind, paragraph: &dyn Fn(&mut Dice, &mut String)| {
        let mut dice = Dice(SEED);
        let mut text = String::with_capacity(TEXT_BYTES + 4096);
        while text.len() < TEXT_BYTES {
            paragraph(&mut dice, &mut text);
        }
        Text { name, kind, bytes: text.into_bytes() }
    };
    vec![
        text("sparse", Kind::Sparse, &sparse),
        text("vocabulary", Kind::Sparse, &|dice, text| vocabulary(dice, &words, text)),
        text("chinese", Kind::Sparse, &chinese),
        text("english", Kind::Sparse, &english),
        text("log", Kind::Sparse, &log),
        text("json", Kind::Sparse, &json),
        text("telemetry", Kind::Sparse, &telemetry),
        text("dense", Kind::Dense(&PEOPLE), &people),
    ]
}

/// Numbers from a fixed seed (xorshift64*, Vigna 2016).
pub(crate) struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.roll(10) as u8)).collect()
    }
}

const CHINESE: [&str; 16] = [
    "车间", "本月", "计划", "完成", "检查", "设备", "运行", "正常", "需要", "更换", "部门", "负责", "按照", "要求",
    "已经", "记录",
];
const ENGLISH: [&str; 16] = [
    "the", "pump", "was", "running", "with", "pressure", "below", "limit", "after", "shift", "and", "valve", "checked",
    "again", "report", "closed",
];
const PEOPLE: [&str; 7] = ["order_no", "id_card", "mobile", "email", "ip_addr", "bank_card", "amount"];

/// Prose in two languages and logs, and in one paragraph of four an identifier.
fn sparse(dice: &mut Dice, text: &mut String) {
    match dice.roll(3) {
        0 => chinese(dice, text),
        1 => english(dice, text),
        _ => log(dice, text),
    }
    if dice.roll(4) == 0 {
        let serial = dice.digits(8);
        text.push_str(&match dice.roll(3) {
            0 => format!("联系电话 139{serial}\n"),
            1 => format!(" mail user{serial}@plant-demo.cn \n"),
            _ => format!(" host 10.31.{}.{} \n", dice.roll(256), dice.roll(256)),
        });
    }
}

fn chinese(dice: &mut Dice, text: &mut String) {
    for word in 0..200 {
        text.push_str(dice.pick(&CHINESE));
        text.push_str(if word % 9 == 8 { "，" } else { "" });
    }
    text.push('\n');
}

fn english(dice: &mut Dice, text: &mut String) {
    for _ in 0..150 {
        text.push_str(dice.pick(&ENGLISH));
        text.push(' ');
    }
    text.push('\n');
}

/// Every second word is one that the pack looks for.
fn vocabulary(dice: &mut Dice, words: &[&str], text: &mut String) {
    for _ in 0..100 {
        text.push_str(dice.pick(words));
        text.push(' ');
        text.push_str(if dice.roll(2) == 0 { dice.pick(&CHINESE) } else { dice.pick(&ENGLISH) });
        text.push(' ');
    }
    text.push('\n');
}

fn clock(dice: &mut Dice) -> String {
    format!("2026-11-22 {:02}:{:02}:{:02}.{}", dice.roll(24), dice.roll(60), dice.roll(60), dice.digits(3))
}

fn log(dice: &mut Dice, text: &mut String) {
    for _ in 0..12 {
        let (clock, thread, took, word) = (clock(dice), dice.roll(64), dice.roll(9000), dice.pick(&ENGLISH));
        text.push_str(&format!("{clock} INFO [worker-{thread}] {word}={took} done\n"));
    }
}

fn json(dice: &mut Dice, text: &mut String) {
    let (clock, word) = (clock(dice), dice.pick(&ENGLISH));
    let (device, value, quality) = (dice.digits(4), dice.roll(900), dice.roll(3));
    text.push_str(&format!(
        "{{\"ts\": \"{clock}\", \"device\": \"P-{device}\", \"signal\": \"{word}\", \"value\": {value}.{}, \
         \"quality\": {quality}, \"remark\": \"{}\"}}\n",
        dice.digits(2),
        dice.pick(&CHINESE),
    ));
}

/// Twelve measured values a row: nothing but numbers, and no identifier.
fn telemetry(dice: &mut Dice, text: &mut String) {
    text.push_str(&clock(dice));
    for _ in 0..12 {
        text.push_str(&format!(",{}.{}", dice.roll(500), dice.digits(4)));
    }
    text.push('\n');
}

/// A person a row, with five identifiers.
fn people(dice: &mut Dice, text: &mut String) {
    let (birthday, serial, card) = (10 + dice.roll(19), dice.digits(4), dice.digits(15));
    let (phone, host) = (dice.digits(8), dice.roll(256));
    text.push_str(&format!(
        "{},330102198506{birthday}{serial},139{phone},user{phone}@plant-demo.cn,10.31.7.{host},6228{card},{}.{}\n",
        dice.digits(6),
        dice.roll(1000),
        dice.digits(2),
    ));
}
