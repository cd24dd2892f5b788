//! What a group of rich text is for, by the control word that it begins with.

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
        | "shpgrp" | "background" => return None,
        "colortbl" | "pict" | "objdata" | "nonshppict" | "themedata" | "colorschememapping" | "datastore" | "sp"
        | "xe" | "rxe" | "txe" | "tc" | "tcn" | "pntext" | "listtext" | "bkmkstart" | "bkmkend" | "upr" | "creatim"
        | "revtim" | "printim" | "buptim" | "nextfile" | "template" | "nonesttables" | "filetbl" | "revtbl"
        | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "fontemb" | "falt" | "panose" => {
            Destination::Nowhere
        }
        _ if is_optional => Destination::Nowhere,
        _ => return None,
    })
}
