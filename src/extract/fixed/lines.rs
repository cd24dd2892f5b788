//! Pieces of text that were placed on a page one by one → lines.
//!
//! Pieces are taken in the order in which the page draws them: that is the order of reading in nearly every file, and
//! columns stay apart in it. Geometry only says where a word, a line or a column ends.

use crate::{
    extract::Sink,
    model::{Fragment, Reason},
};

/// Gap between two pieces from which on they are two words, in sizes of the font. A blank is 0.2 to 0.3 wide, and
/// kerning stays below 0.1.
const WORD_GAP: f64 = 0.17;
/// Gap from which on they are two columns of a table.
const COLUMN_GAP: f64 = 1.5;
/// How far the next piece may begin before the end of the one before (kerning, italics), and its base line may lie beside
/// the other's (a number set high or low).
const SLACK: f64 = 0.5;
/// Lines shorter than this, in sizes of the font, do not run on: they are entries of a list or cells of a table.
const SHORTEST_WRAPPED: f64 = 10.0;

/// A run of characters on a page. Coordinates are of any unit; `along` grows in the direction of reading and `across` from
/// line to line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Where it begins in the direction of reading.
    pub(super) along: f64,
    /// Where it ends in the direction of reading.
    pub(super) end: f64,
    /// Its base line.
    pub(super) across: f64,
    /// Size of the font.
    pub(super) size: f64,
    /// The direction of reading, in degrees.
    pub(super) angle: i32,
}

/// The text of one page in the making.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
    last: Option<Piece>,
    /// Where the current line begins.
    begins_at: f64,
    has_pictures: bool,
}

/// What the pages of a document draw, so that one which is scanned is not taken for one which was read.
#[derive(Default)]
pub(super) struct Drawn {
    text: bool,
    pictures: bool,
}

impl Drawn {
    /// Adds a page.
    pub(super) fn add(&mut self, page: &Lines) {
        self.text |= page.has_text();
        self.pictures |= page.has_pictures;
    }

    /// Why the document is not read whole, if all that it draws is pictures.
    pub(super) fn unread(&self) -> Option<Reason> {
        (self.pictures && !self.text).then_some(Reason::ContentNotRead)
    }
}

impl Lines {
    /// Adds the piece that is drawn next.
    pub(super) fn push(&mut self, piece: Piece) {
        if piece.text.is_empty() {
            return;
        }
        let Some(last) = &self.last else {
            self.begin(piece);
            return;
        };
        if is_shadow(last, &piece) {
            return;
        }
        let size = last.size.max(piece.size);
        let is_beside = last.angle == piece.angle
            && (last.across - piece.across).abs() < SLACK * size
            && piece.along > last.end - SLACK * size
            && size.is_finite();
        if !is_beside {
            if !self.runs_on(last, &piece) {
                self.text.push('\n');
            }
            self.begin(piece);
            return;
        }
        let gap = piece.along - last.end;
        let is_parted = self.text.ends_with(char::is_whitespace) || piece.text.starts_with(char::is_whitespace);
        if gap > COLUMN_GAP * size {
            self.text.push('\t');
        } else if gap > WORD_GAP * size && !is_parted {
            self.text.push(' ');
        }
        self.text.push_str(&piece.text);
        self.last = Some(piece);
    }

    /// A picture is drawn, whose text is not read.
    pub(super) fn picture(&mut self) {
        self.has_pictures = true;
    }

    fn has_text(&self) -> bool {
        !self.text.trim().is_empty()
    }

    fn begin(&mut self, piece: Piece) {
        self.begins_at = piece.along;
        self.text.push_str(&piece.text);
        self.last = Some(piece);
    }

