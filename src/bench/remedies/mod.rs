//! The proof of remedies: claims with a realistic mix of denials go through the front door, each denial's remedies are asked
//! for, and every verified one is carried out and held against what it promised, to the cent.
//!
//! Each claim has a family of its own. The first remedy is carried out in one sandbox, the second in another of the same seed
//! and the same claims, and so on: each meets the family as it was when the remedy was found.

mod bills;
mod mix;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;

use crate::api::ServeOptions;
use crate::client::{Client, Failure, LocalServer};
use crate::payer::folder;
use crate::proto::v1 as pb;
use crate::proto::v1::submit_claim_request::Claim as Billed;
use mix::{Mix, Trial};

/// Claims under way at one time.
const AT_ONCE: usize = 16;
/// Remedies of a claim that are carried out, each in a sandbox of its own.
const MOST_REMEDIES: usize = 6;

/// What came of the denials that gave one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfReason {
    /// Denied lines.
    pub denials: u64,
    /// Of them, with a verified remedy.
    pub with_remedy: u64,
}

/// What the proof found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Claims sent.
    pub claims: u64,
    /// Of them, with a denied line, or turned away.
    pub denied_claims: u64,
    /// Reason by reason, such as "CO-197".
    pub reasons: BTreeMap<String, OfReason>,
    /// Verified remedies that were carried out.
    pub applied: u64,
    /// Of them, with the payment that was promised, to the cent.
    pub exact: u64,
    /// What came otherwise: a claim's number, what was promised, what came.
    pub otherwise: Vec<String>,
    /// Decisions that were made to verify remedies.
    pub decisions: u64,
}

impl Proof {
    /// All denied lines.
    pub fn denials(&self) -> u64 {
        self.reasons.values().map(|reason| reason.denials).sum()
    }

    /// Of them, with a verified remedy.
    pub fn with_remedy(&self) -> u64 {
        self.reasons.values().map(|reason| reason.with_remedy).sum()
    }

    fn add(&mut self, of_claim: Proof) {
        self.claims += of_claim.claims;
        self.denied_claims += of_claim.denied_claims;
        self.applied += of_claim.applied;
        self.exact += of_claim.exact;
        self.decisions += of_claim.decisions;
        self.otherwise.extend(of_claim.otherwise);
        for (reason, counts) in of_claim.reasons {
            let sum = self.reasons.entry(reason).or_default();
            sum.denials += counts.denials;
            sum.with_remedy += counts.with_remedy;
        }
    }
}

/// Runs the proof on so many claims.
pub async fn run(claims: u64, seed: u64, progress: &ProgressBar) -> Result<Proof, Failure> {
    progress.set_message("making the payer");
    let (folder, mix) = Mix::new(folder::demo(), seed, claims);
    let server = LocalServer::start(ServeOptions::default()).await?;
    let address = server.ready.address.to_string();
    let mut sandboxes = Vec::new();
    for at in 0..=MOST_REMEDIES {
        let request = pb::CreateSandboxRequest {
            sandbox_id: format!("proof-{at}"),
            seed: 1,
            payer: Some(folder.clone()),
            ..Default::default()
        };
        server.client().await?.sandboxes().create_sandbox(request).await?;
        sandboxes.push(Client::connect(&address, &format!("proof-{at}")).await?);
    }
    let (sandboxes, mix) = (Arc::new(sandboxes), Arc::new(mix));
    let proofs = stream::iter(0..claims).map(|number| {
        let (sandboxes, mix, progress) = (Arc::clone(&sandboxes), Arc::clone(&mix), progress.clone());
        async move {
            let proof = tokio::spawn(async move { prove(&sandboxes, &mix.trial(number), number).await });
            let proof = proof.await.map_err(|error| Failure::Broken(error.to_string()))?;
            progress.set_message(format!("claim {number} of {claims}"));
            proof
        }
    });
    let add = |mut sum: Proof, one: Proof| async move {
        sum.add(one);
        Ok(sum)
    };
    proofs.buffered(AT_ONCE).try_fold(Proof::default(), add).await
}

