//! `events` and `history`: what happened, listed, followed as it happens, and checked.

use std::io::Write;

use clap::{Args, Subcommand};

use super::decision::last_part;
use super::output::{Out, Tone, count};
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1::{Event, EventFilter, ListEventsRequest, VerifyHistoryRequest, WatchEventsRequest};

/// Print what happened: to a claim, a payee, a member's family, or in the whole sandbox
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim events 03337259220001                  of a claim, from its first day
  payersim events --follow                        of the sandbox, as it happens
  payersim events --cause payment-run --json      see: payersim list causes")]
pub(super) struct Events {
    /// The payer's control number, or the claim's whole name
    claim: Option<String>,
    /// Of a member's family: a number on a card
    #[arg(long)]
    member: Option<String>,
    /// Of a payee: NPI-TAX_NUMBER
    #[arg(long)]
    payee: Option<String>,
    /// Only of this cause; may be said more than once
    #[arg(long = "cause", value_name = "CAUSE")]
    causes: Vec<String>,
    /// Go on printing what happens
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    target: Target,
}

impl Events {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let mut out = self.target.out();
        let filter = EventFilter {
            causes: self.causes,
            claim: self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default(),
            payee_id: self.payee.unwrap_or_default(),
            member_id: self.member.unwrap_or_default(),
        };
        if self.follow { follow(&client, filter, &mut out).await } else { list(&client, filter, &mut out).await }
    }
}

async fn list(client: &Client, filter: EventFilter, out: &mut Out) -> Result<(), Failure> {
    let mut request = ListEventsRequest {
        parent: client.sandbox().to_owned(),
        filter: Some(filter),
        page_size: 1_000,
        ..Default::default()
    };
    loop {
        let page = client.events().list_events(request.clone()).await?.into_inner();
        page.events.iter().try_for_each(|event| print(out, event))?;
        if page.next_page_token.is_empty() {
            return Ok(());
        }
        request.page_token = page.next_page_token;
    }
}

async fn follow(client: &Client, filter: EventFilter, out: &mut Out) -> Result<(), Failure> {
    let parent = client.sandbox().to_owned();
    let request = WatchEventsRequest { parent, filter: Some(filter), from_beginning: true, ..Default::default() };
    let mut stream = client.events().watch_events(request).await?.into_inner();
    while let Some(message) = stream.message().await? {
        if let Some(event) = &message.event {
            print(out, event)?;
            out.flush()?;
        }
    }
    Ok(())
}

/// `2026-07-15T00:00:00  submit-claim  03337259220001`
fn print(out: &mut Out, event: &Event) -> Result<(), Failure> {
    if out.json {
        return Ok(out.value(&typed_to_json("Event", event))?);
    }
    let by = if event.caller.is_empty() { String::new() } else { format!("  by {}", event.caller) };
    let cause = out.paint(Tone::Heading, &format!("{:<24}", event.cause));
    let subject = if event.subject.contains('/') { last_part(&event.subject) } else { &event.subject };
    let hash = out.paint(Tone::Dim, event.hash.get(..12).unwrap_or_default());
    Ok(writeln!(out, "{}  {cause}  {subject:<28}{by}  {hash}", event.event_time)?)
}

/// Check what is on record
#[derive(Debug, Subcommand)]
pub(super) enum History {
    Verify(Verify),
}

impl History {
    pub async fn run(self) -> Result<(), Failure> {
        let History::Verify(command) = self;
        command.run().await
    }
}

/// Check that no event and no record was changed afterwards, and that every decision comes out again as it was made
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim history verify                         the whole sandbox
  payersim history verify 03337259220001          a claim's family and its payee")]
pub(super) struct Verify {
    /// The payer's control number, or the claim's whole name
    claim: Option<String>,
    #[command(flatten)]
    target: Target,
}

impl Verify {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let claim = self.claim.map(|claim| client.name("claims", &claim)).unwrap_or_default();
        let request = VerifyHistoryRequest { parent: client.sandbox().to_owned(), claim };
        let found = client.events().verify_history(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            out.value(&typed_to_json("VerifyHistoryResponse", &found))?;
        } else {
            for fault in &found.faults {
                let name = out.paint(Tone::Bad, &fault.name);
                writeln!(out, "{name}: {}", fault.words)?;
            }
            let verdict = if found.holds { "the history holds" } else { "the history does not hold" };
            let verdict = out.paint(if found.holds { Tone::Good } else { Tone::Bad }, verdict);
            let (events, records) = (count(found.events, "event"), count(found.records, "record"));
            let (chains, decisions) = (found.chains, count(found.decisions, "decision"));
            writeln!(out, "{verdict}: {events} in {chains} chains, {records} vouched for, {decisions} came out again")?;
        }
        if found.holds { Ok(()) } else { Err(Failure::Expectation) }
    }
}
