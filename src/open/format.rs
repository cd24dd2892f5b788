//! The formats that are told apart, read or not.

use crate::model::{Lang, Speak};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $zh:literal, $en:literal;)*) => {
        /// What a file is by its content.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format { $($(#[$doc])* $variant,)* }

        impl Format {
            /// All formats, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id used in JSON and the inventory.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }
        }

        impl Speak for Format {
            fn say(&self, lang: Lang) -> String {
                match self { $(Self::$variant => lang.pick($zh, $en),)* }.to_owned()
            }
        }
    };
}

formats! {
    /// Running text of any kind: notes, logs, sources, settings.
    Text = "text", "文本", "text";
    /// Values parted by commas, semicolons, bars or tabs.
    Csv = "csv", "CSV 表格", "CSV table";
    /// Values parted by tabs, by name.
    Tsv = "tsv", "TSV 表格", "TSV table";
    /// One JSON value.
    Json = "json", "JSON", "JSON";
    /// One JSON value a line.
    Jsonl = "jsonl", "JSON 行", "JSON lines";
    /// XML, drawings and feeds in it included.
    Xml = "xml", "XML", "XML";
    /// A web page.
    Html = "html", "网页", "web page";
    /// Excel 2007 and later.
    Xlsx = "xlsx", "Excel 工作簿", "Excel workbook";
    /// Excel 97–2003.
    Xls = "xls", "Excel 97-2003 工作簿", "Excel 97-2003 workbook";
    /// Excel binary workbook.
    Xlsb = "xlsb", "Excel 二进制工作簿", "Excel binary workbook";
    /// OpenDocument spreadsheet.
    Ods = "ods", "OpenDocument 表格", "OpenDocument spreadsheet";
    /// Word 2007 and later.
    Docx = "docx", "Word 文档", "Word document";
    /// PowerPoint 2007 and later.
    Pptx = "pptx", "PowerPoint 演示文稿", "PowerPoint slides";
    /// A zip archive that is none of the above.
    Zip = "zip", "ZIP 压缩包", "zip archive";
    /// A SQLite database.
    Sqlite = "sqlite", "SQLite 数据库", "SQLite database";
    /// Portable document.
    Pdf = "pdf", "PDF 文档", "PDF document";
    /// Rich text.
    Rtf = "rtf", "RTF 文档", "rich text document";
    /// Word 97–2003.
    Doc = "doc", "Word 97-2003 文档", "Word 97-2003 document";
    /// PowerPoint 97–2003.
    Ppt = "ppt", "PowerPoint 97-2003 演示文稿", "PowerPoint 97-2003 slides";
    /// An office file behind a password.
    EncryptedOffice = "encrypted-office", "加密的 Office 文件", "encrypted office file";
    /// Another compound file: a mail, an installer, a drawing.
    Ole = "ole", "OLE 复合文档", "compound file";
    /// Other OpenDocument and OFD files.
    OpenDocument = "open-document", "OpenDocument/OFD 文档", "OpenDocument or OFD document";
    /// gzip.
    Gzip = "gzip", "GZIP 压缩文件", "gzip file";
    /// bzip2.
    Bzip2 = "bzip2", "BZIP2 压缩文件", "bzip2 file";
    /// xz.
    Xz = "xz", "XZ 压缩文件", "xz file";
    /// zstd.
    Zstd = "zstd", "ZSTD 压缩文件", "zstd file";
    /// 7z.
    SevenZip = "7z", "7Z 压缩包", "7z archive";
    /// rar.
    Rar = "rar", "RAR 压缩包", "rar archive";
    /// tar.
    Tar = "tar", "TAR 归档", "tar archive";
    /// A picture, sound or video.
    Media = "media", "图像或音视频", "picture, sound or video";
    /// A program or a library.
    Program = "program", "可执行程序", "program";
    /// AutoCAD drawing.
    Dwg = "dwg", "DWG 图纸", "DWG drawing";
    /// Apache Parquet.
    Parquet = "parquet", "Parquet 数据", "Parquet data";
    /// HDF5.
    Hdf5 = "hdf5", "HDF5 数据", "HDF5 data";
    /// No bytes.
    Empty = "empty", "空文件", "empty file";
    /// Anything else that is not text.
    Binary = "binary", "二进制", "binary";
}

impl Format {
    /// Whether its reader works on the bytes in order; the others must seek.
    #[must_use]
    pub fn is_streamed(self) -> bool {
        matches!(self, Self::Text | Self::Csv | Self::Tsv | Self::Json | Self::Jsonl | Self::Xml | Self::Html)
    }

    /// Whether there is a reader for its content.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.is_streamed()
            || matches!(self, Self::Xlsx | Self::Xls | Self::Xlsb | Self::Ods | Self::Docx | Self::Pptx | Self::Zip)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_formats_share_an_id() {
        let ids: BTreeSet<_> = Format::ALL.iter().map(|format| format.id()).collect();
        assert_eq!(ids.len(), Format::ALL.len());
    }
}
