//! Two scans of a store → what a security team wants to know of it: new, gone, grown and shrunk assets, other levels and
//! categories, new identifiers in an old table, files and folders opened to others. Pure: one asset at a time.

use serde::Serialize;

use crate::inventory::{Difference, FolderAccess, Glimpse};
use crate::model::{Access, AssetId, Level, Locator, Measure, Status};

mod filter;
pub use filter::{Filter, NotARatio, Ratio};

mod moved;
pub use moved::Moves;

mod say;

#[cfg(test)]
mod tests;

/// One thing that differs. An asset may give several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The id of the asset; `None` for a folder, which is none.
    pub id: Option<AssetId>,
    /// Its store.
    pub store: String,
    /// Where in it.
    pub locator: Locator,
    /// `file`, `member`, `table`, `view`, `object` or `folder`.
    pub asset: &'static str,
    /// What differs.
    pub kind: Kind,
    /// The measure, of what grew or shrank.
    pub measure: Option<Counted>,
    /// At the first scan.
    pub before: Value,
    /// At the second.
    pub after: Value,
    /// (after − before) / before; `None` where nothing was measured, or it was zero.
    pub ratio: Option<f64>,
    /// Who is let in that was not, of `access`.
    pub widened: Vec<&'static str>,
    /// The category, at the second scan where it is there.
    pub category: Option<String>,
    /// The effective level, likewise.
    pub level: Option<Level>,
    /// What made the difference, where that can be told.
    pub because: Because,
    /// `false`: the first scan saw only a part of the store, or a figure is an estimate.
    pub certain: bool,
}

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
    /// The same content stands at another place.
    Moved,
    /// More records or bytes.
    Grown,
    /// Fewer.
    Shrunk,
    /// Another level.
    Level,
    /// Another category.
    Category,
    /// Identifiers of a kind that was not in it.
    Identifiers,
    /// Opened to others, or given to another owner.
    Access,
    /// It could be read, and cannot now.
    Unread,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Gone,
        Self::Moved,
        Self::Grown,
        Self::Shrunk,
        Self::Level,
        Self::Category,
        Self::Identifiers,
        Self::Access,
        Self::Unread,
    ];

    /// The id used in JSON and on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Moved => "moved",
            Self::Grown => "grown",
            Self::Shrunk => "shrunk",
            Self::Level => "level",
            Self::Category => "category",
            Self::Identifiers => "identifiers",
            Self::Access => "access",
            Self::Unread => "unread",
        }
    }
}

/// What is counted of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    /// Rows.
    Records,
    /// Stored bytes.
    Bytes,
}

/// One side of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    None,
    /// A count.
    Number(u64),
    /// A level, a category, a reason, a mode, a place.
    Text(String),
    /// Detectors.
    List(Vec<String>),
}

/// What made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The store.
    Data,
    /// Rules or criteria: the content is the same.
    Rules,
    /// Rules or criteria are others, and whether the content is the same cannot be told.
    DataOrRules,
    /// A person or the authority.
    Decision,
}

/// Which of the two scans saw the whole store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The first did: what it did not see was not there.
    pub whole_before: bool,
    /// The second did: what it does not see is gone.
    pub whole_after: bool,
}

/// Everything that differs in one asset, in the order of [`Kind`].
#[must_use]
pub fn rows(store: &str, difference: &Difference, seen: Seen) -> Vec<Row> {
    match (&difference.before, &difference.after) {
        (None, Some(after)) => {
            let value = Value::Text(after.status.id().to_owned());
            let row = row(store, difference, after, Kind::New, [Value::None, value]);
            vec![Row { certain: seen.whole_before, ..row }]
        }
        // Where the second scan saw a part, what it does not show may still be there.
        (Some(before), None) if seen.whole_after => {
            let value = Value::Text(before.status.id().to_owned());
            vec![row(store, difference, before, Kind::Gone, [value, Value::None])]
        }
        (Some(before), Some(after)) => compared(store, difference, before, after),
        (Some(_) | None, None) => Vec::new(),
    }
}

/// A folder that was opened to others, or given to another owner; `None` where it was only closed.
#[must_use]
pub fn folder_row(store: &str, folder: &FolderAccess) -> Option<Row> {
    let widened = widened(folder.before, folder.after);
    (!widened.is_empty()).then(|| Row {
        id: None,
        store: store.to_owned(),
        locator: folder.locator.clone(),
        asset: "folder",
        kind: Kind::Access,
        measure: None,
        before: Value::Text(shown(folder.before)),
        after: Value::Text(shown(folder.after)),
        ratio: None,
        widened,
        category: None,
        level: None,
        because: Because::Data,
        certain: true,
    })
}

fn row(store: &str, difference: &Difference, of: &Glimpse, kind: Kind, [before, after]: [Value; 2]) -> Row {
    Row {
        id: Some(difference.id.clone()),
        store: store.to_owned(),
        locator: difference.locator.clone(),
        asset: of.kind.id(),
        kind,
        measure: None,
        before,
        after,
        ratio: None,
        widened: Vec::new(),
        category: of.category.as_ref().map(ToString::to_string),
        level: of.level.effective(),
        because: Because::Data,
        certain: true,
    }
}

