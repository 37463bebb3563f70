//! What a letter's body is built of.

use crate::proto::v1 as pb;
use pb::letter_block::Block;
use pb::letter_cell::Cell;

fn block(block: Block) -> pb::LetterBlock {
    pb::LetterBlock { block: Some(block) }
}

pub(super) fn heading(text: &str) -> pb::LetterBlock {
    block(Block::Heading(text.to_owned()))
}

pub(super) fn paragraph(text: impl Into<String>) -> pb::LetterBlock {
    block(Block::Paragraph(pb::LetterParagraph { text: text.into(), language: String::new() }))
}

/// A paragraph in another language than English.
pub(super) fn foreign(language: &str, text: impl Into<String>) -> pb::LetterBlock {
    block(Block::Paragraph(pb::LetterParagraph { text: text.into(), language: language.to_owned() }))
}

pub(super) fn amount(label: &str, cents: i64, note: impl Into<String>) -> pb::LetterBlock {
    block(Block::Amount(pb::LetterAmount { label: label.to_owned(), cents, note: note.into() }))
}

pub(super) fn citations(citations: Vec<pb::Citation>) -> pb::LetterBlock {
    block(Block::Citations(pb::LetterCitations { citations }))
}

pub(super) fn rights(rights: Vec<pb::LetterRight>) -> pb::LetterBlock {
    block(Block::Rights(pb::LetterRights { rights }))
}

/// A table; columns that begin with "$" hold amounts.
pub(super) fn table(caption: &str, columns: &[&str], rows: Vec<pb::LetterRow>) -> pb::LetterBlock {
    let column = |heading: &&str| pb::LetterColumn {
        heading: heading.trim_start_matches('$').to_owned(),
        amounts: heading.starts_with('$'),
    };
    let columns = columns.iter().map(column).collect();
    block(Block::Table(pb::LetterTable { caption: caption.to_owned(), columns, rows }))
}

pub(super) fn row(cells: Vec<pb::LetterCell>) -> pb::LetterRow {
    pb::LetterRow { cells, total: false }
}

pub(super) fn total(cells: Vec<pb::LetterCell>) -> pb::LetterRow {
    pb::LetterRow { cells, total: true }
}

pub(super) fn text(text: impl Into<String>) -> pb::LetterCell {
    pb::LetterCell { cell: Some(Cell::Text(text.into())) }
}

pub(super) fn cents(cents: i64) -> pb::LetterCell {
    pb::LetterCell { cell: Some(Cell::Cents(cents)) }
}

/// A cell that holds nothing.
pub(super) fn empty() -> pb::LetterCell {
    pb::LetterCell { cell: None }
}

pub(super) fn law(title: &str, href: &str) -> pb::Citation {
    pb::Citation { title: title.to_owned(), href: href.to_owned() }
}

/// A sentence's beginning: the first letter large.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words as a sentence: a large letter first, a full stop last.
pub(super) fn sentence(words: &str) -> String {
    let words = capital(words.trim());
    if words.is_empty() || words.ends_with(['.', '!', '?']) { words } else { words + "." }
}
