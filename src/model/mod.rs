//! The vocabulary that every stage speaks: plain data, no I/O, no clap, no sqlx, no regex.
//!
//! In the order in which a scan meets them: a [`Store`] holds [`Asset`]s; reading one gives [`Fragment`]s;
//! detecting in them gives [`Finding`]s and [`Evidence`]; from these come a [`Classification`] and a level
//! [`Proposal`]; together they are [`Examined`], which the inventory keeps.

mod language;
pub use language::{Lang, Speak};

mod level;
pub use level::{Level, LevelDecision};

mod category;
pub use category::CategoryId;

mod measure;
pub use measure::Measure;

mod name;
pub use name::{PublicName, escape_name, is_invisible, unescape_name};

mod store;
pub use store::{Store, StoreKind, StoreUrl, mask_logins, percent_decoded};

mod connection;
pub use connection::{Connection, Encryption};

mod asset;
pub use asset::{Access, Asset, AssetId, AssetKind, ClassId, Locator, Stat, stable_id};

mod reason;
pub use reason::{Reason, Status};

mod fragment;
pub use fragment::{Column, Fragment, row_cells};

mod column_statistics;
pub use column_statistics::{ColumnStatistics, Holds};

mod sketch;
pub use sketch::{Sketch, SketchKey};

mod finding;
pub use finding::{Distinct, Finding, Sample};

mod evidence;
pub use evidence::{Classification, Contribution, Evidence, Place, Score};

mod proposal;
pub use proposal::{Basis, Mark, Notice, Predicate, Proposal};

mod examined;
pub use examined::{Examined, TableSummary, Versions};

mod province;
pub use province::province_code;

mod enterprise;
pub use enterprise::{Enterprise, Fields, InternetKind, InternetRole};

mod scan;
pub use scan::{ScanId, ScanState, StoreResult, StoreState, Tally};

mod register_edit;
pub use register_edit::{RegisterEdit, RegisterScope};

mod register;
pub use register::{Given, Giver, Register, Stated};

mod manual_class;
pub use manual_class::{Import, ManualClass};

mod decision;
pub use decision::{Act, Decision, Saw, Under};

mod occurrence;
pub use occurrence::Occurrence;

mod filing;
pub use filing::{
    CancelReason, Cancellation, Counting, FiledEntry, Filing, FilingKind, FilingState, LevelFigures, Method, Sizes,
};

mod audit;
pub use audit::{AuditEntry, ChainHead, Signature};
