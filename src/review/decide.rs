//! A decision as a person asks for it, and whether it makes sense for what it is about.

use crate::catalog::profile::categories_near;
use crate::model::{Act, CategoryId, Decision, Lang, Level, Saw, Speak, Under};
use crate::regime::Taxonomy;

/// What a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The id of an asset (`a…`), of a class (`c…`), or of a place (`p…`).
    pub id: &'a str,
    /// The place, where everything under one is meant.
    pub under: Option<&'a Under>,
    /// Whether it is a class: a class has the category of its assets.
    pub is_class: bool,
    /// The level that is proposed for it; `None` where nothing was read.
    pub proposed: Option<Level>,
    /// Its category.
    pub category: Option<&'a CategoryId>,
    /// What a scan proposes for it now; of what lies under a place each asset has its own.
    pub saw: Option<Saw>,
}

/// A decision as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is to be done.
    pub act: Act,
    /// The id of the category that is right.
    pub category: Option<String>,
    /// The level that is right.
    pub level: Option<Level>,
    /// The detector that is meant.
    pub detector: Option<String>,
    /// The number of the authority's document.
    pub document: Option<String>,
    /// Who decides.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The civil date, `YYYY-MM-DD`.
    pub date: String,
}

/// Why a decision makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Senseless {
    /// There is no such category; the ones that are near.
    Category(String, Vec<String>),
    /// A class is made of its assets' categories.
    CategoryOfClass,
    /// A detector is confirmed or rejected for an asset only.
    Detector,
    /// The authority decided nothing.
    Nothing,
    /// Nobody answers for it, or without a reason.
    Unanswered,
    /// It was not read and has no level to confirm.
    Unread,
    /// What is right or wrong of everything under a place has to be named.
    NothingOfPlace,
    /// A decision of the authority without its document.
    NoDocument,
    /// A document of the authority, and the decision is not hers.
    StrayDocument,
}

/// The decision, if it makes sense for its subject.
pub fn decide(asked: &Asked, subject: &Subject<'_>, taxonomy: &Taxonomy) -> Result<Decision, Senseless> {
    let is_leaf = |category: &str| taxonomy.contains(category) && category.contains('.');
    if let Some(category) = asked.category.as_deref().filter(|category| !is_leaf(category)) {
        let near = categories_near(category, taxonomy).into_iter().map(str::to_owned).collect();
        return Err(Senseless::Category(category.to_owned(), near));
    }
    if asked.category.is_some() && subject.is_class {
        return Err(Senseless::CategoryOfClass);
    }
    if asked.detector.is_some() && (asked.act == Act::Override || subject.is_class) {
        return Err(Senseless::Detector);
    }
    if asked.act == Act::Override && asked.level.is_none() && asked.category.is_none() {
        return Err(Senseless::Nothing);
    }
    let of_place = subject.under.is_some();
    if of_place && asked.level.is_none() && asked.category.is_none() && asked.detector.is_none() {
        return Err(Senseless::NothingOfPlace);
    }
    let document = asked.document.as_deref().map(str::trim).filter(|document| !document.is_empty());
    match (asked.act, document) {
        (Act::Override, None) => return Err(Senseless::NoDocument),
        (Act::Confirm | Act::Reject, Some(_)) => return Err(Senseless::StrayDocument),
        _ => {}
    }
    if asked.by.trim().is_empty() || asked.reason.trim().is_empty() {
        return Err(Senseless::Unanswered);
    }
    // A confirmation says which level it confirms, so that a later proposal does not change what was confirmed.
    let of_detector = asked.detector.is_some();
    let confirms = asked.act == Act::Confirm && !of_detector;
    let level = asked.level.or(subject.proposed.filter(|_| confirms));
    if confirms && level.is_none() && !of_place {
        // Later it may be read, and what is proposed then is nothing that anybody has seen now.
        return Err(Senseless::Unread);
    }
    let confirmed = subject.category.cloned().filter(|_| confirms && !subject.is_class);
    Ok(Decision {
        target: subject.id.to_owned(),
        act: asked.act,
        category: asked.category.as_deref().map(CategoryId::new).or(confirmed),
        level,
        detector: asked.detector.clone(),
        by: asked.by.clone(),
        date: asked.date.clone(),
        reason: asked.reason.clone(),
        document: document.map(str::to_owned),
        under: subject.under.cloned(),
        saw: subject.saw.clone(),
    })
}