    /// Whether a new line continues the words of the one above: Chinese breaks lines anywhere.
    fn runs_on(&self, last: &Piece, next: &Piece) -> bool {
        let size = last.size;
        let is_next_line = last.angle == next.angle
            && (last.size - next.size).abs() < 0.1 * size
            && (0.8..2.5).contains(&((next.across - last.across) / size));
        is_next_line
            && last.end - self.begins_at > SHORTEST_WRAPPED * size
            && (-2.5..0.5).contains(&((next.along - self.begins_at) / size))
            && last.text.ends_with(is_ideograph)
            && next.text.starts_with(is_ideograph)
    }

    /// Hands on the text, as one running text.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        if self.has_text() {
            sink.fragment(Fragment::Text(self.text.as_bytes()));
            sink.fragment(Fragment::Break);
        }
    }
}

/// Whether a piece only makes the one before it bold or gives it a shadow.
fn is_shadow(last: &Piece, next: &Piece) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 0.2 * last.size;
    last.text == next.text && near(last.along, next.along) && near(last.across, next.across)
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// About how wide a text is where nothing says so, in sizes of the font: ideographs fill a square, letters half of it.
pub(super) fn estimated_width(text: &str) -> f64 {
    text.chars().map(|it| if it < '\u{1100}' { 0.5 } else { 1.0 }).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(text: &str, along: f64, across: f64) -> Piece {
        Piece { text: text.into(), along, end: along + 10.0 * estimated_width(text), across, size: 10.0, angle: 0 }
    }

    fn read(pieces: &[Piece]) -> String {
        let mut lines = Lines::default();
        pieces.iter().cloned().for_each(|it| lines.push(it));
        lines.text
    }

    #[test]
    fn a_number_in_two_pieces_stays_one_word() {
        assert_eq!(read(&[piece("1380", 0.0, 0.0), piece("0000", 20.3, 0.0)]), "13800000");
    }

    #[test]
    fn a_gap_parts_words_and_a_wide_one_columns() {
        assert_eq!(read(&[piece("ab", 0.0, 0.0), piece("cd", 13.0, 0.0), piece("ef", 60.0, 0.0)]), "ab cd\tef");
    }

    #[test]
    fn columns_that_are_drawn_one_after_the_other_stay_apart() {
        let drawn = [piece("a1", 0.0, 0.0), piece("a2", 0.0, 12.0), piece("b1", 100.0, 0.0), piece("b2", 100.0, 12.0)];
        assert_eq!(read(&drawn), "a1\na2\nb1\nb2");
    }

    #[test]
    fn a_chinese_word_that_is_broken_by_the_end_of_a_line_stays_one() {
        let long = "轴承温度正常的时候应当每天记录设备";
        assert_eq!(read(&[piece(long, 0.0, 0.0), piece("编号", 0.0, 15.0)]), format!("{long}编号"));
        assert_eq!(read(&[piece("张三", 0.0, 0.0), piece("李四", 0.0, 15.0)]), "张三\n李四");
    }

    #[test]
    fn a_shadow_is_no_second_word() {
        assert_eq!(read(&[piece("valve", 0.0, 0.0), piece("valve", 0.4, 0.3)]), "valve");
    }

    proptest! {
        #[test]
        fn no_character_is_lost_or_made_up_wherever_it_stands(
            places in prop::collection::vec((any::<f64>(), any::<f64>(), any::<f64>(), -180..180i32), 0..40),
        ) {
            let mut lines = Lines::default();
            let mut drawn = String::new();
            for (number, (along, across, size, angle)) in places.into_iter().enumerate() {
                let text = format!("轴{number}x");
                drawn.push_str(&text);
                lines.push(Piece { text, along, end: along + size, across, size, angle });
            }
            let kept: String = lines.text.split_whitespace().collect();
            prop_assert_eq!(kept, drawn);
        }
    }

    #[test]
    fn numbers_that_are_none_do_no_harm() {
        let lost = Piece { along: f64::NAN, size: f64::INFINITY, ..piece("b", 0.0, 0.0) };
        assert_eq!(read(&[piece("a", 0.0, 0.0), lost, piece("c", 0.0, 0.0)]), "a\nb\nc");
    }
}
