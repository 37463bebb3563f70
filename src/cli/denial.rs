//! `denial`: one reason as a page for a person; and the whole catalogue as a page of the documentation.

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;

use super::output::Tone;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{Denial as Message, GetDenialRequest, ListDenialsRequest};

/// Print what is to be known of a reason: who bears it, who gives it, whether it may be appealed, what to do
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim denial CO-197
  payersim denial 16                        the first group that it is given under
  payersim list denials                     every reason that this payer may give
  payersim recipe CO-197                    a claim that draws it")]
pub(super) struct Denial {
    /// The reason, such as CO-197 or 197
    reason: String,
    #[command(flatten)]
    target: Target,
}

impl Denial {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = GetDenialRequest { name: self.reason, parent: client.sandbox().to_owned() };
        let denial = client.denials().get_denial(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Denial", &denial))?);
        }
        let title = out.paint(Tone::Heading, denial.name.trim_start_matches("denials/"));
        writeln!(out, "{title}  {}", denial.words)?;
        if !denial.not_given.is_empty() {
            writeln!(out, "  not given: {}", denial.not_given)?;
            return Ok(());
        }
        writeln!(out, "  who bears it   {}", denial.liable.join("; "))?;
        for by in &denial.given_by {
            writeln!(out, "  given by       {}: {}", by.id, by.summary)?;
            for authority in &by.authority {
                writeln!(out, "                 {}", [authority.title.as_str(), &authority.href].join(" ").trim_end())?;
            }
        }
        let must = if denial.remark_required { " (one must stand with it)" } else { "" };
        for (at, remark) in denial.remarks.iter().enumerate() {
            let head = if at == 0 { "remarks" } else { "" };
            writeln!(out, "  {head:<13}  {} {}{must}", remark.code, remark.words)?;
        }
        if denial.core_scenario > 0 {
            writeln!(out, "  CORE scenario  {} {}", denial.core_scenario, scenario(denial.core_scenario))?;
        }
        writeln!(out, "  appeal         {}", denial.appeal_words)?;
        writeln!(out, "  what to do     {}", denial.advice)?;
        writeln!(out, "  try it         payersim recipe {}", denial.name.trim_start_matches("denials/"))?;
        Ok(())
    }
}

fn scenario(number: i32) -> &'static str {
    match number {
        1 => "further information by documents",
        2 => "further information by data",
        3 => "service not covered",
        _ => "benefit not paid separately",
    }
}

/// The catalogue as `docs/denials.md`.
pub(super) async fn markdown(target: &Target) -> Result<(), Failure> {
    let client = target.connect().await?;
    let request = ListDenialsRequest { parent: client.sandbox().to_owned(), include_not_given: true };
    let denials = client.denials().list_denials(request).await?.into_inner().denials;
    write!(target.out(), "{}", page(&denials))?;
    Ok(())
}

/// The page.
pub(crate) fn page(denials: &[Message]) -> String {
    let given: Vec<&Message> = denials.iter().filter(|denial| denial.not_given.is_empty()).collect();
    let mut page = String::from(
        "# Denials\n\n\
         Every reason that this payer may give for not paying in full, by claim adjustment reason code (CARC) and group: CO the provider bears it, PR the \
         patient, OA nobody. Made of the program's own tables by `payersim list denials --markdown > docs/denials.md`; the words are ours, X12 holds \
         the codes' own. `payersim denial CO-197` prints one with its authority, `payersim recipe CO-197` writes a claim that draws it.\n\n",
    );
    let _ = writeln!(page, "{} reasons are given.\n", given.len());
    page.push_str("| reason | says | who bears it | remarks | CORE scenario | given by | appeal | what to do |\n");
    page.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for denial in given {
        let codes = |codes: Vec<&str>| codes.join(" ");
        let scenario = if denial.core_scenario > 0 { denial.core_scenario.to_string() } else { String::new() };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {}{} | {scenario} | {} | {} | {} |",
            denial.name.trim_start_matches("denials/"),
            denial.words,
            denial.liable.join("; "),
            codes(denial.remarks.iter().map(|remark| remark.code.as_str()).collect()),
            if denial.remark_required { " (required)" } else { "" },
            codes(denial.given_by.iter().map(|by| by.id.as_str()).collect()),
            denial.appeal_words,
            denial.advice,
        );
    }
    page.push_str("\n## Not given\n\nCodes that health plans use and this payer does not, with why.\n\n| code | says | why |\n| --- | --- | --- |\n");
    for denial in denials.iter().filter(|denial| !denial.not_given.is_empty()) {
        let _ = writeln!(page, "| {} | {} | {} |", denial.carc, denial.words, denial.not_given);
    }
    page
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::domain::policy::MedicalPolicies;
    use crate::payer::folder;
    use crate::reference::official_tables::OfficialTables;

    /// Those of the payer that the documentation speaks of.
    fn demo_policies() -> MedicalPolicies {
        crate::wire::payer_folder::parse(&folder::demo(), &OfficialTables::default()).unwrap().revision.policies
    }

    #[test]
    fn the_page_of_the_documentation_is_what_the_table_says() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/denials.md");
        let page = super::page(&crate::wire::denials::all(&demo_policies(), true));
        if std::env::var_os("PAYERSIM_WRITE_DOCS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == page,
            "docs/denials.md is not what the table says: PAYERSIM_WRITE_DOCS=1 cargo nextest run --lib page_of_the_documentation writes it anew"
        );
    }
}
