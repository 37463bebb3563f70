//! X12 through the payer: recorded, decided, answered, repeated, gone on with. What goes out is judged by other people's checkers.

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use payersim::payer::uploads::Upload;
use payersim::payer::{Caller, DEFAULT, Failure, MachineClock, Opening, Payer, folder, payment_run::Run};
use payersim::proto::v1 as pb;
use payersim::store::{Read, SledStore, Store, StoreError, prefix};
use payersim::x12::remittance_835;

use crate::checkers;

const EXAMPLES: [(&str, &str); 4] = [
    ("office-visit", include_str!("../../examples/office-visit.edi")),
    ("wrong-codes", include_str!("../../examples/wrong-codes.edi")),
    ("right-codes", include_str!("../../examples/right-codes.edi")),
    ("mixed-batch", include_str!("../../examples/mixed-batch.edi")),
];
const OFFICE_VISIT: &str = EXAMPLES[0].1;

pub fn demo(settings: impl FnOnce(&mut pb::X12Settings)) -> Arc<Payer> {
    demo_with_limit(settings, 1 << 30)
}

fn demo_with_limit(settings: impl FnOnce(&mut pb::X12Settings), max_interchange_bytes: u64) -> Arc<Payer> {
    let mut folder = folder::demo();
    settings(folder.payer.as_mut().unwrap().x12.get_or_insert_default());
    let store = Arc::new(SledStore::ephemeral().unwrap());
    let wall = Arc::new(MachineClock);
    Payer::open(Opening { store, folder, follow_wall_clock: false, wall, max_interchange_bytes }).unwrap()
}

/// Sends a file in pieces of an odd size, so that pieces and segments never end together.
pub fn submit(payer: &Arc<Payer>, file: &[u8]) -> Result<Vec<pb::Interchange>, Failure> {
    let mut upload = Upload::begin(payer);
    for chunk in file.chunks(997) {
        upload.push(chunk)?;
    }
    let sandbox = payer.sandbox(&Caller::anyone(), DEFAULT)?;
    payer.take_interchanges(&Caller::anyone(), &sandbox, &upload.finish()?)
}

pub fn answers(payer: &Payer, interchange: &pb::Interchange, kind: pb::AnswerKind) -> String {
    let text = std::cell::RefCell::new(Vec::new());
    let request = pb::StreamAnswersRequest { name: interchange.name.clone(), kind: kind.into() };
    let tell = |chunk: pb::AnswerChunk| {
        text.borrow_mut().extend(chunk.chunk);
        true
    };
    payer.answers(&Caller::anyone(), &request, tell).unwrap();
    String::from_utf8(text.into_inner()).unwrap()
}

fn claims(payer: &Payer, interchange: &pb::Interchange) -> Vec<pb::Claim> {
    interchange.claims.iter().map(|name| payer.claim(&Caller::anyone(), name).unwrap()).collect()
}

#[test]
fn every_example_is_taken_in_and_every_answer_passes_the_checkers() {
    let payer = demo(|_| ());
    let mut files = Vec::new();
    for (name, text) in EXAMPLES {
        let taken = submit(&payer, text.as_bytes()).unwrap();
        assert_eq!(taken.len(), 1, "{name}");
        assert_eq!(taken[0].state(), pb::InterchangeState::Done, "{name}: {:?}", taken[0]);
        assert_eq!((taken[0].sets_rejected, &taken[0].faults), (0, &vec![]), "{name}");
        assert!(!claims(&payer, &taken[0]).is_empty(), "{name}");
        for kind in [pb::AnswerKind::AnswerKind999, pb::AnswerKind::AnswerKind277ca] {
            files.push((format!("{name}-{}.edi", i32::from(kind)), answers(&payer, &taken[0], kind)));
        }
    }
    let run = Run { payee_ids: vec![], include_not_due: true };
    for remittance in payer.run_payments(&Caller::anyone(), "", &run).unwrap() {
        remittance_835::balances(&remittance).unwrap();
        files.push((format!("{}.edi", remittance.trace_number), remittance_835::print(&remittance)));
    }
    checkers::judge(&files);
}

