//! 64 bytes → what each of them is, sixteen or thirty-two at a time: the only place where `unsafe` is allowed, since
//! instructions that not every processor has must be asked for, and are, before they are used.
//!
//! [`portable`] is its twin in safe code, which the compiler turns into what every processor has; a test holds the two
//! against each other.

use super::blocks::{BLOCK, Block};
use crate::rules::{Fingerprint, Literals, SeenByte};

/// Bytes that a block and the literals that begin in it are seen by.
const AHEAD: usize = BLOCK + Fingerprint::FURTHEST;

/// Looks at the bytes of a text, block by block; the last one may be cut, and is as if zeros followed. There must be a
/// block for each 64 bytes begun; blocks behind them become empty.
pub(super) fn look(text: &[u8], blocks: &mut [Block]) {
    let (whole, cut) = text.as_chunks::<BLOCK>();
    let (filled, rest) = blocks.split_at_mut(whole.len().min(blocks.len()));
    look_at_whole(whole, filled);
    if let Some((block, empty)) = rest.split_first_mut() {
        *block = if cut.is_empty() { Block::default() } else { look_at_cut(cut) };
        empty.fill(Block::default());
    }
}

/// Looks at `wanted` blocks of a text from `start` on, which become the second and the following of `blocks`; the first
/// is what stands before them, and behind the last is one more.
pub(super) fn look_around(text: &[u8], start: usize, blocks: &mut [Block], wanted: usize) {
    let Some((before, ahead)) = blocks.split_first_mut() else { return };
    let from = start.saturating_sub(BLOCK);
    let preceding = text.get(from..start).unwrap_or_default();
    *before = match preceding.first_chunk::<BLOCK>() {
        Some(whole) => {
            look_at_whole(&[*whole], std::slice::from_mut(before));
            *before
        }
        None => look_at_cut(preceding).later_by(BLOCK - preceding.len()),
    };
    let end = text.len().min(start + (wanted + 1) * BLOCK);
    look(text.get(start..end).unwrap_or_default(), ahead.get_mut(..=wanted).unwrap_or_default());
}

/// A block that is cut.
pub(super) fn look_at_cut(text: &[u8]) -> Block {
    let mut padded = [0; BLOCK];
    let length = text.len().min(BLOCK);
    if let (Some(target), Some(source)) = (padded.get_mut(..length), text.get(..length)) {
        target.copy_from_slice(source);
    }
    let mut block = [Block::default()];
    look_at_whole(&[padded], &mut block);
    block[0]
}

/// Where in the blocks of a text a literal may begin that is no part of a longer word: a mask for each of `blocks`, of
/// which the first is what stands before the text.
pub(super) fn look_for_literals(text: &[u8], blocks: &[Block], literals: &Literals, masks: &mut [u64]) {
    for (number, (pair, mask)) in blocks.windows(2).zip(masks).enumerate() {
        let [before, here] = pair else { continue };
        let starts = here.letter & !(here.letter << 1 | before.letter >> (BLOCK - 1));
        *mask = 0;
        if starts | here.lead == 0 {
            continue;
        }
        let rest = text.get(number * BLOCK..).unwrap_or_default();
        let mut padded = [0; AHEAD];
        let seen = rest.first_chunk().unwrap_or_else(|| {
            if let Some(target) = padded.get_mut(..rest.len()) {
                target.copy_from_slice(rest);
            }
            &padded
        });
        if starts != 0 {
            *mask |= starts & places_of(seen, literals.letters());
        }
        if here.lead != 0 {
            *mask |= here.lead & places_of(seen, literals.wide());
        }
    }
}

/// Where the tables of a fingerprint agree.
fn places_of(seen: &[u8; AHEAD], fingerprint: &Fingerprint) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "AVX2 was asked for in the line above, which is all that the function needs")]
        // SAFETY: `wide::places_of` needs nothing but a processor with AVX2.
        return unsafe { wide::places_of(seen, fingerprint.seen()) };
    }
    portable_places_of(seen, fingerprint)
}

/// The same without a word to the processor.
fn portable_places_of(seen: &[u8; AHEAD], fingerprint: &Fingerprint) -> u64 {
    (0..BLOCK)
        .fold(0, |mask, place| mask | u64::from(fingerprint.may_begin(seen.get(place..).unwrap_or_default())) << place)
}

fn look_at_whole(whole: &[[u8; BLOCK]], blocks: &mut [Block]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "AVX2 was asked for in the line above, which is all that the function needs")]
        // SAFETY: `wide::look` needs nothing but a processor with AVX2.
        unsafe {
            wide::look(whole, blocks);
        }
        return;
    }
    portable(whole, blocks);
}

