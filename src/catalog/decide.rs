//! From what a person said to a decision that can be kept: on the command line and in a filled workbook alike.

use super::class::Class;
use super::profile::categories_near;
use crate::inventory::AssetRecord;
use crate::model::{Act, CategoryId, Decision, Lang, Level, LevelDecision, Saw, Speak, Under};
use crate::regime::Taxonomy;

/// What a person said.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What they did.
    pub act: Act,
    /// The category that is right.
    pub category: Option<&'a str>,
    /// The level that is right.
    pub level: Option<Level>,
    /// The detector that is meant.
    pub detector: Option<&'a str>,
    /// The number of the authority's document.
    pub document: Option<&'a str>,
    /// Who decides.
    pub by: &'a str,
    /// Why.
    pub reason: &'a str,
    /// The civil date of the decision.
    pub date: &'a str,
}

/// What it is said of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An asset.
    Asset(Box<AssetRecord>),
    /// A class.
    Class(Box<Class>),
    /// Everything under a place.
    Place(Under),
}

impl Subject {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Class(class) => class.id.0.clone(),
            Self::Asset(record) => record.id.0.clone(),
            Self::Place(under) => under.id(),
        }
    }

    /// Proposed, confirmed, authority; a place has none of its own.
    #[must_use]
    pub fn level(&self) -> LevelDecision {
        match self {
            Self::Class(class) => class.level,
            Self::Asset(record) => record.decision,
            Self::Place(_) => LevelDecision::default(),
        }
    }

    /// The category that it has.
    #[must_use]
    pub fn category(&self) -> Option<&CategoryId> {
        match self {
            Self::Class(class) => Some(&class.category),
            Self::Asset(record) => record.category.as_ref(),
            Self::Place(_) => None,
        }
    }

    /// What a decision on it looks at. Of what lies under a place, each asset has its own proposal.
    #[must_use]
    pub fn about(&self) -> About<'_> {
        let (kind, classified) = match self {
            Self::Class(class) => (Kind::Class, Some(&class.category)),
            Self::Asset(record) => (Kind::Asset, record.classified()),
            Self::Place(under) => (Kind::Place(under), None),
        };
        About { id: self.id(), kind, proposed: self.level().proposed, category: self.category(), classified }
    }
}

/// What a decision looks at in its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About<'a> {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: Kind<'a>,
    /// The level that is proposed for it now.
    pub proposed: Option<Level>,
    /// The category that it has.
    pub category: Option<&'a CategoryId>,
    /// The category that a scan found, whatever persons said since.
    pub classified: Option<&'a CategoryId>,
}

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An asset.
    Asset,
    /// A class.
    Class,
    /// Everything under a place.
    Place(&'a Under),
}

impl About<'_> {
    /// What a scan proposes for it now, for a decision to keep.
    fn saw(&self) -> Option<Saw> {
        let is_place = matches!(self.kind, Kind::Place(_));
        (!is_place).then(|| Saw { level: self.proposed, category: self.classified.cloned() })
    }
}

/// Why what was said is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such category; those that may have been meant.
    UnknownCategory(String, Vec<String>),
    /// A class is made of the categories of its assets.
    CategoryOfClass,
    /// A detector belongs to confirmations and rejections, of assets and places.
    DetectorMisplaced,
    /// The authority is said to have decided, and not what.
    NothingDecided,
    /// Nobody answers for it, or gives no reason.
    NobodyAnswers,
    /// Nothing is proposed that could be confirmed.
    NothingProposed,
    /// What is said of everything under a place has to be named.
    NothingSaidOfPlace,
}

impl Speak for Refusal {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::UnknownCategory(category, known) => {
                return match lang {
                    Lang::Zh => format!("没有类别 {category}；可用的有 {}", known.join("、")),
                    Lang::En => format!("no category {category}; there are {}", known.join(", ")),
                };
            }
            Self::CategoryOfClass => (
                "数据类由其资产的类别组成；请对资产（a…）指定 --category",
                "a class is made of its assets' categories; give --category for the assets (a…)",
            ),
            Self::DetectorMisplaced => (
                "--detector 只能用于对资产（a…）或位置（载体:前缀）的 confirm 或 reject",
                "--detector belongs to confirm or reject of an asset (a…) or a place (STORE:PREFIX)",
            ),
            Self::NothingDecided => (
                "主管部门决定了什么？请给出 --level 或 --category",
                "what has the authority decided? give --level or --category",
            ),
            Self::NobodyAnswers => (
                "--by 和 --reason 不能为空：决定须有人负责并说明理由",
                "--by and --reason must not be empty: somebody answers for a decision, with a reason",
            ),
            Self::NothingProposed => (
                "该资产尚未读取，没有可确认的级别；请给出 --level",
                "it was not read and has no proposed level to confirm; give --level",
            ),
            Self::NothingSaidOfPlace => (
                "对一个位置下的全部资产，请给出 --level、--category 或 --detector",
                "of everything under a place, say what is right: give --level, --category or --detector",
            ),
        };
        lang.pick(zh, en).to_owned()
    }
}

/// The decision that was said, if it makes sense for its subject.
pub fn decision(said: &Said<'_>, about: &About<'_>, taxonomy: &Taxonomy) -> Result<Decision, Refusal> {
    check(said, about, taxonomy)?;
    let confirms = said.act == Act::Confirm && said.detector.is_none();
    // A confirmation says which level it confirms, so that a later proposal does not change what was confirmed.
    let level = said.level.or(about.proposed.filter(|_| confirms));
    if confirms && level.is_none() && !matches!(about.kind, Kind::Place(_)) {
        // Later it may be read, and what is proposed then is nothing that anybody has seen now.
        return Err(Refusal::NothingProposed);
    }
    let confirmed = about.category.filter(|_| confirms && about.kind == Kind::Asset);
    Ok(Decision {
        target: about.id.clone(),
        under: match about.kind {
            Kind::Place(under) => Some(under.clone()),
            _ => None,
        },
        act: said.act,
        category: said.category.map(CategoryId::new).or(confirmed.cloned()),
        level,
        detector: said.detector.map(str::to_owned),
        by: said.by.trim().to_owned(),
        date: said.date.to_owned(),
        reason: said.reason.trim().to_owned(),
        document: said.document.map(str::to_owned),
        saw: about.saw(),
    })
}

