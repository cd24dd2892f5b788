//! Progress of a scan on standard error: a line that moves on a terminal, or JSON lines.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::model::{Lang, Speak, StoreState, Tally};
use crate::pipeline::{Event, Observer};

use super::arguments::ProgressArgument;
use super::session::Session;
use super::table::{bytes, grouped};

/// Pause between two JSON lines: often enough to follow, rare enough to be nothing beside the scan.
const JSON_PAUSE: Duration = Duration::from_secs(1);

/// Shows what a scan is doing.
pub(crate) struct Progress {
    lang: Lang,
    show: Show,
    verbose: bool,
    state: Mutex<State>,
}

enum Show {
    Nothing,
    Bar(ProgressBar),
    Json,
}

struct State {
    tally: Tally,
    store: String,
    begun: Instant,
    last_line: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(session: &Session) -> Self {
        let show = match session.progress {
            ProgressArgument::Json => Show::Json,
            ProgressArgument::Auto if !session.quiet && std::io::stderr().is_terminal() => Show::Bar(bar()),
            _ => Show::Nothing,
        };
        let state = State { tally: Tally::default(), store: String::new(), begun: Instant::now(), last_line: None };
        Self { lang: session.lang, show, verbose: session.verbose, state: Mutex::new(state) }
    }

    /// Clears the moving line, or writes the last JSON line.
    pub(crate) fn finish(&self) {
        let state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &self.show {
            Show::Nothing => {}
            Show::Bar(bar) => bar.finish_and_clear(),
            Show::Json => json_line(&state, "finished"),
        }
    }

    fn tell(&self, text: &str) {
        match &self.show {
            Show::Bar(bar) => bar.println(text),
            Show::Json | Show::Nothing if self.verbose => say(text),
            Show::Json | Show::Nothing => {}
        }
    }

    fn show(&self, state: &mut State) {
        match &self.show {
            Show::Nothing => {}
            Show::Bar(bar) => bar.set_message(message(state, self.lang)),
            Show::Json => {
                if state.last_line.is_none_or(|last| last.elapsed() >= JSON_PAUSE) {
                    state.last_line = Some(Instant::now());
                    json_line(state, "progress");
                }
            }
        }
    }
}

impl Observer for Progress {
    fn observe(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            Event::Begun { scan, resumed: true } => self.tell(&match self.lang {
                Lang::Zh => format!("继续上次未完成的扫描 {scan}"),
                Lang::En => format!("taking up the unfinished scan {scan}"),
            }),
            Event::Store { store } => store.clone_into(&mut state.store),
            Event::Connected { store, connection } => {
                self.tell(&format!("{store}: {}", connection.say(self.lang)));
            }
            Event::Asset { tally, .. } => state.tally.add(tally),
            Event::StoreDone { store, state: StoreState::Complete, .. } if self.verbose => {
                self.tell(&format!("{store}: {}", self.lang.pick("完成", "complete")));
            }
            Event::StoreDone { store, reason: Some(reason), .. } => {
                self.tell(&format!("{store}: {}", reason.say(self.lang)));
            }
            Event::Begun { .. } | Event::StoreDone { .. } => {}
        }
        self.show(&mut state);
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn message(state: &State, lang: Lang) -> String {
    let seconds = state.begun.elapsed().as_secs_f64().max(0.1);
    let rate = bytes((state.tally.bytes as f64 / seconds) as u64);
    let (found, size) = (grouped(state.tally.found), bytes(state.tally.bytes));
    let (store, failed) = (&state.store, grouped(state.tally.failed));
    match lang {
        Lang::Zh => format!("{store}  {found} 项资产  {size}  {rate}/秒  {failed} 项失败"),
        Lang::En => format!("{store}  {found} assets  {size}  {rate}/s  {failed} failed"),
    }
}

fn json_line(state: &State, event: &str) {
    let line = serde_json::json!({
        "event": event,
        "store": state.store,
        "assets": state.tally.found,
        "bytes": state.tally.bytes,
        "errors": state.tally.failed,
        "seconds": (state.begun.elapsed().as_secs_f64() * 10.0).round() / 10.0,
    });
    say(&line.to_string());
}

/// Writes a line to standard error; one that nobody can read any more is no error.
pub(crate) fn say(text: &str) {
    writeln!(std::io::stderr().lock(), "{text}").unwrap_or(());
}