/// The same without a word to the processor.
fn portable(whole: &[[u8; BLOCK]], blocks: &mut [Block]) {
    for (bytes, block) in whole.iter().zip(blocks) {
        let digit = mask(bytes, |byte| byte.wrapping_sub(b'0') < 10);
        let letter = mask(bytes, |byte| (byte | 0x20).wrapping_sub(b'a') < 26);
        *block = Block {
            digit,
            letter,
            capital: letter & mask(bytes, |byte| byte & 0x20 == 0),
            wide: mask(bytes, |byte| byte >= 0x80),
            lead: mask(bytes, |byte| byte >= 0xc0),
            at: mask(bytes, |byte| byte == b'@'),
            colon: mask(bytes, |byte| byte == b':'),
            equals: mask(bytes, |byte| byte == b'='),
            dot: mask(bytes, |byte| byte == b'.'),
            gap: mask(bytes, |byte| byte == b' ' || byte == b'-'),
        };
    }
}

/// Where a predicate holds. The first loop becomes vector instructions; the second gathers eight flags by a
/// multiplication that puts the lowest bit of byte n to bit 56 + n, where no two products meet.
#[inline]
fn mask(bytes: &[u8; BLOCK], holds: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0u8; BLOCK];
    for (flag, byte) in flags.iter_mut().zip(bytes) {
        *flag = u8::from(holds(*byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    eights.iter().enumerate().fold(0, |mask, (place, eight)| {
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask | gathered << (place * 8)
    })
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
        _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_shuffle_epi8,
        _mm256_srli_epi16, _mm256_sub_epi8,
    };

    use super::{AHEAD, BLOCK, Block, SeenByte};

    /// Where the tables of all bytes that are seen agree on a bucket.
    #[target_feature(enable = "avx2")]
    pub(super) fn places_of(seen: &[u8; AHEAD], fingerprint: &[SeenByte]) -> u64 {
        let mut buckets = [all(if fingerprint.is_empty() { 0 } else { u8::MAX }); 2];
        for byte in fingerprint {
            let (low, high) = (table(&byte.low), table(&byte.high));
            for (half, buckets) in buckets.iter_mut().enumerate() {
                let from = byte.place + half * BLOCK / 2;
                let Some(bytes) = seen.get(from..).and_then(<[u8]>::first_chunk) else { continue };
                let bytes = load(bytes);
                let nibbles = [bytes, _mm256_srli_epi16::<4>(bytes)].map(|halves| _mm256_and_si256(halves, all(15)));
                let known =
                    _mm256_and_si256(_mm256_shuffle_epi8(low, nibbles[0]), _mm256_shuffle_epi8(high, nibbles[1]));
                *buckets = _mm256_and_si256(*buckets, known);
            }
        }
        !joined(buckets.map(|buckets| equal(buckets, 0)))
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn table(entries: &[u8; 16]) -> __m256i {
        #[expect(unsafe_code, reason = "a load from a pointer")]
        // SAFETY: the array has the 16 bytes that are read, and the load asks for no alignment.
        let entries = unsafe { _mm_loadu_si128(entries.as_ptr().cast()) };
        _mm256_broadcastsi128_si256(entries)
    }

    /// Looks at whole blocks, 32 bytes at a time.
    #[target_feature(enable = "avx2")]
    pub(super) fn look(whole: &[[u8; BLOCK]], blocks: &mut [Block]) {
        for (bytes, block) in whole.iter().zip(blocks) {
            let (halves, _) = bytes.as_chunks::<{ BLOCK / 2 }>();
            let [low, high] = [load(&halves[0]), load(&halves[1])];
            let letters = [low, high].map(|bytes| in_range(_mm256_or_si256(bytes, all(0x20)), b'a', 26));
            let small = [low, high].map(|bytes| equal(_mm256_and_si256(bytes, all(0x20)), 0x20));
            let letter = joined(letters);
            *block = Block {
                digit: joined([low, high].map(|bytes| in_range(bytes, b'0', 10))),
                letter,
                capital: letter & !joined(small),
                wide: joined([low, high]),
                lead: joined([low, high].map(|bytes| in_range(bytes, 0xc0, 0x40))),
                at: joined([low, high].map(|bytes| equal(bytes, b'@'))),
                colon: joined([low, high].map(|bytes| equal(bytes, b':'))),
                equals: joined([low, high].map(|bytes| equal(bytes, b'='))),
                dot: joined([low, high].map(|bytes| equal(bytes, b'.'))),
                gap: joined([low, high].map(|bytes| _mm256_or_si256(equal(bytes, b' '), equal(bytes, b'-')))),
            };
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn load(half: &[u8; BLOCK / 2]) -> __m256i {
        #[expect(unsafe_code, reason = "a load from a pointer")]
        // SAFETY: the array has the 32 bytes that are read, and the load asks for no alignment.
        unsafe {
            _mm256_loadu_si256(half.as_ptr().cast())
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn all(byte: u8) -> __m256i {
        _mm256_set1_epi8(byte.cast_signed())
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn equal(bytes: __m256i, byte: u8) -> __m256i {
        _mm256_cmpeq_epi8(bytes, all(byte))
    }

    /// Bytes of `first..first + count`: there is no unsigned comparison, but a maximum.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn in_range(bytes: __m256i, first: u8, count: u8) -> __m256i {
        let distance = _mm256_sub_epi8(bytes, all(first));
        let last = all(count - 1);
        _mm256_cmpeq_epi8(_mm256_max_epu8(distance, last), last)
    }

    /// The highest bit of each byte.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn joined(halves: [__m256i; 2]) -> u64 {
        let [low, high] = halves.map(|half| u64::from(_mm256_movemask_epi8(half).cast_unsigned()));
        low | high << 32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_the_processor_can_the_masks_are_those_of_the_portable_twin(
            bytes in prop::collection::vec(any::<u8>(), 0..5 * BLOCK),
        ) {
            let mut looked = [Block { at: 1, ..Block::default() }; 6];
            look(&bytes, &mut looked);
            let mut padded = bytes;
            padded.resize(6 * BLOCK, 0);
            let mut portably = [Block::default(); 6];
            portable(padded.as_chunks::<BLOCK>().0, &mut portably);
            prop_assert_eq!(looked, portably);
        }

        #[test]
        fn literals_may_begin_where_the_portable_twin_says_and_where_they_do(
            text in "([呼号牌证LAC= ]|LAC|呼号){0,90}",
            literals in prop::collection::vec("[呼号牌证]{2,4}|[LAC][LAC=x]{2,4}", 1..40),
        ) {
            let owned: Vec<(&str, usize)> = literals.iter().map(|literal| (literal.as_str(), 0)).collect();
            let literals = Literals::new(&owned);
            let text = text.as_bytes();
            let mut blocks = vec![Block::default(); text.len() / BLOCK + 2];
            look(text, &mut blocks[1..]);
            let mut masks = vec![0; blocks.len() - 1];
            look_for_literals(text, &blocks, &literals, &mut masks);
            let mut padded = text.to_vec();
            padded.resize(masks.len() * BLOCK + AHEAD, 0);
            for number in 0..masks.len() {
                let seen: &[u8; AHEAD] = padded[number * BLOCK..].first_chunk().expect("long enough");
                for fingerprint in [literals.letters(), literals.wide()] {
                    prop_assert_eq!(places_of(seen, fingerprint), portable_places_of(seen, fingerprint));
                }
            }
            for at in 0..text.len() {
                let within_word = at > 0 && text[at].is_ascii_alphabetic() && text[at - 1].is_ascii_alphabetic();
                let stands = !within_word && !literals.standing(&text[at..]).is_empty();
                prop_assert!(!stands || masks[at / BLOCK] & 1 << (at % BLOCK) != 0);
                prop_assert!(!stands || literals.may_begin(text, at));
            }
        }

        #[test]
        fn each_mask_says_what_a_look_at_each_byte_says(bytes in prop::collection::vec(any::<u8>(), BLOCK)) {
            let block = look_at_cut(&bytes);
            let by_byte = |holds: fn(&u8) -> bool| {
                bytes.iter().enumerate().filter(|(_, byte)| holds(byte)).fold(0u64, |mask, (place, _)| mask | 1 << place)
            };
            let wanted = Block {
                digit: by_byte(u8::is_ascii_digit),
                letter: by_byte(u8::is_ascii_alphabetic),
                capital: by_byte(u8::is_ascii_uppercase),
                wide: by_byte(|byte| !byte.is_ascii()),
                lead: by_byte(|byte| *byte >= 0xc0),
                at: by_byte(|byte| *byte == b'@'),
                colon: by_byte(|byte| *byte == b':'),
                equals: by_byte(|byte| *byte == b'='),
                dot: by_byte(|byte| *byte == b'.'),
                gap: by_byte(|byte| matches!(byte, b' ' | b'-')),
            };
            prop_assert_eq!(block, wanted);
        }
    }
}
