//! Inventory and register → filing entries and what they lack. Pure.
//!
//! Assets add up to classes (`class`); a class of a filed level becomes an entry (`entry`), whose cells are filled
//! from the scan and from the register (`fill`); what is missing or contradicts itself is named (`check`).

pub mod class;
pub use class::{Class, ClassCollector, Scale, class_decision};

mod entry;
pub use entry::{Catalog, Cell, CellSource, Entry, FilingNote, Given, Result, Scope};

pub mod roll_up;

mod fill;
pub use fill::entity_cells;

mod check;
pub use check::{Gap, GapKind, check, check_entity, check_filed};

mod stale;

pub mod import;

mod declared;

pub mod sheet;

pub mod manual;

pub mod profile;

mod scale;

mod protection;
pub use protection::protection;

mod unread;
pub use unread::{Unread, Whereabouts};

mod stray;
pub use stray::{Stray, strays};

#[cfg(test)]
pub(crate) mod fixture;
