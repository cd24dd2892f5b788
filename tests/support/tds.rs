//! A SQL Server that is none: it speaks the protocol ([MS-TDS]) on a free port of the loopback and answers what a test
//! tells it to. Written from the published protocol, independently of the driver.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::tds_tokens::{Cell, acknowledged, attention, error, results, routed};

/// What is answered to a batch.
pub(crate) enum Reply {
    /// The rows of each statement.
    Results(Vec<Vec<Vec<Cell>>>),
    /// An error of that number.
    Error(u32),
    /// Nothing, until the client calls it off.
    Silence,
    /// The connection is cut.
    Cut,
}

impl Reply {
    /// The rows of one statement, all cells text.
    pub(crate) fn text(rows: &[&[&str]]) -> Self {
        let cell = |text: &&str| if text.is_empty() { Cell::Null } else { Cell::Text((*text).to_owned()) };
        Self::Results(vec![rows.iter().map(|row| row.iter().map(cell).collect()).collect()])
    }

    /// One statement without rows.
    pub(crate) fn nothing() -> Self {
        Self::Results(Vec::new())
    }
}

/// What the server was told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Each login.
    pub(crate) logins: Vec<Login>,
    /// Each batch, with the database of its connection.
    pub(crate) batches: Vec<(String, String)>,
    /// How often a client called something off.
    pub(crate) attentions: u32,
}

/// A login as it came over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) application: String,
    pub(crate) database: String,
    /// Whether the client says that it only reads.
    pub(crate) reads_only: bool,
    pub(crate) is_encrypted: bool,
}

/// What the server says of encryption.
#[derive(Clone)]
pub(crate) enum Encryption {
    /// It has none.
    None,
    /// Offered, and given to those who ask.
    Offered(Arc<rustls::ServerConfig>),
    /// Demanded.
    Demanded(Arc<rustls::ServerConfig>),
}

impl Encryption {
    /// The settings for a certificate with its key.
    pub(crate) fn config(folder: &std::path::Path) -> Arc<rustls::ServerConfig> {
        let chain =
            CertificateDer::pem_file_iter(folder.join("server.pem")).unwrap().collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            rustls::ServerConfig::builder_with_provider(provider).with_protocol_versions(rustls::ALL_VERSIONS);
        Arc::new(builder.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
    }
}

/// How it behaves.
#[derive(Clone)]
pub(crate) struct Manner {
    pub(crate) encryption: Encryption,
    /// Where it sends everybody on to.
    pub(crate) routes_to: Option<u16>,
    /// The number of the error with which it refuses a login to a database, by its name.
    pub(crate) refuses: fn(&Login) -> Option<u32>,
    /// What it answers to a batch in a database.
    pub(crate) answer: Arc<dyn Fn(&str, &str) -> Reply + Send + Sync>,
}

impl Manner {
    /// No encryption, everybody is let in.
    pub(crate) fn answering(answer: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Self {
        Self { encryption: Encryption::None, routes_to: None, refuses: |_| None, answer: Arc::new(answer) }
    }
}

/// A running one; it ends with this.
pub(crate) struct FakeSqlServer {
    pub(crate) port: u16,
    told: Arc<Mutex<Told>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FakeSqlServer {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let told = Arc::new(Mutex::new(Told::default()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (theirs, over) = (Arc::clone(&told), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Acquire) {
                    return;
                }
                let (manner, told) = (manner.clone(), Arc::clone(&theirs));
                // A client that leaves in the middle ends its own thread only.
                std::thread::spawn(move || Conversation { told, manner, login: Login::default() }.hold(socket));
            }
        });
        Self { port, told, is_over, thread: Some(thread) }
    }

    /// Its address with a login.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("sqlserver://reader:geh%40im@127.0.0.1:{}/{database}", self.port)
    }

    /// What it was told so far.
    pub(crate) fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }
}

impl Drop for FakeSqlServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().into_iter().for_each(|thread| drop(thread.join()));
    }
}

/// One connection.
struct Conversation {
    told: Arc<Mutex<Told>>,
    manner: Manner,
    login: Login,
}

impl Conversation {
    fn hold(mut self, mut socket: TcpStream) -> Option<()> {
        let wish = receive(&mut socket)?;
        assert_eq!(wish.kind, 0x12, "a conversation begins with PRELOGIN");
        let wants = *wish.bytes.get(encryption_at(&wish.bytes)?)?;
        let (says, config) = match (&self.manner.encryption, wants) {
            (Encryption::None, _) => (2, None),
            (Encryption::Offered(_), 2) => (0, None),
            (Encryption::Offered(config), _) => (1, Some(Arc::clone(config))),
            (Encryption::Demanded(config), wants) => (3, (wants != 2).then(|| Arc::clone(config))),
        };
        let answer = [&[0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 15, 0, 0x07, 0xd0, 0, 0][..], &[says]].concat();
        send(&mut socket, 4, &answer)?;
        let Some(config) = config else { return self.log_in(&mut socket) };
        let mut tls = rustls::ServerConnection::new(config).unwrap();
        let mut wrapped = Wrapped { socket, is_done: false, unread: Vec::new() };
        while tls.is_handshaking() {
            tls.complete_io(&mut wrapped).ok()?;
        }
        wrapped.is_done = true;
        self.login.is_encrypted = true;
        self.log_in(&mut rustls::StreamOwned::new(tls, wrapped))
    }

