//! The page of a review: what pended the claim, the claim with every step of its decision, the patient's other claims, what was done, and what
//! an approval would bring.

use std::io::{self, Write};

use super::decision::last_part;
use super::explain_page;
use super::output::{Out, Tone, dollars};
use super::reviews::{priority_name, state_name};
use crate::client::messages::typed_to_json;
use crate::client::{Client, Failure};
use crate::proto::v1;
use v1::ReviewState;
use v1::review_decision::Outcome;

/// Other claims of the patient that are shown.
const OTHERS: usize = 8;

/// Asks for what belongs to a review, and prints it.
pub(super) async fn show(out: &mut Out, client: &Client, review: &v1::Review) -> Result<(), Failure> {
    if out.json {
        return Ok(out.value(&typed_to_json("Review", review))?);
    }
    heading(out, review)?;
    grounds(out, review)?;
    let request = v1::ExplainClaimRequest { name: review.claim.clone(), include_passed: false };
    let explained = client.claims().explain_claim(request).await?.into_inner();
    writeln!(out)?;
    explain_page::print(out, &explained)?;
    let member = explained.claim.as_ref().and_then(|claim| claim.billed.as_ref()).map(|billed| billed.member_id());
    let filter = v1::ClaimFilter { member_id: member.unwrap_or_default().to_owned(), ..Default::default() };
    let request =
        v1::ListClaimsRequest { parent: client.sandbox().to_owned(), filter: Some(filter), ..Default::default() };
    let mut claims = client.claims().list_claims(request).await?.into_inner().claims;
    claims.retain(|claim| claim.name != review.claim);
    others(out, &claims)?;
    let claim = review.claim.clone();
    let request = v1::ListDocumentRequestsRequest { claim: claim.clone(), ..Default::default() };
    let requests = client.documents().list_document_requests(request).await?.into_inner().document_requests;
    let request = v1::ListDocumentsRequest { claim, ..Default::default() };
    let documents = client.documents().list_documents(request).await?.into_inner().documents;
    papers(out, &requests, &documents)?;
    history(out, review)?;
    if matches!(review.state(), ReviewState::Decided | ReviewState::Closed) {
        return Ok(());
    }
    let decision = Some(v1::ReviewDecision { outcome: Some(Outcome::Approve(v1::ReviewApproval {})) });
    let request = v1::RehearseReviewRequest { name: review.name.clone(), decision };
    let approved = client.reviews().rehearse_review(request).await?.into_inner();
    Ok(foreseen(out, &approved, last_part(&review.name))?)
}

/// Which review, and how it stands.
pub(super) fn heading(out: &mut Out, review: &v1::Review) -> io::Result<()> {
    let title = out.paint(Tone::Heading, &format!("REVIEW {}", last_part(&review.name)));
    let done = matches!(review.state(), ReviewState::Decided | ReviewState::Closed);
    let whose = if review.assignee.is_empty() || done { String::new() } else { format!(" to {}", review.assignee) };
    let priority = priority_name(review.priority());
    let state = state_name(review.state());
    let due = match review.state() {
        ReviewState::Decided => format!("on {} by {}", review.decided_date, review.decided_by),
        ReviewState::Closed => String::new(),
        _ => format!("due {}", review.due_date),
    };
    writeln!(out, "{title}  {}  {priority}  {state}{whose}  {due}", review.pend_reason)?;
    let opened = &review.opened_date;
    writeln!(out, "  claim {} of {}, opened {opened}", last_part(&review.claim), dollars(review.charge_cents))
}

fn grounds(out: &mut Out, review: &v1::Review) -> io::Result<()> {
    writeln!(out, "{}", out.paint(Tone::Heading, "what pended it"))?;
    for ground in &review.grounds {
        let place = if ground.line == 0 { "the claim".to_owned() } else { format!("line {}", ground.line) };
        let rule = if ground.policy_id.is_empty() { &ground.step } else { &ground.policy_id };
        writeln!(out, "  {place}: {rule}: {}", ground.words)?;
        for citation in &ground.authority {
            let link = if citation.href.is_empty() { String::new() } else { format!(" <{}>", citation.href) };
            writeln!(out, "{}", out.paint(Tone::Dim, &format!("      by {}{link}", citation.title)))?;
        }
    }
    Ok(())
}

