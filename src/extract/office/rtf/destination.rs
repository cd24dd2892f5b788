//! What a group of rich text is for, by the control word that it begins with, and what holds in it.

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// The running text.
    Body,
    /// A text within it: a footnote, a text box, a remark.
    Inner,
    /// A property of the document.
    Property,
    /// The instruction of a field.
    Instruction,
    /// The list of fonts.
    Fonts,
    /// The list of styles.
    Styles,
    /// Nowhere: pictures, objects, settings.
    Nowhere,
}

/// The destination that a control word opens; `None`: it opens none. `is_optional`: `\*` stands before it, so that a reader
/// which does not know it must leave the group out.
pub(super) fn of_word(word: &str, is_optional: bool) -> Option<Destination> {
    Some(match word {
        "fonttbl" => Destination::Fonts,
        "stylesheet" => Destination::Styles,
        "fldinst" => Destination::Instruction,
        "footnote" | "annotation" | "atnauthor" | "atnid" | "shptxt" | "header" | "headerl" | "headerr" | "headerf"
        | "footer" | "footerl" | "footerr" | "footerf" | "docvar" => Destination::Inner,
        "title" | "subject" | "author" | "manager" | "company" | "operator" | "category" | "keywords" | "comment"
        | "doccomm" | "hlinkbase" | "propname" | "staticval" => Destination::Property,
        // What holds them is passed through.
        "userprops" | "shpinst" | "shppict" | "info" | "object" | "result" | "shp" | "field" | "fldrslt" | "rtf"
        | "shpgrp" | "background" | "upr" | "ud" => return None,
        "colortbl" | "pict" | "objdata" | "nonshppict" | "themedata" | "colorschememapping" | "datastore" | "sp"
        | "xe" | "rxe" | "txe" | "tc" | "tcn" | "pntext" | "listtext" | "bkmkstart" | "bkmkend" | "creatim"
        | "revtim" | "printim" | "buptim" | "nextfile" | "template" | "nonesttables" | "filetbl" | "revtbl"
        | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "fontemb" | "falt" | "panose" => {
            Destination::Nowhere
        }
        _ if is_optional => Destination::Nowhere,
        _ => return None,
    })
}

/// What holds until a group ends.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Where its text goes.
    pub(super) destination: Destination,
    /// Whether the destination is this group's own, so that it ends with it.
    pub(super) is_own: bool,
    /// Characters behind `\u` that stand in for it.
    pub(super) substitutes: i32,
    pub(super) font: i32,
    /// The font of East Asian text, where it is told apart.
    pub(super) east_asian_font: Option<i32>,
    pub(super) is_in_table: bool,
    pub(super) is_heading: bool,
    pub(super) style: Option<i32>,
}

impl Group {
    /// What holds before the first group.
    pub(super) fn outermost() -> Self {
        Self {
            destination: Destination::Body,
            is_own: false,
            substitutes: 1,
            font: -1,
            east_asian_font: None,
            is_in_table: false,
            is_heading: false,
            style: None,
        }
    }
}
