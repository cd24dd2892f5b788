use serde::{Deserialize, Serialize};

/// The key of an inventory's sketches. Without it a sketch cannot be searched for a known identifier.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SketchKey(pub [u8; 16]);

impl std::fmt::Debug for SketchKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SketchKey(…)")
    }
}

/// Counts distinct values without keeping them: HyperLogLog (Flajolet et al. 2007) with the estimator of
/// Ertl (2017, "New cardinality estimation algorithms for HyperLogLog sketches"), sparse while small.
///
/// At most 32 bits of each keyed hash are kept. Merging is commutative, associative and idempotent, so the
/// sketches of assets add up to those of a class in any order, and a re-scan counts nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// Sorted hashes without repetition; exact but for collisions of 32 bits.
    Sparse(Vec<u32>),
    /// One register for each of the `REGISTERS` leading bit patterns: the longest run of zeros seen, plus one.
    Dense(Box<[u8]>),
}

/// Leading bits of a hash that choose the register.
const PRECISION: u32 = 12;
const REGISTERS: usize = 1 << PRECISION;
/// Bits of a hash behind those that choose the register.
const TAIL_BITS: u32 = 32 - PRECISION;
/// A sparse sketch never takes more room than a dense one (4 bytes a hash against 1 a register).
const SPARSE_LIMIT: usize = REGISTERS / 4;

impl Default for Sketch {
    fn default() -> Self {
        Self { form: Form::Sparse(Vec::new()) }
    }
}

impl Sketch {
    /// Standard error of an estimate as a share of it: 1.04 / √4096 (Flajolet et al. 2007, theorem 1).
    pub const RELATIVE_ERROR: f64 = 0.016;

    /// Counts a value by its keyed 64-bit hash, of which the upper 32 bits are used.
    pub fn insert(&mut self, hash: u64) {
        self.insert_kept((hash >> 32) as u32);
    }

    fn insert_kept(&mut self, hash: u32) {
        match &mut self.form {
            Form::Sparse(hashes) => {
                if let Err(place) = hashes.binary_search(&hash) {
                    hashes.insert(place, hash);
                    if hashes.len() > SPARSE_LIMIT {
                        self.form = Form::Dense(densify(hashes));
                    }
                }
            }
            Form::Dense(registers) => raise(registers, hash),
        }
    }

    /// Counts everything that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        match &other.form {
            Form::Sparse(hashes) => hashes.iter().for_each(|hash| self.insert_kept(*hash)),
            Form::Dense(theirs) => {
                if let Form::Sparse(hashes) = &self.form {
                    self.form = Form::Dense(densify(hashes));
                }
                if let Form::Dense(ours) = &mut self.form {
                    ours.iter_mut().zip(theirs).for_each(|(mine, their)| *mine = (*mine).max(*their));
                }
            }
        }
    }

    /// How many distinct values were counted, two times in three within [`Sketch::RELATIVE_ERROR`].
    #[must_use]
    pub fn estimate(&self) -> u64 {
        match &self.form {
            Form::Sparse(hashes) => hashes.len() as u64,
            Form::Dense(registers) => dense_estimate(registers).round() as u64,
        }
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.form, Form::Sparse(hashes) if hashes.is_empty())
    }

    /// The stored form: `S` and the hashes, big-endian, or `D` and the registers.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.form {
            Form::Sparse(hashes) => {
                let mut bytes = vec![b'S'];
                for hash in hashes {
                    bytes.extend_from_slice(&hash.to_be_bytes());
                }
                bytes
            }
            Form::Dense(registers) => {
                let mut bytes = vec![b'D'];
                bytes.extend_from_slice(registers);
                bytes
            }
        }
    }

    /// Reads the stored form; `None` where the bytes are not one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        match kind {
            b'S' if rest.len() % 4 == 0 && rest.len() / 4 <= SPARSE_LIMIT => {
                let hashes: Vec<u32> =
                    rest.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]])).collect();
                hashes.is_sorted_by(|a, b| a < b).then_some(Self { form: Form::Sparse(hashes) })
            }
            b'D' if rest.len() == REGISTERS && rest.iter().all(|rank| u32::from(*rank) <= TAIL_BITS + 1) => {
                Some(Self { form: Form::Dense(rest.into()) })
            }
            _ => None,
        }
    }
}

fn densify(hashes: &[u32]) -> Box<[u8]> {
    let mut registers = vec![0; REGISTERS].into_boxed_slice();
    for hash in hashes {
        raise(&mut registers, *hash);
    }
    registers
}

/// Records one hash: the register of its leading bits keeps the longest run of zeros, plus one, of its tail.
fn raise(registers: &mut [u8], hash: u32) {
    let register = &mut registers[(hash >> TAIL_BITS) as usize];
    let tail = hash << PRECISION;
    let rank = tail.leading_zeros().min(TAIL_BITS) + 1;
    *register = (*register).max(rank as u8);
}

/// Ertl 2017, algorithm 6, with q = 20: no bias tables and no thresholds between ranges.
fn dense_estimate(registers: &[u8]) -> f64 {
    let q = TAIL_BITS as usize;
    let mut histogram = vec![0u32; q + 2];
    for rank in registers {
        histogram[usize::from(*rank)] += 1;
    }
    let m = REGISTERS as f64;
    let mut z = m * tau(1.0 - f64::from(histogram[q + 1]) / m);
    for rank in (1..=q).rev() {
        z = 0.5 * (z + f64::from(histogram[rank]));
    }
    z += m * sigma(f64::from(histogram[0]) / m);
    m * m / (2.0 * std::f64::consts::LN_2 * z)
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

impl Serialize for Sketch {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_bytes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sketch {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        Self::from_bytes(&bytes).ok_or_else(|| serde::de::Error::custom("not a sketch"))
    }
}

#[cfg(test)]
#[path = "sketch_tests.rs"]
mod tests;
