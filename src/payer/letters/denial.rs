//! The adverse benefit determination: why services were denied, what that rests on, and what may be done. 29 CFR 2560.503-1(g)(1) and
//! 45 CFR 147.136(b)(2)(ii)(E), (b)(3)(ii)(E) say what must stand in it.

use super::parts::{amount, cents, citations, foreign, heading, paragraph, rights, row, sentence, table, text, total};
use super::reasons::{bearer, codes, remark};
use super::rights as ways;
use super::scene::{Scene, Service};
use crate::adjudication::catalogue;
use crate::adjudication::edits::TABLE;
use crate::appeals::Regime;
use crate::domain::codes::Carc;
use crate::letters::telephone;
use crate::proto::v1 as pb;
use crate::wire;

/// What was sent back as it is no claim yet (16 with MA130), and what was decided before (18): neither denies a benefit.
const NO_DECISION: [&str; 2] = ["MA130", "18"];

/// What denied services for one reason.
struct Ground<'a> {
    group: pb::GroupCode,
    carc: &'a str,
    rarcs: &'a [String],
    words: &'a str,
    step: &'a str,
    services: Vec<&'a Service<'a>>,
}

/// Whether a decision denies a benefit.
pub(super) fn is_one(scene: &Scene<'_>) -> bool {
    !scene.medicare() && !grounds(&scene.services()).is_empty()
}

/// The body.
pub(super) fn body(scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
    let services = scene.services();
    let grounds = grounds(&services);
    let denied: i64 = grounds.iter().flat_map(|ground| &ground.services).map(|service| service.charge_cents).sum();
    let provider = scene.provider();
    let mut blocks = vec![
        paragraph(format!(
            "We decided that your plan does not cover services that {provider} billed for you. This letter tells which, why, and what you may do."
        )),
        amount("Charges denied", denied, "What you may owe of them stands below, and in your explanation of benefits."),
    ];
    blocks.extend(grounds.iter().flat_map(|ground| told(scene, ground)));
    blocks.push(heading("Your right to appeal"));
    blocks.push(rights(ways::all_ways(scene)));
    blocks.push(heading("What you may ask of us"));
    blocks.push(paragraph(
        "On request and free of charge we send you all documents and records that bear on your claim; any rule, guideline or protocol that the \
         decision rests on; where it rests on a medical judgment, how that was reached for your case; and the diagnosis and treatment codes of the \
         claim with what they mean. To ask for them is not yet an appeal.",
    ));
    blocks.push(paragraph(help(scene)));
    blocks.extend(languages(scene));
    blocks
}

/// Why services were denied, reason by reason, without the letter around it.
pub(super) fn why(scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
    grounds(&scene.services()).iter().flat_map(|ground| told(scene, ground)).collect()
}

fn grounds<'a>(services: &'a [Service<'a>]) -> Vec<Ground<'a>> {
    let mut grounds: Vec<Ground<'a>> = Vec::new();
    for service in services.iter().filter(|service| service.denied && !service.on_account) {
        let Some(main) = service.adjustments.iter().max_by_key(|adjustment| adjustment.amount_cents) else { continue };
        if NO_DECISION.iter().any(|code| main.carc == *code || main.rarcs.iter().any(|rarc| rarc == code)) {
            continue;
        }
        let same = |ground: &&mut Ground<'_>| {
            (ground.group, ground.carc, ground.rarcs, ground.step)
                == (main.group(), main.carc.as_str(), main.rarcs.as_slice(), main.step.as_str())
        };
        match grounds.iter_mut().find(same) {
            Some(ground) => ground.services.push(service),
            None => grounds.push(Ground {
                group: main.group(),
                carc: &main.carc,
                rarcs: &main.rarcs,
                words: &main.words,
                step: &main.step,
                services: vec![service],
            }),
        }
    }
    grounds
}