fn is_read(glimpse: &Glimpse) -> bool {
    matches!(glimpse.status, Status::Classified | Status::Unclassified)
}

fn compared(store: &str, difference: &Difference, before: &Glimpse, after: &Glimpse) -> Vec<Row> {
    let row = |kind, values| row(store, difference, after, kind, values);
    let mut rows = Vec::new();
    rows.extend(scaled(before, after).map(|scaled| Row {
        measure: Some(scaled.measure),
        ratio: scaled.ratio,
        certain: scaled.certain,
        ..row(scaled.kind, [Value::Number(scaled.before), Value::Number(scaled.after)])
    }));
    if is_read(before) && is_read(after) {
        let because = because(before, after);
        let levels = [before.level.effective(), after.level.effective()];
        if levels[0] != levels[1] {
            rows.push(Row { because, ..row(Kind::Level, levels.map(|level| text(level.map(Level::id)))) });
        }
        let categories = [before, after].map(|side| side.category.as_ref().map(crate::model::CategoryId::as_str));
        if categories[0] != categories[1] {
            rows.push(Row { because, ..row(Kind::Category, categories.map(text)) });
        }
        let known: Vec<String> = before.identifiers.iter().map(|(detector, _)| detector.clone()).collect();
        let all = after.identifiers.iter().map(|(detector, _)| detector.clone());
        let new: Vec<String> = all.filter(|detector| !known.contains(detector)).collect();
        if !new.is_empty() {
            rows.push(Row { because, ..row(Kind::Identifiers, [Value::List(known), Value::List(new)]) });
        }
    }
    if let (Some(former), Some(now)) = (before.access, after.access) {
        let widened = widened(former, now);
        if !widened.is_empty() {
            rows.push(Row { widened, ..row(Kind::Access, [former, now].map(|access| Value::Text(shown(access)))) });
        }
    }
    if is_read(before) && !is_read(after) {
        let reasons =
            [before, after].map(|side| text(Some(side.reason.map_or(side.status.id(), |reason| reason.id()))));
        rows.push(row(Kind::Unread, reasons));
    }
    rows
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::None, |text| Value::Text(text.to_owned()))
}

struct Scaled {
    kind: Kind,
    measure: Counted,
    before: u64,
    after: u64,
    ratio: Option<f64>,
    certain: bool,
}

/// By records where both scans counted them, else by bytes.
fn scaled(before: &Glimpse, after: &Glimpse) -> Option<Scaled> {
    let records = before.records.zip(after.records).map(|pair| (Counted::Records, pair));
    let bytes = || before.bytes.zip(after.bytes).map(|pair| (Counted::Bytes, pair));
    let (measure, (Measure { value: former, exact }, now)) = records.or_else(bytes)?;
    let kind = match former.cmp(&now.value) {
        std::cmp::Ordering::Less => Kind::Grown,
        std::cmp::Ordering::Greater => Kind::Shrunk,
        std::cmp::Ordering::Equal => return None,
    };
    let ratio = (former > 0).then(|| rounded((now.value as f64 - former as f64) / former as f64));
    Some(Scaled { kind, measure, before: former, after: now.value, ratio, certain: exact && now.exact })
}

/// Four decimals, as everywhere in JSON.
fn rounded(ratio: f64) -> f64 {
    (ratio * 10_000.0).round() / 10_000.0
}

fn because(before: &Glimpse, after: &Glimpse) -> Because {
    let same_rules = before.versions == after.versions;
    let same_content = before.content_hash.is_some() && before.content_hash == after.content_hash;
    match () {
        () if before.examination == after.examination => Because::Decision,
        () if same_rules => Because::Data,
        () if same_content => Because::Rules,
        () => Because::DataOrRules,
    }
}

/// The bits of a mode that let somebody else than the owner in, and what each lets do.
const RIGHTS: [(u32, &str); 8] = [
    (0o4000, "set-user-id"),
    (0o2000, "set-group-id"),
    (0o040, "group-read"),
    (0o020, "group-write"),
    (0o010, "group-enter"),
    (0o004, "others-read"),
    (0o002, "others-write"),
    (0o001, "others-enter"),
];

/// Who is let in that was not; empty where nobody is.
fn widened(before: Access, after: Access) -> Vec<&'static str> {
    let gained = after.widened_since(before);
    let rights = RIGHTS.iter().filter(|(bit, _)| gained & bit != 0).map(|(_, right)| *right);
    let owners = [(before.owner != after.owner, "other-owner"), (before.group != after.group, "other-group")];
    rights.chain(owners.into_iter().filter(|(differs, _)| *differs).map(|(_, right)| right)).collect()
}

/// `0640 1000:100`: mode in octal, owner and group by number.
fn shown(access: Access) -> String {
    format!("{:04o} {}:{}", access.mode, access.owner, access.group)
}
