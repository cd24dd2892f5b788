//! What an error of the zip reader means, for archives and for the office files that are archives.

use zip::result::ZipError;

use crate::model::Reason;

/// The reason behind an error of the zip reader; its message may quote names.
pub(crate) fn reason_of(error: &ZipError) -> Reason {
    match error {
        ZipError::Io(error) => Reason::from(error),
        ZipError::UnsupportedArchive(message) if *message == ZipError::PASSWORD_REQUIRED => Reason::Encrypted,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Reason::UnsupportedFormat,
        ZipError::InvalidPassword => Reason::Encrypted,
        _ => Reason::Corrupt,
    }
}
