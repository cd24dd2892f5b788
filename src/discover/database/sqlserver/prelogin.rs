//! The first exchange of a connection, PRELOGIN ([MS-TDS] 2.2.6.5): what each side says of encryption.

use std::io::{Error, ErrorKind};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes in front of each packet: type, status, length in two bytes, and four that mean nothing here (2.2.3.1).
pub(super) const HEADER_BYTES: usize = 8;
/// The type of a PRELOGIN, and of what wraps the handshake of TLS.
pub(super) const PRELOGIN: u8 = 0x12;
/// The type of what the server answers.
const TABULAR_RESULT: u8 = 0x04;
/// The last packet of a message.
const END_OF_MESSAGE: u8 = 0x01;

/// Options of the message; each has its place and length in two bytes each.
const VERSION: u8 = 0x00;
const ENCRYPTION: u8 = 0x01;
const TERMINATOR: u8 = 0xff;

/// What a side says of encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encrypt {
    /// Of the login alone.
    Off,
    /// Of everything.
    On,
    /// It has none.
    NotSupported,
    /// Of everything, or no connection.
    Required,
}

impl Encrypt {
    fn byte(self) -> u8 {
        match self {
            Self::Off => 0,
            Self::On => 1,
            Self::NotSupported => 2,
            Self::Required => 3,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Off, Self::On, Self::NotSupported, Self::Required].into_iter().find(|it| it.byte() == byte)
    }
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) encrypt: Encrypt,
    /// The whole packet, in which no encryption is spoken of: for a driver that is to know of none.
    pub(super) without_encryption: Vec<u8>,
}

/// Says what we want of encryption, and hears what the server says.
///
/// # Errors
/// Nobody answers, or not as a SQL Server would.
pub(super) async fn exchange(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    encrypt: Encrypt,
) -> Result<Answer, Error> {
    stream.write_all(&request(encrypt)).await?;
    stream.flush().await?;
    let mut header = [0; HEADER_BYTES];
    stream.read_exact(&mut header).await?;
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let length = length.checked_sub(HEADER_BYTES).ok_or_else(strange)?;
    if header[0] != TABULAR_RESULT {
        return Err(strange());
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await?;
    answer(&header, payload)
}

/// A packet of type PRELOGIN around some bytes.
pub(super) fn packet(payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + HEADER_BYTES).unwrap_or(u16::MAX);
    let mut packet = vec![PRELOGIN, END_OF_MESSAGE, 0, 0, 0, 0, 0, 0];
    packet[2..4].copy_from_slice(&length.to_be_bytes());
    packet.extend_from_slice(payload);
    packet
}

fn request(encrypt: Encrypt) -> Vec<u8> {
    // Two options of five bytes each and the terminator stand before the values.
    let mut payload = vec![VERSION, 0, 11, 0, 6, ENCRYPTION, 0, 17, 0, 1, TERMINATOR];
    payload.extend_from_slice(&[0, 0, 0, 0, 0, 0, encrypt.byte()]);
    packet(&payload)
}

fn answer(header: &[u8; HEADER_BYTES], mut payload: Vec<u8>) -> Result<Answer, Error> {
    let place = encryption_at(&payload).ok_or_else(strange)?;
    let byte = payload.get_mut(place).ok_or_else(strange)?;
    // The upper bits speak of certificates of the client.
    let encrypt = Encrypt::of(*byte & 0x03).ok_or_else(strange)?;
    *byte = Encrypt::NotSupported.byte();
    Ok(Answer { encrypt, without_encryption: [header.as_slice(), &payload].concat() })
}

/// Where the byte on encryption stands.
fn encryption_at(payload: &[u8]) -> Option<usize> {
    let mut options = payload.chunks_exact(5).take_while(|option| option.first() != Some(&TERMINATOR));
    let option = options.find(|option| option.first() == Some(&ENCRYPTION))?;
    let [_, high, low, ..] = option else { return None };
    Some(usize::from(u16::from_be_bytes([*high, *low])))
}

fn strange() -> Error {
    Error::new(ErrorKind::ConnectionAborted, "no SQL Server answers here")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As in the example of [MS-TDS] 4.2: version, encryption, instance, thread, several result sets at a time.
    fn said(encryption: u8) -> Vec<u8> {
        let mut payload =
            vec![0, 0, 0x1a, 0, 6, 1, 0, 0x20, 0, 1, 2, 0, 0x21, 0, 1, 3, 0, 0x22, 0, 0, 4, 0, 0x22, 0, 1, 0xff];
        payload.extend_from_slice(&[9, 0, 0, 0, 0, 0, encryption, 0, 0]);
        payload
    }

    fn header(payload: &[u8]) -> [u8; HEADER_BYTES] {
        [TABULAR_RESULT, END_OF_MESSAGE, 0, (payload.len() + HEADER_BYTES) as u8, 0, 0, 1, 0]
    }

    #[test]
    fn what_the_server_says_of_encryption_is_heard_and_kept_from_the_driver() {
        for (byte, wanted) in
            [(0, Encrypt::Off), (1, Encrypt::On), (2, Encrypt::NotSupported), (0x83, Encrypt::Required)]
        {
            let payload = said(byte);
            let answer = answer(&header(&payload), payload).unwrap();
            assert_eq!(answer.encrypt, wanted);
            assert_eq!(answer.without_encryption.get(HEADER_BYTES..), Some(said(2).as_slice()));
        }
    }

    #[test]
    fn a_request_names_its_values_where_they_stand() {
        let request = request(Encrypt::On);
        let payload = request.get(HEADER_BYTES..).unwrap();
        assert_eq!(encryption_at(payload).and_then(|place| payload.get(place)), Some(&1));
        assert_eq!(usize::from(u16::from_be_bytes([request[2], request[3]])), request.len());
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_an_answer_panic(payload in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(answer) = answer(&header(&payload), payload.clone()) {
                prop_assert_eq!(answer.without_encryption.len(), payload.len() + HEADER_BYTES);
            }
        }
    }
}
