//! Messages of Outlook: who and whom, subject, texts, attachments as members (MS-OXMSG).

use super::{
    super::{Job, Reading, Sink, bounded::BudgetReader, html},
    embedded,
    storage::{EntryId, Storage},
    text,
};
use crate::{
    model::{Column, Fragment, Reason},
    open::encoding,
};

mod property;
mod rtf;

use property::{Properties, number};

/// How the storages of recipients and attachments are called, up to their numbers.
const RECIPIENT: &str = "__recip_version1.0_#";
const ATTACHMENT: &str = "__attach_version1.0_#";

/// The columns of a message, and the properties that stand in each: names, and addresses of either kind.
const COLUMNS: [(&str, &[u16]); 5] = [
    ("From", &[0x0c1a, 0x0042, 0x0c1f, 0x0065, 0x5d01, 0x5d02]),
    ("To", &[0x0e04]),
    ("Cc", &[0x0e03]),
    ("Bcc", &[0x0e02]),
    ("Reply-To", &[0x0050]),
];
/// The columns of its recipients: what each is called, and where he gets his mail.
const RECIPIENT_COLUMNS: [(&str, &[u16]); 2] = [("Name", &[0x3001]), ("E-mail", &[0x39fe, 0x3003])];
/// Of persons (names, telephones, addresses), and what programs and forms have named themselves.
const OF_PERSONS: std::ops::RangeInclusive<u16> = 0x3a00..=0x3aff;
const NAMED: std::ops::RangeInclusive<u16> = 0x8000..=0xfffe;

/// Reads the message in a storage.
pub(super) fn read(job: &Job<'_>, storage: &mut Storage<'_>, root: EntryId, sink: &mut dyn Sink) -> Reading {
    let properties = Properties::of_message(storage, root, job.limits);
    let mut message = Message { job, storage, properties };
    if let Some(subject) = message.text(number::SUBJECT) {
        sink.fragment(Fragment::PartName(subject.as_bytes()));
    }
    message.table(&COLUMNS, &[root], sink);
    let recipients = message.parts(root, RECIPIENT);
    message.table(&RECIPIENT_COLUMNS, &recipients, sink);
    for number in message.properties.texts(message.storage) {
        let is_read = OF_PERSONS.contains(&number) || NAMED.contains(&number) || number == number::HEADERS;
        if let Some(value) = Some(number).filter(|_| is_read).and_then(|number| message.text(number)) {
            text::paragraph(&value, sink);
        }
    }
    let rich_text = message.bodies(sink);
    let partial = message.members(root, rich_text, sink);
    Reading { partial, ..Reading::default() }
}

/// The rich text of a message, and why it is not all of it.
type RichText = (Vec<u8>, Option<Reason>);

/// A message while it is read.
struct Message<'m, 's> {
    job: &'m Job<'m>,
    storage: &'m mut Storage<'s>,
    properties: Properties,
}

impl Message<'_, '_> {
    fn text(&mut self, number: u16) -> Option<String> {
        self.properties.text(self.storage, number, self.job.limits)
    }

    fn parts(&self, root: EntryId, prefix: &str) -> Vec<EntryId> {
        let children = self.storage.children(root).into_iter();
        children.filter(|id| self.storage.is_storage(*id) && self.storage.name(*id).starts_with(prefix)).collect()
    }

    /// A table with a row for each of the storages.
    fn table(&mut self, columns: &[(&str, &[u16])], rows: &[EntryId], sink: &mut dyn Sink) {
        let row_of = |message: &mut Self, id: EntryId| {
            let properties = message.properties.of_part(id);
            let mut cells: Vec<(usize, String)> = Vec::new();
            for (column, (_, numbers)) in columns.iter().enumerate() {
                for number in *numbers {
                    let text = properties.text(message.storage, *number, message.job.limits);
                    // The sender is often there twice, once for whom he writes.
                    cells.extend(text.map(|text| (column, text)).filter(|cell| !cells.contains(cell)));
                }
            }
            cells
        };
        let rows: Vec<_> = rows.iter().map(|id| row_of(self, *id)).filter(|cells| !cells.is_empty()).collect();
        if rows.is_empty() {
            return;
        }
        let named = columns.iter().map(|(name, _)| Column { name: Some((*name).to_owned()), ..Column::default() });
        sink.fragment(Fragment::Table(&named.collect::<Vec<_>>()));
        for cells in &rows {
            for (column, text) in cells {
                sink.fragment(Fragment::Cell { column: *column, text: text.as_bytes() });
            }
            sink.fragment(Fragment::RowEnd);
        }
        sink.fragment(Fragment::TableEnd);
    }

