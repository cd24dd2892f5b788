//! Questions about many tables in few statements: one table that spoils a statement costs itself only.

use std::collections::BTreeMap;

/// How much one statement asks at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    /// Most tables.
    pub(super) tables: usize,
    /// Most bytes of data of them together, which is what a count reads; one table may be larger.
    pub(super) bytes: u64,
}

/// Asks about all `items`, given with their bytes, batch by batch; about each of a batch by itself where the whole of it
/// fails. What fails by itself is missing in the answer.
///
/// # Errors
/// The server is gone: twice in a row an error for which `is_gone` holds.
pub(super) fn ask<T, E>(
    items: &[(usize, u64)],
    batch: Batch,
    is_gone: impl Fn(&E) -> bool,
    mut question: impl FnMut(&[usize]) -> Result<Vec<(usize, T)>, E>,
) -> Result<BTreeMap<usize, T>, E> {
    let mut answers = BTreeMap::new();
    for part in parts(items, batch) {
        if let Ok(found) = question(&part) {
            answers.extend(found);
            continue;
        }
        for one in part {
            let answer = match question(&[one]) {
                // A connection that was cut is made anew, once.
                Err(error) if is_gone(&error) => question(&[one]),
                answer => answer,
            };
            match answer {
                Ok(found) => answers.extend(found),
                Err(error) if is_gone(&error) => return Err(error),
                Err(_) => {}
            }
        }
    }
    Ok(answers)
}

fn parts(items: &[(usize, u64)], batch: Batch) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut bytes_so_far = 0u64;
    for (item, bytes) in items {
        let fits = bytes_so_far.saturating_add(*bytes) <= batch.bytes;
        if let Some(part) = parts.last_mut().filter(|part| fits && part.len() < batch.tables) {
            part.push(*item);
            bytes_so_far = bytes_so_far.saturating_add(*bytes);
        } else {
            parts.push(vec![*item]);
            bytes_so_far = *bytes;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq)]
    enum Trouble {
        Denied,
        Gone,
    }

    proptest! {
        #[test]
        fn what_fails_costs_itself_only_and_nothing_is_asked_more_than_twice(
            sizes in proptest::collection::vec(0u64..2_000, 0..60),
            bad in proptest::collection::btree_set(0usize..60, 0..6),
            tables in 1usize..20,
        ) {
            let items: Vec<(usize, u64)> = sizes.iter().copied().enumerate().collect();
            let mut asked = vec![0; items.len()];
            let batch = Batch { tables, bytes: 5_000 };
            let answers = ask(&items, batch, |error| *error == Trouble::Gone, |part| {
                assert!(part.len() == 1 || part.iter().map(|item| sizes[*item]).sum::<u64>() <= 5_000);
                assert!(part.len() <= tables);
                for item in part {
                    asked[*item] += 1;
                }
                if part.iter().any(|item| bad.contains(item)) {
                    return Err(Trouble::Denied);
                }
                Ok(part.iter().map(|item| (*item, item * 2)).collect())
            }).unwrap();
            let wanted: BTreeMap<usize, usize> =
                (0..items.len()).filter(|item| !bad.contains(item)).map(|item| (item, item * 2)).collect();
            prop_assert_eq!(answers, wanted);
            prop_assert!(asked.iter().all(|times| (1..=2).contains(times)));
        }
    }

    #[test]
    fn a_connection_that_is_cut_is_asked_again_and_a_server_that_is_gone_is_told() {
        let items = [(0, 0), (1, 0), (2, 0)];
        let batch = Batch { tables: 3, bytes: 10 };
        let mut cuts = 2;
        let once = ask(
            &items,
            batch,
            |error| *error == Trouble::Gone,
            |part| {
                if cuts > 0 {
                    cuts -= 1;
                    return Err(Trouble::Gone);
                }
                Ok(part.iter().map(|item| (*item, ())).collect())
            },
        );
        assert_eq!(once.unwrap().len(), 3);
        let gone = ask::<(), _>(&items, batch, |error| *error == Trouble::Gone, |_| Err(Trouble::Gone));
        assert_eq!(gone, Err(Trouble::Gone));
    }
}
