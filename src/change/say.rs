//! A change as a sentence, for the person who has to act on it.

use super::{Because, Change, Kind, RefileBy, Scaled, State, Value};
use crate::model::{Lang, Speak};

impl Speak for Change {
    fn say(&self, lang: Lang) -> String {
        let what = self.what(lang);
        let because = self.because.say(lang);
        let mut sentence = match lang {
            Lang::Zh => format!("{what}：{because}"),
            Lang::En => format!("{what}: {because}"),
        };
        if let Some([below, above]) = self.between.as_ref().filter(|_| self.refile_by.is_some()) {
            sentence.push_str(&match lang {
                Lang::Zh => format!("；发生于 {below} 至 {above} 之间"),
                Lang::En => format!("; happened between {below} and {above}"),
            });
        }
        if let Some(due) = &self.refile_by {
            sentence.push_str(&due.say(lang));
        }
        sentence
    }
}

impl Change {
    fn what(&self, lang: Lang) -> String {
        let (filed, now) = (self.filed.say(lang), self.now.say(lang));
        let percent = self.ratio.map(|ratio| format!("（{:+.1} %）", ratio * 100.0)).unwrap_or_default();
        let percent = if lang == Lang::En { percent.replace('（', " (").replace('）', ")") } else { percent };
        match (self.kind, lang) {
            (Kind::Scale, _) => {
                let measure = self.measure.map_or(self.field.as_deref().unwrap_or(""), |one| one.label(lang));
                let measure = if measure.is_empty() { lang.pick("规模", "scale") } else { measure };
                format!("{measure} {filed} → {now}{percent}")
            }
            (Kind::Added, Lang::Zh) => "新增类别".to_owned(),
            (Kind::Added, Lang::En) => "a class that was not filed".to_owned(),
            (Kind::Removed, Lang::Zh) => "已备案的类别现已不存在".to_owned(),
            (Kind::Removed, Lang::En) => "a filed class is not there now".to_owned(),
            (Kind::Level, Lang::Zh) => format!("级别 {filed} → {now}"),
            (Kind::Level, Lang::En) => format!("level {filed} → {now}"),
            (Kind::Category, Lang::Zh) => format!("类别 {filed} → {now}"),
            (Kind::Category, Lang::En) => format!("category {filed} → {now}"),
            (Kind::Field, _) => format!("{} {filed} → {now}", self.field.as_deref().unwrap_or("")),
        }
    }
}

impl Scaled {
    /// What a person reads.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Records => lang.pick("条目数", "records"),
            Self::Bytes => lang.pick("存储量", "bytes"),
            Self::Subjects => lang.pick("人数", "subjects"),
        }
    }
}

impl Speak for Value {
    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Unknown => lang.pick("未知", "unknown").to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("\"{text}\""),
        }
    }
}

impl Speak for Because {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Article12 => ("须重新备案（miit-166/12）", "to be filed again (miit-166/12)"),
            Self::BelowThreshold => ("变化不足 30 %", "moved by less than 30 %"),
            Self::AwaitsConfirmation => {
                ("待人工确认（mulu review confirm）", "waits for a person to confirm it (mulu review confirm)")
            }
            Self::CarrierUnreachable => (
                "载体无法访问，不作判断；恢复后请重新扫描",
                "its carrier could not be reached; scan again when it is back",
            ),
            Self::CarrierPartial => (
                "载体仅部分可读，不作判断；请检查权限后重新扫描",
                "its carrier was read in part; check the rights and scan again",
            ),
            Self::AssetsUnread => (
                "其中有资产此次未能读取，不作判断；见 mulu assets，排除原因后重新扫描",
                "assets of it could not be read this time; see mulu assets, mend the cause and scan again",
            ),
            Self::CarrierNotScanned => ("载体尚无扫描结果；请先扫描", "its carrier has no result; scan it first"),
            Self::ExactCountNeeded => {
                ("估计值跨越 30 % 界限，需要精确计数", "the estimate straddles 30 %, an exact count is needed")
            }
            Self::BaselineUnknown => {
                ("备案中没有规模数字；请重新备案以确立基线", "no scale was filed; file again to set a baseline")
            }
            Self::NotFilledIn => ("mulu.toml 中已无此项；请补填", "has no value in mulu.toml now; fill it in"),
            Self::NotCounted => ("现无计数；请用 --full 重新扫描", "has no count now; scan again with --full"),
            Self::RulesChanged => (
                "备案后规则或定级事实已更新，可能只是归类变化；请用 mulu classes 核对，属实则重新备案",
                "the rules or the enterprise's facts have changed since the filing and may have moved it: look at mulu \
                 classes, and file again if it is so",
            ),
            Self::LikelyMoved => (
                "结构、数量和去重值相近的表现位于别处，很可能是同一数据；请人工核对",
                "tables alike in schema, count and distinct values stand there now, likely the same data: a person has \
                 to confirm it",
            ),
            Self::FellBack => ("曾达到 30 %，现已回落", "had moved by 30 % and has come back"),
        };
        lang.pick(zh, en).to_owned()
    }
}

impl Speak for RefileBy {
    fn say(&self, lang: Lang) -> String {
        let (strict, lenient) = (&self.strict, &self.lenient);
        let mut text = match lang {
            Lang::Zh => format!("；最迟 {strict} 重新备案（宽限口径 {lenient}）"),
            Lang::En => format!("; re-file by {strict} ({lenient} at the latest reading)"),
        };
        if !self.calendar_missing.is_empty() {
            let years: Vec<String> = self.calendar_missing.iter().map(i16::to_string).collect();
            let years = years.join(", ");
            text.push_str(&match lang {
                Lang::Zh => format!("，缺少 {years} 年节假日表，日期未顺延"),
                Lang::En => format!(", not moved for holidays: no table for {years}"),
            });
        }
        text
    }
}

impl Speak for State {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Material => ("重大变化：须重新备案", "material: to be filed again"),
            Self::Incomplete => ("不完整：有载体未能读取", "incomplete: a carrier could not be read"),
            Self::Undetermined => {
                ("未定：有事项待确认或待精确计数", "undetermined: something waits for a person or a count")
            }
            Self::Immaterial => ("无重大变化", "immaterial: nothing to file"),
        };
        lang.pick(zh, en).to_owned()
    }
}
