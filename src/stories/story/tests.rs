use super::*;

const CLAIMS: &str = "\
title = 'A visit'
[claims.visit]
payer_id = 'P'
lines = [{ procedure_code = '99213', charge_cents = 15000 }, { procedure_code = '36415', charge_cents = 500 }]
[claims.again]
like = 'visit'
lines.2.charge_cents = 700
";

fn parse(text: &str) -> Result<Story, Vec<String>> {
    let faults = |faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect();
    Story::parse(Path::new("a.toml"), text).map_err(faults)
}

fn faults(steps: &str) -> Vec<String> {
    parse(&format!("{CLAIMS}{steps}")).unwrap_err()
}

fn request(steps: &str) -> serde_json::Value {
    let story = parse(&format!("{CLAIMS}{steps}")).unwrap();
    match &story.steps[0].sent {
        Sent::Requests(requests) => requests[0].to_json(),
        Sent::File(_) => panic!("a file"),
    }
}

// 150.00 + 7.00 = 157.00: the changed line of the claim that is like another counts in the total that is not said.
#[test]
fn a_claim_is_like_another_but_for_what_it_says() {
    let sent = request("[[steps]]\nsubmit = 'again'\nwith = { lines.1.procedure_code = '99214' }\nrequest_id = 'r'\n");
    assert_eq!(
        sent,
        serde_json::json!({ "request_id": "r", "professional": {
            "payer_id": "P", "charge_cents": 15_700,
            "lines": [{ "procedure_code": "99214", "charge_cents": 15_000 }, { "procedure_code": "36415", "charge_cents": 700 }],
        } })
    );
    assert_eq!(
        request("[[steps]]\nsubmit = 'visit'\nwith = { charge_cents = 1 }\n")["professional"]["charge_cents"],
        1
    );
}

#[test]
fn each_act_calls_its_method() {
    let story = parse(&format!(
        "{CLAIMS}[[steps]]\nadvance = {{ days = 14 }}\n[[steps]]\npay = true\n[[steps]]\ncall = 'ListRemittances'\n\
         [[steps]]\ncall = 'StreamRemittances'\nexpect = {{ count = 1, 1.paid_cents = 2 }}\n"
    ))
    .unwrap();
    let names: Vec<String> = story.steps.iter().map(|step| methods::name(&step.method)).collect();
    assert_eq!(
        names,
        [
            "Sandboxes/AdvanceClock",
            "Remittances/RunPayments",
            "Remittances/ListRemittances",
            "Remittances/StreamRemittances"
        ]
    );
    assert_eq!(story.steps.iter().map(|step| step.keeps_all).collect::<Vec<_>>(), [false, false, false, true]);
}

// Everything wrong is told at once, each with its line, before anything runs.
#[test]
fn misspelt_fields_are_found_with_their_lines() {
    assert_eq!(
        faults(
            "[[steps]]\nsubmit = 'visit'\nwith = { payerid = 'X' }\nexpect = { state = 'PAID', determination.lines.1.payed_cents = 0 }\n"
        ),
        [
            "a.toml:10: payerid: ProfessionalClaim has no such field; perhaps payer_id",
            "a.toml:11: PAID is none of REJECTED, PENDED, DENIED, ALLOWED, REVERSED, CLOSED, VOID",
            "a.toml:11: payed_cents: LineDetermination has no such field; perhaps paid_cents",
        ]
    );
}

#[test]
fn what_means_nothing_is_refused() {
    assert_eq!(parse("title = 'x'\n").unwrap_err(), ["a.toml:1: a story has steps: [[steps]]"]);
    for (steps, fault) in [
        ("[[steps]]\nsubmit = 'vist'\n", "a.toml:9: there is no claim \"vist\": [claims.vist]; there is again, visit"),
        (
            "[[steps]]\nsubmit = 'visit'\npay = true\n",
            "a.toml:8: a step does one thing: submit, estimate, call, advance, pay, x12",
        ),
        ("[[steps]]\ncall = 'Nothing'\n", "a.toml:9: there is no method Nothing; `payersim call --list` lists them"),
        ("[[steps]]\nx12 = 'none.edi'\n", "a.toml:9: there is no file none.edi; its place is told from the story's"),
        ("[claims.me]\nlike = 'me'\n[[steps]]\nsubmit = 'me'\n", "a.toml:9: the claim \"me\" is like itself"),
        ("[[steps]]\nadvance = { days = 'x' }\n", "a.toml:9: a whole number belongs here"),
    ] {
        assert_eq!(faults(steps), [fault], "{steps}");
    }
}
