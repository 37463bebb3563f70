//! Other people's checkers over what the program emits: `tests/checkers/check_x12.py` with pyx12 and oxedi.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Fails with the checkers' words if any of the files, name and content, is not good X12; an 835 must also balance.
pub fn judge(files: &[(String, String)]) {
    assert!(!files.is_empty(), "nothing to judge");
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, content)| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            path
        })
        .collect();
    let output = Command::new(python()).arg(script("check_x12.py")).args(paths).output().unwrap();
    let [said, failed] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "\n{said}{failed}");
    assert!(said.ends_with(&format!("{} files passed\n", files.len())), "{said}");
}

/// The same of 270, 271, 276 and 277, which need a checker of their own.
pub fn judge_inquiries(files: &[(String, String)]) {
    assert!(!files.is_empty(), "nothing to judge");
    let folder = tempfile::tempdir().unwrap();
    let written = files.iter().map(|(name, content)| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    });
    let paths: Vec<PathBuf> = written.collect();
    let output = Command::new(inquiry_python()).arg(script("check_inquiries.py")).args(paths).output().unwrap();
    let [said, failed] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "\n{said}{failed}");
    assert!(said.starts_with(&format!("{} files passed", files.len())), "{said}");
}

/// The interpreter that has the packages of `tests/inquiry_checkers.txt`, beside that of the other checkers.
fn inquiry_python() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv-inquiries/bin/python");
    let beside = python().ancestors().nth(3).map(|target| target.join("venv-inquiries/bin/python"));
    let named = env::var_os("PAYERSIM_INQUIRY_PYTHON").map(PathBuf::from);
    named.into_iter().chain([installed]).chain(beside).find(|path| path.exists()).expect(
        "no Python with the checkers of inquiries: run tests/run once, or set PAYERSIM_INQUIRY_PYTHON to one with tests/inquiry_checkers.txt installed",
    )
}

/// The interpreter that has the packages of `tests/requirements.txt`.
pub fn python() -> PathBuf {
    let installed =
        || Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv/bin/python")).filter(|path| path.exists());
    env::var_os("PAYERSIM_PYTHON").map(PathBuf::from).or_else(installed).expect(
        "no Python with the X12 checkers: run tests/run once, or set PAYERSIM_PYTHON to one with tests/requirements.txt installed",
    )
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkers").join(name)
}