// Group 280 weighs 1.6041: 10,000.00 times that is 16,041.00 of 41,000.00 charged, 24,959.00 off. 500.00 deductible and 20 percent
// would be 3,608.20, of which the patient pays 3,000.00 at most in a year: 16,041.00 - 3,000.00 = 13,041.00 is paid.
#[test]
fn a_stay_is_taken_back_with_the_signs_of_its_account_turned() {
    let payer = demo(|_| ());
    let stay = submit(&payer, include_str!("../../examples/hospital-stay.edi").as_bytes()).unwrap();
    let name = stay[0].claims[0].clone();
    let run = Run { payee_ids: vec![], include_not_due: true };
    let tells = |told: &[String], begins: &str| {
        assert!(told.iter().any(|segment| segment.starts_with(begins)), "{begins}: {told:?}");
    };
    let mut files = Vec::new();
    let mut pay = || {
        let issued = payer.run_payments(&Caller::anyone(), "", &run).unwrap();
        let [remittance] = issued.as_slice() else { panic!("{issued:?}") };
        remittance_835::balances(remittance).unwrap();
        files.push((format!("{}.edi", remittance.trace_number), remittance_835::print(remittance)));
        let (_, text) = files.last().unwrap();
        let told = |segment: &&str| ["CLP", "CAS", "MIA", "PLB"].iter().any(|id| segment.starts_with(id));
        let told = text.split('~').map(str::trim).filter(told).map(str::to_owned).collect::<Vec<_>>();
        assert!(!told.is_empty() && !text.contains("SVC*"), "{text}");
        (remittance.paid_cents, told)
    };
    let (paid, told) = pay();
    assert_eq!(paid, 1_304_100);
    let expected = ["CLP*STAY-108*1*41000*13041*3000*", "CAS*CO*45*24959", "CAS*PR*1*500**2*2500", "MIA*4***16041*"];
    expected.iter().for_each(|segment| tells(&told, segment));
    let reason = "billed for another patient".to_owned();
    let request = pb::ReverseClaimRequest { name: name.clone(), reason, ..Default::default() };
    let claim = payer.reverse_claim(&Caller::anyone(), &request).unwrap();
    assert_eq!(claim.state(), pb::ClaimState::Reversed);
    let taken_back = claim.reversals[0].reversal.as_ref().unwrap();
    assert_eq!(taken_back.facility_payment.as_ref().unwrap().drg_cents, -1_604_100);
    let (paid, told) = pay();
    assert_eq!(paid, 0);
    // A reversal tells no responsibility of the patient (CLP05); what the payee owes is forwarded.
    let expected = ["CLP*STAY-108*22*-41000*-13041**", "CAS*CO*45*-24959", "CAS*PR*1*-500**2*-2500", "MIA*4***-16041*"];
    expected.iter().for_each(|segment| tells(&told, segment));
    assert!(told.iter().any(|segment| segment.starts_with("PLB*") && segment.ends_with("*-13041")), "{told:?}");
    files.push(("stay.edi".to_owned(), answers(&payer, &stay[0], pb::AnswerKind::AnswerKind277ca)));
    checkers::judge(&files);
}

#[test]
fn the_same_bytes_again_get_the_same_answers_and_nothing_is_decided_twice() {
    let payer = demo(|_| ());
    let first = submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let again = submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    assert!(!first[0].repeated && again[0].repeated);
    assert_eq!((&first[0].name, &first[0].claims), (&again[0].name, &again[0].claims));
    let all = payer.list_claims(&Caller::anyone(), "", &pb::ClaimFilter::default(), None, 100).unwrap().0;
    assert_eq!(all.len(), first[0].claims.len());
}

#[test]
fn the_same_number_with_other_bytes_is_refused_unless_a_setting_allows_it() {
    let other = OFFICE_VISIT.replacen('~', "~\r\n", 1);
    let payer = demo(|_| ());
    submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let refused = submit(&payer, other.as_bytes()).unwrap();
    assert_eq!((refused[0].state(), refused[0].note_code.as_str()), (pb::InterchangeState::Refused, "025"));
    assert!(answers(&payer, &refused[0], pb::AnswerKind::Ta1).contains("*R*025"));
    let lenient = demo(|x12| x12.accept_reused_control_numbers = true);
    submit(&lenient, OFFICE_VISIT.as_bytes()).unwrap();
    assert_eq!(submit(&lenient, other.as_bytes()).unwrap()[0].state(), pb::InterchangeState::Done);
}

#[test]
fn production_data_is_refused_unless_a_setting_allows_it() {
    let production = OFFICE_VISIT.replacen("*T*", "*P*", 1);
    let refused = submit(&demo(|_| ()), production.as_bytes()).unwrap();
    assert_eq!((refused[0].state(), refused[0].note_code.as_str()), (pb::InterchangeState::Refused, "020"));
    let taken = submit(&demo(|x12| x12.accept_production = true), production.as_bytes()).unwrap();
    assert_eq!(taken[0].state(), pb::InterchangeState::Done);
}

#[test]
fn many_interchanges_in_one_file_each_get_their_own_answers() {
    let payer = demo(|_| ());
    let file = EXAMPLES.map(|(_, text)| text).join("\r\n");
    let taken = submit(&payer, file.as_bytes()).unwrap();
    assert_eq!(taken.len(), EXAMPLES.len());
    let alone = demo(|_| ());
    for (together, (_, text)) in taken.iter().zip(EXAMPLES) {
        let single = &submit(&alone, text.as_bytes()).unwrap()[0];
        let decided = |payer: &Payer, interchange| {
            let state = |claim: pb::Claim| (claim.name, claim.state, claim.determination);
            claims(payer, interchange).into_iter().map(state).collect::<Vec<_>>()
        };
        assert_eq!(decided(&payer, together), decided(&alone, single));
    }
}

