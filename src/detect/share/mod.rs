//! Rows in which something was found, and what a sample of them says of all.
//!
//! Rows of a sample come in clusters (pages, ranges of keys), and rows of one cluster are alike where a table is sorted
//! by what is looked for: what is counted is how clusters differ, not how rows do. Of each counter only sums over
//! clusters are kept, so memory does not grow with them.

mod beta;
mod interval;

/// The clusters of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Clusters {
    /// How many there are.
    count: u64,
    /// Rows that were read of them.
    read: u64,
    /// Rows that there are in them, whether read or not.
    rows: f64,
    /// The same of each, squared.
    squares: f64,
}

/// One cluster, at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    /// Rows that were read of it.
    pub(super) read: u64,
    /// Rows that there are in it.
    pub(super) of: u64,
}

impl Clusters {
    pub(super) fn add(&mut self, cluster: Cluster) {
        let of = cluster.of as f64;
        self.count += 1;
        self.read += cluster.read;
        self.rows += of;
        self.squares += of * of;
    }

    /// Rows that were read in clusters that have ended.
    pub(super) fn rows_read(&self) -> u64 {
        self.read
    }
}

/// Rows with a match.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct MatchedRows {
    /// All of them.
    pub(super) rows: u64,
    /// Those of the cluster that is being read.
    in_cluster: u64,
    /// Over the clusters: rows with a match that there should be in each.
    sum: f64,
    /// The same, squared.
    squares: f64,
    /// The same times the rows that there are in it.
    products: f64,
}

impl MatchedRows {
    pub(super) fn add_row(&mut self) {
        self.rows += 1;
        self.in_cluster += 1;
    }

    /// A cluster ends. One that was read in part stands for the rest of it.
    pub(super) fn end_cluster(&mut self, cluster: Cluster) {
        let seen = std::mem::take(&mut self.in_cluster);
        if seen == 0 || cluster.read == 0 {
            return;
        }
        let of = cluster.of as f64;
        let matched = of * seen as f64 / cluster.read as f64;
        self.sum += matched;
        self.squares += matched * matched;
        self.products += matched * of;
    }
}

/// What a sample says of a table: rows that were read, and the share of all rows that match.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    matched: MatchedRows,
    clusters: Clusters,
    /// Rows that were read, in clusters or not.
    rows: u64,
}

impl Share {
    pub(super) fn new(matched: MatchedRows, clusters: Clusters, rows: u64) -> Self {
        Self { matched, clusters, rows }
    }

    /// Rows with a match among those that were read.
    #[must_use]
    pub fn matched(&self) -> u64 {
        self.matched.rows
    }

    /// The 95 % interval of the share of the `of` rows of the table that match: low, high. `of` is `None` where nobody
    /// has counted them.
    ///
    /// Rows read from the top tell nothing of the others: what was seen is a part of the whole, and that is all.
    #[must_use]
    pub fn interval(&self, of: Option<u64>) -> [f64; 2] {
        let sure = self.sure(of);
        if self.clusters.count < 2 {
            return sure;
        }
        let drawn = interval::of_clusters(&self.matched, &self.clusters);
        [drawn[0].max(sure[0]).min(sure[1]), drawn[1].min(sure[1]).max(sure[0])]
    }

    /// What no draw can change: the rows that were seen are among all.
    fn sure(&self, of: Option<u64>) -> [f64; 2] {
        let Some(of) = of.map(|of| of.max(self.rows)).filter(|of| *of > 0) else { return [0.0, 1.0] };
        let others = self.rows.saturating_sub(self.matched.rows);
        [self.matched.rows as f64 / of as f64, of.saturating_sub(others) as f64 / of as f64]
    }
}

#[cfg(test)]
mod tests;
