//! Rows and keys, read from files of this project and of others.

mod columnar;
mod files;
