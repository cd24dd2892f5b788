//! Assets, stores and filings for the tests of the catalog, the changes and the exports.

use crate::inventory::{AssetRecord, StoreNow};
use crate::model::{
    Asset, AssetKind, CategoryId, Classification, Enterprise, Examined, Filing, FilingKind, FilingState, Finding,
    Level, LevelDecision, Locator, Measure, PublicName, Register, Score, Sketch, Status, Store, StoreKind, StoreState,
};
use crate::regime::Regime;

use super::{Catalog, Class, ClassCollector, Scope};

/// A category whose records are important from 1,000 on beside marks of a sensitive field.
pub(crate) const PARAMETERS: &str = "production.process-parameter";
/// A category that no criterion of these tests raises.
pub(crate) const FINANCE: &str = "management.finance";

pub(crate) fn regime() -> Regime {
    Regime::builtin().unwrap()
}

/// An examined asset, with marks of rare earths where it is one of process parameters.
pub(crate) fn record(store: &str, locator: &str, category: &str, records: Option<u64>, bytes: u64) -> AssetRecord {
    let kind = if locator.contains('!') { AssetKind::Member } else { AssetKind::File };
    let parent = locator.rsplit_once('!').map(|(parent, _)| Locator::of(&PublicName::vouched(parent)));
    let asset = Asset {
        store: store.to_owned(),
        locator: Locator::of(&PublicName::vouched(locator)),
        kind,
        parent,
        stat: None,
    };
    let category = CategoryId::new(category);
    let fields = if category.as_str() == PARAMETERS { vec![("rare-earth".to_owned(), 5)] } else { Vec::new() };
    let classification =
        Classification { best: Some(Score { id: category.clone(), score: 0.9 }), fields, ..Classification::default() };
    let regime = regime();
    let mut examined = Examined {
        status: Status::Classified,
        reason: None,
        bytes: Some(Measure::exact(bytes)),
        records: records.map(Measure::exact),
        classification: Some(classification),
        ..Examined::unread(asset, crate::model::Reason::Empty)
    };
    let facts = crate::level::Facts::of_examined(&examined);
    let proposal = crate::level::propose(&facts, &regime.criteria, &Enterprise::default());
    let decision = LevelDecision { proposed: Some(proposal.level), ..LevelDecision::default() };
    examined.proposal = Some(proposal);
    AssetRecord {
        id: examined.asset.id(),
        examined,
        decision,
        category: Some(category),
        rejected_detectors: Vec::new(),
        contradicted: false,
        rules_version: "rules-1".to_owned(),
        regime_version: "regime-1".to_owned(),
    }
}

/// The same asset with resident ids `from..to` in it.
pub(crate) fn with_persons(mut record: AssetRecord, from: u64, to: u64) -> AssetRecord {
    let mut sketch = Sketch::default();
    for person in from..to {
        // Any mixing that spreads the upper 32 bits will do.
        sketch.insert((person + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }
    record.examined.findings = vec![Finding {
        detector: "cn.resident-id".to_owned(),
        matches: to - from,
        sample: None,
        sketch,
        columns: Vec::new(),
        confidence: 0.99,
        decimals: None,
        passed: None,
    }];
    record
}

pub(crate) fn classes(records: &[AssetRecord], decisions: &[crate::model::Decision]) -> Vec<Class> {
    let (regime, enterprise) = (regime(), Enterprise::default());
    let mut collector = ClassCollector::new(&regime, &enterprise);
    for record in records {
        collector.take(record.clone());
    }
    collector.finish(decisions)
}

/// A decision on a class or an asset.
pub(crate) fn decision(target: &str, act: crate::model::Act, level: Option<Level>) -> crate::model::Decision {
    crate::model::Decision {
        target: target.to_owned(),
        act,
        category: None,
        level,
        detector: None,
        by: "王工".to_owned(),
        date: "2026-02-01".to_owned(),
        reason: "年度评审".to_owned(),
        document: None,
        under: None,
        saw: None,
    }
}

pub(crate) fn store(name: &str) -> Store {
    Store { name: name.to_owned(), kind: StoreKind::Share, identity: format!("/srv/{name}") }
}

/// A store whose scan `scan` ended as `state` on `date`.
pub(crate) fn store_now(name: &str, scan: i64, state: StoreState, date: &str) -> StoreNow {
    StoreNow {
        store: store(name),
        scan: Some(scan),
        scanned: Some(date.to_owned()),
        state,
        complete: (state == StoreState::Complete).then(|| (scan, date.to_owned())),
        last_attempt: Some((scan, state, None, date.to_owned())),
    }
}

/// Everything that the form asks a person for.
pub(crate) fn full_register() -> Register {
    let all = [
        ("source", "自行采集"),
        ("purpose", "生产控制"),
        ("manner", "收集、存储、使用"),
        ("scope_of_use", "单位内"),
        ("responsible_party", "信息部"),
        ("responsible_person", "李工"),
        ("responsible_contact", "总机转信息部"),
        ("external_sharing", "否"),
        ("cross_border", "否"),
        ("protection", "访问控制；加密存储"),
    ];
    Register {
        all: all.into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect(),
        ..Register::default()
    }
}

pub(crate) fn catalog(classes: Vec<Class>, register: &Register, scope: Scope) -> Catalog {
    let stores = [store("plant"), store("mes")];
    let enterprise = Enterprise { name: Some("某某稀土材料有限公司".to_owned()), ..Enterprise::default() };
    let given = super::Given {
        stores: &stores,
        register,
        enterprise: &enterprise,
        authority: Some("某省工业和信息化厅"),
        as_of: "2026-03-01",
        results: &std::collections::BTreeMap::new(),
    };
    Catalog::make(classes, &given, scope, &regime())
}

/// The accepted filing of a catalog.
pub(crate) fn accepted(catalog: &Catalog) -> Filing {
    Filing {
        id: 1,
        kind: FilingKind::Initial,
        state: FilingState::Accepted,
        by: "王工".to_owned(),
        authority: "某省工业和信息化厅".to_owned(),
        submitted: "2026-03-01".to_owned(),
        accepted: Some("2026-03-02".to_owned()),
        rejected: None,
        resubmits: None,
        number: Some("备-2026-001".to_owned()),
        as_of: catalog.as_of.clone(),
        cancelled: Vec::new(),
        entries: catalog.entries.iter().map(super::Entry::filed).collect(),
    }
}
