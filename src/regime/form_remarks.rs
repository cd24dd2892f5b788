//! What a form that a person wrote lacks or does not mean, beyond what keeps it from being read.

use super::form::{Form, From, Kind, OnChange};
use crate::model::{Lang, Speak};

/// The columns of the facts that `miit-166/12` names; 规模 may be counted in records or in bytes.
pub const ARTICLE_12: [&str; 12] = [
    "source",
    "category",
    "level",
    "bytes",
    "carrier",
    "purpose",
    "manner",
    "scope_of_use",
    "responsible_party",
    "external_sharing",
    "cross_border",
    "protection",
];

/// The columns of the catalog that a scan fills or proposes.
pub const SCANNED: [&str; 16] = [
    "id",
    "name",
    "category_top",
    "category",
    "level",
    "description",
    "evidence",
    "authority_document",
    "data_form",
    "records",
    "bytes",
    "subjects",
    "as_of",
    "carrier_type",
    "carrier",
    "personal_information",
];

/// Something that the author of a form may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// `miit-166/12` names a fact, and no column asks for it: its id.
    Lacks(&'static str),
    /// A column is from the scan, and no scan fills it: its id.
    NotScanned(String),
    /// A number of the catalog does not re-file by ratio (`miit-166/12`): its id.
    NotByRatio(String),
    /// A number is asked to change by ratio, and it is none: its id.
    NoNumber(String),
}

impl Form {
    /// What the form lacks or may not mean, in the order of its columns.
    #[must_use]
    pub fn remarks(&self) -> Vec<Remark> {
        let has = |id: &str| self.catalog.column(id).is_some();
        let is_asked_for = |id: &str| has(id) || (id == "bytes" && has("records"));
        let lacking = ARTICLE_12.into_iter().filter(|id| !is_asked_for(id));
        let mut remarks: Vec<Remark> = lacking.map(Remark::Lacks).collect();
        for column in &self.catalog.columns {
            let id = || column.id.clone();
            let is_number = matches!(column.kind, Kind::Integer | Kind::Bytes);
            if column.from == From::Scan && !SCANNED.contains(&column.id.as_str()) {
                remarks.push(Remark::NotScanned(id()));
            }
            match (is_number, column.on_change) {
                (true, OnChange::Any | OnChange::Note) => remarks.push(Remark::NotByRatio(id())),
                (false, OnChange::Ratio) => remarks.push(Remark::NoNumber(id())),
                _ => {}
            }
        }
        remarks
    }
}

impl Speak for Remark {
    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Lacks(id), Lang::Zh) => format!("第十二条所列的 {id} 没有对应的列；请增加"),
            (Self::Lacks(id), Lang::En) => format!("miit-166/12 names {id}, and no column asks for it; add one"),
            (Self::NotScanned(id), Lang::Zh) => {
                format!("列 {id} 注明由扫描填写，但扫描不提供；请改为 from = \"register\"")
            }
            (Self::NotScanned(id), Lang::En) => {
                format!("{id} is from the scan, and no scan fills it; write from = \"register\"")
            }
            (Self::NotByRatio(id), Lang::Zh) => {
                format!("列 {id} 是数量，其变化却不按比例判断；请写 on_change = \"ratio\"（第十二条）")
            }
            (Self::NotByRatio(id), Lang::En) => {
                format!("{id} is a number and does not change by ratio; write on_change = \"ratio\" (miit-166/12)")
            }
            (Self::NoNumber(id), Lang::Zh) => {
                format!("列 {id} 不是数量，却按比例判断变化；请写 on_change = \"any\" 或 \"note\"")
            }
            (Self::NoNumber(id), Lang::En) => {
                format!("{id} changes by ratio and is no number; write on_change = \"any\" or \"note\"")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regime::Regime;

    #[test]
    fn the_built_in_form_needs_no_remark_and_a_crippled_one_several() {
        let mut form = Regime::builtin().unwrap().form;
        assert_eq!(form.remarks(), []);
        form.catalog.columns.retain(|column| column.id != "purpose" && column.id != "bytes");
        let records = form.catalog.columns.iter_mut().find(|column| column.id == "records").unwrap();
        records.on_change = OnChange::Note;
        let remark = form.catalog.columns.iter_mut().find(|column| column.id == "remark").unwrap();
        (remark.from, remark.on_change) = (From::Scan, OnChange::Ratio);
        let wanted = [
            Remark::Lacks("purpose"),
            Remark::NotByRatio("records".to_owned()),
            Remark::NotScanned("remark".to_owned()),
            Remark::NoNumber("remark".to_owned()),
        ];
        assert_eq!(form.remarks(), wanted);
        assert!(wanted.iter().all(|remark| !remark.say(Lang::Zh).is_empty() && remark.say(Lang::En).contains("; ")));
    }
}
