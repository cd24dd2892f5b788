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
    /// One register for each pattern of leading bits: the longest run of zeros seen behind it, plus one.
    Dense(Box<[u8]>),
}

/// Registers of a dense sketch: thirteen leading bits of a hash choose one.
const REGISTERS: usize = 1 << 13;
/// Registers of the dense sketches in inventories of the first builds; merging with one gives one of its size.
const OLD_REGISTERS: usize = 1 << 12;
/// A sparse sketch never takes more room than a dense one (4 bytes a hash against 1 a register).
const SPARSE_LIMIT: usize = REGISTERS / 4;

impl Default for Sketch {
    fn default() -> Self {
        Self { form: Form::Sparse(Vec::new()) }
    }
}

impl Sketch {
    /// What is stated as the standard error of an estimate, as a share of it. It is 1.04 / √m (Flajolet et al. 2007,
    /// theorem 1): 0.0115 with 8,192 registers, so that three times what is stated holds for thousands of estimates and
    /// not for most of them; 0.016 with the 4,096 of the first inventories.
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
                        self.form = Form::Dense(densify(hashes, REGISTERS));
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
                let ours = match &mut self.form {
                    Form::Sparse(hashes) => densify(hashes, theirs.len()),
                    Form::Dense(registers) => std::mem::take(registers),
                };
                let size = ours.len().min(theirs.len());
                let (mut ours, theirs) = (folded(ours, size), folded(theirs.clone(), size));
                ours.iter_mut().zip(theirs).for_each(|(mine, their)| *mine = (*mine).max(their));
                self.form = Form::Dense(ours);
            }
        }
    }

    /// How many distinct values were surely counted: all of them while they are few, and two standard errors less than the
    /// estimate when they are not.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        match &self.form {
            Form::Sparse(hashes) => hashes.len() as u64,
            Form::Dense(_) => (self.estimate() as f64 * (1.0 - 2.0 * Self::RELATIVE_ERROR)).floor() as u64,
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
            b'D' if [REGISTERS, OLD_REGISTERS].contains(&rest.len()) => {
                let most = tail_bits(rest) + 1;
                rest.iter().all(|rank| u32::from(*rank) <= most).then(|| Self { form: Form::Dense(rest.into()) })
            }
            _ => None,
        }
    }
}

/// Bits of a hash behind those that choose the register.
fn tail_bits(registers: &[u8]) -> u32 {
    32 - registers.len().ilog2()
}

fn densify(hashes: &[u32], size: usize) -> Box<[u8]> {
    let mut registers = vec![0; size].into_boxed_slice();
    for hash in hashes {
        raise(&mut registers, *hash);
    }
    registers
}

/// Records one hash: the register of its leading bits keeps the longest run of zeros, plus one, of its tail.
fn raise(registers: &mut [u8], hash: u32) {
    let tail_bits = tail_bits(registers);
    let register = &mut registers[(hash >> tail_bits) as usize];
    let tail = hash << (32 - tail_bits);
    let rank = tail.leading_zeros().min(tail_bits) + 1;
    *register = (*register).max(rank as u8);
}

/// The registers that the same hashes leave where a leading bit fewer chooses, down to `size`. The bit that no longer
/// chooses is the first of the tail: a one, behind which nothing counts, or a zero more.
fn folded(mut registers: Box<[u8]>, size: usize) -> Box<[u8]> {
    while registers.len() > size {
        let pairs = registers.chunks_exact(2);
        let of_zero = |rank: u8| if rank == 0 { 0 } else { rank + 1 };
        registers = pairs.map(|pair| of_zero(pair[0]).max(u8::from(pair[1] > 0))).collect();
    }
    registers
}

/// Ertl 2017, algorithm 6, where q is the length of the tail: no bias tables and no thresholds between ranges.
fn dense_estimate(registers: &[u8]) -> f64 {
    let q = tail_bits(registers) as usize;
    let mut histogram = vec![0u32; q + 2];
    for rank in registers {
        histogram[usize::from(*rank)] += 1;
    }
    let m = registers.len() as f64;
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
