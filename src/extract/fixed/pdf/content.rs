//! What a content stream draws (ISO 32000-1, 9.4): strings in fonts at places.

use std::rc::Rc;

use hayro_syntax::{
    content::{TypedIter, ops::TypedInstruction as Operation},
    object::{self, Dict, Name, Number, Object, Stream},
    page::Resources,
};

use super::{
    super::lines::{Lines, Piece},
    decode::Decoder,
    font::{Font, Fonts},
    marked::Marks,
    matrix::Matrix,
    string,
};
use crate::model::Reason;

/// Drawings in drawings. Real ones reach a handful.
const MOST_DEPTH: usize = 16;
/// States that are put aside (ISO 32000-1, table C.1, asks for 28).
const MOST_STATES: usize = 256;

/// What text is drawn with.
#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    /// Of one, not of a hundred.
    scale: f64,
    leading: f64,
    rise: f64,
}

/// Goes through content streams and puts what they draw into lines.
pub(super) struct Interpreter<'i, 'd, 'j> {
    decoder: &'i Decoder<'j>,
    fonts: &'i mut Fonts<'d, 'j>,
    lines: &'i mut Lines,
    state: State,
    states: Vec<State>,
    /// Where the next glyph and the current line begin.
    text: Matrix,
    line: Matrix,
    /// Between `BT` and `ET`.
    is_in_text: bool,
    depth: usize,
    marks: Marks,
}

impl<'i, 'd, 'j> Interpreter<'i, 'd, 'j> {
    /// Nothing is drawn yet.
    pub(super) fn new(decoder: &'i Decoder<'j>, fonts: &'i mut Fonts<'d, 'j>, lines: &'i mut Lines) -> Self {
        let state = State {
            page: Matrix::IDENTITY,
            font: None,
            size: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        Self {
            decoder,
            fonts,
            lines,
            state,
            states: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            is_in_text: false,
            depth: 0,
            marks: Marks::default(),
        }
    }

    /// Goes through one stream.
    pub(super) fn run(&mut self, content: &[u8], resources: &Resources<'_>) {
        let states = self.states.len();
        let outer = self.marks.enter();
        let mut operations = TypedIter::new(content);
        while let Some(operation) = operations.next() {
            if self.decoder.is_spent() {
                break;
            }
            self.perform(&operation, resources, states);
        }
        self.states.truncate(states);
        let here = self.here();
        for piece in self.marks.leave(outer, || here) {
            self.lines.push(piece);
        }
        self.is_in_text = false;
    }

    fn perform(&mut self, operation: &Operation<'_, '_>, resources: &Resources<'_>, states: usize) {
        let state = &mut self.state;
        match operation {
            Operation::SaveState(_) if self.states.len() < states + MOST_STATES => self.states.push(state.clone()),
            Operation::RestoreState(_) if self.states.len() > states => {
                self.state = self.states.pop().unwrap_or_else(|| self.state.clone());
            }
            Operation::Transform(to) => {
                let change = Matrix([&to.0, &to.1, &to.2, &to.3, &to.4, &to.5].map(Number::as_f64));
                state.page = change.then(state.page);
            }
            Operation::BeginText(_) => {
                self.is_in_text = true;
                self.move_to(Matrix::IDENTITY);
            }
            Operation::EndText(_) => self.is_in_text = false,
            Operation::TextFont(font) => {
                state.size = font.1.as_f64();
                state.font = resources.fonts.get::<Dict<'_>>(&**font.0).map(|dict| self.fonts.get(&dict));
            }
            Operation::CharacterSpacing(it) => state.character_spacing = it.0.as_f64(),
            Operation::WordSpacing(it) => state.word_spacing = it.0.as_f64(),
            Operation::HorizontalScaling(it) => state.scale = it.0.as_f64() / 100.0,
            Operation::TextLeading(it) => state.leading = it.0.as_f64(),
            Operation::TextRise(it) => state.rise = it.0.as_f64(),
            Operation::SetTextMatrix(to) => {
                self.move_to(Matrix([&to.0, &to.1, &to.2, &to.3, &to.4, &to.5].map(Number::as_f64)));
            }
            Operation::NextLine(by) => self.move_by(by.0.as_f64(), by.1.as_f64()),
            Operation::NextLineAndSetLeading(by) => {
                state.leading = -by.1.as_f64();
                self.move_by(by.0.as_f64(), by.1.as_f64());
            }
            Operation::NextLineUsingLeading(_) => self.next_line(),
            Operation::ShowText(it) => self.show(it.0.as_bytes()),
            Operation::NextLineAndShowText(it) => {
                self.next_line();
                self.show(it.0.as_bytes());
            }
            Operation::ShowTextWithParameters(it) => {
                state.word_spacing = it.0.as_f64();
                state.character_spacing = it.1.as_f64();
                self.next_line();
                self.show(it.2.as_bytes());
            }
            Operation::ShowTexts(it) => self.show_all(it.0),
            Operation::XObject(it) => {
                if let Some(stream) = resources.x_objects.get::<Stream<'_>>(&**it.0) {
                    self.form(&stream, Some(resources));
                }
            }
            Operation::InlineImage(_) => self.lines.picture(),
            Operation::BeginMarkedContent(_) => self.marks.begin(None),
            Operation::BeginMarkedContentWithProperties(it) => self.begin_marked(it.1, resources),
            Operation::EndMarkedContent(_) => self.end_marked(),
            _ => {}
        }
    }

