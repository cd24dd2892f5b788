//! What speaks for and against a category, in the reader's language.

use std::io::Write;

use crate::model::{Classification, Contribution, Lang, Place};
use crate::regime::Taxonomy;
use crate::rules::RulePack;

use super::table::{Table, grouped};

/// A table of contributions, heaviest first, as they are kept.
pub(crate) fn print(
    out: &mut dyn Write,
    contributions: &[Contribution],
    pack: &RulePack,
    taxonomy: &Taxonomy,
    lang: Lang,
) -> std::io::Result<()> {
    let mut table = Table::new(match lang {
        Lang::Zh => ["证据", "出现在", "#次数", "支持", "#权重", "规则"],
        Lang::En => ["evidence", "seen in", "#times", "speaks for", "#weight", "rule"],
    });
    for one in contributions {
        let supports = match one.category.as_str() {
            Classification::PLUMBING => lang.pick("框架自用，不归类", "plumbing, left unclassified").to_owned(),
            id => id.to_owned(),
        };
        table.row([
            term(one, pack, taxonomy, lang),
            one.place.label(lang).to_owned(),
            grouped(one.count),
            supports,
            format!("{:.2}", one.weight),
            one.rule.clone(),
        ]);
    }
    if table.is_empty() { Ok(()) } else { table.print(out) }
}

/// What was seen: a word as its pack writes it, or the name of what an id stands for.
fn term(one: &Contribution, pack: &RulePack, taxonomy: &Taxonomy, lang: Lang) -> String {
    let named = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match one.place {
        Place::System => pack.systems().iter().find(|kind| kind.id == one.term).map(|kind| &kind.name),
        Place::Structure => pack.structures().iter().find(|rule| rule.id == one.term).map(|rule| &rule.name),
        Place::Neighbours => return taxonomy.label(&one.term, lang).to_owned(),
        _ => None,
    }
    .map_or_else(|| one.term.clone(), |name| named(&name.zh, &name.en))
}

/// Why an asset that was read has no category, and what would have decided.
pub(crate) fn why_unclassified(classification: &Classification, taxonomy: &Taxonomy, lang: Lang) -> String {
    let sum = |plumbing: bool| {
        let of_kind = classification
            .contributions
            .iter()
            .filter(|one| (one.category.as_str() == Classification::PLUMBING) == plumbing);
        of_kind.map(|one| one.weight).sum::<f64>()
    };
    let nearest = classification.alternatives.first().map(|other| taxonomy.label(other.id.as_str(), lang));
    match (lang, sum(true) > 0.0, nearest) {
        (Lang::Zh, true, None) => "名称和列表明它是框架自用的表".to_owned(),
        (Lang::En, true, None) => "names and columns say that it is plumbing of a framework".to_owned(),
        (Lang::Zh, true, Some(nearest)) => {
            format!("名称表明它是框架自用的表，这比支持“{nearest}”的名称更重；要归类，须由人确认")
        }
        (Lang::En, true, Some(nearest)) => format!(
            "its names say plumbing of a framework, which outweighs what they say for {nearest}; a person may decide otherwise"
        ),
        (Lang::Zh, false, Some(nearest)) => {
            format!("最接近“{nearest}”，但证据太弱；含义明确的名称、注释或列名即可确定")
        }
        (Lang::En, false, Some(nearest)) => {
            format!("nearest to {nearest}, and too weak; a telling name, comment or column would decide")
        }
        (Lang::Zh, false, None) => "没有发现证据；含义明确的名称、注释或列名即可确定".to_owned(),
        (Lang::En, false, None) => "no evidence; a telling name, comment or column would decide".to_owned(),
    }
}
