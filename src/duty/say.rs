//! What a person reads of a duty.

use super::{Ask, Bilingual, Item, Start, State};
use crate::model::{Lang, Mark, Speak};
use crate::regime::calendar::MissingYear;
use crate::regime::duties::{Period, Who};

impl Bilingual {
    /// The text in one language.
    #[must_use]
    pub fn say(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

impl State {
    /// What a person reads.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Overdue => lang.pick("已逾期", "overdue"),
            Self::Soon => lang.pick("即将到期", "due soon"),
            Self::Unstated => lang.pick("待办，未定期限", "to do, no period stated"),
            Self::Uncounted => lang.pick("无法计算", "cannot be counted"),
            Self::Open => lang.pick("未到期", "open"),
            Self::Keep => lang.pick("留存中", "to be kept"),
            Self::NotRecorded => lang.pick("未记录", "not recorded"),
            Self::Undetermined => lang.pick("待明确", "not known"),
            Self::Done => lang.pick("已完成", "done"),
            Self::NotApplicable => lang.pick("不适用", "not applicable"),
        }
    }
}

impl Ask {
    /// What has to be said first, and where.
    #[must_use]
    pub fn say(self, lang: Lang) -> &'static str {
        match self {
            Self::ConfirmLevels => lang.pick(
                "尚未确认是否处理重要、核心数据：先扫描，再用 mulu review list 确认",
                "whether important or core data are processed is not confirmed: scan, then mulu review list",
            ),
            Self::IndustrialInternet => lang.pick(
                "mulu.toml 未写明 enterprise.industrial_internet（不是工业互联网企业则写 []）",
                "mulu.toml does not say enterprise.industrial_internet ([] where it is none)",
            ),
        }
    }
}

/// How long there is.
fn period(period: Period, lang: Lang) -> String {
    match (period, lang) {
        (Period::WorkingDays(days), Lang::Zh) => format!("{days} 个工作日"),
        (Period::WorkingDays(days), Lang::En) => format!("{days} working days"),
        (Period::Months(months), Lang::Zh) => format!("{months} 个月"),
        (Period::Months(months), Lang::En) => format!("{months} months"),
        (Period::Hours(hours), Lang::Zh) => format!("{hours} 小时"),
        (Period::Hours(hours), Lang::En) => format!("{hours} hours"),
        (Period::AtOnce, _) => lang.pick("立即", "at once").to_owned(),
        (Period::Before, _) => lang.pick("事前", "beforehand").to_owned(),
        (Period::Unstated, _) => lang.pick("条文未定期限", "no period stated").to_owned(),
        (Period::WorkingDaysBeforeEnd { days, months }, Lang::Zh) => format!("{months} 个月届满前 {days} 个工作日"),
        (Period::WorkingDaysBeforeEnd { days, months }, Lang::En) => {
            format!("{days} working days before {months} months end")
        }
    }
}

impl Item {
    /// Who has to act.
    #[must_use]
    pub fn actor(&self, lang: Lang) -> &'static str {
        match self.who {
            Who::Processor => lang.pick("本单位", "enterprise"),
            Who::Authority => lang.pick("主管部门", "authority"),
        }
    }

    /// The last day as a person reads it, with its time where the period is in hours.
    #[must_use]
    pub fn due_text(&self) -> String {
        match (self.due, self.time) {
            (Some(day), Some(time)) => format!("{day} {}", time.strftime("%H:%M")),
            (Some(day), None) => day.to_string(),
            (None, _) => String::new(),
        }
    }

    /// From what the period is counted, what is to be said of its end, and where it stands.
    #[must_use]
    pub fn remark(&self, lang: Lang) -> String {
        let mut parts = vec![self.counted_from(lang)];
        if let Some(done) = self.done {
            parts.push(match lang {
                Lang::Zh => format!("{done} 完成"),
                Lang::En => format!("done on {done}"),
            });
        }
        parts.extend(self.reading(lang));
        parts.extend(self.ask.map(|ask| ask.say(lang).to_owned()));
        if self.advisory {
            parts.push(lang.pick("鼓励或可选", "encouraged, not asked").to_owned());
        }
        parts.push(self.source(lang));
        parts.retain(|part| !part.is_empty());
        parts.join(lang.pick("；", "; "))
    }

    fn counted_from(&self, lang: Lang) -> String {
        let length = period(self.period, lang);
        if let (Period::Before, Some(Start { date: Some(date), label, .. })) = (self.period, &self.start) {
            return match lang {
                Lang::Zh => format!("须在 {date}（{}）之前", label.zh),
                Lang::En => format!("before {date} ({})", label.en),
            };
        }
        match (&self.start, lang) {
            (Some(Start { date: Some(date), label, .. }), Lang::Zh) => format!("自 {date} {} 起 {length}", label.zh),
            (Some(Start { date: Some(date), label, .. }), Lang::En) => format!("{length} from {date} ({})", label.en),
            (Some(start), Lang::Zh) if self.state == State::NotRecorded => {
                format!("{length}；用 mulu duties record {} 记录", start.event)
            }
            (Some(start), Lang::En) if self.state == State::NotRecorded => {
                format!("{length}; record it with mulu duties record {}", start.event)
            }
            _ => length,
        }
    }

    /// What is to be said of the last day.
    fn reading(&self, lang: Lang) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(lenient) = self.lenient.filter(|lenient| Some(*lenient) != self.due) {
            parts.push(match lang {
                Lang::Zh => format!("最迟理解为 {lenient}"),
                Lang::En => format!("{lenient} at the latest reading"),
            });
        }
        if self.shifted {
            parts.push(lang.pick("遇休息日已顺延", "moved from a day off").to_owned());
        }
        for year in &self.calendar_missing {
            let is_counted = self.due.is_some();
            parts.push(match lang {
                Lang::Zh if is_counted => format!("缺 {year} 年节假日表，未顺延"),
                Lang::En if is_counted => format!("not moved for holidays: no table for {year}"),
                _ => MissingYear(*year).say(lang),
            });
        }
        parts
    }

    fn source(&self, lang: Lang) -> String {
        let sure = match self.mark {
            Mark::Law => String::new(),
            Mark::Public => lang.pick("（公开资料）", " (public)").to_owned(),
            Mark::Recalled => lang.pick("（未核对原文）", " (recalled)").to_owned(),
            Mark::Design => lang.pick("（自拟）", " (own reading)").to_owned(),
        };
        let basis = self.basis.as_ref().map(|basis| basis.say(lang)).unwrap_or_default();
        let parted = if basis.is_empty() { "" } else { lang.pick("，", ", ") };
        format!("{}{sure}{parted}{basis}", self.article)
    }

    /// One sentence for a page or a calendar: what, of what, by when.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let subject = self.subject.as_ref().map(|subject| match lang {
            Lang::Zh => format!("（{subject}）"),
            Lang::En => format!(" ({subject})"),
        });
        let what = format!("{}{}", self.label.say(lang), subject.unwrap_or_default());
        let state = self.state.label(lang);
        match (self.due_text(), lang) {
            (due, Lang::Zh) if due.is_empty() => format!("{what}：{state}"),
            (due, Lang::En) if due.is_empty() => format!("{what}: {state}"),
            (due, Lang::Zh) => format!("{what}：{state}，{due} 前"),
            (due, Lang::En) => format!("{what}: {state}, by {due}"),
        }
    }
}
