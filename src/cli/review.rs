//! `review`: one review as its reviewer sees it, and what a reviewer does with it.

use clap::{Args, ValueEnum};

use super::decision;
use super::output::Out;
use super::review_page as page;
use super::target::Target;
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::domain::money::Money;
use crate::proto::v1;
use v1::forced_reduction::To;
use v1::review_decision::Outcome;

/// Print a review: the claim, what pended it, the patient's other claims, what a decision would bring; or decide it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim review R03337259220001
  payersim review R03337259220001 approve --as 'R. Reader' --why 'The note shows it was needed.'
  payersim review R03337259220001 deny --as 'R. Reader' --why 'Not needed.' --line 1 --group CO --carc 50 --rarc N115
  payersim review R03337259220001 reduce --as 'R. Reader' --why 'As 64721.' --line 1 --amount 400.00
  payersim review R03337259220001 request-records --as 'R. Reader' --why 'No note.' --what 'the operative note' --loinc 11504-8
  payersim review R03337259220001 assign --as 'L. Lead' --to 'R. Reader'
  payersim review R03337259220001 sign-off --as 'L. Lead'")]
pub(super) struct Review {
    /// The review: its id, or its whole name
    name: String,
    /// What to do with it; prints it where not said
    action: Option<Action>,
    /// Who does it
    #[arg(long = "as", value_name = "NAME", default_value = "")]
    person: String,
    /// Why, in words that the provider and the member may read
    #[arg(long, value_name = "TEXT", default_value = "")]
    why: String,
    /// The policy, law or provision that it rests on; what pended the claim rests on where not said
    #[arg(long, value_name = "TEXT", default_value = "")]
    authority: String,
    /// Only this line, of what is denied, reduced or asked for; may be said again where lines are denied or reduced
    #[arg(long, value_name = "N")]
    line: Vec<i32>,
    /// Deny or reduce for this claim adjustment reason code
    #[arg(long, value_name = "CODE", default_value = "")]
    carc: String,
    /// Who bears what is denied
    #[arg(long, value_name = "GROUP", ignore_case = true, default_value = "CO")]
    group: Group,
    /// Remark code; may be said again
    #[arg(long, value_name = "CODE")]
    rarc: Vec<String>,
    /// Reduce to so many percent of what would be allowed
    #[arg(long, value_name = "PERCENT", conflicts_with = "amount")]
    percent: Option<String>,
    /// Reduce to so many dollars a line; the price of a line that has none
    #[arg(long, value_name = "DOLLARS")]
    amount: Option<String>,
    /// Which records to request
    #[arg(long, value_name = "TEXT", default_value = "")]
    what: String,
    /// LOINC code of the records to request; may be said again
    #[arg(long, value_name = "CODE")]
    loinc: Vec<String>,
    /// Kind of report to request (PWK01), such as OB; of several, one will do
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Request them of the patient
    #[arg(long)]
    patient: bool,
    /// To whom to assign it
    #[arg(long, value_name = "NAME", default_value = "")]
    to: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    /// What pended the claim is set aside
    Approve,
    /// Lines are denied
    Deny,
    /// Less is allowed
    Reduce,
    /// The claim is decided again under today's payer and records
    Return,
    /// Records are asked for, by a request for documents
    RequestRecords,
    /// Put it back into the queue
    Release,
    /// Give it to somebody
    Assign,
    /// A second person lets the decision take effect
    SignOff,
    /// A second person gives the decision back
    GiveBack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    Co,
    Pr,
    Oa,
    Pi,
}

