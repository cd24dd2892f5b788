//! 机动车号牌 (GA 36): a province, a letter, and five or six characters of which at most two are letters.

use super::Verdict;

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let tail: Vec<&u8> = candidate.iter().filter(|byte| byte.is_ascii_alphanumeric()).skip(1).collect();
    let letters = tail.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let wide = candidate.iter().filter(|byte| !byte.is_ascii()).count();
    // Province, perhaps the middle dot (two bytes) and a last character such as 挂.
    let shaped = (4..=6).contains(&tail.len()) && wide >= 3;
    (shaped && letters <= 2).then_some(Verdict::Unknown)
}
