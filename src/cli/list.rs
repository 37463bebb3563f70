//! `list`: what the payer knows, read through the same dynamic calls as `call`.

use clap::{Args, ValueEnum};
use comfy_table::Row;
use futures::stream;
use prost_reflect::{DynamicMessage, Value};
use serde_json::{Value as Json, json};

use super::decision::last_part;
use super::target::Target;
use crate::client::messages::{Defaults, from_json, to_json};
use crate::client::{Client, Failure, methods};

/// List plans, members, providers, authorizations, interchanges, official releases, the table of edits, the denials, or causes of events
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim list plans
  payersim list members --json
  payersim list denials                           every reason that it may give, with what to do
  payersim list edits                             what this payer looks at, in order of precedence")]
pub(super) struct List {
    /// What to list
    kind: Kind,
    /// Denials as the page of the documentation
    #[arg(long)]
    markdown: bool,
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    #[command(flatten)]
    target: Target,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Plans,
    Members,
    Providers,
    Authorizations,
    Interchanges,
    Edits,
    Denials,
    Releases,
    ReleaseKinds,
    Causes,
}

const RELEASES: &[(&str, &str)] = &[
    ("kind", "kind"),
    ("release", "release"),
    ("from", "from"),
    ("through", "through"),
    ("rows", "rows"),
    ("refused", "rows_refused"),
    ("part", "subset"),
    ("files", "files"),
    ("SHA-256", "sha256"),
];

const DENIALS: &[(&str, &str)] = &[
    ("denial", "name"),
    ("says", "words"),
    ("remarks", "remarks.code"),
    ("CORE", "core_scenario"),
    ("given by", "given_by.id"),
    ("appeal", "appeal_words"),
    ("what to do", "advice"),
];

const RELEASE_KINDS: &[(&str, &str)] = &[
    ("kind", "kind"),
    ("what it is", "title"),
    ("publisher", "publisher"),
    ("layouts", "layouts"),
    ("rows, at least", "minimum_rows"),
    ("used for", "used_for"),
];

impl Kind {
    fn method(self) -> &'static str {
        match self {
            Kind::Plans => "ListPlans",
            Kind::Members => "ListMembers",
            Kind::Providers => "ListProviders",
            Kind::Authorizations => "ListAuthorizations",
            Kind::Interchanges => "ListInterchanges",
            Kind::Edits => "ListEdits",
            Kind::Denials => "ListDenials",
            Kind::Releases => "ListReleases",
            Kind::ReleaseKinds => "ListReleaseKinds",
            Kind::Causes => "ListCauses",
        }
    }

    /// Columns: their headings and where in the message they come from.
    fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::Plans => &[
                ("plan", "plan_id"),
                ("name", "name"),
                ("kind", "claim_filing_indicator"),
                ("benefit year", "benefit_year"),
                ("networks", "networks"),
                ("filing limit, days", "timely_filing_days"),
                ("referral for", "referral_benefits"),
            ],
            Kind::Members => &[
                ("member", "member_id"),
                ("subscriber", "subscriber_id"),
                ("relationship", "relationship_code"),
                ("name", "person_name.last"),
                ("", "person_name.first"),
                ("born", "birth_date"),
                ("plan", "coverages.plan_id"),
                ("from", "coverages.from"),
                ("through", "coverages.through"),
            ],
            Kind::Providers => &[
                ("NPI", "npi"),
                ("name", "provider_name.last"),
                ("", "provider_name.first"),
                ("tax number", "tax_id"),
                ("specialty", "specialty"),
                ("networks", "enrollments.networks"),
                ("from", "enrollments.from"),
                ("through", "enrollments.through"),
            ],
            Kind::Authorizations => &[
                ("number", "number"),
                ("member", "member_id"),
                ("procedures", "procedures"),
                ("provider", "npi"),
                ("from", "from"),
                ("through", "through"),
                ("units", "units"),
                ("referral", "referral"),
            ],
            Kind::Interchanges => &[
                ("interchange", "name"),
                ("sender", "sender"),
                ("control number", "control_number"),
                ("state", "state"),
                ("TA1", "note_code"),
                ("accepted", "claims_accepted"),
                ("rejected", "claims_rejected"),
                ("bytes", "size_bytes"),
            ],
            Kind::Edits => &[
                ("edit", "id"),
                ("scope", "scope"),
                ("CARC", "carcs"),
                ("what it asks", "summary"),
                ("since", "effective_from"),
                ("authority", "authority.title"),
            ],
            Kind::Denials => DENIALS,
            Kind::Releases => RELEASES,
            Kind::ReleaseKinds => RELEASE_KINDS,
            Kind::Causes => &[("cause", "cause"), ("history", "chain"), ("what happened", "words")],
        }
    }
}