impl Review {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let name = client.name("reviews", &self.name);
        let mut out = self.target.out();
        let Some(action) = self.action else {
            let review = client.reviews().get_review(v1::GetReviewRequest { name }).await?.into_inner();
            return page::show(&mut out, &client, &review).await;
        };
        if self.person.is_empty() {
            return Err(Failure::Usage("who does it? --as NAME".to_owned()));
        }
        match action {
            Action::Release | Action::Assign => {
                let review = self.hand_over(&client, name, action).await?;
                if out.json {
                    return Ok(out.value(&typed_to_json("Review", &review))?);
                }
                Ok(page::heading(&mut out, &review)?)
            }
            Action::SignOff | Action::GiveBack => {
                let request = v1::SignOffReviewRequest {
                    name,
                    signer: self.person,
                    return_to_reviewer: action == Action::GiveBack,
                    rationale: self.why,
                    request_id: String::new(),
                };
                let answer = client.reviews().sign_off_review(request).await?.into_inner();
                print(&mut out, &client, answer).await
            }
            _ => {
                let request = v1::DecideReviewRequest {
                    name,
                    decision: Some(v1::ReviewDecision { outcome: Some(self.outcome(action)?) }),
                    reviewer: self.person,
                    rationale: self.why,
                    authority: self.authority,
                    request_id: String::new(),
                };
                let answer = client.reviews().decide_review(request).await?.into_inner();
                print(&mut out, &client, answer).await
            }
        }
    }

    async fn hand_over(self, client: &Client, name: String, action: Action) -> Result<v1::Review, Failure> {
        let (rationale, request_id) = (self.why, String::new());
        if action == Action::Release {
            let request = v1::ReleaseReviewRequest { name, reviewer: self.person, rationale, request_id };
            return Ok(client.reviews().release_review(request).await?.into_inner());
        }
        if self.to.is_empty() {
            return Err(Failure::Usage("to whom? --to NAME".to_owned()));
        }
        let (assignee, assigned_by) = (self.to, self.person);
        let request = v1::AssignReviewRequest { name, assignee, assigned_by, rationale, request_id };
        Ok(client.reviews().assign_review(request).await?.into_inner())
    }

    fn outcome(&self, action: Action) -> Result<Outcome, Failure> {
        let lines = self.line.clone();
        Ok(match action {
            Action::Deny => {
                if self.carc.is_empty() {
                    return Err(Failure::Usage("for which reason? --carc CODE, such as --carc 50".to_owned()));
                }
                let group = match self.group {
                    Group::Co => v1::GroupCode::Co,
                    Group::Pr => v1::GroupCode::Pr,
                    Group::Oa => v1::GroupCode::Oa,
                    Group::Pi => v1::GroupCode::Pi,
                };
                let (carc, rarcs) = (self.carc.clone(), self.rarc.clone());
                let denial = Some(v1::ForcedDenial { group: group.into(), carc, rarcs });
                Outcome::Deny(v1::ReviewDenial { lines: vec![v1::DeniedLines { lines, denial }] })
            }
            Action::Reduce => {
                let to = match (&self.percent, &self.amount) {
                    (Some(percent), _) => To::Percent(percent.clone()),
                    (None, Some(text)) => {
                        let amount = Money::parse(text);
                        let amount = amount.map_err(|error| Failure::Usage(format!("--amount {text}: {error}")))?;
                        To::AmountCents(amount.cents())
                    }
                    (None, None) => return Err(Failure::Usage("how far? --percent or --amount".to_owned())),
                };
                let (carc, rarcs) = (self.carc.clone(), self.rarc.clone());
                let reduction = Some(v1::ForcedReduction { to: Some(to), carc, rarcs });
                Outcome::Reduce(v1::ReviewReduction { lines: vec![v1::ReducedLines { lines, reduction }] })
            }
            Action::Return => Outcome::ReturnToPricing(v1::ReturnToPricing {}),
            Action::RequestRecords => Outcome::RequestRecords(v1::RecordsRequest {
                what: self.what.clone(),
                loincs: self.loinc.clone(),
                report_types: self.kind.clone(),
                line: lines.first().copied().unwrap_or_default(),
                of_patient: self.patient,
                carc: self.carc.clone(),
                rarc: self.rarc.first().cloned().unwrap_or_default(),
            }),
            _ => Outcome::Approve(v1::ReviewApproval {}),
        })
    }
}

async fn print(out: &mut Out, client: &Client, answer: v1::DecideReviewResponse) -> Result<(), Failure> {
    if out.json {
        return Ok(out.value(&typed_to_json("DecideReviewResponse", &answer))?);
    }
    let review = answer.review.unwrap_or_default();
    page::heading(out, &review)?;
    page::history(out, &review)?;
    let request = v1::GetClaimRequest { name: review.claim };
    let claim = client.claims().get_claim(request).await?.into_inner();
    Ok(decision::print(out, &claim)?)
}
