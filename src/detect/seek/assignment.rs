//! Names and the values that are assigned to them.

use super::{LONGEST_KEY, Seek};
use crate::rules::schema::Anchor;

const LONGEST_SECRET: usize = 128;

impl Seek<'_, '_> {
    /// `name = value`: the value is the candidate, for the detectors whose words end the name.
    pub(super) fn assignment(&mut self, at: usize) {
        let anchors = self.judge.pack.anchors();
        let mut key_end = at;
        while key_end > 0 && at - key_end < 3 && matches!(self.before(key_end), b' ' | b'"' | b'\'' | b'\t') {
            key_end -= 1;
        }
        let end = self.text.get(..key_end).and_then(<[u8]>::last_chunk);
        if !end.is_some_and(|end| anchors.ends_key(*end)) {
            return;
        }
        let key = self.text.get(key_end.saturating_sub(LONGEST_KEY)..key_end).unwrap_or_default();
        let ends_key = |word: &String| {
            let mut letters = key.iter().rev();
            word.bytes().rev().all(|byte| letters.next().is_some_and(|letter| letter.to_ascii_lowercase() == byte))
        };
        let wanted = |detector: &usize| {
            self.judge.pack.detectors().get(*detector).is_some_and(|rule| rule.words.iter().any(ends_key))
        };
        if !anchors.of(Anchor::Assignment).iter().any(wanted) {
            return;
        }
        let mut start = at + 1;
        while start < at + 6 && matches!(self.byte(start), b' ' | b'"' | b'\'' | b'\t' | b'=' | b'>') {
            start += 1;
        }
        let value = |byte: &&u8| byte.is_ascii_graphic() && !b"\"',;&<>|`".contains(byte);
        let end = start + self.text.iter().skip(start).take(LONGEST_SECRET).take_while(value).count();
        if self.text.get(start..end).is_none_or(|value| value.is_empty() || value.starts_with(b"//")) {
            return;
        }
        for detector in anchors.of(Anchor::Assignment) {
            let rule = self.judge.pack.detectors().get(*detector);
            if rule.is_some_and(|rule| rule.words.iter().any(ends_key)) {
                self.judge(&[*detector], start..end, false);
            }
        }
    }
}