fn others(out: &mut Out, claims: &[v1::Claim]) -> io::Result<()> {
    if claims.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", out.paint(Tone::Heading, "other claims under the member's number"))?;
    for claim in claims.iter().rev().take(OTHERS) {
        let lines = claim.billed.as_ref().map(|billed| billed.lines()).unwrap_or_default();
        let codes: Vec<&str> = lines.iter().map(|line| line.procedure_code).filter(|code| !code.is_empty()).collect();
        let day = lines.first().map_or("", |line| line.service_date);
        let state = super::decision::state_name(claim.state());
        let decided = claim.determination.as_ref();
        let (charge, paid) = decided.map_or((0, 0), |decided| (decided.charge_cents, decided.paid_cents));
        let (number, codes) = (last_part(&claim.name), codes.join(" "));
        writeln!(out, "  {number}  {day}  {codes}  charged {}, paid {}  {state}", dollars(charge), dollars(paid))?;
    }
    if claims.len() > OTHERS {
        writeln!(out, "  and {} more", claims.len() - OTHERS)?;
    }
    Ok(())
}

/// What was asked for of the claim, and what has come.
fn papers(out: &mut Out, requests: &[v1::DocumentRequest], documents: &[v1::Document]) -> io::Result<()> {
    if requests.is_empty() && documents.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", out.paint(Tone::Heading, "documents"))?;
    for request in requests {
        let wants: Vec<&str> = request.wants.iter().map(|want| want.words.as_str()).collect();
        let what = match (wants.is_empty(), request.reason.is_empty()) {
            (_, false) => request.reason.clone(),
            (true, true) => "whatever supports the claim".to_owned(),
            (false, true) => wants.join(", "),
        };
        let whom = if request.of_patient { "the patient" } else { "the provider" };
        let stands = match request.state() {
            v1::DocumentRequestState::Open => format!("open until {}", request.due_date),
            _ => format!("closed on {}: {}", request.closed_date, request.words),
        };
        writeln!(
            out,
            "  {}  asked of {whom} on {}: {what}; {stands}",
            last_part(&request.name),
            request.requested_date
        )?;
    }
    for document in documents {
        let what = [&document.words, &document.report_type_code].into_iter().find(|words| !words.is_empty());
        let (what, file) = (what.map_or("", String::as_str), &document.file_name);
        writeln!(out, "  {}  came on {}: {what} {file}", last_part(&document.name), document.received_date)?;
    }
    Ok(())
}

/// What was done.
pub(super) fn history(out: &mut Out, review: &v1::Review) -> io::Result<()> {
    writeln!(out, "{}", out.paint(Tone::Heading, "what was done"))?;
    for entry in &review.history {
        let day = entry.time.get(..10).unwrap_or(&entry.time);
        writeln!(out, "  {day}  {:<17} {}: {}", entry.action, entry.by, entry.words)?;
        if !entry.rationale.is_empty() {
            writeln!(out, "      \"{}\"", entry.rationale)?;
        }
        if !entry.authority.is_empty() {
            writeln!(out, "{}", out.paint(Tone::Dim, &format!("      by {}", entry.authority)))?;
        }
    }
    Ok(())
}

fn foreseen(out: &mut Out, approved: &v1::RehearseReviewResponse, id: &str) -> io::Result<()> {
    writeln!(out, "{}", out.paint(Tone::Heading, "what a decision would bring"))?;
    let decision = approved.determination.clone().unwrap_or_default();
    let what = if decision.pend_reason.is_empty() {
        let (paid, owes) = (dollars(decision.paid_cents), dollars(decision.patient_responsibility_cents));
        format!("pays {paid}, the patient owes {owes}")
    } else {
        format!("the claim waits on: {}", decision.pend_reason)
    };
    let second = if approved.sign_off { "; a second person signs it off" } else { "" };
    writeln!(out, "  approved: {what}{second}")?;
    writeln!(out, "  `payersim review {id} approve|deny|reduce|return|request-records --as NAME --why TEXT` decides it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_pended_the_claim_on_what_authority_and_what_was_done() {
        let review: v1::Review = crate::client::messages::typed_from_json(
            "Review",
            serde_json::json!({ "name": "sandboxes/default/reviews/R00000000420001", "claim": "sandboxes/default/claims/00000000420003",
                "pend_reason": "medical review", "priority": "NORMAL", "opened_date": "2026-07-15", "due_date": "2026-07-25",
                "state": "OPEN", "charge_cents": 90000,
                "grounds": [{ "step": "medical-policy", "line": 1, "policy_id": "MP-042", "words": "Compare the note.",
                    "authority": [{ "title": "the plan's policy" }] }],
                "history": [{ "time": "2026-07-15T00:00:00", "by": "payer", "action": "opened", "words": "the claim waits" }] }),
        )
        .unwrap();
        let (mut out, text) = Out::captured();
        heading(&mut out, &review).unwrap();
        grounds(&mut out, &review).unwrap();
        history(&mut out, &review).unwrap();
        let text = String::from_utf8(text.lock().unwrap().clone()).unwrap();
        for part in [
            "REVIEW R00000000420001  medical review  normal  open  due 2026-07-25",
            "claim 00000000420003 of 900.00",
            "line 1: MP-042: Compare the note.",
            "by the plan's policy",
            "2026-07-15  opened            payer: the claim waits",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }
}
