//! Where things are on a page (ISO 32000-1, 8.3.3).

/// A change of coordinates: the six numbers of a PDF.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// A shift.
    pub(super) fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This change, and then another.
    pub(super) fn then(self, next: Self) -> Self {
        let (first, second) = (self.0, next.0);
        let turned = |x: f64, y: f64| (x * second[0] + y * second[2], x * second[1] + y * second[3]);
        let right = turned(first[0], first[1]);
        let up = turned(first[2], first[3]);
        let origin = turned(first[4], first[5]);
        Self([right.0, right.1, up.0, up.1, origin.0 + second[4], origin.1 + second[5]])
    }

    /// Where its origin comes to lie.
    pub(super) fn origin(self) -> (f64, f64) {
        (self.0[4], self.0[5])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_one_after_the_other() {
        let doubled = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(Matrix::shift(3.0, 4.0).then(doubled).origin(), (6.0, 8.0));
        assert_eq!(doubled.then(Matrix::shift(3.0, 4.0)).origin(), (3.0, 4.0));
        assert_eq!(Matrix::IDENTITY.then(doubled), doubled);
    }
}
