//! What exists: the files of a share, the tables of a database.

pub mod database;
pub mod share;
