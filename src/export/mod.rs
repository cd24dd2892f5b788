//! Entries, changes, assets, duties → xlsx, csv, json, docx, ics. Nothing here knows the time of day or the place of the inventory, so
//! the same catalog always gives the same bytes.

pub mod asset;
pub mod cell;

mod annex;
pub use annex::annex;

mod commitment;
pub use commitment::{Imprint, commitment};

mod docx;
pub use docx::{Block, Document, docx};

mod grid;
pub use grid::{Fact, Grid, grids_xlsx};

pub mod roll_up;

mod change;
pub use change::{change_csv, change_json, change_xlsx};

mod error;
pub use error::Error;

mod csv;
pub use csv::catalog_csv;

mod ics;
pub use ics::{Heading, duties_ics};

mod json;
pub use json::catalog_json;

pub(crate) mod xlsx;
pub use xlsx::catalog_xlsx;

/// What stands in a required cell that nobody has filled.
pub const TO_BE_FILLED: &str = "【待填】";
