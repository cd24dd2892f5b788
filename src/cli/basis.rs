//! Why a level is proposed, as a person reads it: the criterion by its name, then each condition that held.

use std::io::Write;

use crate::model::{Basis, Lang, Mark, Notice, Predicate, Proposal};
use crate::regime::Criteria;

/// Parts of a list that are shown before the rest is only counted; JSON shows all.
const SHOWN_PARTS: usize = 3;

/// Writes the bases of a proposal.
pub(crate) fn print(out: &mut dyn Write, bases: &[Basis], criteria: &Criteria, lang: Lang) -> std::io::Result<()> {
    for basis in bases {
        let name = criteria.label(&basis.criterion, lang);
        let (article, level, id) = (&basis.article, basis.level.label(lang), &basis.criterion);
        match lang {
            Lang::Zh => writeln!(out, "  {article} → {level}：{name} [{id}]")?,
            Lang::En => writeln!(out, "  {article} → {level}: {name} [{id}]")?,
        }
        for predicate in &basis.predicates {
            writeln!(out, "    {}", sentence(predicate, lang))?;
        }
    }
    Ok(())
}

/// Writes what a sample leaves open: criteria of a higher level that may hold too.
pub(crate) fn print_open(
    out: &mut dyn Write,
    proposal: Option<&Proposal>,
    criteria: &Criteria,
    lang: Lang,
) -> std::io::Result<()> {
    let Some((proposal, level)) = proposal.and_then(|proposal| Some((proposal, proposal.could_be()?))) else {
        return Ok(());
    };
    match lang {
        Lang::Zh => writeln!(out, "  至少为 {}，也可能为 {}：", proposal.level.label(lang), level.label(lang))?,
        Lang::En => writeln!(out, "  at least {}, could be {}:", proposal.level.label(lang), level.label(lang))?,
    }
    print(out, &proposal.open, criteria, lang)
}

/// Writes what holds beside a level: other rules, and duties.
pub(crate) fn print_notices(
    out: &mut dyn Write,
    notices: &[Notice],
    criteria: &Criteria,
    lang: Lang,
) -> std::io::Result<()> {
    for notice in notices {
        writeln!(out, "  {}  {}", notice.article, criteria.label(&notice.notice, lang))?;
    }
    Ok(())
}

fn sentence(predicate: &Predicate, lang: Lang) -> String {
    let measure = measure(&predicate.measure, lang);
    let (seen, asked) = (&predicate.seen, shortened(&predicate.asked));
    let (source, mark) = (&predicate.source, mark(predicate.mark, lang));
    match lang {
        Lang::Zh => format!("{measure}：{seen}（要求 {asked}；{mark}：{source}）"),
        Lang::En => format!("{measure}: {seen} (asked {asked}; {mark}: {source})"),
    }
}

/// A long list of what would have done, cut after its first parts: `a, b, c and 7 more; ≥ 3`.
fn shortened(asked: &str) -> String {
    let (list, rest) = asked.split_once("; ").map_or((asked, None), |(list, rest)| (list, Some(rest)));
    let parts: Vec<&str> = list.split(", ").collect();
    let mut short = if parts.len() > SHOWN_PARTS + 1 {
        format!("{}, … +{}", parts[..SHOWN_PARTS].join(", "), parts.len() - SHOWN_PARTS)
    } else {
        list.to_owned()
    };
    if let Some(rest) = rest {
        short = format!("{short}; {rest}");
    }
    short
}

fn measure(id: &str, lang: Lang) -> &str {
    let (zh, en) = match id {
        "field-marks" => ("领域标记", "marks of a field"),
        "category" => ("类别", "category"),
        "records" => ("条目数", "records"),
        "bytes" => ("存储量", "bytes"),
        "subjects" => ("人数", "persons"),
        "places" => ("地点数", "places"),
        "coordinate-decimals" => ("坐标小数位", "decimals of coordinates"),
        "identifiers" => ("标识符", "identifiers"),
        "industry" => ("所属行业", "industry"),
        "domains" => ("所属领域", "domains"),
        "standing" => ("单位情况", "the enterprise"),
        "provinces" => ("覆盖省份数", "provinces covered"),
        "sensitive-subjects" => ("敏感个人信息人数", "persons with sensitive information"),
        "declared" => ("登记", "declared"),
        other => (other, other),
    };
    lang.pick(zh, en)
}

fn mark(mark: Mark, lang: Lang) -> &'static str {
    match mark {
        Mark::Law => lang.pick("法规", "law"),
        Mark::Public => lang.pick("公开资料", "public"),
        Mark::Recalled => lang.pick("凭记忆，待核对", "recalled"),
        Mark::Design => lang.pick("自定", "design"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;

    #[test]
    fn a_basis_names_its_criterion_in_both_languages_and_cuts_long_lists() {
        let criteria = crate::regime::Regime::builtin().unwrap().criteria;
        let predicate = Predicate {
            factor: "field".to_owned(),
            measure: "field-marks".to_owned(),
            seen: "rare-earth".to_owned(),
            asked: "a, b, c, d, e; ≥ 3".to_owned(),
            source: "annex G".to_owned(),
            mark: Mark::Design,
        };
        let basis = Basis {
            criterion: "field-process".to_owned(),
            article: "miit-166/10.2".to_owned(),
            level: Level::Important,
            class_wide: true,
            object: None,
            degree: None,
            predicates: vec![predicate],
        };
        let told = |lang| {
            let mut out = Vec::new();
            print(&mut out, std::slice::from_ref(&basis), &criteria, lang).unwrap();
            String::from_utf8(out).unwrap()
        };
        let chinese = "  miit-166/10.2 → 重要：重点领域配方与工艺参数 [field-process]\n    \
                       领域标记：rare-earth（要求 a, b, c, … +2; ≥ 3；自定：annex G）\n";
        assert_eq!(told(Lang::Zh), chinese);
        assert!(told(Lang::En).contains("marks of a field: rare-earth (asked a, b, c, … +2; ≥ 3; design: annex G)"));
    }
}
