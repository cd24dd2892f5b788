//! Marked content (ISO 32000-1, 14.6), and text that a sequence of it says in place of its glyphs (14.9.4).

use super::super::lines::Piece;

/// The sequences that are open.
#[derive(Default)]
pub(super) struct Marks {
    open: usize,
    /// How many were open before the current stream, which cannot end them.
    outer: usize,
    spoken: Option<Spoken>,
}

/// A sequence with a text of its own.
struct Spoken {
    text: String,
    opened_at: usize,
    /// What it draws, in case that it never ends.
    drawn: Vec<Piece>,
}

impl Marks {
    /// A sequence begins, perhaps with a text of its own. One in another counts no more, and neither does an empty one.
    pub(super) fn begin(&mut self, text: Option<String>) {
        self.open += 1;
        if let (Some(text), None) = (text.filter(|it| !it.is_empty()), &self.spoken) {
            self.spoken = Some(Spoken { text, opened_at: self.open, drawn: Vec::new() });
        }
    }

    /// Gives back what is drawn, unless a text stands for it.
    pub(super) fn draw(&mut self, piece: Piece) -> Option<Piece> {
        match &mut self.spoken {
            Some(spoken) => {
                spoken.drawn.push(piece);
                None
            }
            None => Some(piece),
        }
    }

    /// A sequence ends. Gives its text, which stands where its glyphs did, or `here` if it drew none.
    pub(super) fn end(&mut self, here: impl FnOnce() -> Piece) -> Option<Piece> {
        if self.open == self.outer {
            return None;
        }
        let opened_at = self.open;
        self.open -= 1;
        let Spoken { text, drawn, .. } = self.spoken.take_if(|spoken| spoken.opened_at == opened_at)?;
        let end = drawn.last().map(|piece| piece.end);
        let place = drawn.into_iter().next().unwrap_or_else(here);
        Some(Piece { text, end: end.unwrap_or(place.end), ..place })
    }

    /// A stream begins. Gives what [`Self::leave`] needs.
    pub(super) fn enter(&mut self) -> usize {
        std::mem::replace(&mut self.outer, self.open)
    }

    /// A stream ends, and with it the sequences that it left open. How far the text of such a one reaches nobody knows: gives
    /// what it drew, or the text if that was nothing.
    pub(super) fn leave(&mut self, outer: usize, here: impl FnOnce() -> Piece) -> Vec<Piece> {
        self.open = std::mem::replace(&mut self.outer, outer);
        let opened_before = self.open;
        match self.spoken.take_if(|spoken| spoken.opened_at > opened_before) {
            Some(Spoken { drawn, .. }) if drawn.iter().any(|piece| !piece.text.is_empty()) => drawn,
            Some(Spoken { text, .. }) => vec![Piece { text, ..here() }],
            None => Vec::new(),
        }
    }
}
