//! The way to a SQL Server: a socket, and TLS in it as far as it is demanded.
//!
//! In this protocol TLS begins within packets of the first exchange ([MS-TDS] 2.2.6.5 and 3.2.5.2), so the driver has to
//! do it, or somebody before the driver does. It is done here: what came about is then known exactly, encryption is that
//! of the other databases, and the driver finds the exchange done and speaks of the login as its first.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::prelogin::{Encrypt, HEADER_BYTES, PRELOGIN, exchange, packet};

/// A connected socket behind its first exchange, encrypted or not.
pub(super) struct Channel {
    way: Way,
    /// What the driver has written so far of the exchange that is done already.
    greeting: Vec<u8>,
    /// Its answer, as far as the driver has not read it.
    answer: Vec<u8>,
}

enum Way {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<Wrapped>>),
}

/// Connects; encrypted where a configuration is given, and else not.
///
/// # Errors
/// Nobody answers, or what is demanded of encryption cannot be had: [`sqlx::Error::Tls`], or data that is not valid.
pub(super) async fn connect(
    host: &str,
    port: u16,
    tls: Option<Arc<rustls::ClientConfig>>,
) -> Result<Channel, sqlx::Error> {
    let mut socket = TcpStream::connect((host, port)).await?;
    socket.set_nodelay(true)?;
    let wanted = if tls.is_some() { Encrypt::On } else { Encrypt::NotSupported };
    let said = exchange(&mut socket, wanted).await?;
    let way = match (tls, said.encrypt) {
        (None, Encrypt::Off | Encrypt::NotSupported) => Way::Plain(socket),
        (Some(config), Encrypt::On | Encrypt::Required) => {
            let name = ServerName::try_from(host.to_owned()).map_err(|_| refused("no name of a certificate"))?;
            let mut stream = TlsConnector::from(config).connect(name, Wrapped::new(socket)).await?;
            stream.get_mut().0.is_done = true;
            Way::Encrypted(Box::new(stream))
        }
        (None, _) => return Err(refused("the server wants encryption")),
        (Some(_), _) => return Err(refused("the server offers no encryption")),
    };
    Ok(Channel { way, greeting: Vec::new(), answer: said.without_encryption })
}

fn refused(why: &str) -> sqlx::Error {
    sqlx::Error::Tls(why.into())
}

impl Channel {
    /// Bytes of the greeting that are still to come from the driver.
    fn awaited(&self) -> usize {
        let length = match self.greeting.get(2..4) {
            Some(&[high, low]) if self.greeting.len() >= HEADER_BYTES => usize::from(u16::from_be_bytes([high, low])),
            _ => HEADER_BYTES,
        };
        length.saturating_sub(self.greeting.len())
    }
}

impl AsyncRead for Channel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.answer.is_empty() {
            let count = self.answer.len().min(buffer.remaining());
            let taken: Vec<u8> = self.answer.drain(..count).collect();
            buffer.put_slice(&taken);
            return Poll::Ready(Ok(()));
        }
        match &mut self.way {
            Way::Plain(socket) => Pin::new(socket).poll_read(context, buffer),
            Way::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Channel {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let awaited = self.awaited();
        if awaited > 0 {
            let count = awaited.min(bytes.len());
            self.greeting.extend_from_slice(bytes.get(..count).unwrap_or_default());
            return Poll::Ready(Ok(count));
        }
        match &mut self.way {
            Way::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Way::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.way {
            Way::Plain(socket) => Pin::new(socket).poll_flush(context),
            Way::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.way {
            Way::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Way::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

/// A socket on which the handshake goes in packets of the first exchange, and everything after it does not.
struct Wrapped {
    socket: TcpStream,
    is_done: bool,
    /// The header of the packet that is being read, and how much of it has come.
    header: [u8; HEADER_BYTES],
    header_read: usize,
    /// Bytes of that packet that are still to come.
    left: usize,
    /// Bytes of the handshake that are gathered for a packet.
    gathered: Vec<u8>,
    /// A packet on its way out.
    outgoing: Vec<u8>,
}

impl Wrapped {
    fn new(socket: TcpStream) -> Self {
        let header = [0; HEADER_BYTES];
        Self { socket, is_done: false, header, header_read: 0, left: 0, gathered: Vec::new(), outgoing: Vec::new() }
    }

    /// Reads to the beginning of what a packet holds.
    fn poll_header(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.left == 0 {
            let mut room = ReadBuf::new(self.header.get_mut(self.header_read..).unwrap_or_default());
            ready!(Pin::new(&mut self.socket).poll_read(context, &mut room))?;
            let read = room.filled().len();
            if read == 0 {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
            self.header_read += read;
            if self.header_read == HEADER_BYTES {
                self.header_read = 0;
                self.left = payload_of(self.header)?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// Bytes of a packet behind its header.
fn payload_of(header: [u8; HEADER_BYTES]) -> io::Result<usize> {
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    match length.checked_sub(HEADER_BYTES) {
        Some(payload) if header[0] == PRELOGIN => Ok(payload),
        _ => Err(io::Error::new(io::ErrorKind::ConnectionAborted, "no handshake of TLS")),
    }
}

impl AsyncRead for Wrapped {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_done {
            return Pin::new(&mut this.socket).poll_read(context, buffer);
        }
        ready!(this.poll_header(context))?;
        let mut bytes = [0; 4096];
        let most = this.left.min(buffer.remaining()).min(bytes.len());
        let mut room = ReadBuf::new(bytes.get_mut(..most).unwrap_or_default());
        ready!(Pin::new(&mut this.socket).poll_read(context, &mut room))?;
        this.left -= room.filled().len();
        buffer.put_slice(room.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wrapped {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.is_done {
            return Pin::new(&mut this.socket).poll_write(context, bytes);
        }
        this.gathered.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.outgoing.is_empty() && !this.gathered.is_empty() {
            this.outgoing = packet(&std::mem::take(&mut this.gathered));
        }
        while !this.outgoing.is_empty() {
            let written = ready!(Pin::new(&mut this.socket).poll_write(context, &this.outgoing))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            this.outgoing.drain(..written);
        }
        Pin::new(&mut this.socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}