impl List {
    pub async fn run(self) -> Result<(), Failure> {
        if self.markdown {
            return match self.kind {
                Kind::Denials => super::denial::markdown(&self.target).await,
                _ => Err(Failure::Usage("--markdown is for denials: payersim list denials --markdown".to_owned())),
            };
        }
        let client = self.target.connect().await?;
        let found = all(&client, self.kind.method(), self.limit).await?;
        let mut out = self.target.out();
        if out.json {
            return Ok(found.iter().try_for_each(|found| out.value(found))?);
        }
        let columns = self.kind.columns();
        let header: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
        let row = |found: &Json| Row::from(columns.iter().map(|(_, path)| text(found, path)).collect::<Vec<_>>());
        Ok(out.table(&header, &[], found.iter().map(row).collect())?)
    }
}

/// Everything that a listing method gives, page after page.
async fn all(client: &Client, method: &str, limit: usize) -> Result<Vec<Json>, Failure> {
    let method = methods::find(method).map_err(Failure::Broken)?;
    let paged = method.input().get_field_by_name("page_token").is_some();
    let mut request = from_json(&method.input(), if paged { json!({ "page_size": 1000 }) } else { json!({}) })
        .map_err(Failure::Broken)?;
    methods::fill_sandbox(&mut request, client.sandbox());
    let mut found = Vec::new();
    loop {
        let mut answers = methods::call(client.channel(), &method, stream::iter([request.clone()])).await?;
        let Some(page) = answers.message().await? else { return Ok(found) };
        found.extend(messages_in(&page).map(|message| to_json(message, Defaults::LeftOut)).take(limit - found.len()));
        let token = page.get_field_by_name("next_page_token").and_then(|token| token.as_str().map(str::to_owned));
        match token {
            Some(token) if !token.is_empty() && found.len() < limit => {
                request.set_field_by_name("page_token", Value::String(token));
            }
            _ => return Ok(found),
        }
    }
}

/// The messages of a page's one repeated field.
fn messages_in(page: &DynamicMessage) -> impl Iterator<Item = &DynamicMessage> {
    let lists = page.fields().filter_map(|(_, value)| value.as_list());
    lists.flatten().filter_map(Value::as_message)
}

/// The last part of a resource's name, the value of an enum without its type.
fn short(text: &str) -> &str {
    match text.strip_prefix("sandboxes/") {
        Some(name) => last_part(name),
        None => text.trim_start_matches("INTERCHANGE_STATE_").trim_start_matches("EVENT_CHAIN_"),
    }
}

/// What stands at a path, lists joined by a comma.
fn text(json: &Json, path: &str) -> String {
    match json {
        Json::Array(values) => {
            values.iter().map(|value| text(value, path)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Json::Object(fields) => {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            fields.get(first).map(|value| text(value, rest)).unwrap_or_default()
        }
        Json::String(value) => short(value).to_owned(),
        Json::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_field_of_its_message() {
        for kind in Kind::value_variants() {
            let output = methods::find(kind.method()).unwrap().output();
            let listed = output.fields().find(|field| field.is_list()).unwrap();
            for (_, path) in kind.columns() {
                let mut message = listed.kind().as_message().cloned();
                for name in path.split('.') {
                    let field = message.as_ref().and_then(|message| message.get_field_by_name(name));
                    let field = field.unwrap_or_else(|| panic!("{kind:?}: no field {path}"));
                    message = field.kind().as_message().cloned();
                }
            }
        }
    }

    #[test]
    fn a_path_goes_through_lists() {
        let member = json!({ "coverages": [{ "plan_id": "ppo" }, { "plan_id": "hmo" }, {}] });
        assert_eq!(text(&member, "coverages.plan_id"), "ppo, hmo");
        assert_eq!(text(&member, "member_id"), "");
    }
}
