//! A way to a server on which round trips are counted: each time that we speak after the server has spoken.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::spawn;

/// A port of the loopback that leads to a server.
pub(crate) struct Proxy {
    port: u16,
    trips: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
}

impl Proxy {
    /// Leads to the port of a server, until this process ends.
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let proxy =
            Self { port: listener.local_addr().unwrap().port(), trips: Arc::default(), connections: Arc::default() };
        let (trips, connections) = (Arc::clone(&proxy.trips), Arc::clone(&proxy.connections));
        spawn(move || {
            for client in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                lead(client.unwrap(), TcpStream::connect(("127.0.0.1", server)).unwrap(), &trips);
            }
        });
        proxy
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Round trips since it was last asked.
    pub(crate) fn take_trips(&self) -> u64 {
        self.trips.swap(0, Ordering::SeqCst)
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

fn lead(client: TcpStream, server: TcpStream, trips: &Arc<AtomicU64>) {
    // The server speaks first in MySQL, we in PostgreSQL: either way what we say first is a trip.
    let server_spoke = Arc::new(AtomicBool::new(true));
    let (trips, spoke) = (Arc::clone(trips), Arc::clone(&server_spoke));
    let (from_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    spawn(move || {
        pump(from_client, to_server, || {
            if spoke.swap(false, Ordering::SeqCst) {
                trips.fetch_add(1, Ordering::SeqCst);
            }
        });
    });
    spawn(move || pump(server, client, || server_spoke.store(true, Ordering::SeqCst)));
}

fn pump(mut from: TcpStream, mut to: TcpStream, heard: impl Fn()) {
    let mut bytes = vec![0; 64 * 1024];
    to.set_nodelay(true).unwrap();
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        heard();
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // The other side may have hung up already.
    to.shutdown(Shutdown::Both).unwrap_or(());
}
