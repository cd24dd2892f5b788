//! The log of a scan (`--log`): one JSON object a line, appended, mode 0600. English, as machines read it.
//!
//! It holds when something happened, and of assets only those that were not read whole: locator, status, reason.
//! Like the inventory it holds no scanned value: its lines are made from the same types.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::model::{Encryption, Examined, Reason, Tally, escape_name};
use crate::pipeline::{Event, Observer};

use super::complaint::Complaint;

/// A log that is open for appending.
pub(crate) struct Log {
    file: Mutex<BufWriter<File>>,
    shown: String,
}

impl Log {
    /// Opens or creates the log.
    pub(crate) fn open(path: &Path) -> Result<Self, Complaint> {
        let shown = escape_name(path.as_os_str().as_encoded_bytes());
        let complaint = |_| {
            Complaint::new(
                format!("无法写入日志 {shown}；请检查目录是否存在及写权限"),
                format!("cannot write the log {shown}; check that its folder exists and may be written"),
            )
        };
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(complaint)?;
        // A log that was there before keeps its mode unless it is told otherwise.
        file.set_permissions(PermissionsExt::from_mode(0o600)).map_err(complaint)?;
        Ok(Self { file: Mutex::new(BufWriter::new(file)), shown })
    }

    /// How the scan ended, and that all of it stands in the file.
    pub(crate) fn finish(&self, tally: &Tally) -> Result<(), Complaint> {
        self.line("finished", json!({ "tally": tally }));
        self.lock().flush().map_err(|_| {
            Complaint::new(
                format!("日志 {} 未能写完；请检查磁盘空间", self.shown),
                format!("the log {} could not be written to its end; check the room on its disk", self.shown),
            )
        })
    }

    /// Why the scan did not come to its end.
    pub(crate) fn trouble(&self, sentence: &str) {
        self.line("trouble", json!({ "message": sentence }));
        // Where not even this can be written, the same sentence stands on standard error.
        self.lock().flush().unwrap_or(());
    }

    /// What a person should look at, though nothing is amiss.
    pub(crate) fn warning(&self, sentence: &str) {
        self.line("warning", json!({ "message": sentence }));
    }

    fn asset(&self, examined: &Examined) {
        let Some(reason) = examined.reason else { return };
        self.line(
            "asset",
            json!({
                "store": examined.asset.store,
                "locator": examined.asset.locator,
                "status": examined.status.id(),
                "reason": reason.id(),
            }),
        );
    }

    fn line(&self, event: &str, facts: Value) {
        let mut line = json!({ "time": jiff::Timestamp::now().to_string(), "event": event });
        if let (Some(line), Value::Object(facts)) = (line.as_object_mut(), facts) {
            line.extend(facts);
        }
        // A line that cannot be written is told of by `finish`: the buffer keeps the error of the disk.
        writeln!(self.lock(), "{line}").unwrap_or(());
    }

    fn lock(&self) -> MutexGuard<'_, BufWriter<File>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Log {
    fn observe(&self, event: Event<'_>) {
        match event {
            Event::Begun { scan, resumed } => self.line("begun", json!({ "scan": scan, "resumed": resumed })),
            Event::Store { store } => self.line("store", json!({ "store": store })),
            Event::Connected { store, connection } => self.line(
                "connected",
                json!({
                    "store": store, "server": connection.server, "replica": connection.replica,
                    "encryption": connection.encryption.map(Encryption::id),
                }),
            ),
            Event::Asset { results, .. } => results.iter().for_each(|examined| self.asset(examined)),
            Event::StoreDone { store, state, reason } => self
                .line("store-done", json!({ "store": store, "state": state.id(), "reason": reason.map(Reason::id) })),
        }
    }
}
