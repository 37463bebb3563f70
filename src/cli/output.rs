//! What is printed: text, tables and JSON, in colour on a terminal only. A reader who goes away ends the command quietly.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Row, Table, TableStyle};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value as Json;

use crate::domain::money::Money;

/// Width of tables where there is no terminal to ask.
const WIDTH: u16 = 132;
/// How often a progress indicator moves.
const TICK: Duration = Duration::from_millis(100);
/// A line under the header, and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Standard output.
pub(super) struct Out {
    writer: Box<dyn Write + Send>,
    terminal: bool,
    /// Print JSON.
    pub json: bool,
}

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    Waiting,
    Heading,
    Dim,
}

impl Tone {
    fn colour(self) -> Color {
        match self {
            Tone::Good => Color::Green,
            Tone::Bad => Color::Red,
            Tone::Waiting => Color::Yellow,
            Tone::Heading => Color::Cyan,
            Tone::Dim => Color::DarkGrey,
        }
    }

    fn escape(self) -> &'static str {
        match self {
            Tone::Good => "\x1b[32m",
            Tone::Bad => "\x1b[31m",
            Tone::Waiting => "\x1b[33m",
            Tone::Heading => "\x1b[36m",
            Tone::Dim => "\x1b[2m",
        }
    }
}

impl Out {
    pub fn stdout(json: bool) -> Out {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Out { writer: Box::new(io::stdout()), terminal: io::stdout().is_terminal() && colours, json }
    }

    /// Text in a colour, where there are colours.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        if self.terminal { format!("{}{text}\x1b[0m", tone.escape()) } else { text.to_owned() }
    }

    /// One JSON value on a line.
    pub fn value(&mut self, value: &Json) -> io::Result<()> {
        writeln!(self.writer, "{value}")
    }

    /// A table with a line under its header; columns named in `right` hold numbers.
    pub fn table(&mut self, header: &[&str], right: &[&str], rows: Vec<Row>) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        if self.terminal {
            table.enforce_styling();
        } else {
            table.force_no_tty().set_width(WIDTH);
        }
        table.set_header(header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
        for row in rows {
            table.add_row(row);
        }
        for (name, column) in header.iter().zip(table.column_iter_mut()) {
            if right.contains(name) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(self.writer, "{}", table.trim_fmt())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A cell in a colour.
pub(super) fn toned(text: impl ToString, tone: Tone) -> Cell {
    Cell::new(text).fg(tone.colour())
}

/// Cents as dollars: `1234.50`.
pub(super) fn dollars(cents: i64) -> String {
    Money::from_cents(cents).to_string()
}

/// One thing or many: `1 claim`, `2 claims`.
pub(super) fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Turns while something of unknown length goes on; on standard error, and only on a terminal.
pub(super) fn spinner(words: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(words.to_owned());
    spinner.enable_steady_tick(TICK);
    spinner
}

/// Fills while so many bytes go out.
pub(super) fn byte_bar(bytes: u64, words: &str) -> ProgressBar {
    let template = "{spinner} {msg} {bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(bytes).with_message(words.to_owned()).with_style(style);
    bar.enable_steady_tick(TICK);
    bar
}

/// Fills while so many parts are done.
pub(super) fn part_bar(parts: u64, words: &str) -> ProgressBar {
    let template = "{spinner} {bar:40} {percent}% {msg} {eta}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(parts).with_message(words.to_owned()).with_style(style);
    bar.enable_steady_tick(TICK);
    bar
}

#[cfg(test)]
impl Out {
    /// Prints into memory, without colours.
    pub fn captured() -> (Out, std::sync::Arc<std::sync::Mutex<Vec<u8>>>) {
        struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let text = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        (Out { writer: Box::new(Shared(text.clone())), terminal: false, json: false }, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_have_two_decimals_and_a_sign() {
        assert_eq!(dollars(123_450), "1234.50");
        assert_eq!(dollars(-5), "-0.05");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((count(1, "claim"), count(0, "claim")), ("1 claim".into(), "0 claims".into()));
    }
}
