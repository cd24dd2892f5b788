use super::*;
use crate::diff::tests::{difference_at, glimpse};
use crate::diff::{Seen, rows};
use crate::inventory::Glimpse;
use crate::model::{Lang, PublicName};

fn left(place: &str, content: u128, stands: bool) -> Left {
    Left { locator: Locator::of(&PublicName::vouched(place)), content, stands }
}

/// What is told of places and their contents before and now.
fn told(places: &[(&str, Option<u128>, Option<u128>)]) -> Vec<(Kind, String, String)> {
    let mut moves = Moves::default();
    for (place, before, now) in places {
        if let Some(content) = now {
            moves.came(&left(place, *content, before.is_some()));
        }
    }
    for (place, before, now) in places {
        if let Some(content) = before {
            moves.left(left(place, *content, now.is_some()));
        }
    }
    let whole = Seen { whole_before: true, whole_after: true };
    let mut found = Vec::new();
    for (place, before, now) in places {
        let seen = |content: u128| Glimpse { content_hash: Some(format!("{content:032x}")), ..glimpse() };
        let difference = difference_at(place, before.map(seen), now.map(seen));
        for row in moves.told(&difference, rows("plant", &difference, whole)) {
            found.push((row.kind, row.locator.to_string(), row.detail(Lang::En)));
        }
    }
    found
}

fn moved(from: &str, to: &str) -> (Kind, String, String) {
    (Kind::Moved, to.to_owned(), format!("from {from}"))
}

#[test]
fn a_file_at_another_place_is_one_line_that_says_from_where_whichever_place_comes_first() {
    assert_eq!(told(&[("a", Some(1), None), ("b", None, Some(1))]), [moved("a", "b")]);
    assert_eq!(told(&[("a", None, Some(1)), ("b", Some(1), None)]), [moved("b", "a")]);
}

#[test]
fn what_stands_on_both_sides_of_a_move_rules_out_none() {
    assert_eq!(told(&[("log", Some(1), Some(2)), ("log.1", None, Some(1))]), [moved("log", "log.1")]);
}

#[test]
fn of_copies_as_many_moved_as_left_and_the_others_are_new_or_gone() {
    let kinds = |places: &[(&str, Option<u128>, Option<u128>)]| {
        told(places).into_iter().map(|(kind, place, _)| format!("{} {place}", kind.id())).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&[("a", Some(1), None), ("b", None, Some(1)), ("c", None, Some(1))]), ["moved b", "new c"]);
    assert_eq!(kinds(&[("a", Some(1), None), ("b", Some(1), None), ("c", None, Some(1))]), ["gone b", "moved c"]);
    assert_eq!(kinds(&[("a", Some(1), None), ("b", None, Some(2))]), ["gone a", "new b"]);
}
