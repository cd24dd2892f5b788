//! The text of one page (clause 11): each text object is placed, and holds one code of text or several.

use quick_xml::events::BytesStart;

use super::{
    super::{
        super::{Sink, markup},
        lines::{Drawn, Lines, Piece, estimated_width},
    },
    tags::Tagged,
};

/// A page, a template or the annotations of a page, while it is walked through.
pub(super) struct PageText<'t> {
    page: &'t str,
    tagged: &'t mut Tagged,
    drawn: &'t mut Drawn,
    lines: Lines,
    /// Ids of the templates that lie under the page.
    pub(super) templates: Vec<String>,
    object: Object,
    code: Option<Code>,
    remark: Option<String>,
}

/// The text object that is open.
#[derive(Default)]
struct Object {
    id: String,
    left: f64,
    top: f64,
    size: f64,
}

/// The text code that is open.
struct Code {
    left: f64,
    top: f64,
    /// How far its characters reach, where it says so.
    reach: Option<f64>,
    text: String,
}

impl<'t> PageText<'t> {
    /// Nothing of the page with this id is read yet.
    pub(super) fn new(page: &'t str, tagged: &'t mut Tagged, drawn: &'t mut Drawn) -> Self {
        let (lines, object) = (Lines::default(), Object::default());
        Self { page, tagged, drawn, lines, templates: Vec::new(), object, code: None, remark: None }
    }

    fn place(&mut self, code: Code) {
        self.tagged.fill(self.page, &self.object.id, &code.text);
        let along = self.object.left + code.left;
        let size = self.object.size;
        let reach = code.reach.unwrap_or_else(|| estimated_width(&code.text) * size);
        self.lines.push(Piece {
            text: code.text,
            along,
            end: along + reach,
            across: self.object.top + code.top,
            size,
            angle: 0,
        });
    }
}

impl markup::Visitor for PageText<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, _sink: &mut dyn Sink) {
        match tag.local_name().as_ref() {
            "Template" => self.templates.extend(markup::attribute(tag, "TemplateID")),
            "TextObject" => {
                let boundary = markup::attribute(tag, "Boundary").unwrap_or_default();
                let mut corner = numbers(&boundary);
                self.object = Object {
                    id: markup::attribute(tag, "ID").unwrap_or_default(),
                    left: corner.next().unwrap_or_default(),
                    top: corner.next().unwrap_or_default(),
                    size: number(tag, "Size").unwrap_or(1.0),
                };
            }
            "TextCode" => {
                let last = self.code.take().map_or((0.0, 0.0), |code| (code.left, code.top));
                self.code = Some(Code {
                    left: number(tag, "X").unwrap_or(last.0),
                    top: number(tag, "Y").unwrap_or(last.1),
                    reach: markup::attribute(tag, "DeltaX").map(|deltas| furthest(&deltas) + self.object.size),
                    text: String::new(),
                });
            }
            "ImageObject" => self.lines.picture(),
            "Remark" => self.remark = Some(String::new()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut dyn Sink) {
        if let Some(code) = &mut self.code {
            code.text.push_str(text);
        } else if let Some(remark) = &mut self.remark {
            remark.push_str(text);
        }
    }

    fn close(&mut self, local_name: &str, _sink: &mut dyn Sink) {
        match local_name {
            "TextCode" => {
                if let Some(code) = self.code.take() {
                    self.place(code);
                }
            }
            "Remark" => {
                if let Some(text) = self.remark.take() {
                    // A remark has no place on the page.
                    self.lines.push(Piece { text, along: f64::NAN, ..Piece::default() });
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if let Some(code) = self.code.take() {
            self.place(code);
        }
        let lines = std::mem::take(&mut self.lines);
        self.drawn.add(&lines);
        lines.finish(sink);
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<f64> {
    markup::attribute(tag, name)?.trim().parse().ok()
}

fn numbers(text: &str) -> impl Iterator<Item = f64> {
    text.split_ascii_whitespace().map(|it| it.parse().unwrap_or_default())
}

/// How far right the steps between characters lead; `g n s` stands for n steps of s (clause 11.3).
fn furthest(deltas: &str) -> f64 {
    let mut steps = deltas.split_ascii_whitespace();
    let (mut at, mut furthest) = (0.0f64, 0.0f64);
    while let Some(step) = steps.next() {
        let (times, step) = if step == "g" {
            (steps.next().and_then(|it| it.parse::<u32>().ok()).unwrap_or(0), steps.next().unwrap_or_default())
        } else {
            (1, step)
        };
        at += f64::from(times) * step.parse().unwrap_or(0.0);
        furthest = furthest.max(at);
    }
    furthest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_repeat_are_counted_and_a_return_is_none() {
        assert!((furthest("1.5 2 g 3 2.0 -9") - 9.5).abs() < 1e-9);
        assert!(furthest("g 4294967295 1e308 x").is_infinite());
        assert!(furthest("g").abs() < 1e-9);
    }
}
