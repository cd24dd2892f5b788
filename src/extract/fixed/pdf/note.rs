//! Annotations of a page (ISO 32000-1, 12.5): what people wrote on it, where links lead, and what stamps say.

use hayro_syntax::{
    object::{Dict, Name, Object, Stream},
    page::Page,
};

use super::{content::Interpreter, decode::Decoder, names, string};

/// Annotations of one page. A drawing that was reviewed has some hundreds.
const MOST_NOTES: usize = 10_000;
/// Fields above a field whose value counts for it.
const MOST_PARENTS: usize = 32;

/// Reads the annotations of a page: texts into `notes`, what is only drawn through the interpreter.
pub(super) fn read(
    page: &Page<'_>,
    decoder: &Decoder<'_>,
    interpreter: &mut Interpreter<'_, '_, '_>,
    notes: &mut Vec<String>,
) {
    for note in decoder.up_to(MOST_NOTES, names::dictionaries(page.xref(), page.raw(), "Annots")) {
        let mut has_words = false;
        for key in ["T", "Subj", "Contents"] {
            let is_widget = note.get::<Name<'_>>("Subtype").is_some_and(|it| &*it == b"Widget");
            // The name of a field is no author of a note.
            if let Some(text) = string::text(&note, key).filter(|it| !it.trim().is_empty() && !is_widget) {
                has_words |= key == "Contents";
                notes.push(text);
            }
        }
        if let Some(address) = note.get::<Dict<'_>>("A").and_then(|action| string::text(&action, "URI")) {
            notes.push(address);
        }
        if !has_words && !has_value(&note) {
            draw(&note, interpreter);
        }
    }
}

/// Whether it is a field with a value, which is read with the form.
fn has_value(note: &Dict<'_>) -> bool {
    let mut field = Some(note.clone());
    for _ in 0..MOST_PARENTS {
        match field {
            Some(it) if it.contains_key("V") => return true,
            Some(it) => field = it.get::<Dict<'_>>("Parent"),
            None => return false,
        }
    }
    false
}

/// Reads what an annotation looks like.
fn draw(note: &Dict<'_>, interpreter: &mut Interpreter<'_, '_, '_>) {
    let appearance = match note.get::<Dict<'_>>("AP").and_then(|it| it.get::<Object<'_>>("N")) {
        Some(Object::Stream(stream)) => Some(stream),
        Some(Object::Dict(states)) => note.get::<Name<'_>>("AS").and_then(|state| states.get::<Stream<'_>>(&*state)),
        _ => None,
    };
    if let Some(stream) = appearance {
        interpreter.form(&stream, None);
    }
}
