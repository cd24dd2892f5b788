//! The second reading of a dump: rows go to their tables, everything else is running text.

use std::collections::HashMap;
use std::rc::Rc;

use super::lexer::TextSink;
use super::statements::Listener;
use super::structure::follow;
use super::tables::Tables;
use super::token::{TableName, Token};
use crate::discover::database::TableFacts;
use crate::extract::Sink;
use crate::model::{Fragment, Reason};
use crate::open::table::RowsRead;

/// Hands rows on.
pub(super) struct Delivery<'d> {
    tables: Tables,
    listing: Rc<[TableFacts]>,
    /// By number of a table: its place in the listing.
    places: Vec<Option<usize>>,
    /// By place: how often rows of it still begin.
    left: Vec<u64>,
    read: Vec<RowsRead>,
    sink: &'d mut dyn Sink,
    current: Option<usize>,
    /// The column of each value, where they are not those of the table in their order.
    columns: Option<Vec<usize>>,
}

impl<'d> Delivery<'d> {
    /// Before the first statement is read again. `tables` are settled.
    pub(super) fn new(mut tables: Tables, sink: &'d mut dyn Sink) -> Self {
        let mut places = vec![None; tables.all.len()];
        let (mut listing, mut left) = (Vec::new(), Vec::new());
        for (place, dumped) in places.iter_mut().zip(&mut tables.all).filter(|(_, dumped)| !dumped.is_gone) {
            *place = Some(listing.len());
            let nobody = TableFacts::new(String::new(), String::new(), dumped.facts.kind, dumped.facts.format);
            listing.push(std::mem::replace(&mut dumped.facts, nobody));
            left.push(dumped.runs);
        }
        for number in 0..places.len() {
            let place = places.get(tables.holder(number)).copied().flatten();
            if let Some(own) = places.get_mut(number) {
                *own = place;
            }
        }
        (tables.schema, tables.database) = (String::new(), None);
        let read = vec![RowsRead::default(); listing.len()];
        Self { tables, listing: listing.into(), places, left, read, sink, current: None, columns: None }
    }

    /// The tables that there are.
    pub(super) fn listing(&self) -> &Rc<[TableFacts]> {
        &self.listing
    }

    /// Tells the sink of the tables; gives whether it wants their rows.
    pub(super) fn announce(&mut self) -> bool {
        self.sink.listing(&self.listing)
    }

    /// Which columns of the table values of `columns` belong to; `None` where it is as they stand.
    fn places_of(table: &TableFacts, columns: &[String]) -> Option<Vec<usize>> {
        let name_of = |column: &crate::model::Column| column.name.as_deref().unwrap_or_default().to_lowercase();
        let is_as_it_stands = columns.len() <= table.columns.len()
            && columns.iter().zip(&table.columns).all(|(name, column)| column.name.as_ref() == Some(name));
        if is_as_it_stands {
            return None;
        }
        let known: HashMap<String, usize> =
            table.columns.iter().enumerate().map(|(at, column)| (name_of(column), at)).collect();
        // A column that nobody defined stands behind those that are.
        let mut behind = table.columns.len()..;
        let place = |name: &String| known.get(&name.to_lowercase()).copied().or_else(|| behind.next());
        Some(columns.iter().filter_map(place).collect())
    }
}

impl TextSink for Delivery<'_> {
    fn text(&mut self, text: &[u8]) {
        self.sink.fragment(Fragment::Text(text));
    }
}

impl Listener for Delivery<'_> {
    fn statement(&mut self, tokens: &[Token]) {
        follow(&mut self.tables, tokens);
    }

    fn text_end(&mut self) {
        self.sink.fragment(Fragment::Break);
    }

    fn rows_begin(&mut self, table: &TableName, columns: &[String]) {
        let number = self.tables.find(table);
        self.current = number.and_then(|number| self.places.get(number).copied().flatten());
        self.columns = None;
        if let Some((place, facts)) = self.current.and_then(|place| Some((place, self.listing.get(place)?))) {
            self.columns = Self::places_of(facts, columns);
            self.sink.begin_rows(place, facts);
        }
    }

    fn row(&mut self, text: &[u8], ends: &[usize], _: u64, cut: u64) {
        let Some(read) = self.current.and_then(|place| self.read.get_mut(place)) else {
            // A row of a table of which there are too many.
            self.sink.fragment(Fragment::Text(text));
            self.sink.fragment(Fragment::Break);
            return;
        };
        read.rows += 1;
        read.cut_cells += cut;
        match &self.columns {
            None => self.sink.fragment(Fragment::Row { text, ends }),
            Some(columns) => {
                let mut start = 0;
                for (at, end) in ends.iter().enumerate() {
                    let value = text.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default();
                    let column = columns.get(at).copied().unwrap_or(at);
                    if !value.is_empty() {
                        self.sink.fragment(Fragment::Cell { column, text: value });
                    }
                }
            }
        }
        self.sink.fragment(Fragment::RowEnd);
    }

    fn unsound(&mut self, table: &TableName, _: Reason) {
        let place = self.tables.find(table).and_then(|number| self.places.get(number).copied().flatten());
        if let Some((place, facts)) = place.and_then(|place| Some((place, self.listing.get(place)?))) {
            // It may have no rows; that it begins and does not end says what it is.
            self.sink.begin_rows(place, facts);
            self.sink.end_rows();
        }
    }

    fn rows_end(&mut self) {
        let Some(place) = self.current.take() else { return };
        self.sink.end_rows();
        if let (Some(left), Some(read)) = (self.left.get_mut(place), self.read.get_mut(place)) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                read.of = self.listing.get(place).and_then(|facts| facts.records);
                self.sink.end_table(place, *read);
            }
        }
    }
}
