//! What a person, or the authority, says of proposals: one decision as it is typed, and many as a workbook holds them.
//! Pure: a filled workbook becomes changes, or each cell that does not fit is named and nothing is taken.
//!
//! `workbook` writes it as `layout` says, `fill` reads it back and holds it against the rows of now (`row`); a decision makes sense
//! or not by `decide` alone, however it was typed.

mod decide;
pub use decide::{Asked, Senseless, Subject, decide};

mod row;
pub use row::{LOCKED, Row, facts};

pub mod layout;

mod fill;
pub use fill::{Change, Filled, Now, fill, targets};

mod workbook;
pub use workbook::review_xlsx;

mod fault;
pub use fault::{Fault, Wrong};
