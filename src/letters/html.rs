//! A letter as an HTML page that needs nothing else: no script, no file from elsewhere; made for Letter paper.

use std::fmt::Write;

use super::{NOTICE, NOTICE_SENTENCE, about, address_lines, long_date, money, telephone};
use crate::proto::v1 as pb;
use pb::letter_block::Block;
use pb::letter_cell::Cell;

const STYLE: &str = include_str!("page.css");
/// Nothing may be fetched or run, whatever a text that was typed into a claim may hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Bytes of a cell's text that is not broken into lines.
const SHORT: usize = 16;

/// The page.
pub fn html(letter: &pb::Letter) -> String {
    let mut page = Page(String::with_capacity(16_384));
    let title = escaped(&letter.title);
    page.line("<!DOCTYPE html>");
    page.line("<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
    page.line(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">"));
    page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.line("<meta name=\"robots\" content=\"noindex\">");
    page.line(&format!("<title>{title} ({NOTICE})</title>"));
    page.line(&format!("<style>\n{STYLE}</style>\n</head>\n<body>"));
    page.line(&format!("<p class=\"simulated\">{NOTICE}</p>"));
    page.head(letter);
    page.line(&format!("<main>\n<h1>{title}</h1>"));
    page.about(letter);
    for block in letter.blocks.iter().filter_map(|block| block.block.as_ref()) {
        page.block(block);
    }
    page.line("</main>");
    let id = escaped(letter.name.rsplit('/').next().unwrap_or_default());
    page.line(&format!("<footer><p>Letter {id}. {NOTICE_SENTENCE}</p></footer>\n</body>\n</html>"));
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn head(&mut self, letter: &pb::Letter) {
        let empty = pb::LetterParty::default();
        let from = letter.from.as_ref().unwrap_or(&empty);
        let mut lines = from.address.as_ref().map(address_lines).unwrap_or_default();
        if !from.phone.is_empty() {
            lines.push(format!("Telephone {}", telephone(&from.phone)));
        }
        let name = escaped(&from.name);
        self.line(&format!(
            "<header>\n<div class=\"payer\">{name}</div>\n<address>{}</address>\n</header>",
            joined(&lines)
        ));
        let day = &letter.date;
        self.line(&format!(
            "<p class=\"letter-date\"><time datetime=\"{}\">{}</time></p>",
            escaped(day),
            escaped(&long_date(day))
        ));
        let to = letter.to.as_ref().unwrap_or(&empty);
        let lines = [to.name.clone()].into_iter().chain(to.address.as_ref().map(address_lines).unwrap_or_default());
        self.line(&format!("<address class=\"to\">{}</address>", joined(&lines.collect::<Vec<_>>())));
    }

    fn about(&mut self, letter: &pb::Letter) {
        let pairs = about(letter);
        if pairs.is_empty() {
            return;
        }
        self.line("<dl class=\"re\">");
        for (label, value) in pairs {
            self.line(&format!("<div><dt>{label}</dt><dd>{}</dd></div>", escaped(&value)));
        }
        self.line("</dl>");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.line(&format!("<h2>{}</h2>", escaped(text))),
            Block::Paragraph(paragraph) => {
                let language = match paragraph.language.as_str() {
                    "" => String::new(),
                    language => format!(" lang=\"{}\"", escaped(language)),
                };
                self.line(&format!("<p{language}>{}</p>", escaped(&paragraph.text)));
            }
            Block::Amount(amount) => self.amount(amount),
            Block::Table(table) => self.table(table),
            Block::Rights(rights) => self.rights(rights),
            Block::Citations(list) => {
                self.line("<ul class=\"citations\">");
                for citation in &list.citations {
                    self.line(&format!("<li>{}</li>", cited(citation)));
                }
                self.line("</ul>");
            }
        }
    }

    fn amount(&mut self, amount: &pb::LetterAmount) {
        let (label, cents) = (escaped(&amount.label), money(amount.cents));
        self.line(&format!(
            "<div class=\"amount\"><span class=\"label\">{label}</span> <strong class=\"cents\">{cents}</strong>"
        ));
        if !amount.note.is_empty() {
            self.line(&format!("<p class=\"note\">{}</p>", escaped(&amount.note)));
        }
        self.line("</div>");
    }

    fn table(&mut self, table: &pb::LetterTable) {
        let caption = escaped(&table.caption);
        self.line(&format!("<div class=\"scroll\"><table>\n<caption>{caption}</caption>\n<thead><tr>"));
        for column in &table.columns {
            let class = if column.amounts { " class=\"cents\"" } else { "" };
            self.line(&format!("<th scope=\"col\"{class}>{}</th>", escaped(&column.heading)));
        }
        self.line("</tr></thead>\n<tbody>");
        for row in &table.rows {
            self.line(if row.total { "<tr class=\"total\">" } else { "<tr>" });
            for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                let short = matches!(&cell.cell, Some(Cell::Text(text)) if text.len() <= SHORT);
                let class = match (column.amounts, short) {
                    (true, _) => " class=\"cents\"",
                    (false, true) => " class=\"short\"",
                    (false, false) => "",
                };
                let value = match &cell.cell {
                    Some(Cell::Text(text)) => escaped(text),
                    Some(Cell::Cents(cents)) => money(*cents),
                    None => String::new(),
                };
                match at {
                    0 => self.line(&format!("<th scope=\"row\"{class}>{value}</th>")),
                    _ => self.line(&format!("<td{class}>{value}</td>")),
                }
            }
            self.line("</tr>");
        }
        self.line("</tbody>\n</table></div>");
    }

    fn rights(&mut self, rights: &pb::LetterRights) {
        self.line("<ul class=\"rights\">");
        for right in &rights.rights {
            self.line(&format!("<li><h3>{}</h3>\n<p>{}</p>", escaped(&right.title), escaped(&right.words)));
            if !right.deadline.is_empty() {
                let (day, long) = (escaped(&right.deadline), escaped(&long_date(&right.deadline)));
                self.line(&format!("<p class=\"deadline\">Last day: <time datetime=\"{day}\">{long}</time></p>"));
            }
            if !right.r#where.is_empty() {
                self.line(&format!("<p>Send it to: {}</p>", escaped(&right.r#where.join(", "))));
            }
            if let Some(authority) = &right.authority {
                self.line(&format!("<p class=\"authority\">{}</p>", cited(authority)));
            }
            self.line("</li>");
        }
        self.line("</ul>");
    }
}

/// A citation, as a link where it names a page of the web.
fn cited(citation: &pb::Citation) -> String {
    let (title, href) = (escaped(&citation.title), escaped(&citation.href));
    match citation.href.starts_with("https://") {
        true => format!("{title}: <a href=\"{href}\" rel=\"noreferrer\">{href}</a>"),
        false => title,
    }
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>\n")
}

/// Text that cannot be taken for markup; control characters, which HTML may not hold, are left out.
fn escaped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').fold(String::with_capacity(text.len()), |mut safe, c| {
        let _ = match c {
            '&' => safe.write_str("&amp;"),
            '<' => safe.write_str("&lt;"),
            '>' => safe.write_str("&gt;"),
            '"' => safe.write_str("&quot;"),
            '\'' => safe.write_str("&#39;"),
            c => safe.write_char(c),
        };
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"><script>alert('x')</script>&<img src=x onerror=alert(1)>\u{0}";

    // Every text of a letter that somebody else may have typed.
    fn hostile() -> pb::Letter {
        let text = HOSTILE.to_owned();
        let cell = || pb::LetterCell { cell: Some(Cell::Text(HOSTILE.to_owned())) };
        let address = pb::Address { lines: vec![text.clone()], city: text.clone(), ..Default::default() };
        let party = pb::LetterParty { name: text.clone(), address: Some(address), phone: text.clone(), role: 0 };
        let citation = pb::Citation { title: text.clone(), href: format!("https://{text}") };
        let right = pb::LetterRight {
            title: text.clone(),
            words: text.clone(),
            deadline: text.clone(),
            r#where: vec![text.clone()],
            authority: Some(citation.clone()),
        };
        let table = pb::LetterTable {
            caption: text.clone(),
            columns: vec![pb::LetterColumn { heading: text.clone(), amounts: false }],
            rows: vec![pb::LetterRow { cells: vec![cell()], total: false }],
        };
        let blocks = vec![
            Block::Heading(text.clone()),
            Block::Paragraph(pb::LetterParagraph { text: text.clone(), language: text.clone() }),
            Block::Amount(pb::LetterAmount { label: text.clone(), cents: 1, note: text.clone() }),
            Block::Table(table),
            Block::Rights(pb::LetterRights { rights: vec![right] }),
            Block::Citations(pb::LetterCitations { citations: vec![citation] }),
        ];
        pb::Letter {
            name: text.clone(),
            title: text.clone(),
            date: text.clone(),
            from: Some(party.clone()),
            to: Some(party),
            re: Some(pb::LetterSubject { patient: text.clone(), provider: text, ..Default::default() }),
            blocks: blocks.into_iter().map(|block| pb::LetterBlock { block: Some(block) }).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn no_text_becomes_markup() {
        let page = html(&hostile());
        for markup in ["<script", "<img", "'x'"] {
            assert!(!page.contains(markup), "{markup} in {page}");
        }
        assert!(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)"));
        assert!(!page.contains('\u{0}'));
    }

    #[test]
    fn only_pages_of_the_web_become_links() {
        let plain = cited(&pb::Citation { title: "Plan".to_owned(), href: "javascript:alert(1)".to_owned() });
        assert_eq!(plain, "Plan");
    }

    #[test]
    fn each_page_says_that_it_is_simulated() {
        let page = html(&pb::Letter::default());
        assert!(page.contains("<p class=\"simulated\">SIMULATED"));
        assert!(page.contains("@top-center { content: \"SIMULATED"), "the head of each printed page");
    }
}