fn check(said: &Said<'_>, about: &About<'_>, taxonomy: &Taxonomy) -> Result<(), Refusal> {
    let is_class = about.kind == Kind::Class;
    if let Some(category) = said.category.filter(|category| !taxonomy.contains(category)) {
        let known = categories_near(category, taxonomy).into_iter().map(str::to_owned).collect();
        return Err(Refusal::UnknownCategory(category.to_owned(), known));
    }
    if said.category.is_some() && is_class {
        return Err(Refusal::CategoryOfClass);
    }
    if said.detector.is_some() && (said.act == Act::Override || is_class) {
        return Err(Refusal::DetectorMisplaced);
    }
    let names_nothing = said.level.is_none() && said.category.is_none();
    if said.act == Act::Override && names_nothing {
        return Err(Refusal::NothingDecided);
    }
    if said.act == Act::Confirm && names_nothing && said.detector.is_none() && matches!(about.kind, Kind::Place(_)) {
        return Err(Refusal::NothingSaidOfPlace);
    }
    if said.by.trim().is_empty() || said.reason.trim().is_empty() {
        return Err(Refusal::NobodyAnswers);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PARAMETERS, classes, record, regime};
    use super::*;

    fn said(act: Act) -> Said<'static> {
        Said {
            act,
            category: None,
            level: None,
            detector: None,
            document: None,
            by: "王工",
            reason: "年度评审",
            date: "2026-03-01",
        }
    }

    fn asset() -> Subject {
        Subject::Asset(Box::new(record("mes", "a", PARAMETERS, Some(2000), 10)))
    }

    fn class() -> Subject {
        let classes = classes(&[record("mes", "a", PARAMETERS, Some(2000), 10)], &[]);
        Subject::Class(Box::new(classes.into_iter().next().unwrap()))
    }

    fn place() -> Subject {
        Subject::Place(Under { store: "mes".to_owned(), prefix: "public.".to_owned() })
    }

    fn decided(said: &Said<'_>, subject: &Subject) -> Result<Decision, String> {
        decision(said, &subject.about(), &regime().taxonomy).map_err(|refusal| refusal.say(Lang::En))
    }

    #[test]
    fn a_confirmation_records_the_level_that_was_proposed_when_it_was_made() {
        let confirmed = decided(&said(Act::Confirm), &class()).unwrap();
        assert_eq!((confirmed.level, confirmed.category), (Some(Level::Important), None));
        let confirmed = decided(&said(Act::Confirm), &asset()).unwrap();
        assert_eq!(confirmed.category, Some(CategoryId::new(PARAMETERS)));
        let saw = Saw { level: Some(Level::Important), category: Some(CategoryId::new(PARAMETERS)) };
        assert_eq!((confirmed.date.as_str(), confirmed.saw), ("2026-03-01", Some(saw)));
    }

    #[test]
    fn an_asset_that_was_not_read_has_nothing_to_confirm_until_a_level_is_given() {
        let mut unread = record("mes", "a", PARAMETERS, Some(2000), 10);
        unread.decision.proposed = None;
        let unread = Subject::Asset(Box::new(unread));
        assert!(decided(&said(Act::Confirm), &unread).unwrap_err().contains("--level"));
        let given = Said { level: Some(Level::Important), ..said(Act::Confirm) };
        assert_eq!(decided(&given, &unread).unwrap().level, Some(Level::Important));
    }

    #[test]
    fn a_rejection_sets_no_level_by_itself() {
        assert_eq!(decided(&said(Act::Reject), &class()).unwrap().level, None);
    }

    #[test]
    fn what_is_said_of_a_place_names_what_is_right_and_keeps_the_place() {
        assert!(decided(&said(Act::Confirm), &place()).unwrap_err().contains("under a place"));
        let general = decided(&Said { level: Some(Level::General), ..said(Act::Confirm) }, &place()).unwrap();
        assert_eq!(general.under.map(|under| under.id()), Some(general.target));
        assert!(decided(&Said { detector: Some("vin"), ..said(Act::Reject) }, &place()).is_ok());
        assert!(decided(&said(Act::Reject), &place()).is_ok(), "none of it is what it was taken for");
    }

    #[test]
    fn decisions_that_make_no_sense_say_what_to_do() {
        let typed = |category| Said { category: Some(category), ..said(Act::Confirm) };
        assert!(decided(&typed("production.nonsense"), &asset()).unwrap_err().contains("production.quality"));
        assert!(decided(&typed("managment.hr"), &asset()).unwrap_err().contains("management.hr"));
        assert!(decided(&typed(PARAMETERS), &class()).unwrap_err().contains("assets (a…)"));
        assert!(decided(&said(Act::Override), &class()).unwrap_err().contains("--level or --category"));
        let detector = Said { detector: Some("cn.mobile"), ..said(Act::Reject) };
        assert!(decided(&detector, &class()).unwrap_err().contains("--detector"));
        assert!(decided(&detector, &asset()).is_ok());
        let nobody = Said { by: " ", ..said(Act::Confirm) };
        assert!(decided(&nobody, &class()).unwrap_err().contains("--by"));
    }
}