impl Speak for Senseless {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Category(typed, near) => {
                return match lang {
                    Lang::Zh => format!("没有类别 {typed}；可用的有 {}", near.join("、")),
                    Lang::En => format!("no category {typed}; there are {}", near.join(", ")),
                };
            }
            Self::CategoryOfClass => (
                "数据类由其资产的类别组成；请对资产（a…）指定类别（--category）",
                "a class is made of its assets' categories; give --category for the assets (a…)",
            ),
            Self::Detector => (
                "--detector 只能用于对资产（a…）或位置（载体/文件夹）的 confirm 或 reject",
                "--detector belongs to confirm or reject of an asset (a…) or a place (STORE/FOLDER)",
            ),
            Self::Nothing => (
                "主管部门决定了什么？请给出级别（--level）或类别（--category）",
                "what has the authority decided? give --level or --category",
            ),
            Self::Unanswered => (
                "决定人（--by）和理由（--reason）不能为空：决定须有人负责并说明理由",
                "--by and --reason must not be empty: somebody answers for a decision, with a reason",
            ),
            Self::Unread => (
                "该资产尚未读取，没有可确认的级别；请给出级别（--level）",
                "it was not read and has no proposed level to confirm; give --level",
            ),
            Self::NothingOfPlace => (
                "对一个位置下的全部资产，请给出级别（--level）、类别（--category）或检测器（--detector）",
                "of everything under a place, say what is right: give --level, --category or --detector",
            ),
            Self::NoDocument => (
                "主管部门认定须有文号；请填写（--document）",
                "a decision of the authority has a document; give its number (--document)",
            ),
            Self::StrayDocument => (
                "文号（--document）只用于主管部门认定；请改为主管部门认定（override），或去掉文号",
                "a document belongs to a decision of the authority; make it an override, or leave --document out",
            ),
        };
        lang.pick(zh, en).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{PARAMETERS, regime};
    use crate::inventory::Standing;

    fn asked(act: Act) -> Asked {
        Asked {
            act,
            category: None,
            level: None,
            detector: None,
            document: None,
            by: "王工".to_owned(),
            reason: "年度评审".to_owned(),
            date: "2026-03-01".to_owned(),
        }
    }

    fn decided(asked: &Asked, id: &str, proposed: Option<Level>) -> Result<Decision, String> {
        let category = CategoryId::new(PARAMETERS);
        let under = Under { store: "mes".to_owned(), prefix: "public.".to_owned() };
        let subject = Subject {
            id,
            under: id.starts_with('p').then_some(&under),
            is_class: id.starts_with('c'),
            proposed,
            category: Some(&category),
            saw: Some(Saw::default()),
        };
        decide(asked, &subject, &regime().taxonomy).map_err(|senseless| senseless.say(Lang::En))
    }

    #[test]
    fn a_confirmation_records_the_level_that_was_proposed_when_it_was_made() {
        let confirmed = decided(&asked(Act::Confirm), "c1", Some(Level::Important)).unwrap();
        assert_eq!((confirmed.level, confirmed.category), (Some(Level::Important), None));
        let confirmed = decided(&asked(Act::Confirm), "a1", Some(Level::Important)).unwrap();
        assert_eq!(confirmed.category, Some(CategoryId::new(PARAMETERS)));
        assert_eq!(confirmed.date, "2026-03-01");
    }

    #[test]
    fn an_asset_that_was_not_read_has_nothing_to_confirm_until_a_level_is_given() {
        assert!(decided(&asked(Act::Confirm), "a1", None).unwrap_err().contains("--level"));
        let given = Asked { level: Some(Level::Important), ..asked(Act::Confirm) };
        assert_eq!(decided(&given, "a1", None).unwrap().level, Some(Level::Important));
    }

    #[test]
    fn a_rejection_sets_no_level_by_itself() {
        assert_eq!(decided(&asked(Act::Reject), "c1", Some(Level::Core)).unwrap().level, None);
    }

    #[test]
    fn what_was_rejected_by_mistake_is_back_as_soon_as_it_is_confirmed() {
        let classified = CategoryId::new(PARAMETERS);
        let mut decisions = Vec::new();
        let mut standing = Standing::of(Some(&classified), Some(Level::Important), &decisions);
        for act in [Act::Reject, Act::Confirm] {
            let subject = Subject {
                id: "a1",
                under: None,
                is_class: false,
                proposed: standing.level.proposed,
                category: standing.category.as_ref(),
                saw: None,
            };
            decisions.push(decide(&asked(act), &subject, &regime().taxonomy).unwrap());
            standing = Standing::of(Some(&classified), Some(Level::Important), &decisions);
            let back = act == Act::Confirm;
            assert_eq!(standing.category.as_ref(), back.then_some(&classified));
            assert_eq!(standing.level.effective(), Some(if back { Level::Important } else { Level::General }));
        }
    }

    #[test]
    fn what_is_said_of_a_place_names_what_is_right_and_keeps_the_place() {
        assert!(decided(&asked(Act::Confirm), "p1", None).unwrap_err().contains("under a place"));
        let general = Asked { level: Some(Level::General), ..asked(Act::Confirm) };
        assert_eq!(decided(&general, "p1", None).unwrap().under.map(|under| under.prefix), Some("public.".to_owned()));
        let detector = Asked { detector: Some("vin".to_owned()), ..asked(Act::Reject) };
        assert!(decided(&detector, "p1", None).is_ok());
        assert!(decided(&asked(Act::Reject), "p1", None).unwrap_err().contains("under a place"), "one typo of a name");
        let category = Asked { category: Some(PARAMETERS.to_owned()), ..asked(Act::Reject) };
        assert!(decided(&category, "p1", None).is_ok());
    }

    #[test]
    fn decisions_that_make_no_sense_say_what_to_do() {
        let refused = |asked: &Asked, id: &str| decided(asked, id, Some(Level::Important)).unwrap_err();
        let category = |id: &str| Asked { category: Some(id.to_owned()), ..asked(Act::Confirm) };
        assert!(refused(&category("production.nonsense"), "a1").contains("production.quality"));
        assert!(refused(&category("managment.hr"), "a1").contains("management.hr"));
        let top = PARAMETERS.split('.').next().unwrap();
        assert!(refused(&category(top), "a1").contains(PARAMETERS), "a branch is no category of an asset");
        assert!(refused(&category(PARAMETERS), "c1").contains("assets (a…)"));
        assert!(refused(&asked(Act::Override), "c1").contains("--level or --category"));
        let core = Asked { level: Some(Level::Core), ..asked(Act::Override) };
        assert!(refused(&core, "c1").contains("--document"));
        assert!(refused(&Asked { document: Some(" ".to_owned()), ..core.clone() }, "c1").contains("--document"));
        let documented = Asked { document: Some(" 1号 ".to_owned()), ..core };
        assert_eq!(decided(&documented, "c1", None).unwrap().document.as_deref(), Some("1号"));
        for act in [Act::Confirm, Act::Reject] {
            let stray = Asked { act, ..documented.clone() };
            assert!(refused(&stray, "c1").contains("belongs to a decision of the authority"));
        }
        let detector = Asked { detector: Some("cn.mobile".to_owned()), ..asked(Act::Reject) };
        assert!(refused(&detector, "c1").contains("--detector"));
        assert!(decided(&detector, "a1", None).is_ok());
        assert!(refused(&Asked { by: " ".to_owned(), ..asked(Act::Confirm) }, "c1").contains("--by"));
        assert!(refused(&Asked { reason: String::new(), ..asked(Act::Confirm) }, "c1").contains("--reason"));
    }
}
