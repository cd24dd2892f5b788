//! The rule files as they are written. Every field is checked by name: an unknown one is an error, not a comment.

use serde::Deserialize;

/// One file of `patterns/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// The version of this schema; 1.
    pub schema: u32,
    /// The name of the pack, which is also the rule id of its terms and formats in evidence.
    pub pack: String,
    /// Identifiers to find.
    #[serde(default, rename = "detector")]
    pub detectors: Vec<DetectorEntry>,
    /// Words that speak for a category, mark a field, or tell plumbing.
    #[serde(default, rename = "term")]
    pub terms: Vec<TermEntry>,
    /// Words that say nothing, and part those that run together with them.
    #[serde(default)]
    pub joints: Vec<String>,
    /// Extensions of files, and what they say.
    #[serde(default, rename = "format")]
    pub formats: Vec<FormatEntry>,
    /// Shapes of tables.
    #[serde(default, rename = "shape")]
    pub shapes: Vec<ShapeEntry>,
    /// Kinds of system.
    #[serde(default, rename = "system")]
    pub systems: Vec<super::system::SystemEntry>,
    /// What sets of columns say.
    #[serde(default, rename = "structure")]
    pub structures: Vec<super::system::StructureEntry>,
}

/// The two languages of everything a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// `[[detector]]`: an identifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the rule file, with a meaning of its own")]
pub struct DetectorEntry {
    /// Dotted words, e.g. `cn.resident-id`; unique over all packs.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// What makes the scanner look closer. Nothing else ever runs this detector on running text.
    pub anchor: Anchor,
    /// For the run anchors: how many digits, or letters and digits, the run may have.
    #[serde(default)]
    pub lengths: Vec<usize>,
    /// Those of the lengths that count only with context.
    #[serde(default)]
    pub weak_lengths: Vec<usize>,
    /// For the run anchors: groups of digits parted by one space or hyphen, written by their lengths: `3-4-4`.
    #[serde(default)]
    pub groups: Vec<String>,
    /// For the run anchors: lengths that count only as a whole cell of a column named for it.
    #[serde(default)]
    pub column_lengths: Vec<usize>,
    /// For `words`: the literals, case-sensitive. For `assignment`: the ends of the names, lower case.
    #[serde(default)]
    pub words: Vec<String>,
    /// For `words`: whether the candidate begins before the literal, with the run of letters, digits, `.`, `_` and
    /// `-` that stands directly before it or one space away.
    #[serde(default)]
    pub back: bool,
    /// Words behind which the candidate stands (`呼号：B1ABC`), case-sensitive.
    #[serde(default)]
    pub labels: Vec<String>,
    /// The shape by which a column without a telling name is taken for one of this kind.
    #[serde(default)]
    pub shape_share: Option<ShapeShare>,
    /// Whether it is masked in names that are shown; not so for what names nobody (`FIC-101`).
    #[serde(default = "yes")]
    pub mask: bool,
    /// The regex that the candidate must match, from its first byte on.
    #[serde(default)]
    pub pattern: Option<String>,
    /// A regex of candidates that count only with context: those that match it from their first byte on.
    #[serde(default)]
    pub weak_pattern: Option<String>,
    /// The check of shape and check digit, by name.
    #[serde(default)]
    pub validate: Option<String>,
    /// Words that, shortly before or after it in running text, make a candidate believable.
    #[serde(default)]
    pub context: Vec<String>,
    /// Names of columns that hold it: word parts for ASCII, anywhere in the name for Chinese.
    #[serde(default)]
    pub columns: Vec<String>,
    /// For pairs: names of the column that holds the second half; `columns` then holds the first.
    #[serde(default)]
    pub second_columns: Vec<String>,
    /// For pairs: names of columns that hold both halves in one cell.
    #[serde(default)]
    pub pair_columns: Vec<String>,
    /// Names of columns that hold something else, whatever in them names it: 联系人电话 holds no name.
    #[serde(default)]
    pub negative_columns: Vec<String>,
    /// Words near it, or in the name of its column, that speak against it.
    #[serde(default)]
    pub negative_context: Vec<String>,
    /// Whether a candidate counts only with context, a column name, or nearly a whole column of its kind.
    #[serde(default)]
    pub needs_context: bool,
    /// Whether the name of a column alone, with any value in it, is enough (passwords have no shape).
    #[serde(default)]
    pub any_value: bool,
    /// The marker that it puts on an asset, e.g. `personal-information`.
    #[serde(default)]
    pub marker: Option<String>,
    /// What a distinct value stands for.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// How a value is brought to one form before it is counted as distinct.
    #[serde(default)]
    pub normalise: NormaliseName,
    /// How sure a candidate is that passed pattern and check without any context, 0 to 1.
    pub confidence: f64,
    /// Categories that its presence speaks for, with weights.
    #[serde(default)]
    pub speaks_for: Vec<(String, f64)>,
    /// Where format and check come from.
    pub basis: Vec<String>,
    /// Texts, or cells of a named column, in which it must be found.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Texts, or cells of a named column, in which it must not be found.
    #[serde(default)]
    pub counter_examples: Vec<Example>,
}

