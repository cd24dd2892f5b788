//! One connection to a SQL Server.

use std::sync::Arc;

use futures_util::TryStreamExt;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel, QueryItem, Row};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use super::super::session::Goodbye;
use super::address::Address;
use super::secured::{self, Channel};
use super::{fault, value};

/// How often a server may send us on to another host: a listener of an availability group does it once.
const MOST_ROUTED: usize = 2;

/// Bytes of a packet that are asked for: what the clients of the maker ask for. The server may give less.
const PACKET_BYTES: u32 = 8_000;

/// A row of a catalog as text; `None` for NULL.
pub(super) type TextRow = Vec<Option<String>>;

/// A logged-in connection.
pub(crate) struct SqlServerConnection {
    client: Client<Compat<Channel>>,
    /// A statement was sent and its answer not read to the end.
    is_asked: bool,
}

/// One thing of the answer to a batch.
pub(crate) enum Answered<'r> {
    /// The rows of the next statement begin.
    Statement,
    /// A row.
    Row(&'r Row),
}

impl SqlServerConnection {
    /// Logs in, and follows the server to the replica that it names for those who only read.
    pub(super) async fn open(
        address: &Address,
        database: &str,
        tls: Option<Arc<rustls::ClientConfig>>,
    ) -> Result<Self, sqlx::Error> {
        let (mut host, mut port) = (address.host.clone(), address.port);
        for _ in 0..=MOST_ROUTED {
            let channel = secured::connect(&host, port, tls.clone()).await?;
            let config = config(address, &host, port, database);
            match Client::connect(config, channel.compat()).await {
                Ok(client) => return Ok(Self { client, is_asked: false }),
                Err(tiberius::error::Error::Routing { host: other, port: there }) => (host, port) = (other, there),
                Err(error) => return Err(fault::of(error)),
            }
        }
        Err(sqlx::Error::Protocol("sent on from host to host".to_owned()))
    }

    /// Sends statements and hands over what comes of them.
    pub(crate) async fn each(&mut self, sql: &str, mut take: impl FnMut(Answered<'_>)) -> Result<(), sqlx::Error> {
        self.is_asked = true;
        let mut answer = self.client.simple_query(sql).await.map_err(fault::of)?;
        while let Some(item) = answer.try_next().await.map_err(fault::of)? {
            match item {
                QueryItem::Metadata(_) => take(Answered::Statement),
                QueryItem::Row(row) => take(Answered::Row(&row)),
            }
        }
        drop(answer);
        self.is_asked = false;
        Ok(())
    }

    /// The rows of a statement as text.
    pub(super) async fn rows(&mut self, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
        let mut rows = Vec::new();
        self.each(sql, |answered| {
            if let Answered::Row(row) = answered {
                rows.push(row.cells().map(|(_, cell)| value::text(cell)).collect());
            }
        })
        .await?;
        Ok(rows)
    }

    /// The first row of a statement as numbers.
    pub(crate) async fn numbers(&mut self, sql: &str) -> Result<Vec<Option<i128>>, sqlx::Error> {
        let first = self.rows(sql).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)?;
        Ok(first.into_iter().map(|cell| cell?.parse().ok()).collect())
    }

    /// Whether anybody is there.
    pub(crate) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        self.rows("SELECT 1").await.map(drop)
    }
}

impl Goodbye for SqlServerConnection {
    /// What still runs is called off, so that the server need not find out by itself.
    async fn goodbye(mut self) -> Result<(), sqlx::Error> {
        if self.is_asked {
            self.client.cancel_query().await.map_err(fault::of)?;
        }
        self.client.close().await.map_err(fault::of)
    }
}

fn config(address: &Address, host: &str, port: u16, database: &str) -> Config {
    let mut config = Config::new();
    config.host(host);
    config.port(port);
    config.database(database);
    config.authentication(AuthMethod::sql_server(&address.user, &address.password));
    config.application_name("mulu");
    // `ApplicationIntent=ReadOnly`: an availability group gives a replica that is there to be read.
    config.readonly(true);
    config.packet_size(PACKET_BYTES);
    // What is encrypted is so already.
    config.encryption(EncryptionLevel::NotSupported);
    // Text of old columns may hold halves of characters.
    config.lossy_utf16_decoding(true);
    // Whoever waits has a limit.
    config.handshake_timeout(None);
    config.command_timeout(None);
    config
}
