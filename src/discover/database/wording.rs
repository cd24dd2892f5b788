//! One fact, several ways to ask for it: servers that speak a protocol do not all have each other's columns and views.

use super::failure;

/// The answer to the first of `queries` that the server understands; an error for which `is_unknown` does not hold ends
/// it at once. The last query is the one that asks for the least.
pub(super) async fn first_understood<R, E>(
    queries: &[&str],
    is_unknown: impl Fn(&E) -> bool,
    mut ask: impl AsyncFnMut(&str) -> Result<R, E>,
) -> Result<R, E> {
    let Some((last, others)) = queries.split_last() else { unreachable!("a fact has at least one query") };
    for query in others {
        match ask(query).await {
            Err(error) if is_unknown(&error) => {}
            answer => return answer,
        }
    }
    ask(last).await
}

/// The rows of an answer; none where the server has no such fact, or shows it to others only.
pub(super) fn optional<R>(answer: Result<Vec<R>, sqlx::Error>) -> Result<Vec<R>, sqlx::Error> {
    match answer {
        Err(error) if failure::is_unknown(&error) => Ok(Vec::new()),
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::is_unknown_code;
    use super::*;

    /// Asks in the words of the script one after the other; the server answers each with its code, or understands.
    fn asked(script: &[(&'static str, &'static str)]) -> (Result<&'static str, &'static str>, Vec<String>) {
        let mut seen = Vec::new();
        let queries: Vec<&str> = script.iter().map(|(query, _)| *query).collect();
        let answer = first_understood(
            &queries,
            |code: &&str| is_unknown_code(code, 0),
            async |query: &str| {
                seen.push(query.to_owned());
                let (query, code) = script.iter().find(|(known, _)| *known == query).expect("one of them");
                if code.is_empty() { Ok(*query) } else { Err(*code) }
            },
        );
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = runtime.block_on(answer);
        (answer, seen)
    }

    #[test]
    fn a_server_is_asked_in_simpler_words_until_it_understands() {
        // Undefined column, undefined function, undefined table, a view that is closed to the login: PostgreSQL appendix A.
        for code in ["42703", "42883", "42P01", "42501", "0A000", "42601"] {
            assert_eq!(asked(&[("rich", code), ("plain", ""), ("poor", "")]).0, Ok("plain"), "{code}");
        }
        let (answer, seen) = asked(&[("rich", "42703"), ("plain", "42P01"), ("poor", "42P01")]);
        assert_eq!((answer, seen.len()), (Err("42P01"), 3), "the last answer stands");
    }

    #[test]
    fn other_words_are_not_tried_on_a_server_that_is_busy_or_gone() {
        for code in ["57014", "55P03", "08006", "53200", "25006"] {
            let (answer, seen) = asked(&[("rich", code), ("plain", "")]);
            assert_eq!((answer, seen.len()), (Err(code), 1));
        }
    }
}
