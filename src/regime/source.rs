//! Reading one catalog file into its serde types, with errors in our own words.

use serde::de::DeserializeOwned;

use super::{Error, Problem};

/// Reads `text`, the content of `file`, whose reader's own message is never shown: it may quote the text.
pub fn parse<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|error| {
        let line =
            error.span().map_or(0, |span| text.get(..span.start).map_or(0, |head| head.matches('\n').count() + 1));
        Error::new(file, Problem::Malformed { line })
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct One {
        #[expect(dead_code, reason = "only its presence is tested")]
        x: u32,
    }

    #[test]
    fn the_line_of_a_mistake_is_named() {
        let error = parse::<One>("x = 1\n\nx = 'secret'\n", "a.toml").unwrap_err();
        assert_eq!(error.problem, Problem::Malformed { line: 3 });
        assert!(!error.to_string().contains("secret"));
        assert_eq!(parse::<One>("x = 1\ny = 2", "a.toml").unwrap_err().problem, Problem::Malformed { line: 2 });
    }
}
