//! A letter as plain text, for a terminal.

use super::{NOTICE, NOTICE_SENTENCE, about, address_lines, long_date, money, telephone};
use crate::proto::v1 as pb;
use pb::letter_block::Block;
use pb::letter_cell::Cell;

/// Characters on a line.
const WIDTH: usize = 80;
/// The narrowest that a column of text becomes.
const NARROWEST: usize = 12;

/// The text.
pub fn text(letter: &pb::Letter) -> String {
    let mut lines = Lines(Vec::new());
    lines.push(&format!("*** {NOTICE} ***"));
    lines.gap();
    if let Some(from) = &letter.from {
        lines.party(from);
    }
    lines.push(&long_date(&letter.date));
    lines.gap();
    if let Some(to) = &letter.to {
        lines.party(to);
    }
    lines.push(&letter.title.to_uppercase());
    lines.gap();
    for (label, value) in about(letter) {
        lines.wrapped(&format!("{:<18}", format!("{label}:")), &value);
    }
    lines.gap();
    for block in letter.blocks.iter().filter_map(|block| block.block.as_ref()) {
        lines.block(block);
    }
    lines.gap();
    let id = letter.name.rsplit('/').next().unwrap_or_default();
    lines.wrapped("", &format!("Letter {id}. {NOTICE_SENTENCE}"));
    lines.0.join("\n") + "\n"
}

struct Lines(Vec<String>);

impl Lines {
    /// A line; what could steer a terminal is left out.
    fn push(&mut self, line: &str) {
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        self.0.push(line.trim_end().to_owned());
    }

    /// An empty line, unless there is one.
    fn gap(&mut self) {
        if self.0.last().is_some_and(|line| !line.is_empty()) {
            self.0.push(String::new());
        }
    }

    fn party(&mut self, party: &pb::LetterParty) {
        self.push(&party.name);
        for line in party.address.as_ref().map(address_lines).unwrap_or_default() {
            self.push(&line);
        }
        if !party.phone.is_empty() {
            self.push(&format!("Telephone {}", telephone(&party.phone)));
        }
        self.gap();
    }

    /// Text in lines, the first behind a lead, the others under its end.
    fn wrapped(&mut self, lead: &str, text: &str) {
        let indent = lead.chars().count();
        for (at, line) in wrap(text, WIDTH - indent).iter().enumerate() {
            let lead = if at == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.push(&(lead + line));
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => {
                self.gap();
                self.push(heading);
                self.push(&"-".repeat(heading.chars().count().min(WIDTH)));
            }
            Block::Paragraph(paragraph) => {
                self.wrapped("", &paragraph.text);
                self.gap();
            }
            Block::Amount(amount) => {
                self.gap();
                self.wrapped("  ", &format!("{}: {}", amount.label, money(amount.cents)));
                self.wrapped("  ", &amount.note);
                self.gap();
            }
            Block::Table(table) => self.table(table),
            Block::Rights(rights) => rights.rights.iter().for_each(|right| self.right(right)),
            Block::Citations(list) => {
                for citation in &list.citations {
                    self.wrapped("  - ", &cited(citation));
                }
                self.gap();
            }
        }
    }

    fn right(&mut self, right: &pb::LetterRight) {
        self.wrapped("* ", &right.title);
        self.wrapped("  ", &right.words);
        if !right.deadline.is_empty() {
            self.wrapped("  ", &format!("Last day: {}", long_date(&right.deadline)));
        }
        if !right.r#where.is_empty() {
            self.push("  Send it to:");
            right.r#where.iter().for_each(|line| self.wrapped("    ", line));
        }
        if let Some(authority) = &right.authority {
            self.wrapped("  ", &format!("({})", cited(authority)));
        }
        self.gap();
    }

    fn table(&mut self, table: &pb::LetterTable) {
        self.gap();
        self.wrapped("", &table.caption);
        let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.cells.iter().map(written).collect()).collect();
        let widths = widths(table, &cells);
        let heading: Vec<String> = table.columns.iter().map(|column| column.heading.clone()).collect();
        self.row(table, &widths, &heading);
        self.push(&"-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)));
        for row in &cells {
            self.row(table, &widths, row);
        }
        self.gap();
    }

    fn row(&mut self, table: &pb::LetterTable, widths: &[usize], cells: &[String]) {
        let wrapped: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        for at in 0..height {
            let parts = wrapped.iter().zip(widths).zip(&table.columns).map(|((lines, width), column)| {
                let part = lines.get(at).map_or("", String::as_str);
                if column.amounts { format!("{part:>width$}") } else { format!("{part:<width$}") }
            });
            self.push(&parts.collect::<Vec<_>>().join("  "));
        }
    }
}

fn written(cell: &pb::LetterCell) -> String {
    match &cell.cell {
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Cents(cents)) => money(*cents),
        None => String::new(),
    }
}

/// How wide each column is: amounts as wide as they are, what is left shared among columns of text by what they need.
fn widths(table: &pb::LetterTable, cells: &[Vec<String>]) -> Vec<usize> {
    let longest = |at: usize| {
        let of_cells = cells.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        of_cells.max().unwrap_or_default()
    };
    let word = |text: &str| text.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
    let mut widths: Vec<usize> =
        (0..).zip(&table.columns).map(|(at, column)| longest(at).max(word(&column.heading))).collect();
    let between = 2 * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + between > WIDTH {
        let texts = widths.iter_mut().zip(&table.columns).filter(|(_, column)| !column.amounts);
        match texts.map(|(width, _)| width).filter(|width| **width > NARROWEST).max() {
            Some(width) => *width -= 1,
            None => break,
        }
    }
    widths
}

fn cited(citation: &pb::Citation) -> String {
    if citation.href.is_empty() { citation.title.clone() } else { format!("{}: {}", citation.title, citation.href) }
}

/// Breaks text into lines at spaces; a word that is longer stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_at_spaces_and_tables_stay_on_the_page() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        let cell = |text: &str| pb::LetterCell { cell: Some(Cell::Text(text.to_owned())) };
        let cents = |cents| pb::LetterCell { cell: Some(Cell::Cents(cents)) };
        let column = |heading: &str, amounts| pb::LetterColumn { heading: heading.to_owned(), amounts };
        let table = pb::LetterTable {
            caption: "What was charged".to_owned(),
            columns: vec![column("Service", false), column("Charge", true)],
            rows: vec![
                pb::LetterRow { cells: vec![cell(&"visit ".repeat(30)), cents(123_456)], total: false },
                pb::LetterRow { cells: vec![cell("Total"), cents(123_456)], total: true },
            ],
        };
        let letter =
            pb::Letter { blocks: vec![pb::LetterBlock { block: Some(Block::Table(table)) }], ..Default::default() };
        let text = text(&letter);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("$1,234.56"));
        assert!(text.starts_with("*** SIMULATED"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let letter = pb::Letter { title: "\u{1b}[2Jx\u{7}".to_owned(), ..Default::default() };
        assert!(!text(&letter).contains(['\u{1b}', '\u{7}']));
    }
}