/// Sends a claim, asks for its remedies and carries each out.
async fn prove(sandboxes: &[Client], trial: &Trial, number: u64) -> Result<Proof, Failure> {
    let mut proof = Proof { claims: 1, ..Proof::default() };
    let Some((first, others)) = sandboxes.split_first() else { return Ok(proof) };
    let decided = send(first, trial).await?;
    if !is_denied(&decided) {
        return Ok(proof);
    }
    proof.denied_claims = 1;
    let request = pb::FindRemediesRequest { name: decided.name.clone(), ..Default::default() };
    let found = first.remedies().find_remedies(request).await?.into_inner();
    proof.decisions = u64::try_from(found.decisions).unwrap_or(0);
    for finding in found.findings.iter().filter(|finding| is_denial(&decided, finding)) {
        let counts = proof.reasons.entry(reason(finding)).or_default();
        counts.denials += 1;
        counts.with_remedy += u64::from(!finding.remedies.is_empty());
    }
    for (remedy, sandbox) in found.remedies.iter().zip(others) {
        send(sandbox, trial).await?;
        let came = carry_out(sandbox, remedy).await?;
        let told = came.determination.clone().unwrap_or_default();
        proof.applied += 1;
        let of = |paid, allowed, owes, state| format!("paid {paid}, allowed {allowed}, patient {owes}, {state:?}");
        let promised = of(remedy.paid_cents, remedy.allowed_cents, remedy.patient_responsibility_cents, remedy.state());
        let came = of(told.paid_cents, told.allowed_cents, told.patient_responsibility_cents, came.state());
        if promised == came {
            proof.exact += 1;
        } else {
            proof.otherwise.push(format!("claim {number}, {}: promised {promised}; came {came}", remedy.words));
        }
    }
    Ok(proof)
}

/// Sends what comes before a claim, and the claim.
async fn send(sandbox: &Client, trial: &Trial) -> Result<pb::Claim, Failure> {
    let request = |claim: &pb::ProfessionalClaim| pb::SubmitClaimRequest {
        parent: sandbox.sandbox().to_owned(),
        claim: Some(Billed::Professional(claim.clone())),
        ..Default::default()
    };
    for claim in &trial.before {
        sandbox.claims().submit_claim(request(claim)).await?;
    }
    Ok(sandbox.claims().submit_claim(request(&trial.claim)).await?.into_inner())
}

/// Puts the records in place and sends the changed claim.
async fn carry_out(sandbox: &Client, remedy: &pb::Remedy) -> Result<pb::Claim, Failure> {
    let parent = sandbox.sandbox().to_owned();
    let mut directory = sandbox.directory();
    for member in remedy.members.iter().cloned() {
        let request = pb::UpsertMemberRequest { parent: parent.clone(), member: Some(member) };
        directory.upsert_member(request).await?;
    }
    for provider in remedy.providers.iter().cloned() {
        let request = pb::UpsertProviderRequest { parent: parent.clone(), provider: Some(provider) };
        directory.upsert_provider(request).await?;
    }
    for authorization in remedy.authorizations.iter().cloned() {
        let request = pb::UpsertAuthorizationRequest { parent: parent.clone(), authorization: Some(authorization) };
        directory.upsert_authorization(request).await?;
    }
    let request = pb::SubmitClaimRequest { parent, ..remedy.request.clone().unwrap_or_default() };
    Ok(sandbox.claims().submit_claim(request).await?.into_inner())
}

fn is_denied(claim: &pb::Claim) -> bool {
    let lines = claim.determination.as_ref().is_some_and(|found| found.lines.iter().any(|line| line.denied));
    lines || claim.state() == pb::ClaimState::Rejected
}

/// Whether a finding is of a denied line, or of a claim that was turned away; and not of one that is only paid less.
fn is_denial(claim: &pb::Claim, finding: &pb::RemedyFinding) -> bool {
    let lines = claim.determination.iter().flat_map(|determination| &determination.lines);
    lines.into_iter().any(|line| line.denied && (finding.line == 0 || finding.line == line.line))
        || claim.state() == pb::ClaimState::Rejected
}

/// "CO-197"; of a claim that was turned away its status.
fn reason(finding: &pb::RemedyFinding) -> String {
    match finding.group() {
        pb::GroupCode::Unspecified => finding.code.clone(),
        group => format!("{}-{}", group.as_str_name().trim_start_matches("GROUP_CODE_"), finding.code),
    }
}
