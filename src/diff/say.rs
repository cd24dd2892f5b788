//! What a person reads of a difference.

use super::{Because, Counted, Kind, Row, Value};
use crate::model::{Lang, Level, Reason, Speak, Status};

impl Kind {
    /// What a person reads.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::New => lang.pick("新增", "new"),
            Self::Gone => lang.pick("消失", "gone"),
            Self::Moved => lang.pick("移动", "moved"),
            Self::Grown => lang.pick("增长", "grown"),
            Self::Shrunk => lang.pick("减少", "shrunk"),
            Self::Level => lang.pick("级别变化", "other level"),
            Self::Category => lang.pick("类别变化", "other category"),
            Self::Identifiers => lang.pick("新标识符", "new identifiers"),
            Self::Access => lang.pick("权限放宽", "access widened"),
            Self::Unread => lang.pick("无法再读", "unread now"),
        }
    }
}

impl Row {
    /// From what to what, and why.
    #[must_use]
    pub fn detail(&self, lang: Lang) -> String {
        let mut parts = vec![self.change(lang)];
        let why = match (self.kind, self.because) {
            (_, Because::Data) => "",
            (_, Because::Rules) => lang.pick("因规则变化", "by other rules"),
            (_, Because::DataOrRules) => lang.pick("数据或规则变化", "by other data or rules"),
            (_, Because::Decision) => lang.pick("经人工或主管部门决定", "decided by a person or the authority"),
        };
        parts.push(why.to_owned());
        if !self.certain {
            let doubt = match self.kind {
                Kind::New => lang.pick("此前只读到一部分，可能早已存在", "seen in part before, may have been there"),
                _ => lang.pick("含估计值", "an estimate"),
            };
            parts.push(doubt.to_owned());
        }
        parts.retain(|part| !part.is_empty());
        parts.join(lang.pick("；", "; "))
    }

    fn change(&self, lang: Lang) -> String {
        let (before, after) = (shown(&self.before, lang), shown(&self.after, lang));
        match self.kind {
            Kind::New | Kind::Gone => self.what_it_is(lang),
            Kind::Moved => {
                let Value::Text(from) = &self.before else { return String::new() };
                format!("{}{from}", lang.pick("自 ", "from "))
            }
            Kind::Grown | Kind::Shrunk => {
                let measure = match self.measure {
                    Some(Counted::Records) => lang.pick("记录", "records"),
                    _ => lang.pick("字节", "bytes"),
                };
                let percent = self.ratio.map(|ratio| format!(" ({:+.1} %)", ratio * 100.0)).unwrap_or_default();
                format!("{measure} {before} → {after}{percent}")
            }
            Kind::Identifiers => after,
            Kind::Access => {
                format!("{before} → {after}：{}", self.widened.join(" ")).replace('：', lang.pick("：", ": "))
            }
            Kind::Level | Kind::Category | Kind::Unread => format!("{before} → {after}"),
        }
    }

    fn what_it_is(&self, lang: Lang) -> String {
        let level = self.level.map(|level| level.label(lang).to_owned());
        [self.category.clone(), level].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// One side, ids of ours in the reader's language.
fn shown(value: &Value, lang: Lang) -> String {
    match value {
        Value::None => "—".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => {
            let level = Level::from_id(text).map(|level| level.label(lang).to_owned());
            let status = || Status::from_id(text).map(|status| status.label(lang).to_owned());
            let reason = || Reason::from_id(text).map(|reason| reason.say(lang));
            level.or_else(status).or_else(reason).unwrap_or_else(|| text.clone())
        }
        Value::List(items) => items.join(" "),
    }
}
