//! `letters` and `letter`: what the payer writes to members and providers.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use comfy_table::Row;

use super::decision::last_part;
use super::target::Target;
use crate::client::messages::{descriptor, no_such_value, typed_to_json, whole_enum_name};
use crate::client::{Client, Failure};
use crate::proto::v1;

/// Largest page that the server gives.
const LARGEST_PAGE: usize = 1000;

/// List letters: explanations of benefits, denials, demands and the rest
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim letters 03337259220001                       all about a claim
  payersim letters --member DM100101 --kind ADVERSE_DETERMINATION
  payersim letters --from 2026-07-01 --json")]
pub(super) struct Letters {
    /// Only about this claim: its control number, or its whole name
    claim: Option<String>,
    /// Only about this member
    #[arg(long)]
    member: Option<String>,
    /// Only of this kind, such as EXPLANATION_OF_BENEFITS
    #[arg(long, value_parser = kind)]
    kind: Option<v1::LetterKind>,
    /// Only dated on or after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Only dated on or before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    through: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    target: Target,
}

fn kind(text: &str) -> Result<v1::LetterKind, String> {
    let kinds = descriptor("Letter")?.get_field_by_name("kind").map(|field| field.kind());
    let kinds = kinds.and_then(|kind| kind.as_enum().cloned()).ok_or("no kinds")?;
    whole_enum_name(&kinds, text)
        .and_then(|name| v1::LetterKind::from_str_name(&name))
        .ok_or_else(|| no_such_value(&kinds, text))
}

impl Letters {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut request = v1::ListLettersRequest {
            parent: client.sandbox().to_owned(),
            page_size: i32::try_from(self.limit.min(LARGEST_PAGE)).unwrap_or_default(),
            claim: self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default(),
            member_id: self.member.unwrap_or_default(),
            kind: self.kind.unwrap_or_default().into(),
            date_from: self.from.unwrap_or_default(),
            date_through: self.through.unwrap_or_default(),
            ..Default::default()
        };
        let mut letters = Vec::new();
        while letters.len() < self.limit {
            let page = client.letters().list_letters(request.clone()).await?.into_inner();
            letters.extend(page.letters);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        letters.truncate(self.limit);
        let mut out = self.target.out();
        if out.json {
            return Ok(letters.iter().try_for_each(|letter| out.value(&typed_to_json("Letter", letter)))?);
        }
        let header = ["letter", "date", "title", "to", "about"];
        Ok(out.table(&header, &[], letters.iter().map(row).collect())?)
    }
}

fn row(letter: &v1::Letter) -> Row {
    let re = letter.re.clone().unwrap_or_default();
    let to = letter.to.as_ref().map(|to| to.name.clone()).unwrap_or_default();
    let about = [re.patient, re.service_from].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let id = last_part(&letter.name).to_owned();
    Row::from(vec![id, letter.date.clone(), letter.title.clone(), to, about.join(", ")])
}

/// Print a letter: as text, or as an HTML page for a browser and its printer
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim letter eob-03337259220001-1                  on the terminal
  payersim letter eob-03337259220001-1 -o letter.html   a page made for Letter paper")]
pub(super) struct Letter {
    /// The letter, as `payersim letters` lists it, or its whole name
    name: String,
    /// Write an HTML page to this file
    #[arg(short = 'o', long = "html", value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Letter {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("letters", &self.name);
        let mut out = self.target.out();
        if let Some(path) = &self.html {
            let page = rendered(&client, &name, v1::LetterFormat::Html).await?;
            std::fs::write(path, page).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
            eprintln!("wrote {}", path.display());
            return Ok(());
        }
        if out.json {
            let letter = client.letters().get_letter(v1::GetLetterRequest { name }).await?.into_inner();
            return Ok(out.value(&typed_to_json("Letter", &letter))?);
        }
        let text = rendered(&client, &name, v1::LetterFormat::Text).await?;
        Ok(write!(out, "{text}")?)
    }
}

async fn rendered(client: &Client, name: &str, format: v1::LetterFormat) -> Result<String, Failure> {
    let request = v1::RenderLetterRequest { name: name.to_owned(), format: format.into() };
    Ok(client.letters().render_letter(request).await?.into_inner().content)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_kind_is_named_in_short_in_any_case() {
        assert_eq!(super::kind("adjusted_claim"), Ok(crate::proto::v1::LetterKind::AdjustedClaim));
        assert!(super::kind("bill").unwrap_err().contains("EXPLANATION_OF_BENEFITS"));
    }
}
