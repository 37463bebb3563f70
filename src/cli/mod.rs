//! Floor 5, the command line: flags in, one call of a door, readable answers out. Every command has its file.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::client::Failure;

mod answers;
mod appeals;
mod appeals_page;
mod authorizations;
mod bench;
mod call;
mod claims;
mod clock;
mod compare;
mod correct;
mod decision;
mod denial;
mod directive;
mod documents;
mod eligibility;
mod estimate;
mod events;
mod explain;
mod explain_page;
mod import;
mod letters;
mod list;
mod output;
mod payer;
mod policy;
mod price;
mod price_batch;
mod recipe;
mod remedies;
mod remittances;
mod reopen;
mod reverse;
mod review;
mod review_page;
mod reviews;
mod sandboxes;
mod serve;
mod snapshots;
mod status;
mod submission;
mod submit;
mod tally;
mod target;
mod test;
mod webhooks;

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 an expectation of a story did not hold; 2 wrong use, or a mistake in a file; 3 no server answers; 4 the server answered with an error.
Everything here is simulated: no answer concerns a real person or real money.";

/// A health-insurance payer in one binary: decides claims, says why, pays.
#[derive(Debug, Parser)]
#[command(name = "payersim", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Submit(submit::Submit),
    Estimate(estimate::Estimate),
    Claims(claims::Claims),
    Claim(claims::Claim),
    Explain(explain::Explain),
    Remedies(remedies::Remedies),
    Status(status::Status),
    Eligibility(eligibility::Eligibility),
    Authorize(Box<authorizations::Authorize>),
    Authorizations(authorizations::Authorizations),
    Authorization(Box<authorizations::Authorization>),
    Price(Box<price::Price>),
    Rights(appeals::Rights),
    Appeal(Box<appeals::Appeal>),
    Appeals(appeals::Appeals),
    Reverse(reverse::Reverse),
    Replace(correct::Replace),
    Void(correct::Void),
    Reopen(Box<reopen::Reopen>),
    Events(events::Events),
    #[command(subcommand)]
    History(events::History),
    #[command(subcommand)]
    Webhook(webhooks::Webhook),
    Remittances(remittances::Remittances),
    Remittance(remittances::Remittance),
    Pay(remittances::Pay),
    Documents(documents::Documents),
    #[command(subcommand)]
    Document(documents::Document),
    RequestRecords(Box<documents::RequestRecords>),
    DocumentRequests(documents::DocumentRequests),
    Reviews(reviews::Reviews),
    Review(Box<review::Review>),
    Letters(letters::Letters),
    Letter(letters::Letter),
    Clock(clock::Clock),
    Advance(clock::Advance),
    Compare(Box<compare::Compare>),
    #[command(subcommand)]
    Directive(directive::Directive),
    #[command(subcommand)]
    Sandbox(sandboxes::Sandbox),
    #[command(subcommand)]
    Snapshot(snapshots::Snapshot),
    List(list::List),
    Denial(denial::Denial),
    Recipe(recipe::Recipe),
    #[command(subcommand)]
    Payer(payer::PayerCommand),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    Import(import::Import),
    Call(call::Call),
    Test(test::Test),
    Bench(bench::Bench),
}

/// Runs the command that the process was started with.
pub async fn run() -> ExitCode {
    let Arguments { command, serve } = Arguments::parse();
    match command.unwrap_or(Command::Serve(serve)).run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let words = failure.to_string();
            if !words.is_empty() {
                eprintln!("payersim: {words}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Command::Serve(command) => command.run().await,
            Command::Submit(command) => command.run().await,
            Command::Estimate(command) => command.run().await,
            Command::Claims(command) => command.run().await,
            Command::Claim(command) => command.run().await,
            Command::Explain(command) => command.run().await,
            Command::Remedies(command) => command.run().await,
            Command::Status(command) => command.run().await,
            Command::Price(command) => command.run().await,
            Command::Eligibility(command) => command.run().await,
            Command::Rights(command) => command.run().await,
            Command::Appeal(command) => command.run().await,
            Command::Appeals(command) => command.run().await,
            Command::Authorize(command) => command.run().await,
            Command::Authorizations(command) => command.run().await,
            Command::Authorization(command) => command.run().await,
            Command::Reverse(command) => command.run().await,
            Command::Replace(command) => command.run().await,
            Command::Void(command) => command.run().await,
            Command::Reopen(command) => command.run().await,
            Command::Events(command) => command.run().await,
            Command::History(command) => command.run().await,
            Command::Webhook(command) => command.run().await,
            Command::Remittances(command) => command.run().await,
            Command::Remittance(command) => command.run().await,
            Command::Pay(command) => command.run().await,
            Command::Documents(command) => command.run().await,
            Command::Document(command) => command.run().await,
            Command::RequestRecords(command) => command.run().await,
            Command::DocumentRequests(command) => command.run().await,
            Command::Reviews(command) => command.run().await,
            Command::Review(command) => command.run().await,
            Command::Letters(command) => command.run().await,
            Command::Letter(command) => command.run().await,
            Command::Clock(command) => command.run().await,
            Command::Advance(command) => command.run().await,
            Command::Compare(command) => command.run().await,
            Command::Directive(command) => command.run().await,
            Command::Sandbox(command) => command.run().await,
            Command::Snapshot(command) => command.run().await,
            Command::List(command) => command.run().await,
            Command::Denial(command) => command.run().await,
            Command::Recipe(command) => command.run().await,
            Command::Payer(command) => command.run().await,
            Command::Policy(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::Call(command) => command.run().await,
            Command::Test(command) => command.run().await,
            Command::Bench(command) => command.run().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_are_sound() {
        Arguments::command().debug_assert();
    }
}
