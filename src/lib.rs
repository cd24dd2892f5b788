//! mulu (目录) takes an industrial enterprise from "we have shares and databases" to "this is our filed catalog of
//! important and core data, and here is what has changed since we filed it" (工信部网安〔2022〕166号, Article 12).
//!
//! Data flows down the modules in the order of their declaration. Each may name only what stands above it; the test
//! `tests/architecture.rs` says so with file and line. `docs/architecture.md` walks the same way in prose.

// The vocabulary: assets, findings, categories, levels. Plain data.
pub mod model;

// `patterns/*.toml` → a compiled rule pack.
pub mod rules;

// `catalogs/**/*.toml` → taxonomy, level criteria, filing form, calendar.
pub mod regime;

// A store → the assets in it.
pub mod discover;

// An asset → capped bytes or rows.
pub mod open;

// Bytes or rows → fragments of text and named columns of values.
pub mod extract;

// Fragments → findings and evidence. Pure.
pub mod detect;

// Evidence → a category with score, reasons and alternatives. Pure.
pub mod classify;

// Answers against labels: how often a category is right. Pure.
pub mod accuracy;

// Category, scale, findings, enterprise facts → a proposed level with its criteria. Pure.
pub mod level;

// Results → rows of the inventory, written by one writer.
pub mod inventory;

// Inventory and register → filing entries and what they lack. Pure.
pub mod catalog;

// A filed baseline and now → changes, materiality, deadlines. Pure.
pub mod change;

// Duties, and what has happened → what has to be done by when. Pure.
pub mod duty;

// Two scans of a store → what a security team wants to know. Pure.
pub mod diff;

// Entries, changes, assets → xlsx, csv, json, ics.
pub mod export;

// What persons say of proposals, one by one or as a filled workbook. Pure.
pub mod review;

// The wiring of a scan, and nothing else.
pub mod pipeline;

// The command line: the only module that knows clap and indicatif.
pub mod cli;
