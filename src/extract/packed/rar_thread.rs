//! The thread in which the rar crate works, and the questions and answers between it and the reader.
//!
//! The crate `rars` is under Apache-2.0, forbids unsafe, and has limits on headers, dictionaries and workspace. It is one
//! year old and one person's, so that it runs in the guarded child like all readers of this kind. It wants to own its
//! source; ours is borrowed, so that each read goes through a channel, a chunk at a time.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
};

use rars::{ArchiveMember, ArchiveReadOptions, ArchiveReader, ErrorKind, ExtractionDecision, ExtractionErrorAction};

use crate::{extract::Source, model::Reason, open::Limits};

/// Bytes that are read of the file at once.
const CHUNK_BYTES: usize = 256 << 10;
/// Pieces that may wait to be read.
const PIECES: usize = 4;

/// A member, as its header has it.
pub(super) struct RarMember {
    pub(super) name: Vec<u8>,
    pub(super) packed_bytes: u64,
    pub(super) is_folder: bool,
    /// Why it cannot be read.
    pub(super) unread: Option<Reason>,
}

/// What the thread says.
pub(super) enum Event {
    /// A member follows, if it is wanted.
    Member(RarMember),
    /// A piece of it.
    Piece(Vec<u8>),
    /// It is broken; the next follows.
    Failed(Reason),
    /// There are no more.
    Done(Result<(), Reason>),
}

/// What becomes of a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Unpack,
    Skip,
}

enum Message {
    Event(Event),
    /// A chunk of the file from here on is wanted.
    Chunk(u64),
}

/// This side of the thread. It ends when this is let go of.
pub(super) struct Unpacking<'s> {
    source: &'s mut dyn Source,
    messages: Receiver<Message>,
    verdicts: Sender<Verdict>,
    chunks: Sender<io::Result<Vec<u8>>>,
    put_back: Option<Event>,
}

impl<'s> Unpacking<'s> {
    /// Starts a thread that unpacks `source`.
    pub(super) fn start(source: &'s mut dyn Source, limits: &Limits) -> Result<Self, Reason> {
        let length = source.seek(SeekFrom::End(0)).map_err(|error| Reason::from(&error))?;
        let (message, messages) = sync_channel(PIECES);
        let (verdicts, verdict) = channel();
        let (chunks, chunk) = channel();
        let remote = Remote { message: message.clone(), chunk, length, at: 0, held: Vec::new(), held_from: 0 };
        let (limits, done) = (limits.clone(), message.clone());
        std::thread::Builder::new()
            .name("rar".to_owned())
            .spawn(move || {
                let work = AssertUnwindSafe(|| unpack(remote, &limits, &message, &verdict));
                let outcome = catch_unwind(work).unwrap_or(Err(Reason::Crashed));
                // Nobody listens where the reader gave up.
                done.send(Message::Event(Event::Done(outcome))).unwrap_or(());
            })
            .map_err(|_| Reason::MemoryLimit)?;
        Ok(Self { source, messages, verdicts, chunks, put_back: None })
    }

    /// The next thing that the thread says; meanwhile it gets what it wants of the file.
    pub(super) fn next_event(&mut self) -> Event {
        if let Some(event) = self.put_back.take() {
            return event;
        }
        loop {
            match self.messages.recv() {
                Ok(Message::Event(event)) => return event,
                // A thread that does not wait for its chunk is about to say that it is done.
                Ok(Message::Chunk(at)) => {
                    let chunk = self.chunk(at);
                    self.chunks.send(chunk).unwrap_or(());
                }
                Err(_) => return Event::Done(Err(Reason::Crashed)),
            }
        }
    }

    /// Gives back what was read too far.
    pub(super) fn put_back(&mut self, event: Event) {
        self.put_back = Some(event);
    }

    /// Says what becomes of the member that the thread asks about.
    pub(super) fn decide(&self, verdict: Verdict) {
        self.verdicts.send(verdict).unwrap_or(());
    }

    fn chunk(&mut self, at: u64) -> io::Result<Vec<u8>> {
        self.source.seek(SeekFrom::Start(at))?;
        let mut chunk = Vec::new();
        (&mut *self.source).take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
        Ok(chunk)
    }
}