    fn log_in(mut self, stream: &mut (impl Read + Write)) -> Option<()> {
        let message = receive(stream)?;
        assert_eq!(message.kind, 0x10, "then comes LOGIN7");
        self.login = Login { is_encrypted: self.login.is_encrypted, ..read_login(&message.bytes) };
        self.told.lock().unwrap().logins.push(self.login.clone());
        if let Some(port) = self.manner.routes_to {
            return send(stream, 4, &routed(port));
        }
        if let Some(number) = (self.manner.refuses)(&self.login) {
            return send(stream, 4, &error(number));
        }
        send(stream, 4, &acknowledged())?;
        loop {
            let message = receive(stream)?;
            match message.kind {
                1 => {
                    let sql = batch(&message.bytes);
                    let reply = (self.manner.answer)(&self.login.database, &sql);
                    self.told.lock().unwrap().batches.push((self.login.database.clone(), sql));
                    match reply {
                        Reply::Results(rows) => send(stream, 4, &results(&rows))?,
                        Reply::Error(number) => send(stream, 4, &error(number))?,
                        Reply::Silence => {}
                        Reply::Cut => return None,
                    }
                }
                6 => {
                    self.told.lock().unwrap().attentions += 1;
                    send(stream, 4, &attention())?;
                }
                other => panic!("a message of type {other}"),
            }
        }
    }
}

/// A whole message, of however many packets.
struct Message {
    kind: u8,
    bytes: Vec<u8>,
}

fn receive(stream: &mut impl Read) -> Option<Message> {
    let mut message = Message { kind: 0, bytes: Vec::new() };
    loop {
        let mut header = [0; 8];
        stream.read_exact(&mut header).ok()?;
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])) - 8];
        stream.read_exact(&mut payload).ok()?;
        message.kind = header[0];
        message.bytes.extend_from_slice(&payload);
        if header[1] & 1 == 1 {
            return Some(message);
        }
    }
}

/// In packets that are small, so that values lie across them.
fn send(stream: &mut impl Write, kind: u8, bytes: &[u8]) -> Option<()> {
    let mut parts = bytes.chunks(500).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len() + 8).unwrap().to_be_bytes();
        let header = [kind, u8::from(parts.peek().is_none()), length[0], length[1], 0, 0, 0, 0];
        stream.write_all(&[&header[..], part].concat()).ok()?;
    }
    stream.flush().ok()
}

fn encryption_at(payload: &[u8]) -> Option<usize> {
    let option = payload.chunks(5).find(|option| option[0] == 1)?;
    Some(usize::from(u16::from_be_bytes([option[1], option[2]])))
}

/// LOGIN7 (2.2.6.4): places and lengths of texts stand from byte 36 on.
fn read_login(bytes: &[u8]) -> Login {
    let number = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let raw = |at: usize| bytes[number(at)..number(at) + 2 * number(at + 2)].to_vec();
    let text = |raw: Vec<u8>| -> String {
        let units: Vec<u16> = raw.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    };
    Login {
        user: text(raw(40)),
        password: text(raw(44).into_iter().map(|byte| (byte ^ 0xa5).rotate_left(4)).collect()),
        application: text(raw(48)),
        database: text(raw(68)),
        reads_only: bytes[26] & 0x20 != 0,
        is_encrypted: false,
    }
}

/// The text of a batch behind its headers (2.2.6.7).
fn batch(bytes: &[u8]) -> String {
    let headers = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let units: Vec<u16> = bytes[headers..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}

/// The handshake of TLS goes in packets of PRELOGIN.
struct Wrapped {
    socket: TcpStream,
    is_done: bool,
    unread: Vec<u8>,
}

impl Read for Wrapped {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.is_done && self.unread.is_empty() {
            return self.socket.read(buffer);
        }
        if self.unread.is_empty() {
            self.unread = receive(&mut self.socket).ok_or(std::io::ErrorKind::UnexpectedEof)?.bytes;
        }
        let count = buffer.len().min(self.unread.len());
        buffer[..count].copy_from_slice(&self.unread[..count]);
        self.unread.drain(..count);
        Ok(count)
    }
}

impl Write for Wrapped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_done {
            return self.socket.write(bytes);
        }
        send(&mut self.socket, 0x12, bytes).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.socket.flush()
    }
}
