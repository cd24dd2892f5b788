use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::PublicName;

/// Something in a store that can hold data: a file, a member of an archive, a table, a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// The name of the [`Store`](super::Store) it is in.
    pub store: String,
    /// Where it is in the store.
    pub locator: Locator,
    /// What it is.
    pub kind: AssetKind,
    /// The container that it is a member of.
    pub parent: Option<Locator>,
    /// What the store says of it without opening it; `None` for members and tables.
    pub stat: Option<Stat>,
}

impl Asset {
    /// Its id: the same store and locator give the same id in every scan.
    #[must_use]
    pub fn id(&self) -> AssetId {
        AssetId(stable_id("a", &[&self.store, self.locator.as_str()]))
    }

    /// Whether it is a member of a container, or of a member of it.
    #[must_use]
    pub fn is_in(&self, container: &Self) -> bool {
        self.parent.is_some() && self.store == container.store && self.locator.is_in(&container.locator)
    }
}

/// What an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssetKind {
    /// A file of a share.
    File,
    /// A member of an archive or a mail.
    Member,
    /// A table: base, partitioned parent or foreign.
    Table,
    /// A view or a materialised view.
    View,
    /// Anything else a store lists, among them a folder or database that could not be listed.
    Object,
}

impl AssetKind {
    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Member => "member",
            Self::Table => "table",
            Self::View => "view",
            Self::Object => "object",
        }
    }

    /// The kind of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::File, Self::Member, Self::Table, Self::View, Self::Object].into_iter().find(|kind| kind.id() == id)
    }
}

/// A place in a store: `drawings/pump.zip!parts.csv`, `public.hr_employee`, `mes.db!main.pro_task`.
///
/// Made of [`PublicName`]s, so it can be stored and shown. Ordered by its text; exports sort by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locator(String);

impl Locator {
    /// A place named by one public name (a path with `/`, or `schema.table`).
    #[must_use]
    pub fn of(name: &PublicName) -> Self {
        Self(name.as_str().to_owned())
    }

    /// The member `name` of the container at this place.
    #[must_use]
    pub fn member(&self, name: &PublicName) -> Self {
        Self(format!("{}!{name}", self.0))
    }

    /// A locator as it came out of an inventory.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// Whether it is a place in the container at another one, however deep.
    #[must_use]
    pub fn is_in(&self, container: &Self) -> bool {
        self.0.strip_prefix(&container.0).is_some_and(|rest| rest.starts_with('!'))
    }

    /// The places of the containers around it, the outermost first.
    pub fn containers(&self) -> impl Iterator<Item = Self> {
        self.partings().filter_map(|end| self.0.get(..end)).map(|text| Self(text.to_owned()))
    }

    /// Where containers are parted from their members: at each `!` that is not escaped. One of a name is written `\!`,
    /// and a backslash `\\`, so an even number of backslashes stands before a `!` that parts.
    fn partings(&self) -> impl Iterator<Item = usize> {
        let mut is_escaped = false;
        self.0.char_indices().filter_map(move |(at, letter)| {
            let parts = letter == '!' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            parts.then_some(at)
        })
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a file system says of a file; a file whose stat is the same is not opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// Length in bytes.
    pub size: u64,
    /// Last change, nanoseconds since 1970 (UTC).
    pub modified_ns: i64,
    /// Inode number; 0 where the system has none.
    pub inode: u64,
}

/// Who may do what with a file or folder of a share, as the file system shows it: mode bits and owners by number.
/// Access control lists are not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The twelve bits of the mode: set-id and sticky bits, then those of owner, group and all others.
    pub mode: u32,
    /// The number of the owner.
    pub owner: u32,
    /// The number of the owning group.
    pub group: u32,
}

impl Access {
    /// The bits that let somebody else than the owner in: those of group and others, and set-id bits, which lend the
    /// rights of the owner or group to whoever runs the file.
    const LETS_IN: u32 = 0o6077;

    /// The bits that are set now and were not, among those that let somebody else in.
    #[must_use]
    pub fn widened_since(self, before: Self) -> u32 {
        self.mode & !before.mode & Self::LETS_IN
    }
}

/// The id of an asset: `a` and 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssetId(pub String);

impl fmt::Display for AssetId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The id of a data class and of its catalog entry: `c` and 16 hexadecimal digits.
/// It is that of (category leaf, store), without the level: a level that changes is a change of level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassId(pub String);

impl ClassId {
    /// The id of the class of `category` in `store`.
    #[must_use]
    pub fn of(category: &str, store: &str) -> Self {
        Self(stable_id("c", &[category, store]))
    }
}

impl fmt::Display for ClassId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// `prefix` and the first 64 bits of the xxh3-128 of the parts, parted by a byte that no part holds.
/// 64 bits: two of a million assets collide with a chance below 1 in 30 million (birthday bound).
#[must_use]
pub fn stable_id(prefix: &str, parts: &[&str]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0);
    }
    format!("{prefix}{:016x}", xxh3_128(&bytes) >> 64)
}