    fn move_to(&mut self, place: Matrix) {
        self.line = place;
        self.text = place;
    }

    fn move_by(&mut self, x: f64, y: f64) {
        self.move_to(Matrix::shift(x, y).then(self.line));
    }

    fn next_line(&mut self) {
        self.move_by(0.0, -self.state.leading);
    }

    /// Strings, and numbers that move the next one back by thousandths of the size.
    fn show_all(&mut self, pieces: &object::Array<'_>) {
        for piece in pieces.iter::<Object<'_>>() {
            match piece {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(by) => self.advance(-by.as_f64() / 1000.0 * self.state.size),
                _ => {}
            }
        }
    }

    /// Moves on in the direction of writing.
    fn advance(&mut self, by: f64) {
        let is_vertical = self.state.font.as_ref().is_some_and(|font| font.is_vertical());
        let step = if is_vertical { Matrix::shift(0.0, by) } else { Matrix::shift(by * self.state.scale, 0.0) };
        self.text = step.then(self.text);
    }

    fn show(&mut self, codes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        let mut piece = Piece { text: String::new(), ..self.place(&font) };
        let mut rest = codes;
        while !rest.is_empty() {
            let glyph = font.next(&mut rest);
            piece.text.push_str(&glyph.text);
            self.fonts.count(&glyph);
            let word_spacing = if glyph.is_blank { self.state.word_spacing } else { 0.0 };
            let spacing = self.state.character_spacing + word_spacing;
            // Writing downwards, widths are negative and spacing is not (9.4.4).
            self.advance(glyph.width * self.state.size + spacing);
        }
        // Space behind the last character is none inside a word.
        let end = self.place(&font).along;
        piece.end = end - self.state.character_spacing.max(0.0) * piece.size / self.state.size.abs().max(f64::EPSILON);
        if let Some(piece) = self.marks.draw(piece) {
            self.lines.push(piece);
        }
    }

    /// Where a text without glyphs stands: in the line, or else by itself.
    fn here(&self) -> Piece {
        match &self.state.font {
            Some(font) if self.is_in_text => self.place(font),
            _ => Piece { along: f64::NAN, ..Piece::default() },
        }
    }

    /// Where the next glyph comes to lie, turned so that its text runs along.
    fn place(&self, font: &Font) -> Piece {
        let state = &self.state;
        let drawn = Matrix([state.size * state.scale, 0.0, 0.0, state.size, 0.0, state.rise]);
        let placed = drawn.then(self.text).then(state.page);
        let [right_x, right_y, up_x, up_y, ..] = placed.0;
        let (x, y) = placed.origin();
        let direction = if font.is_vertical() { (-up_x, -up_y) } else { (right_x, right_y) };
        let length = direction.0.hypot(direction.1).max(f64::EPSILON);
        let (along_x, along_y) = (direction.0 / length, direction.1 / length);
        Piece {
            text: String::new(),
            along: x * along_x + y * along_y,
            end: x * along_x + y * along_y,
            across: x * along_y - y * along_x,
            size: if font.is_vertical() { right_x.hypot(right_y) } else { up_x.hypot(up_y) }.max(f64::EPSILON),
            angle: along_y.atan2(along_x).to_degrees().round() as i32,
        }
    }

    /// A drawing inside the drawing, with resources of its own or else those of the page.
    pub(super) fn form(&mut self, stream: &Stream<'_>, outer: Option<&Resources<'_>>) {
        let dict = stream.dict();
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Form") => {}
            Some(b"Image") => return self.lines.picture(),
            _ => return,
        }
        if self.depth >= MOST_DEPTH {
            self.decoder.miss(Reason::TooDeep);
            return;
        }
        let content = self.decoder.form(stream);
        let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        let none = Resources::new(Dict::empty());
        let outside = (self.state.clone(), self.text, self.line);
        if let Some(change) = dict.get::<[f64; 6]>("Matrix") {
            self.state.page = Matrix(change).then(self.state.page);
        }
        self.depth += 1;
        self.run(&content, own.as_ref().or(outer).unwrap_or(&none));
        self.depth -= 1;
        (self.state, self.text, self.line) = outside;
    }

    fn begin_marked(&mut self, properties: &Object<'_>, resources: &Resources<'_>) {
        let text = match properties {
            Object::Dict(dict) => string::text(dict, "ActualText"),
            Object::Name(name) => {
                resources.properties.get::<Dict<'_>>(&**name).and_then(|dict| string::text(&dict, "ActualText"))
            }
            _ => None,
        };
        self.marks.begin(text);
    }

    fn end_marked(&mut self) {
        let here = self.here();
        if let Some(piece) = self.marks.end(|| here) {
            self.lines.push(piece);
        }
    }
}
