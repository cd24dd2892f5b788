//! How many pages to draw where a server draws them by a share of all.

use super::Sampling;
use super::keyed::clusters;

/// Pages that were drawn.
pub(super) struct Pages {
    /// Rows in them.
    pub(super) drawn: u64,
    /// The share of all pages that they are.
    pub(super) percent: f64,
}

/// Draws so many of `pages` that there are enough clusters, and rows. `count` gives the rows in a share of all pages.
pub(super) async fn draw(
    pages: u64,
    sampling: &Sampling,
    mut count: impl AsyncFnMut(f64) -> Result<u64, sqlx::Error>,
) -> Result<Pages, sqlx::Error> {
    let wanted = sampling.rows;
    let mut percent = 100.0 * clusters(sampling) as f64 / pages.max(1) as f64;
    loop {
        percent = percent.min(100.0);
        let drawn = count(percent).await?;
        if drawn >= wanted || percent >= 100.0 {
            return Ok(Pages { drawn, percent });
        }
        let factor = wanted as f64 / drawn.max(1) as f64;
        percent = (percent * (factor * 1.1).clamp(1.25, 64.0)).max(0.000_001);
    }
}
