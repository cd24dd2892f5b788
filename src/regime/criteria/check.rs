//! What every criterion and notice keeps.

use super::{Condition, Measure, Notice, RawCriterion};
use crate::model::Level;
use crate::regime::{Problem, Taxonomy};

pub(super) fn unknown(entry: &str, name: &str, kind: &'static str) -> Problem {
    Problem::Unknown { entry: entry.to_owned(), name: name.to_owned(), kind }
}

fn unfit(entry: &str, zh: &'static str, en: &'static str) -> Problem {
    Problem::Unfit { entry: entry.to_owned(), rule: (zh, en) }
}

/// A criterion names both halves of the definition of important data (one that leaves data general, the first alone), its
/// article is one of the level that the table gives, and its conditions make sense.
pub(super) fn criterion(raw: &RawCriterion, level: Level, taxonomy: &Taxonomy) -> Result<(), Problem> {
    let article_of_level = match level {
        Level::General => "miit-166/9.",
        Level::Important => "miit-166/10.",
        Level::Core => "miit-166/11.",
    };
    if !raw.article.starts_with(article_of_level) {
        return Err(unfit(
            &raw.id,
            "条款须与级别一致(一般为 9.x,重要为 10.x,核心为 11.x)",
            "the article is one of its level (9.x general, 10.x important, 11.x core)",
        ));
    }
    if !raw.when.iter().any(|condition| condition.factor.is_which()) {
        return Err(unfit(&raw.id, "须有领域、群体或区域条件", "one condition is of field, group or region"));
    }
    if level.is_filed() && !raw.when.iter().any(|condition| condition.factor.is_how_much()) {
        return Err(unfit(
            &raw.id,
            "须有精度、规模、覆盖度或重要性条件",
            "one condition is of precision, scale, coverage or importance",
        ));
    }
    if level.is_filed() && raw.when.iter().any(|condition| condition.below.is_some()) {
        return Err(unfit(
            &raw.id,
            "提高级别的准则不得有 below(数据增多不得降级)",
            "a criterion that raises a level has no `below`: more data never lowers one",
        ));
    }
    if raw.when.iter().any(|condition| condition.measure == Measure::Declared) {
        return Err(unfit(&raw.id, "declared 只用于 notice", "declared belongs to notices"));
    }
    raw.when.iter().try_for_each(|condition| self::condition(&raw.id, condition, taxonomy))
}

pub(super) fn notice(notice: &Notice, taxonomy: &Taxonomy) -> Result<(), Problem> {
    if notice.conditions.is_empty() {
        return Err(unfit(&notice.id, "至少有一个条件", "it has a condition"));
    }
    notice.conditions.iter().try_for_each(|condition| self::condition(&notice.id, condition, taxonomy))
}

fn condition(id: &str, condition: &Condition, taxonomy: &Taxonomy) -> Result<(), Problem> {
    if condition.measure.needs_names() == condition.any.is_empty() {
        return Err(unfit(
            id,
            "any 仅用于且必须用于需列名的度量",
            "a condition has `any` exactly where its measure looks for names",
        ));
    }
    if condition.at_least == 0 {
        return Err(unfit(id, "at_least 至少为 1", "at_least is 1 or more"));
    }
    if condition.below.is_some() && condition.measure.needs_names() {
        return Err(unfit(id, "below 只用于计数", "`below` belongs to counts"));
    }
    if condition.measure == Measure::Category {
        for pattern in &condition.any {
            if !taxonomy.nodes().any(|node| Taxonomy::covers(pattern, &node.id)) {
                return Err(unknown(id, pattern, "category"));
            }
        }
    }
    Ok(())
}