/// How the cells of a column must look for the column to be taken for one of a kind without a name that says so. What
/// can be told at a glance comes first, so that a pattern is tried on few cells of few columns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeShare {
    /// The ASCII characters that a value may begin with.
    pub first: String,
    /// The fewest and the most bytes of a value.
    pub lengths: [usize; 2],
    /// The regex that the whole cell must match; the detector's own pattern and check when absent.
    #[serde(default)]
    pub pattern: Option<String>,
}

fn yes() -> bool {
    true
}

/// What the fast first pass stops at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// A run of ASCII digits, or groups of them.
    DigitRun,
    /// A run of ASCII letters and digits that holds four digits in a row.
    LetterDigitRun,
    /// An `@` with the address characters around it.
    AtSign,
    /// Hexadecimal digits parted by colons or hyphens.
    Hexadecimal,
    /// Digits parted by dots.
    Dotted,
    /// Two dots or more among digits, behind which the pattern decides how it goes on.
    DottedOpen,
    /// Two decimal numbers parted by a comma or space.
    DecimalPair,
    /// `name = value`, `name: value`.
    Assignment,
    /// A capital letter right behind a character that is not ASCII.
    AfterWide,
    /// One of the literals in `words`.
    Words,
    /// One of the words in `labels`, behind which it stands.
    Label,
    /// Nothing in running text: only cells of a column that is named for it.
    Column,
}

/// What a distinct value of a detector stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A natural person.
    Person,
    /// An organisation.
    Organisation,
    /// A device or a vehicle.
    Device,
    /// A place.
    Place,
}

impl Subject {
    /// The id used in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Device => "device",
            Self::Place => "place",
        }
    }
}

/// The one form that spellings of a value share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NormaliseName {
    /// Letters, digits and Chinese characters only, upper case.
    #[default]
    Compact,
    /// As `compact`, the old 15-digit number in its 18-digit form.
    ResidentId,
    /// The eleven digits, without a country or trunk prefix.
    Mobile,
    /// As `compact`, and characters that are not ASCII: a plate's province tells it from another.
    Wide,
    /// The IP address that is written, shortened or not.
    Address,
    /// Its numbers with their points and signs, whatever parts them.
    Numbers,
    /// Lower case, as it stands.
    Lower,
    /// As it stands.
    Exact,
}

/// A text, or a cell of a named column, that a detector is tried on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Example {
    /// Running text.
    Text(String),
    /// A cell.
    Cell {
        /// The name of its column.
        column: String,
        /// Its value.
        value: String,
    },
}