#[test]
fn what_is_no_interchange_is_told_and_costs_the_others_nothing() {
    let payer = demo(|_| ());
    for (bad, word) in [("", "empty"), ("hello", "ISA"), (OFFICE_VISIT.get(..60).unwrap(), "ISA")] {
        let failure = submit(&payer, bad.as_bytes()).unwrap_err();
        assert!(matches!(&failure, Failure::Violations { .. }) && failure.to_string().contains(word), "{failure}");
    }
    let taken = submit(&payer, format!("{OFFICE_VISIT}\nnoise").as_bytes()).unwrap();
    assert_eq!(
        taken.iter().map(pb::Interchange::state).collect::<Vec<_>>(),
        [pb::InterchangeState::Done, pb::InterchangeState::Refused]
    );
}

#[test]
fn a_file_past_the_limit_is_refused_with_the_setting_that_raises_it() {
    let payer = demo_with_limit(|_| (), 500);
    let failure = submit(&payer, OFFICE_VISIT.as_bytes()).unwrap_err();
    assert!(matches!(failure, Failure::Limit { limit: 500, setting: "--max-interchange-mb", .. }), "{failure}");
}

#[test]
fn an_upload_that_led_to_nothing_is_cleared_away_at_the_next_start_and_no_other() {
    let data = tempfile::tempdir().unwrap();
    let open = || {
        // A thread of the payer before may hold the folder a moment longer.
        let store: Arc<dyn Store> = loop {
            match SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES) {
                Ok(store) => break Arc::new(store),
                Err(StoreError::InUse { .. }) => std::thread::yield_now(),
                Err(other) => panic!("{other}"),
            }
        };
        let wall = Arc::new(MachineClock);
        let opening = Opening {
            store: Arc::clone(&store),
            folder: folder::demo(),
            follow_wall_clock: false,
            wall,
            max_interchange_bytes: 1 << 30,
        };
        (store, Payer::open(opening).unwrap())
    };
    let (_, payer) = open();
    let taken = submit(&payer, OFFICE_VISIT.as_bytes()).unwrap();
    let mut hung_up = Upload::begin(&payer);
    hung_up.push(&[b' '; 2 << 20]).unwrap();
    drop((hung_up, payer));
    let (store, payer) = open();
    let pieces = || {
        let (from, to) = prefix(b"u");
        let all = Read::Range { from, to, reverse: false, limit: usize::MAX };
        store.read(&[all]).unwrap().remove(0).len()
    };
    // Clearing away runs beside the first requests.
    while pieces() > 1 {
        std::thread::yield_now();
    }
    assert_eq!(pieces(), 1);
    assert!(submit(&payer, OFFICE_VISIT.as_bytes()).unwrap()[0].repeated);
    assert!(!answers(&payer, &taken[0], pb::AnswerKind::AnswerKind999).is_empty());
}

/// Files that others wrote, from a folder outside: each has a stated outcome, and so has every claim in it.
#[test]
fn outside_files_all_have_a_stated_outcome() {
    let Ok(samples) = env::var("PAYERSIM_X12_SAMPLES") else {
        println!("PAYERSIM_X12_SAMPLES names no folder of 837Ps: nothing to try");
        return;
    };
    let payer = demo(|x12| {
        x12.accept_production = true;
        x12.accept_reused_control_numbers = true;
        x12.accept_failing_npis = true;
    });
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(&samples)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for interchange in submit(&payer, &fs::read(&path).unwrap()).unwrap() {
            let decided = claims(&payer, &interchange);
            assert!(
                interchange.state() == pb::InterchangeState::Refused
                    || interchange.sets_rejected > 0
                    || interchange.claims_accepted + interchange.claims_rejected > 0,
                "{name} has no outcome: {interchange:?}"
            );
            let outcomes: Vec<&str> = decided.iter().map(|claim| claim.state().as_str_name()).collect();
            println!("{name}: {:?} {outcomes:?} {:?}", interchange.state(), interchange.faults);
            for kind in [pb::AnswerKind::AnswerKind999, pb::AnswerKind::AnswerKind277ca] {
                let text = answers(&payer, &interchange, kind);
                if !text.is_empty() {
                    files.push((format!("{}-{name}", i32::from(kind)), text));
                }
            }
        }
    }
    let run = Run { payee_ids: vec![], include_not_due: true };
    for remittance in payer.run_payments(&Caller::anyone(), "", &run).unwrap() {
        remittance_835::balances(&remittance).unwrap();
        files.push((format!("{}.edi", remittance.trace_number), remittance_835::print(&remittance)));
    }
    checkers::judge(&files);
}