fn told(scene: &Scene<'_>, ground: &Ground<'_>) -> Vec<pb::LetterBlock> {
    let line = |service: &&Service<'_>| {
        row(vec![text(service.phrase()), cents(service.charge_cents), cents(service.patient_cents)])
    };
    let mut rows: Vec<pb::LetterRow> = ground.services.iter().map(line).collect();
    if rows.len() > 1 {
        let sum = |of: fn(&Service<'_>) -> i64| cents(ground.services.iter().map(|service| of(service)).sum());
        rows.push(total(vec![text("Total"), sum(|s| s.charge_cents), sum(|s| s.patient_cents)]));
    }
    let remarks = ground.rarcs.iter().map(|code| sentence(&remark(code)));
    let reason = [sentence(ground.words), bearer(ground.group).to_owned()].into_iter().chain(remarks);
    let code = codes(ground.group, ground.carc, ground.rarcs);
    let mut blocks = vec![
        heading(&format!("Why: {}", ground.words)),
        table("Services denied for this reason", &["Service", "$Charge denied", "$You may owe"], rows),
        paragraph(format!("Reason {code}: {}", reason.collect::<Vec<_>>().join(" "))),
    ];
    let steps = steps(scene, ground);
    let mut seen = Vec::new();
    for step in steps.iter().filter(|step| !step.words.is_empty()) {
        if !seen.contains(&&step.words) {
            seen.push(&step.words);
            blocks.push(paragraph(format!("How we came to it: {}", sentence(&step.words))));
        }
    }
    blocks.extend(rests_on(scene, &steps));
    let advice = Carc::parse(ground.carc).and_then(catalogue::entry).map_or("", |entry| entry.advice);
    if !advice.is_empty() {
        blocks.push(paragraph(format!("What your provider can do, and what would support the claim: {advice}")));
    }
    blocks
}

/// The steps that denied the services.
fn steps<'a>(scene: &'a Scene<'_>, ground: &Ground<'_>) -> Vec<&'a pb::Step> {
    let Some(told) = scene.told() else { return Vec::new() };
    let of_service = |step: &&pb::Step| {
        step.line == 0 || ground.services.iter().any(|service| service.line == step.line || service.line == 0)
    };
    let denied = told.steps.iter().filter(|step| step.outcome() == pb::StepOutcome::Denied && step.id == ground.step);
    denied.filter(of_service).collect()
}

/// What it rests on: the medical policy with its version and rationale, or the law or provision of the edit.
fn rests_on(scene: &Scene<'_>, steps: &[&pb::Step]) -> Vec<pb::LetterBlock> {
    let (mut authority, mut rationales) = (Vec::new(), Vec::new());
    for step in steps {
        let policies = scene.in_force.revision.policies.all();
        let policy = policies.iter().find(|policy| policy.is(&step.policy_id, &step.version));
        let edit = TABLE.iter().find(|edit| edit.id == step.id);
        let mut found = match (policy, edit) {
            (Some(policy), _) => vec![wire::denials::policy_citation(policy)],
            (None, Some(edit)) => wire::determination::citations(edit.authority),
            (None, None) => step.authority.clone(),
        };
        found.retain(|citation| !authority.contains(citation));
        authority.extend(found);
        rationales.extend(policy.map(|policy| policy.rationale.clone()).filter(|words| !words.is_empty()));
    }
    rationales.dedup();
    if authority.is_empty() {
        let plan = scene.plan().map_or("your plan", |plan| plan.name.as_str());
        return vec![paragraph(format!("What it rests on: the provisions of {plan}."))];
    }
    let mut blocks = vec![paragraph("What it rests on:"), citations(authority)];
    blocks.extend(
        rationales.into_iter().map(|words| paragraph(format!("Why the policy asks for it: {}", sentence(&words)))),
    );
    blocks
}

/// Who helps, and who may be sued.
fn help(scene: &Scene<'_>) -> &'static str {
    match ways::terms(scene).regime {
        Regime::EmployerPlan => {
            "Where your coverage comes from an employer, the Employee Benefits Security Administration of the Department of Labor helps you \
             (dol.gov/agencies/ebsa). After our final decision you may also bring a civil action under section 502(a) of ERISA."
        }
        Regime::OriginalMedicare | Regime::MedicareAdvantage => {
            "Your State Health Insurance Assistance Program (shiphelp.org) and Medicare (medicare.gov) help you with an appeal."
        }
        Regime::IndividualMarket | Regime::ProviderDispute => {
            "Your state's department of insurance, or its consumer assistance program where it has one, helps you with an appeal."
        }
    }
}

/// That help is to be had in other languages, 45 CFR 147.136(e).
fn languages(scene: &Scene<'_>) -> Vec<pb::LetterBlock> {
    let phone = telephone(&scene.payer().phone);
    if phone.is_empty() {
        return Vec::new();
    }
    vec![
        heading("Help in your language"),
        foreign(
            "en",
            format!("English: interpreters help you free of charge at {phone}; ask for this letter in your language."),
        ),
        foreign("es", format!("Español: para obtener ayuda gratuita en español, llame al {phone}.")),
        foreign("tl", format!("Tagalog: para sa libreng tulong sa Tagalog, tumawag sa {phone}.")),
        foreign("vi", format!("Tiếng Việt: để được trợ giúp miễn phí bằng tiếng Việt, hãy gọi {phone}.")),
    ]
}