/// `[[term]]`: words with one meaning.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermEntry {
    /// The category they speak for; absent for terms that only mark a field or plumbing.
    #[serde(default)]
    pub category: Option<String>,
    /// How strongly, 0 to 1, when seen in the name of an asset; `classify` scales it for other places.
    #[serde(default)]
    pub weight: f64,
    /// Chinese words, English words (caseless, on word parts, several parted by a space), pinyin.
    #[serde(default)]
    pub words: Vec<String>,
    /// Names of columns, whole.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Initials of pinyin: weak, only in names of columns and assets.
    #[serde(default)]
    pub initials: Vec<String>,
    /// The field (领域) of `miit-166/10.1` that they mark.
    #[serde(default)]
    pub field: Option<String>,
    /// Whether they tell plumbing of a framework.
    #[serde(default)]
    pub plumbing: bool,
    /// Where they count; everywhere when absent.
    #[serde(default)]
    pub places: Vec<crate::model::Place>,
    /// `law`, `public`, `recalled` or `design`.
    #[serde(default)]
    pub basis: Option<crate::model::Mark>,
}

/// `[[format]]`: a file format, told by name or by its first bytes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatEntry {
    /// Dotted words, e.g. `cad.creo`; unique over all packs.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// Extensions without the dot, lower case; `prt.#` where a version number follows.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// Whole names of files, lower case; `*` at the end stands for the rest.
    #[serde(default)]
    pub files: Vec<String>,
    /// Formats by content (`open::Format`, their ids) that it speaks for whatever they are called.
    #[serde(default)]
    pub formats: Vec<String>,
    /// Formats by content under which its names say nothing of it.
    #[serde(default)]
    pub except: Vec<String>,
    /// Bytes at a place of the file, in hexadecimal: `377abcaf`, or `257:7573746172` behind so many bytes.
    #[serde(default)]
    pub magic: Vec<String>,
    /// How one of the first lines of a text of this format begins, blanks aside.
    #[serde(default)]
    pub first_lines: Vec<String>,
    /// What stands somewhere in its first bytes: an element of XML, a namespace.
    #[serde(default)]
    pub contains: Vec<String>,
    /// How lines of its grammar begin, whatever their case; asked where nothing else tells the format.
    #[serde(default)]
    pub lines: Vec<String>,
    /// How many different ones of `lines` must be met.
    #[serde(default)]
    pub at_least: usize,
    /// How lines begin of which one must be met besides, where `lines` begin with words of any prose. A number
    /// may follow at once.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A regex that half of the first lines match, from their first byte on; asked of what is no table, where
    /// nothing else tells the format.
    #[serde(default)]
    pub line_pattern: Option<String>,
    /// It tells what is left unclassified; how strongly, says `weight`.
    #[serde(default)]
    pub plumbing: bool,
    /// The category that a file of it speaks for.
    #[serde(default)]
    pub category: Option<String>,
    /// How strongly, 0 to 1.
    #[serde(default)]
    pub weight: f64,
    /// `law`, `public`, `recalled` or `design`.
    #[serde(default)]
    pub basis: Option<crate::model::Mark>,
}

/// `[[shape]]`: kinds of columns that stand together in a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeEntry {
    /// Dotted words, e.g. `shape.time-series`; unique over all packs.
    pub id: String,
    /// What a person reads.
    pub name: Label,
    /// The category that a table of it speaks for.
    pub category: String,
    /// How strongly, 0 to 1, where the names of the columns say it.
    pub weight: f64,
    /// How strongly where only what the columns hold says it; no more than `weight`.
    pub held_weight: f64,
    /// Parts that must be named, two at least.
    pub fewest_named: usize,
    /// Columns that a table may have, to be told by names.
    pub most_columns: usize,
    /// Columns that a table may have, to be told by what they hold.
    pub most_held_columns: usize,
    /// `law`, `public`, `recalled` or `design`.
    pub basis: crate::model::Mark,
    /// The kinds of columns.
    #[serde(rename = "part")]
    pub parts: Vec<ShapePartEntry>,
}

/// `[[shape.part]]`: one kind of column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapePartEntry {
    /// Names that such a column has.
    pub names: Vec<String>,
    /// What it holds: `monotone-time`, `enumerated-code`, `decimal`; without it the part is told by name only.
    #[serde(default)]
    pub holds: Option<crate::model::Holds>,
}
