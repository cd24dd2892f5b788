//! One writer behind a bounded channel: many workers examine, one thread writes.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{Error, Inventory, ShardBatch};
use crate::model::ScanId;

/// Batches that may wait for the writer: enough that workers do not stand still during one commit, few enough that
/// what waits fits in memory (a batch holds the results of one shard).
const WAITING_BATCHES: usize = 4;

/// Where workers hand in their shards. Shared by reference among threads.
#[derive(Debug)]
pub struct Records {
    sender: SyncSender<ShardBatch>,
}

/// The writer has failed and takes nothing more; [`with`] gives its error. Stop working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Records {
    /// Hands in a shard. Blocks while as many as may wait are waiting.
    pub fn send(&self, batch: ShardBatch) -> Result<(), Stopped> {
        self.sender.send(batch).map_err(|_| Stopped)
    }
}

/// Runs `work` on this thread while another writes to the inventory what it hands in. Returns when everything is
/// written; the first error of the writer, where there was one, in place of the result of `work`.
pub fn with<T>(inventory: &mut dyn Inventory, scan: ScanId, work: impl FnOnce(&Records) -> T) -> Result<T, Error> {
    let (sender, receiver) = sync_channel(WAITING_BATCHES);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write_all(inventory, scan, receiver));
        let outcome = {
            let records = Records { sender };
            work(&records)
        };
        match writer.join() {
            Ok(written) => written.map(|()| outcome),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the receiver is dropped on an error, which tells the workers")]
fn write_all(inventory: &mut dyn Inventory, scan: ScanId, receiver: Receiver<ShardBatch>) -> Result<(), Error> {
    for batch in &receiver {
        inventory.record_shard(scan, &batch)?;
    }
    Ok(())
}
