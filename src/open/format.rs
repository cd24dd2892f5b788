//! The formats that are told apart, read or not.

use crate::model::{Lang, Speak};

/// Which reader a format belongs to; each is a module of `extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text, tables, JSON and markup, read in the process itself.
    Plain,
    /// Office packages, OpenDocument and rich text.
    Office,
    /// Compound (OLE) files.
    Compound,
    /// Mail, calendars and contacts.
    Mail,
    /// Pages of a fixed layout.
    Fixed,
    /// Archives and packed files: what is in them is read member by member.
    Packed,
    /// Rows and keys.
    Data,
    /// Statements of a database.
    Dump,
    /// Drawings, models, controllers, measurements, logs.
    Engineering,
    /// Told by their signature; at most strings are sampled from them.
    Listed,
}

/// How the reader of a format goes through its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// From the first to the last, once.
    InOrder,
    /// Back and forth.
    Anywhere,
    /// Printable strings are sampled from it; what else is in it stays unread.
    Sampled,
    /// Not at all: there is no reader.
    Never,
}

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $family:ident, $access:ident, $zh:literal, $en:literal;)*) => {
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

            /// Which reader it belongs to.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family,)* }
            }

            /// How its reader goes through its bytes.
            #[must_use]
            pub fn access(self) -> Access {
                match self { $(Self::$variant => Access::$access,)* }
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
    // Text in any shape, read in order and in the process itself.
    /// Running text of any kind: notes, sources, settings.
    Text = "text", Plain, InOrder, "文本", "text";
    /// Values parted by commas, semicolons, bars or tabs.
    Csv = "csv", Plain, InOrder, "CSV 表格", "CSV table";
    /// Values parted by tabs, by name.
    Tsv = "tsv", Plain, InOrder, "TSV 表格", "TSV table";
    /// One JSON value.
    Json = "json", Plain, InOrder, "JSON", "JSON";
    /// One JSON value a line.
    Jsonl = "jsonl", Plain, InOrder, "JSON 行", "JSON lines";
    /// XML, drawings and feeds in it included.
    Xml = "xml", Plain, InOrder, "XML", "XML";
    /// A web page.
    Html = "html", Plain, InOrder, "网页", "web page";

    // Office packages and rich text.
    /// Excel 2007 and later.
    Xlsx = "xlsx", Office, Anywhere, "Excel 工作簿", "Excel workbook";
    /// Excel 97–2003.
    Xls = "xls", Office, Anywhere, "Excel 97-2003 工作簿", "Excel 97-2003 workbook";
    /// Excel binary workbook.
    Xlsb = "xlsb", Office, Anywhere, "Excel 二进制工作簿", "Excel binary workbook";
    /// OpenDocument spreadsheet.
    Ods = "ods", Office, Anywhere, "OpenDocument 表格", "OpenDocument spreadsheet";
    /// Word 2007 and later.
    Docx = "docx", Office, Anywhere, "Word 文档", "Word document";
    /// PowerPoint 2007 and later.
    Pptx = "pptx", Office, Anywhere, "PowerPoint 演示文稿", "PowerPoint slides";
    /// Visio 2013 and later.
    Vsdx = "vsdx", Office, Anywhere, "Visio 绘图", "Visio drawing";
    /// OpenDocument text.
    Odt = "odt", Office, Anywhere, "OpenDocument 文本", "OpenDocument text";
    /// OpenDocument slides and drawings.
    Odp = "odp", Office, Anywhere, "OpenDocument 演示文稿", "OpenDocument slides";
    /// OpenDocument in one XML file (fods, fodt, fodp).
    FlatOpenDocument = "flat-open-document", Office, InOrder, "OpenDocument 单文件", "OpenDocument in one file";
    /// Rich text.
    Rtf = "rtf", Office, InOrder, "RTF 文档", "rich text document";

    // Compound (OLE) files.
    /// Word 97–2003, and WPS text.
    Doc = "doc", Compound, Anywhere, "Word 97-2003 文档", "Word 97-2003 document";
    /// PowerPoint 97–2003, and WPS slides.
    Ppt = "ppt", Compound, Anywhere, "PowerPoint 97-2003 演示文稿", "PowerPoint 97-2003 slides";
    /// A message of Outlook.
    Msg = "msg", Compound, Anywhere, "Outlook 邮件", "Outlook message";
    /// A plan of Microsoft Project.
    Mpp = "mpp", Compound, Anywhere, "Project 计划", "Project plan";
    /// A drawing of Visio before 2013.
    Vsd = "vsd", Compound, Anywhere, "Visio 2003-2010 绘图", "Visio 2003-2010 drawing";
    /// An office file behind a password.
    EncryptedOffice = "encrypted-office", Compound, Never, "加密的 Office 文件", "encrypted office file";
    /// Another compound file: an installer, a drawing.
    Ole = "ole", Compound, Anywhere, "OLE 复合文档", "compound file";

    // Mail, calendars and contacts.
    /// A message as it travels (RFC 5322).
    Eml = "eml", Mail, InOrder, "邮件", "mail";
    /// Messages one behind the other (RFC 4155).
    Mbox = "mbox", Mail, InOrder, "邮箱文件", "mailbox";
    /// A calendar (RFC 5545).
    Calendar = "ics", Mail, InOrder, "日历", "calendar";
    /// Contacts (RFC 6350).
    Contacts = "vcf", Mail, InOrder, "联系人", "contacts";

    // Pages of a fixed layout.
    /// Portable document.
    Pdf = "pdf", Fixed, Never, "PDF 文档", "PDF document";
    /// The Chinese fixed layout (GB/T 33190).
    Ofd = "ofd", Fixed, Never, "OFD 版式文档", "OFD document";
    /// XML paper specification.
    Xps = "xps", Fixed, Never, "XPS 文档", "XPS document";

    // Archives and packed files.
    /// A zip archive that is none of the office packages.
    Zip = "zip", Packed, Anywhere, "ZIP 压缩包", "zip archive";
    /// gzip.
    Gzip = "gzip", Packed, InOrder, "GZIP 压缩文件", "gzip file";
    /// bzip2.
    Bzip2 = "bzip2", Packed, InOrder, "BZIP2 压缩文件", "bzip2 file";
    /// xz.
    Xz = "xz", Packed, InOrder, "XZ 压缩文件", "xz file";
    /// LZMA alone.
    Lzma = "lzma", Packed, InOrder, "LZMA 压缩文件", "lzma file";
    /// lzip.
    Lzip = "lzip", Packed, InOrder, "LZIP 压缩文件", "lzip file";
    /// zstd.
    Zstd = "zstd", Packed, InOrder, "ZSTD 压缩文件", "zstd file";
    /// An LZ4 frame.
    Lz4 = "lz4", Packed, InOrder, "LZ4 压缩文件", "lz4 file";
    /// What the Unix program compress writes (.Z).
    Compress = "compress", Packed, InOrder, "Unix compress 压缩文件", "compress file";
    /// tar.
    Tar = "tar", Packed, InOrder, "TAR 归档", "tar archive";
    /// cpio, in its forms with a header of digits.
    Cpio = "cpio", Packed, InOrder, "CPIO 归档", "cpio archive";
    /// ar, which Debian's packages are.
    Ar = "ar", Packed, InOrder, "AR 归档", "ar archive";
    /// A package of RPM.
    Rpm = "rpm", Packed, InOrder, "RPM 软件包", "RPM package";
    /// 7z.
    SevenZip = "7z", Packed, Anywhere, "7Z 压缩包", "7z archive";
    /// rar.
    Rar = "rar", Packed, Anywhere, "RAR 压缩包", "rar archive";
    /// A cabinet of Windows.
    Cab = "cab", Packed, Anywhere, "CAB 压缩包", "cabinet";
    /// An image of a disc (ISO 9660).
    Iso = "iso", Packed, Anywhere, "ISO 光盘映像", "disc image";
    /// Compiled help of Windows.
    Chm = "chm", Packed, Never, "CHM 帮助文件", "compiled help";

    // Data in rows and keys.
    /// A SQLite database; its tables are read as those of a server are.
    Sqlite = "sqlite", Data, Never, "SQLite 数据库", "SQLite database";
    /// YAML.
    Yaml = "yaml", Data, Never, "YAML", "YAML";
    /// TOML.
    Toml = "toml", Data, Never, "TOML", "TOML";
    /// Settings in sections, and properties.
    Ini = "ini", Data, Never, "INI 配置", "INI settings";
    /// Apache Parquet.
    Parquet = "parquet", Data, Never, "Parquet 数据", "Parquet data";
    /// Apache Arrow, the file and the stream.
    Arrow = "arrow", Data, Never, "Arrow 数据", "Arrow data";
    /// Apache Avro.
    Avro = "avro", Data, Never, "Avro 数据", "Avro data";
    /// A dBASE or FoxPro table.
    Dbf = "dbf", Data, Never, "dBASE 表", "dBASE table";
    /// A Jet or ACE database (mdb, accdb).
    Access = "access", Data, Never, "Access 数据库", "Access database";
    /// HDF5.
    Hdf5 = "hdf5", Data, Never, "HDF5 数据", "HDF5 data";

    // Databases written out as statements.
    /// Statements that make tables and fill them.
    SqlDump = "sql", Dump, Anywhere, "SQL 转储", "SQL dump";

    // Engineering, by content: what has a signature or a grammar of its own.
    /// AutoCAD drawing.
    Dwg = "dwg", Engineering, Anywhere, "DWG 图纸", "DWG drawing";
    /// Drawing exchange, in text and in binary.
    Dxf = "dxf", Engineering, InOrder, "DXF 图纸", "DXF drawing";
    /// Product model exchange (ISO 10303-21).
    Step = "step", Engineering, InOrder, "STEP 模型", "STEP model";
    /// Initial graphics exchange (ASME Y14.26M).
    Iges = "iges", Engineering, InOrder, "IGES 模型", "IGES model";
    /// Triangles of a surface, in text and in binary.
    Stl = "stl", Engineering, InOrder, "STL 网格", "STL mesh";
    /// Boards, schematics and libraries of KiCad.
    Kicad = "kicad", Engineering, InOrder, "KiCad 设计", "KiCad design";
    /// The layout of a chip (GDSII stream).
    Gdsii = "gdsii", Engineering, InOrder, "GDSII 版图", "GDSII layout";
    /// Channels of a measurement (LabVIEW).
    Tdms = "tdms", Engineering, Anywhere, "TDMS 测量数据", "TDMS measurement";
    /// Channels of a measurement (ASAM MDF 3 and 4).
    Mdf = "mdf", Engineering, Anywhere, "MDF 测量数据", "MDF measurement";
    /// What a fault recorder says of its channels (IEC 60255-24).
    Comtrade = "comtrade", Engineering, InOrder, "COMTRADE 录波配置", "COMTRADE configuration";
    /// Arrays of MATLAB (level 5).
    Mat = "mat", Engineering, InOrder, "MATLAB 数据", "MATLAB data";
    /// Events of Windows since Vista.
    Evtx = "evtx", Engineering, InOrder, "Windows 事件日志", "Windows event log";

    // Told and listed.
    /// A picture, sound or video.
    Media = "media", Listed, Sampled, "图像或音视频", "picture, sound or video";
    /// A program or a library.
    Program = "program", Listed, Never, "可执行程序", "program";
    /// No bytes.
    Empty = "empty", Listed, Never, "空文件", "empty file";
    /// Anything else that is not text.
    Binary = "binary", Listed, Sampled, "二进制", "binary";
}

impl Format {
    /// Whether its reader works on the bytes in order; the others must seek.
    #[must_use]
    pub fn is_streamed(self) -> bool {
        self.access() == Access::InOrder
    }

    /// Whether it is a zip archive inside.
    #[must_use]
    pub fn is_zip_package(self) -> bool {
        matches!(
            self,
            Self::Zip
                | Self::Xlsx
                | Self::Xlsb
                | Self::Ods
                | Self::Docx
                | Self::Pptx
                | Self::Vsdx
                | Self::Odt
                | Self::Odp
                | Self::Ofd
                | Self::Xps
        )
    }

    /// Whether there is a reader for its content.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self.access(), Access::InOrder | Access::Anywhere)
    }

    /// Whether it says only what a file is made of: what is kept in it, its grammar or its name may say better.
    #[must_use]
    pub fn is_generic(self) -> bool {
        matches!(self, Self::Text | Self::Xml | Self::Ole | Self::Binary)
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
