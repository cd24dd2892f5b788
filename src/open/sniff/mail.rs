//! Mail, calendars and contacts, by their first lines.

use crate::open::Format;

/// Headers that hardly any text but a message begins its lines with.
const TELLING: &[&str] =
    &["Received", "Return-Path", "Message-ID", "MIME-Version", "From", "Delivered-To", "DKIM-Signature"];
/// Headers that notes have, too.
const OTHER: &[&str] = &["To", "Cc", "Bcc", "Subject", "Date", "Sender", "Reply-To", "Content-Type", "X-Mailer"];
/// Lines looked at for headers.
const LINES: usize = 200;

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(extension: &str, body: &str) -> Option<Format> {
    let first = body.lines().next()?.trim_end();
    if first.eq_ignore_ascii_case("BEGIN:VCARD") {
        return Some(Format::Contacts);
    }
    if first.eq_ignore_ascii_case("BEGIN:VCALENDAR") {
        return Some(Format::Calendar);
    }
    let rest = body.split_once('\n').map_or("", |(_, rest)| rest);
    if first.starts_with("From ") && begins_message("", rest) {
        return Some(Format::Mbox);
    }
    // Apple's Mail writes the length of the message before it.
    let is_length = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    begins_message(extension, if is_length { rest } else { body }).then_some(Format::Eml)
}

/// Whether a text begins with headers: every line is one or continues one, and two of them are known, one of these
/// telling, and an empty line ends them: a list of settings has none. Under a name of mail one known header is enough.
fn begins_message(extension: &str, text: &str) -> bool {
    let is_named = matches!(extension, "eml" | "emlx" | "mht" | "mhtml" | "nws");
    let (mut telling, mut known) = (0, 0);
    // So many headers have an end that is not looked for.
    let mut is_ended = text.lines().nth(LINES).is_some();
    for (number, line) in text.lines().take(LINES).enumerate() {
        if line.is_empty() {
            is_ended = true;
            break;
        }
        if line.starts_with([' ', '\t']) && number > 0 {
            continue;
        }
        let name = line.split_once(':').map_or("", |(name, _)| name);
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            // A line of no header: the text behind a missing blank line, or no message.
            if is_named {
                break;
            }
            return false;
        }
        telling += usize::from(is_one_of(TELLING, name));
        known += usize::from(is_one_of(OTHER, name));
    }
    let enough = if is_named { 1 } else { 2 };
    telling + known >= enough && (telling > 0 && is_ended || is_named)
}

/// Whether this is the name of a header. Settings have keys of the same words, in small letters.
fn is_one_of(names: &[&str], name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase()) && names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_mailboxes_are_told_by_their_headers() {
        let message = "Received: from a\n by b\nFrom: x\nSubject: y\n\nvalve";
        for (name, text, kind_of) in [
            ("txt", message.to_owned(), Some(Format::Eml)),
            ("", format!("From x@example.com Mon\n{message}"), Some(Format::Mbox)),
            ("emlx", format!("120\n{message}"), Some(Format::Eml)),
            ("eml", "Subject: y\n\nvalve".to_owned(), Some(Format::Eml)),
            ("eml", "From: valve\nTo: pump\nitems:\n".to_owned(), Some(Format::Eml)),
            ("txt", format!("From: x\n{}", "Received: y\n".repeat(LINES)), Some(Format::Eml)),
            ("ics", "BEGIN:VCALENDAR\r\n".to_owned(), Some(Format::Calendar)),
            ("txt", "begin:vcard\r\n".to_owned(), Some(Format::Contacts)),
        ] {
            assert_eq!(kind(name, &text), kind_of, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_mail_stays_text() {
        for text in [
            "Subject: minutes\nDate: today\n\nWe met.",
            "From: the gate\nWe walked to the pump: it was hot.\n",
            "From the beginning\nTo: the end\n",
            "from: a\nto: b\ndate: c\nsubject: d\n",
            "2024-01-01 10:00:00 From: x To: y\n",
            "Name: valve\nFrom: store 3\n",
            "From: valve\nTo: pump\nitems:\n  - oil\n",
            "From: valve\nTo: pump\n",
            "12\n13\n14\n",
            "",
        ] {
            assert_eq!(kind("txt", text), None, "{text}");
        }
    }
}
