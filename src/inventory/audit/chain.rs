//! The hash of an entry, and what a chain of them says when something was done to it.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::Fault;
use crate::model::{AuditEntry, ChainHead};

/// What stands in place of a hash before the first entry.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash that an entry must have: SHA-256, in hexadecimal, of a JSON array without blanks of everything else in it,
/// the hash of the entry before included. Told in docs/audit.md, so that others can compute it anew.
#[must_use]
pub fn hash(entry: &AuditEntry) -> String {
    let AuditEntry { seq, time, by, act, subject, record, from, to, why, previous, hash: _ } = entry;
    digest(json!([seq, time, by, act, subject, record, from, to, why, previous]).to_string().as_bytes())
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(BEGINNING.len());
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Whether a text is a hash as the chain writes it.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.len() == BEGINNING.len() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Walks a chain from its beginning, entry by entry, and notes what does not fit.
#[derive(Debug)]
pub struct Walk {
    at: ChainHead,
    wanted: Option<String>,
    found: Option<u64>,
    faults: Vec<Fault>,
}

impl Walk {
    /// Begins before the first entry. `wanted` is a head that was noted earlier: some entry must have it.
    #[must_use]
    pub fn new(wanted: Option<&str>) -> Self {
        let found = wanted.filter(|hash| *hash == BEGINNING).map(|_| 0);
        let at = ChainHead { length: 0, head: BEGINNING.to_owned() };
        Self { at, wanted: wanted.map(str::to_owned), found, faults: Vec::new() }
    }

    /// Takes the next entry. The walk goes on from the hash that it states, so that one fault is told once.
    pub fn take(&mut self, entry: &AuditEntry) {
        let wanted = self.at.length + 1;
        if entry.seq > wanted {
            self.faults.push(Fault::Missing { first: wanted, last: entry.seq - 1 });
        } else if entry.previous != self.at.head {
            self.faults.push(Fault::Unlinked { seq: entry.seq });
        }
        if hash(entry) != entry.hash {
            self.faults.push(Fault::Altered { seq: entry.seq });
        } else if self.wanted.as_deref() == Some(entry.hash.as_str()) {
            self.found = Some(entry.seq);
        }
        self.at = ChainHead { length: entry.seq, head: entry.hash.clone() };
    }

    /// Where the chain ends, at which entry the wanted head stands, and everything that does not fit.
    #[must_use]
    pub fn finish(self) -> (ChainHead, Option<u64>, Vec<Fault>) {
        let Self { at, wanted, found, mut faults } = self;
        if wanted.is_some() && found.is_none() {
            faults.push(Fault::HeadGone);
        }
        (at, found, faults)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(length: u64) -> Vec<AuditEntry> {
        let mut previous = BEGINNING.to_owned();
        let link = |seq| {
            let mut entry = AuditEntry {
                seq,
                time: "2026-03-01T02:00:00Z".to_owned(),
                by: "王工".to_owned(),
                act: "review.confirm".to_owned(),
                subject: format!("c{seq:016x}"),
                record: Some(format!("decision {seq}")),
                from: None,
                to: Some("{\"level\":\"core\"}".to_owned()),
                why: Some("年度评审".to_owned()),
                previous: previous.clone(),
                hash: String::new(),
            };
            entry.hash = hash(&entry);
            previous.clone_from(&entry.hash);
            entry
        };
        (1..=length).map(link).collect()
    }

    fn faults(entries: &[AuditEntry], wanted: Option<&str>) -> Vec<Fault> {
        let mut walk = Walk::new(wanted);
        for entry in entries {
            walk.take(entry);
        }
        walk.finish().2
    }

    /// Computed apart from this program: `printf '%s' '[1,"2026-03-01T02:00:00Z",…,"0…0"]' | sha256sum`.
    #[test]
    fn the_hash_is_what_anybody_computes_who_follows_the_recipe() {
        let entry = &chain(1)[0];
        assert_eq!(entry.hash, "3fbfd6997e0251043b4cceaafeee3e340cb832d5cdcbfcdb436e1172f8f7f3da");
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-2");
    }

    #[test]
    fn a_whole_chain_has_no_fault_and_ends_where_it_ends() {
        let entries = chain(4);
        let mut walk = Walk::new(Some(&entries[1].hash));
        for entry in &entries {
            walk.take(entry);
        }
        let head = ChainHead { length: 4, head: entries[3].hash.clone() };
        assert_eq!(walk.finish(), (head, Some(2), Vec::new()));
        assert_eq!(faults(&[], Some(BEGINNING)), []);
    }

    /// Each field in turn is given another value.
    fn altered(entry: &AuditEntry, field: usize) -> AuditEntry {
        let mut other = entry.clone();
        match field {
            0 => other.time.push('x'),
            1 => other.by = "李工".to_owned(),
            2 => other.act = "review.reject".to_owned(),
            3 => other.subject = "c0".to_owned(),
            4 => other.record = None,
            5 => other.from = Some("{}".to_owned()),
            6 => other.to = None,
            7 => other.why = Some(String::new()),
            8 => other.previous = other.previous.replace(|digit: char| digit.is_ascii_hexdigit(), "1"),
            _ => other.hash = BEGINNING.to_owned(),
        }
        other
    }

    #[test]
    fn an_end_that_was_cut_off_shows_only_beside_a_head_that_was_noted() {
        let entries = chain(5);
        assert_eq!(faults(&entries[..3], None), [], "what a chain alone cannot show");
        assert_eq!(faults(&entries[..3], Some(&entries[4].hash)), [Fault::HeadGone]);
        assert_eq!(faults(&entries[..3], Some(&entries[2].hash)), []);
    }

    #[test]
    fn a_chain_written_anew_shows_only_beside_a_head_that_was_noted() {
        let (entries, mut forged) = (chain(3), chain(3));
        let mut previous = BEGINNING.to_owned();
        for entry in &mut forged {
            entry.by = "李工".to_owned();
            entry.previous.clone_from(&previous);
            entry.hash = hash(entry);
            previous.clone_from(&entry.hash);
        }
        assert_eq!(faults(&forged, None), [], "what a chain alone cannot show");
        assert_eq!(faults(&forged, Some(&entries[2].hash)), [Fault::HeadGone]);
    }

    proptest! {
        #[test]
        fn any_field_of_any_entry_that_is_altered_is_told(length in 1u64..8, place in 0usize..8, field in 0usize..10) {
            let mut entries = chain(length);
            let place = place % entries.len();
            entries[place] = altered(&entries[place], field);
            let seq = entries[place].seq;
            let told = faults(&entries, None).contains(&Fault::Altered { seq });
            prop_assert!(told);
        }

        #[test]
        fn an_entry_that_was_removed_is_told_unless_it_was_the_last(length in 2u64..8, place in 0usize..8) {
            let mut entries = chain(length);
            let place = place % (entries.len() - 1);
            let seq = entries.remove(place).seq;
            let told = faults(&entries, None).contains(&Fault::Missing { first: seq, last: seq });
            prop_assert!(told);
            // Numbering the rest anew does not hide it.
            for entry in &mut entries[place..] {
                entry.seq -= 1;
            }
            prop_assert!(!faults(&entries, None).is_empty());
        }

        #[test]
        fn two_entries_that_changed_places_are_told(length in 2u64..8, one in 0usize..8, other in 0usize..8) {
            let mut entries = chain(length);
            let (one, other) = (one % entries.len(), other % entries.len());
            prop_assume!(one != other);
            let seqs = (entries[one].seq, entries[other].seq);
            entries.swap(one, other);
            (entries[one].seq, entries[other].seq) = seqs;
            prop_assert!(!faults(&entries, None).is_empty());
        }

        #[test]
        fn entries_that_differ_in_where_a_text_ends_have_different_hashes(one in ".{0,6}", other in ".{0,6}") {
            let with = |by: &str, act: &str| hash(&AuditEntry { by: by.to_owned(), act: act.to_owned(), ..chain(1)[0].clone() });
            let joined = format!("{one}{other}");
            prop_assert!(other.is_empty() || with(&one, &other) != with(&joined, ""));
        }
    }
}
