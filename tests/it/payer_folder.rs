//! The example files, and payer folders drafted from them and from outside files.

use std::path::{Path, PathBuf};
use std::{env, fs};

use payersim::payer::folder;
use payersim::proto::v1::claim::Billed;
use payersim::x12::claim_837::ClaimReader;
use payersim::x12::examination::{Examination, Examined};

use crate::checkers::{judge, judge_inquiries};

/// The claims of every accepted set.
fn claims(bytes: &[u8]) -> Vec<Billed> {
    let mut examination = Examination::new(bytes);
    let mut claims = Vec::new();
    while let Some(examined) = examination.read().unwrap() {
        let Examined::Set(set) = examined else { continue };
        if !set.is_accepted() {
            continue;
        }
        let mut reader = ClaimReader::new(bytes, set.trailer.span, set.delimiters);
        while let Some(read) = reader.read().unwrap() {
            claims.push(read.claim);
        }
    }
    claims
}

fn edi_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "edi")).collect();
    files.sort();
    files
}

/// Our own files; the answers that `submit` writes beside them have another point in their names.
fn examples() -> Vec<PathBuf> {
    let mut files = edi_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"));
    files.retain(|path| path.file_stem().is_some_and(|stem| !stem.to_string_lossy().contains('.')));
    files
}

#[test]
fn the_examples_are_good_x12() {
    let named =
        |path: &PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap());
    let asks = |(_, text): &(String, String)| text.contains("\nST*270*") || text.contains("\nST*276*");
    // No checker knows the guide of a 278; the test of its answers reads the example.
    let known = |(_, text): &(String, String)| !text.contains("\nST*278*");
    let (inquiries, claims): (Vec<_>, Vec<_>) = examples().iter().map(named).filter(known).partition(asks);
    assert!(!inquiries.is_empty() && !claims.is_empty());
    judge(&claims);
    judge_inquiries(&inquiries);
}

// Whatever the claims are: what is drafted from them is a folder that loads. The outside files are drafted one by one too.
#[test]
fn a_folder_drafted_from_claims_has_no_mistake() {
    let outside = env::var_os("PAYERSIM_X12_SAMPLES").map(|folder| edi_files(Path::new(&folder))).unwrap_or_default();
    let batches = [examples()].into_iter().chain(outside.into_iter().map(|file| vec![file]));
    for files in batches {
        let claims: Vec<Billed> = files.iter().flat_map(|file| claims(&fs::read(file).unwrap())).collect();
        let draft = folder::draft(&claims);
        let place = tempfile::tempdir().unwrap();
        folder::write_with_notes(&draft, folder::DRAFT_NOTES, place.path()).unwrap();
        match folder::load(place.path()) {
            Ok(loaded) => assert!(loaded == draft, "{files:?}"),
            Err(mistakes) => panic!("{files:?}: {mistakes:#?}"),
        }
        let subscribers = claims.iter().filter_map(Billed::subscriber);
        for subscriber in subscribers.filter(|subscriber| !subscriber.member_id.is_empty()) {
            assert!(draft.members.iter().any(|member| member.member_id == subscriber.member_id), "{files:?}");
        }
    }
}
