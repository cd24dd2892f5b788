//! Classes that no scan can see.

use crate::catalog::profile::categories_near;
use crate::cli::arguments::register::{ClassArguments, WhoArguments};
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::filing::today;
use crate::cli::session::Session;
use crate::export::cell;
use crate::inventory::Deed;
use crate::model::{Lang, ManualClass, Measure};
use crate::regime::Regime;

use super::name;

/// The kind of carrier that holds no bytes, as the form names it.
const PAPER: &str = "纸质";

pub(super) fn add(session: &mut Session, arguments: &ClassArguments) -> anyhow::Result<Exit> {
    let class = meant(arguments, session.regime())?;
    let stores = session.inventory_or_new()?.stores_now()?;
    if stores.iter().any(|now| now.store.name == class.carrier) {
        let carrier = &class.carrier;
        return Err(Complaint::new(
            format!("{carrier} 是已扫描的载体；请为扫描看不到的载体另取名称"),
            format!("{carrier} is a store that is scanned; give what no scan can see another name"),
        )
        .into());
    }
    session.inventory()?.record(&[Deed::ManualClass(class.clone())])?;
    let (id, carrier, as_of) = (class.id(), &class.carrier, &class.as_of);
    session.tell(|lang| match lang {
        Lang::Zh => format!("已登记数据类 {id}：{} · {carrier}，统计时点 {as_of}", class.category),
        Lang::En => format!("class {id} entered: {} · {carrier}, counted on {as_of}", class.category),
    })
}

/// The class that was typed, if it makes sense.
fn meant(arguments: &ClassArguments, regime: &Regime) -> Result<ManualClass, Complaint> {
    let category = &arguments.category;
    let is_leaf = category.contains('.') && regime.taxonomy.contains(category);
    if !is_leaf {
        let known = categories_near(category, &regime.taxonomy);
        return Err(Complaint::new(
            format!("没有类别 {category}；可用的有 {}", known.join("、")),
            format!("no category {category}; there are {}", known.join(", ")),
        ));
    }
    let column = regime.form.catalog.column("carrier_type");
    if let Some(column) = column.filter(|column| !column.accepts(&arguments.carrier_type)) {
        return Err(Complaint::new(
            format!("--carrier-type 应为其一：{}", column.choices.join("、")),
            format!("--carrier-type takes one of {}", column.choices.join(", ")),
        ));
    }
    // Paper takes up no bytes; of everything else a person has to say how many.
    let bytes = arguments.bytes.or((arguments.carrier_type == PAPER).then_some(0));
    if bytes.is_none() || arguments.records.or(arguments.bytes).is_none() {
        return Err(Complaint::new(
            "请给出规模：--records，非纸质的另给 --bytes",
            "say how much there is: --records, and --bytes of what is not on paper",
        ));
    }
    let (carrier, reason) =
        (cell::plain(arguments.carrier.trim()), arguments.who.reason.as_deref().unwrap_or_default());
    let reason = cell::plain(reason.trim());
    if carrier.is_empty() || reason.is_empty() {
        return Err(Complaint::new(
            "--carrier 和 --reason 不能为空：说明载体是什么、数据是什么",
            "--carrier and --reason must not be empty: say what carries the data, and what they are",
        ));
    }
    let date = arguments.who.date.unwrap_or_else(today);
    let as_of = arguments.as_of.unwrap_or(date);
    if as_of > date {
        return Err(Complaint::new(
            format!("统计时点 {as_of} 晚于登记日期 {date}；请更正 --as-of"),
            format!("counted on {as_of}, after it was entered on {date}; correct --as-of"),
        ));
    }
    let measure = |value: Option<u64>| value.map(|value| Measure { value, exact: !arguments.estimated });
    Ok(ManualClass {
        category: category.clone(),
        carrier,
        carrier_type: arguments.carrier_type.clone(),
        level: arguments.level,
        records: measure(arguments.records),
        bytes: measure(bytes),
        subjects: measure(arguments.subjects),
        as_of: as_of.to_string(),
        by: name(&arguments.who)?,
        date: date.to_string(),
        reason,
        ended: false,
    })
}

pub(super) fn end(session: &mut Session, id: &str, who: &WhoArguments) -> anyhow::Result<Exit> {
    let entered = session.inventory()?.manual_classes()?;
    let found = ManualClass::standing(&entered).into_iter().find(|class| class.id().0 == id).cloned();
    let Some(class) = found else {
        return Err(Complaint::new(
            format!("没有人工登记的数据类 {id}；用 mulu classes 查看"),
            format!("no class {id} was entered by hand; see mulu classes"),
        )
        .into());
    };
    let Some(reason) = who.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) else {
        return Err(Complaint::new(
            "请用 --reason 说明数据的去向（销毁、转移…）",
            "say with --reason what became of the data (destroyed, given away)",
        )
        .into());
    };
    let ended = ManualClass {
        by: name(who)?,
        date: who.date.unwrap_or_else(today).to_string(),
        reason: cell::plain(reason),
        ended: true,
        ..class
    };
    session.inventory()?.record(&[Deed::ManualClass(ended)])?;
    session.tell(|lang| match lang {
        Lang::Zh => format!("数据类 {id} 已终止；记录均保留，已备案的将显示为减少"),
        Lang::En => format!("class {id} ended; its rows stay, and where it was filed it shows as removed"),
    })
}
