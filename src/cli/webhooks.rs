//! `webhook`: events sent to a URL.

use std::io::Write;

use clap::{Args, Subcommand};
use comfy_table::Row;

use super::decision::last_part;
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1;

/// Have events sent to a URL: signed, in order, sent again until they are taken
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  payersim webhook add http://127.0.0.1:8080/payer --cause payment-run
  payersim webhook list
  payersim webhook ping webhook-1
  payersim webhook sent webhook-1                 what was sent, and what came back")]
pub(super) enum Webhook {
    /// Make a webhook, and print the secret of its signatures
    Add(Add),
    /// List the webhooks
    List(All),
    /// Take one away
    Remove(One),
    /// Send to one again after it was disabled
    Enable(One),
    /// Send a message of type "ping", once
    Ping(One),
    /// List what was sent last
    Sent(One),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Where to
    url: String,
    /// Its id; made up where not said
    #[arg(long)]
    id: Option<String>,
    /// Only events of this cause; may be said more than once
    #[arg(long = "cause", value_name = "CAUSE")]
    causes: Vec<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// Its id
    webhook: String,
    #[command(flatten)]
    target: Target,
}

impl Webhook {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Webhook::Add(command) => command.run().await,
            Webhook::List(command) => command.run().await,
            Webhook::Remove(command) => command.remove().await,
            Webhook::Enable(command) => command.enable().await,
            Webhook::Ping(command) => command.ping().await,
            Webhook::Sent(command) => command.sent().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let webhook = v1::Webhook { url: self.url, causes: self.causes, ..Default::default() };
        let (parent, webhook_id) = (client.sandbox().to_owned(), self.id.unwrap_or_default());
        let request = v1::CreateWebhookRequest { parent, webhook_id, webhook: Some(webhook) };
        let made = client.webhooks().create_webhook(request).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(out.value(&typed_to_json("Webhook", &made))?);
        }
        Ok(writeln!(out, "{}  {}\nsecret, told this once: {}", last_part(&made.name), made.url, made.secret)?)
    }
}

impl All {
    async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let request = v1::ListWebhooksRequest { parent: client.sandbox().to_owned() };
        let found = client.webhooks().list_webhooks(request).await?.into_inner().webhooks;
        let mut out = self.target.out();
        if out.json {
            return Ok(found.iter().try_for_each(|webhook| out.value(&typed_to_json("Webhook", webhook)))?);
        }
        let state = |webhook: &v1::Webhook| match (webhook.disabled, webhook.failed_attempts) {
            (true, _) => format!("disabled {}", webhook.disabled_reason),
            (false, 0) => "sends".to_owned(),
            (false, times) => format!("not taken {times} times"),
        };
        let row = |webhook: &v1::Webhook| {
            let (id, url) = (last_part(&webhook.name).to_owned(), webhook.url.clone());
            Row::from(vec![id, url, webhook.causes.join(", "), state(webhook)])
        };
        Ok(out.table(&["webhook", "URL", "causes", "state"], &[], found.iter().map(row).collect())?)
    }
}

impl One {
    async fn remove(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("webhooks", &self.webhook);
        client.webhooks().delete_webhook(v1::DeleteWebhookRequest { name }).await?;
        Ok(())
    }

    async fn enable(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("webhooks", &self.webhook);
        let webhook = client.webhooks().get_webhook(v1::GetWebhookRequest { name }).await?.into_inner();
        let webhook = Some(v1::Webhook { disabled: false, ..webhook });
        client.webhooks().update_webhook(v1::UpdateWebhookRequest { webhook }).await?;
        Ok(())
    }

    async fn ping(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("webhooks", &self.webhook);
        let answer = client.webhooks().test_webhook(v1::TestWebhookRequest { name }).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            out.value(&typed_to_json("TestWebhookResponse", &answer))?;
        } else if answer.taken {
            writeln!(out, "taken, with status {}", answer.status_code)?;
        } else if answer.error.is_empty() {
            writeln!(out, "not taken: status {}", answer.status_code)?;
        } else {
            writeln!(out, "not taken: {}", answer.error)?;
        }
        if answer.taken { Ok(()) } else { Err(Failure::Expectation) }
    }

    async fn sent(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let parent = client.name("webhooks", &self.webhook);
        let found = client.webhooks().list_deliveries(v1::ListDeliveriesRequest { parent }).await?.into_inner();
        let mut out = self.target.out();
        if out.json {
            return Ok(found.deliveries.iter().try_for_each(|sent| out.value(&typed_to_json("Delivery", sent)))?);
        }
        let row = |sent: &v1::Delivery| {
            let event = sent.event.clone().unwrap_or_default();
            let state = sent.state().as_str_name().trim_start_matches("DELIVERY_STATE_").to_lowercase();
            let answer = if sent.error.is_empty() { sent.status_code.to_string() } else { sent.error.clone() };
            let (id, subject) = (last_part(&sent.name).to_owned(), last_part(&event.subject).to_owned());
            Row::from(vec![id, event.cause, subject, state, sent.attempts.to_string(), answer])
        };
        let header = ["delivery", "cause", "subject", "state", "attempts", "answer"];
        Ok(out.table(&header, &["attempts"], found.deliveries.iter().map(row).collect())?)
    }
}
