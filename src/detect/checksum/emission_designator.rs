//! 发射标识 (ITU Radio Regulations, appendix 1): the necessary bandwidth in four characters, then the class.

use super::Verdict;

/// Kinds of modulation, of the modulating signal, of information; of detail and of multiplexing.
const CLASS: [&[u8]; 5] = [b"NABHRCDFGJKLMPQVWX", b"0123789X", b"NABCDEFWX", b"ABCDEFGHJKLMNWX", b"NCFTWX"];

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let (bandwidth, class) = candidate.split_at_checked(4)?;
    let units = bandwidth.iter().filter(|byte| b"HKMG".contains(byte)).count();
    let digits = bandwidth.iter().filter(|byte| byte.is_ascii_digit()).count();
    // The letter stands for the decimal point; only below a hertz is it first.
    let led = matches!(bandwidth.first(), Some(b'1'..=b'9' | b'H'));
    let classed = matches!(class.len(), 3 | 5) && class.iter().zip(CLASS).all(|(byte, known)| known.contains(byte));
    (units == 1 && digits == 3 && led && classed).then_some(Verdict::Unknown)
}