/// The file, as the thread sees it.
struct Remote {
    message: SyncSender<Message>,
    chunk: Receiver<io::Result<Vec<u8>>>,
    length: u64,
    at: u64,
    held: Vec<u8>,
    held_from: u64,
}

impl Read for Remote {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let held_to = self.held_from + self.held.len() as u64;
        if !(self.held_from..held_to).contains(&self.at) && self.at < self.length {
            let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            self.message.send(Message::Chunk(self.at)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
            self.held = self.chunk.recv().map_err(gone)??;
            self.held_from = self.at;
        }
        let from = usize::try_from(self.at.saturating_sub(self.held_from)).unwrap_or(usize::MAX);
        let ready = self.held.get(from..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        buffer.iter_mut().zip(ready).for_each(|(to, from)| *to = *from);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Remote {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let at = match position {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Where the crate puts what it unpacks.
struct Pieces(SyncSender<Message>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let sent = self.0.send(Message::Event(Event::Piece(piece.to_vec())));
        sent.map(|()| piece.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The work of the thread.
fn unpack(
    remote: Remote,
    limits: &Limits,
    message: &SyncSender<Message>,
    verdict: &Receiver<Verdict>,
) -> Result<(), Reason> {
    let options = ArchiveReadOptions::new()
        .with_max_header_count(limits.members.saturating_mul(2))
        .with_max_header_bytes(limits.header_bytes.saturating_mul(4))
        .with_rar50_dictionary_size_limit(limits.decoder_bytes)
        .with_rar50_buffered_decode_limit(1 << 20)
        .with_max_reader_workspace_bytes(limits.decoder_bytes);
    let archive = ArchiveReader::read_reader_with_options(remote, options).map_err(|error| reason_of(error.kind()))?;
    let asked_for = Cell::new(0);
    let decide = |member: &ArchiveMember| {
        asked_for.set(asked_for.get() + 1);
        let asked = message.send(Message::Event(Event::Member(of_header(member))));
        Ok(match asked.ok().and_then(|()| verdict.recv().ok()) {
            Some(Verdict::Unpack) => ExtractionDecision::Extract(Box::new(Pieces(message.clone()))),
            Some(Verdict::Skip) => ExtractionDecision::Skip,
            None => ExtractionDecision::Stop,
        })
    };
    let on_error = |_: &ArchiveMember, error: &rars::Error| {
        message.send(Message::Event(Event::Failed(reason_of(error.kind())))).unwrap_or(());
        Ok(ExtractionErrorAction::Continue)
    };
    let outcome = archive.extract_with_control_and_errors(options, decide, on_error);
    let Err(error) = outcome else { return Ok(()) };
    let reason = reason_of(error.kind());
    // What can be unpacked no more is named at least.
    for member in archive.members().skip(asked_for.get()) {
        let mut lost = of_header(&member);
        lost.unread = lost.unread.or(Some(reason));
        let asked = message.send(Message::Event(Event::Member(lost)));
        if asked.is_err() || verdict.recv().is_err() {
            break;
        }
    }
    Err(reason)
}

fn of_header(member: &ArchiveMember) -> RarMember {
    let meta = &member.meta;
    let unread = if meta.is_encrypted {
        Some(Reason::Encrypted)
    } else if meta.is_redirection {
        Some(Reason::Link)
    } else if meta.is_split_before || meta.is_split_after {
        // The rest is in another file.
        Some(Reason::ContentNotRead)
    } else {
        None
    };
    let name = member.decoded_name(None).map_or_else(|_| meta.name.clone(), std::borrow::Cow::into_owned);
    RarMember { name, packed_bytes: meta.packed_size, is_folder: meta.is_directory, unread }
}

fn reason_of(kind: ErrorKind) -> Reason {
    match kind {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => Reason::Encrypted,
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => Reason::UnsupportedFormat,
        ErrorKind::ResourceLimit => Reason::MemoryLimit,
        ErrorKind::Io | ErrorKind::Cancelled => Reason::ReadError,
        _ => Reason::Corrupt,
    }
}
