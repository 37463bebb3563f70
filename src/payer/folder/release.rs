//! Adding a release of an official table to a payer folder: its files beside the others, and an entry of references.toml.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::load::file_of;
use super::{Mistake, load};
use crate::payer::in_force::hex;
use crate::proto::v1 as pb;
use crate::reference::import::{self, File};
use crate::wire;

/// The part of a payer folder that names official tables.
const PART: &str = "references";
/// Rows that were refused and are told one by one.
const REFUSED_TOLD: usize = 20;

/// Checks the files of a release, copies them into the folder and names them there; what was read of them.
pub fn add_release(
    folder: &Path,
    asked: &pb::ImportReleaseRequest,
    files: &[PathBuf],
) -> Result<pb::Release, Vec<Mistake>> {
    let before = load(folder)?;
    let (kind, edition) = wire::references::asked(asked).map_err(|violations| flags(&violations))?;
    if before.references.iter().any(|other| (&other.kind, &other.release) == (&asked.kind, &asked.release)) {
        let words = format!("release: {} {} is there already: choose another name", asked.kind, asked.release);
        return Err(vec![mistake(&folder.join(file_of(PART)), words)]);
    }
    let (mut inputs, mut names, mut hash, mut bytes) = (Vec::new(), Vec::new(), Sha256::new(), 0);
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let told = |error: io::Error| vec![mistake(path, format!("cannot be read: {error}"))];
        bytes += io::copy(&mut fs::File::open(path).map_err(told)?, &mut HashWriter(&mut hash)).map_err(told)?;
        let reader = io::BufReader::new(fs::File::open(path).map_err(told)?);
        inputs.push(File { name: name.clone(), bytes: Box::new(reader) });
        names.push(name);
    }
    let imported =
        import::read(kind, &edition, inputs).map_err(|refusal| flags(&wire::references::violations(kind, &refusal)))?;
    for (path, name) in files.iter().zip(&names) {
        let to = folder.join(name);
        if to.exists() && fs::canonicalize(&to).ok() != fs::canonicalize(path).ok() {
            return Err(vec![mistake(&to, "is there already: rename the file that comes in".to_owned())]);
        }
        if !to.exists() {
            fs::copy(path, &to).map_err(|error| vec![mistake(&to, format!("cannot be written: {error}"))])?;
        }
    }
    let to = folder.join(file_of(PART));
    append(&to, &entry(asked, &names)).map_err(|error| vec![mistake(&to, format!("cannot be written: {error}"))])?;
    Ok(pb::Release {
        name: wire::references::name(kind.id, &asked.release),
        kind: asked.kind.clone(),
        release: asked.release.clone(),
        from: asked.from.clone(),
        through: asked.through.clone(),
        files: names,
        sha256: hex(&hash.finalize()),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        subset: asked.subset,
        ..wire::references::summary(&imported, REFUSED_TOLD)
    })
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The entry as TOML. All texts were checked: none holds a quotation mark or a control character but a file's name, which
/// is written as JSON writes it, and so as TOML does.
fn entry(asked: &pb::ImportReleaseRequest, names: &[String]) -> String {
    let files: Vec<String> = names.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
    let mut text = format!(
        "\n[[references]]\nkind = \"{}\"\nrelease = \"{}\"\nfrom = {}\n",
        asked.kind, asked.release, asked.from
    );
    if !asked.through.is_empty() {
        text.push_str(&format!("through = {}\n", asked.through));
    }
    if asked.subset {
        text.push_str("subset = true\n");
    }
    text.push_str(&format!("files = [{}]\n", files.join(", ")));
    text
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

fn flags(violations: &[wire::Violation]) -> Vec<Mistake> {
    let told = |v: &wire::Violation| Mistake {
        file: "the release".to_owned(),
        line: 1,
        column: 1,
        message: format!("{}: {}", v.field, v.description),
    };
    violations.iter().map(told).collect()
}

fn mistake(path: &Path, message: String) -> Mistake {
    Mistake { file: path.display().to_string(), line: 1, column: 1, message }
}