    /// Hands on the texts. Gives the rich text where there is no other, and why it is not all of it.
    fn bodies(&mut self, sink: &mut dyn Sink) -> Option<RichText> {
        let limits = self.job.limits;
        let plain = self.text(number::BODY);
        if let Some(plain) = &plain {
            text::paragraph(plain, sink);
        }
        let page = match self.properties.bytes(self.storage, number::HTML, limits) {
            Some((bytes, _)) => {
                let declared = encoding::named_after(bytes.get(..4096).unwrap_or(&bytes), b"charset");
                Some(encoding::decode(encoding::guess(&bytes, declared), &bytes).into_owned())
            }
            None => self.text(number::HTML),
        };
        if let Some(page) = &page {
            let head = page.as_bytes().get(..limits.head_bytes).unwrap_or(page.as_bytes());
            html::read(head, &mut page.as_bytes(), limits, sink);
        }
        if plain.is_some() || page.is_some() {
            return None;
        }
        let (packed, broken) = self.properties.bytes(self.storage, number::RICH_TEXT, limits)?;
        rtf::decompress(&packed, limits.stream_bytes as usize).map(|text| (text, broken))
    }

    /// Reads the rich text and the attachments as members.
    fn members(&mut self, root: EntryId, rich_text: Option<RichText>, sink: &mut dyn Sink) -> Option<Reason> {
        let attached = self.parts(root, ATTACHMENT);
        if attached.is_empty() && rich_text.is_none() {
            return None;
        }
        if self.job.depth >= self.job.limits.depth {
            return Some(Reason::TooDeep);
        }
        let inner = Job { depth: self.job.depth + 1, ..*self.job };
        if let Some((rich_text, broken)) = rich_text {
            let admitted = inner.budget.admit_member();
            sink.begin_member(b"body.rtf");
            let outcome = admitted.and_then(|()| inner.extract_stream("body.rtf", &mut rich_text.as_slice(), sink));
            sink.end_member(outcome.map(|read| embedded::in_part(read, broken)));
        }
        for attachment in attached {
            let admitted = inner.budget.admit_member();
            if admitted == Err(Reason::TooMany) {
                return Some(Reason::TooMany);
            }
            self.attachment(&inner, attachment, admitted, sink);
        }
        None
    }

    fn attachment(&mut self, inner: &Job<'_>, id: EntryId, admitted: Result<(), Reason>, sink: &mut dyn Sink) {
        let properties = self.properties.of_part(id);
        let limits = self.job.limits;
        let name = [number::ATTACHED_NAME, number::ATTACHED_SHORT_NAME]
            .into_iter()
            .find_map(|number| properties.text(self.storage, number, limits))
            .unwrap_or_else(|| self.storage.name(id).to_owned());
        let stream = properties.stream(self.storage, number::ATTACHED);
        let object = properties.object(self.storage, number::ATTACHED);
        sink.begin_member(name.as_bytes());
        let outcome = admitted.and_then(|()| match (stream, object) {
            (Some(stream), _) => {
                let bytes = self.storage.size(stream);
                inner.extract_stream(
                    &name,
                    &mut BudgetReader::new(self.storage.stream(stream), inner.budget, bytes),
                    sink,
                )
            }
            (None, Some(object)) => match super::kind::of(self.storage, object) {
                Some(format) => embedded::read_document(inner, format, self.storage, object, sink),
                None => Err(Reason::UnsupportedFormat),
            },
            // A link to a file elsewhere.
            (None, None) => Err(Reason::Empty),
        });
        sink.end_member(outcome);
    }
}
