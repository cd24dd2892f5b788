//! Why the inventory could not be opened, read or written.

use std::path::{Path, PathBuf};

use crate::model::{Lang, ScanId, Speak};

/// An error of the inventory; each stops the run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub enum Error {
    /// There is no inventory yet.
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder that it would stand in does not exist.
    FolderMissing {
        /// Where it was to be created.
        path: PathBuf,
    },
    /// The file is something else.
    NotAnInventory {
        /// The file.
        path: PathBuf,
    },
    /// A later version of mulu wrote it.
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its layout.
        found: i64,
        /// The latest that we know.
        known: i64,
    },
    /// The system does not let us read or write it.
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// The file or its file system is read-only.
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The system could not open or read it.
    Unreadable {
        /// The file.
        path: PathBuf,
    },
    /// Another process scans into it.
    ScanRunning {
        /// The file.
        path: PathBuf,
    },
    /// Another program kept it locked for longer than we wait.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    Full {
        /// The file.
        path: PathBuf,
    },
    /// What it holds is not what mulu writes.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it: a table and column, or the code of SQLite.
        what: String,
    },
    /// A store of this name is not in it.
    UnknownStore {
        /// The name.
        store: String,
    },
    /// There is no such scan.
    UnknownScan {
        /// Its id.
        scan: ScanId,
    },
    /// The scan is finished and can no longer be written to.
    ScanFinished {
        /// Its id.
        scan: ScanId,
    },
    /// A shard speaks of earlier results that are not there, or belong to another store.
    UnknownResults {
        /// The key of the shard.
        shard: String,
    },
    /// There is no such filing.
    UnknownFiling {
        /// Its id.
        filing: i64,
    },
    /// Any other refusal of the database.
    Refused {
        /// The file.
        path: PathBuf,
        /// The code of SQLite, or our own word for what failed.
        code: String,
    },
}

impl Error {
    /// The error for a path that the system refuses.
    pub(super) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Self::Denied { path },
            std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full { path },
            std::io::ErrorKind::IsADirectory => Self::NotAnInventory { path },
            _ => Self::Unreadable { path },
        }
    }
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.say_zh(),
            Lang::En => self.say_en(),
        }
    }
}

impl Error {
    fn say_zh(&self) -> String {
        match self {
            Self::Missing { path } => format!("{} 没有清单库；请先运行 `mulu scan`", path.display()),
            Self::FolderMissing { path } => {
                format!("无法创建清单库 {}：所在目录不存在；请先创建该目录", path.display())
            }
            Self::NotAnInventory { path } => {
                format!("{} 不是 mulu 清单库；请用 --inventory 指定其他路径", path.display())
            }
            Self::Newer { path, found, known } => {
                format!(
                    "清单库 {} 由更新版本的 mulu 写入（结构 {found}，本版本支持到 {known}）；请升级 mulu",
                    path.display()
                )
            }
            Self::Denied { path } => {
                format!("没有读写清单库 {} 的权限；请检查文件和目录的所有者与权限", path.display())
            }
            Self::ReadOnly { path } => format!("清单库 {} 只读；请将其复制到可写的目录", path.display()),
            Self::Unreadable { path } => format!("系统无法打开清单库 {}；请检查路径和磁盘", path.display()),
            Self::ScanRunning { path } => format!("另一个扫描正在写入清单库 {}；请等待其结束", path.display()),
            Self::Locked { path } => format!("清单库 {} 被其他程序锁定；请关闭该程序后重试", path.display()),
            Self::Full { path } => {
                format!("磁盘已满，无法写入清单库 {}；请释放空间后重新运行，扫描会继续", path.display())
            }
            Self::Damaged { path, what } => format!("清单库 {} 已损坏（{what}）；请用备份恢复", path.display()),
            Self::UnknownStore { store } => format!("清单库中没有名为 {store} 的载体；请先扫描它"),
            Self::UnknownScan { scan } => format!("没有编号为 {scan} 的扫描；`mulu assets` 显示最新结果"),
            Self::ScanFinished { scan } => format!("扫描 {scan} 已结束，不能再写入；请开始新的扫描"),
            Self::UnknownResults { shard } => format!("分片 {shard} 引用的旧结果不在清单库中；请重新运行扫描"),
            Self::UnknownFiling { filing } => format!("没有编号为 {filing} 的备案；`mulu filing list` 列出全部"),
            Self::Refused { path, code } => format!("清单库 {} 拒绝了操作（{code}）；请检查磁盘和文件", path.display()),
        }
    }

    fn say_en(&self) -> String {
        match self {
            Self::Missing { path } => format!("no inventory at {}: run `mulu scan` first", path.display()),
            Self::FolderMissing { path } => {
                format!("cannot create the inventory {}: its folder does not exist, create it first", path.display())
            }
            Self::NotAnInventory { path } => {
                format!("{} is not an inventory of mulu: name another path with --inventory", path.display())
            }
            Self::Newer { path, found, known } => format!(
                "the inventory {} was written by a later mulu (layout {found}, this one knows {known}): upgrade mulu",
                path.display()
            ),
            Self::Denied { path } => {
                format!("no permission to read and write the inventory {}: check owner and mode", path.display())
            }
            Self::ReadOnly { path } => {
                format!("the inventory {} is read-only: copy it to a folder that can be written", path.display())
            }
            Self::Unreadable { path } => {
                format!("the system cannot open the inventory {}: check the path and the disk", path.display())
            }
            Self::ScanRunning { path } => {
                format!("another scan is writing to the inventory {}: wait until it ends", path.display())
            }
            Self::Locked { path } => {
                format!("the inventory {} is locked by another program: close it and try again", path.display())
            }
            Self::Full { path } => format!(
                "the disk is full, cannot write to the inventory {}: free some space and run again, the scan resumes",
                path.display()
            ),
            Self::Damaged { path, what } => {
                format!("the inventory {} is damaged ({what}): restore it from a backup", path.display())
            }
            Self::UnknownStore { store } => format!("no store named {store} in the inventory: scan it first"),
            Self::UnknownScan { scan } => format!("there is no scan {scan}: `mulu assets` shows the latest results"),
            Self::ScanFinished { scan } => format!("scan {scan} is finished and cannot be written to: begin another"),
            Self::UnknownResults { shard } => {
                format!("shard {shard} speaks of earlier results that the inventory lacks: run the scan again")
            }
            Self::UnknownFiling { filing } => format!("there is no filing {filing}: `mulu filing list` shows them all"),
            Self::Refused { path, code } => {
                format!("the inventory {} refused the operation ({code}): check the disk and the file", path.display())
            }
        }
    }
}
