use super::*;
use crate::catalog::fixture::PARAMETERS;

fn change(kind: Kind, because: Because) -> Change {
    Change {
        entry: "c0000000000000001".to_owned(),
        category: PARAMETERS.to_owned(),
        store: "mes".to_owned(),
        level: Level::Important,
        kind,
        measure: None,
        field: None,
        filed: Value::Unknown,
        now: Value::Unknown,
        ratio: None,
        material: None,
        because,
        between: None,
        refile_by: None,
    }
}

fn scale(filed: u64, now: u64, because: Because) -> Change {
    Change {
        measure: Some(Scaled::Records),
        filed: Value::Number(filed),
        now: Value::Number(now),
        ratio: Some((now as f64 - filed as f64) / filed as f64),
        ..change(Kind::Scale, because)
    }
}

fn texts(filed: &str, now: &str, change: Change) -> Change {
    Change { filed: Value::Text(filed.to_owned()), now: Value::Text(now.to_owned()), ..change }
}

/// One change of each kind, and each reason.
fn changes() -> Vec<Change> {
    let due = |missing: &[i16]| {
        Some(RefileBy {
            strict: "2026-08-02".to_owned(),
            lenient: "2026-09-02".to_owned(),
            shifted: false,
            calendar_missing: missing.to_vec(),
        })
    };
    let between = Some(["2026-05-02".to_owned(), "2026-06-02".to_owned()]);
    let carrier = Change { field: Some("载体名称".to_owned()), ..change(Kind::Field, Because::LikelyMoved) };
    let purpose = Change { field: Some("处理目的".to_owned()), ..change(Kind::Field, Because::NotFilledIn) };
    vec![
        Change { between, refile_by: due(&[]), ..scale(1000, 1300, Because::Article12) },
        Change { refile_by: due(&[2027]), ..texts("important", "core", change(Kind::Level, Because::Article12)) },
        scale(1000, 1299, Because::BelowThreshold),
        scale(1000, 1000, Because::FellBack),
        scale(1000, 1250, Because::ExactCountNeeded),
        scale(1000, 0, Because::CarrierUnreachable),
        scale(1000, 500, Because::CarrierPartial),
        scale(1000, 500, Because::AssetsUnread),
        change(Kind::Scale, Because::CarrierNotScanned),
        change(Kind::Scale, Because::BaselineUnknown),
        change(Kind::Scale, Because::NotCounted),
        change(Kind::Added, Because::AwaitsConfirmation),
        change(Kind::Removed, Because::Article12),
        texts("management.hr", "service.user", change(Kind::Category, Because::Article12)),
        texts("records 10", "records 20", change(Kind::Category, Because::RulesChanged)),
        texts("mes", "plant", carrier),
        texts("生产控制", "质量追溯", purpose),
    ]
}

#[test]
fn every_line_is_a_sentence_that_a_filer_can_paste() {
    for lang in [Lang::Zh, Lang::En] {
        let sentences: Vec<String> = changes().iter().map(|change| change.say(lang)).collect();
        insta::assert_snapshot!(format!("sentences_{}", lang.pick("zh", "en")), sentences.join("\n"));
    }
}
