//! The house rules that text can show. Each failure names its place and its remedy.

use std::fmt::{Display, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

/// Which floor each module of `src/` stands on. Imports go down only; up to floor 3, neighbours do not know each other.
const FLOORS: &[(&str, usize)] = &[
    ("domain", 0),
    ("reference", 1),
    ("adjudication", 2),
    ("appeals", 2),
    ("remittance", 2),
    ("letters", 3),
    ("proto", 3),
    ("store", 3),
    ("wire", 3),
    ("x12", 3),
    ("payer", 4),
    ("api", 5),
    ("bench", 5),
    ("cli", 5),
    ("client", 5),
    ("console", 5),
    ("drop_folder", 5),
    ("stories", 5),
];

/// What floors 0 to 2 may not name: I/O, clock, environment, threads, hash order, floats, chance, messages.
const IMPURE: &[&str] = &[
    "async",
    "await",
    "tokio",
    "futures",
    "tonic",
    "prost",
    "serde",
    "HashMap",
    "HashSet",
    "f32",
    "f64",
    "rand",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "Mutex",
    "RwLock",
    "std::thread",
    "std::time",
    "Instant",
    "SystemTime",
];

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc"];

#[test]
fn imports_go_down_only() {
    let mut faults = Faults::default();
    for source in sources().iter().filter(|source| source.path.starts_with("src/")) {
        let Some(module) = source.module() else { continue };
        let Some(floor) = floor_of(module) else {
            faults.at(source, 1, format!("module `{module}` has no floor: give it one in FLOORS in tests/it/tidy.rs"));
            continue;
        };
        for (line, import) in crate_imports(&source.code()) {
            let may = |below| below < floor || (below == floor && (floor > 3 || import == "proto"));
            if import != module && !floor_of(import).is_none_or(may) {
                let remedy = "move what it needs to a lower floor, or pass it in";
                faults.at(source, line, format!("`{module}` (floor {floor}) imports `{import}`: {remedy}"));
            }
        }
    }
    faults.none();
}

#[test]
fn the_lower_floors_are_pure() {
    let mut faults = Faults::default();
    for source in sources() {
        let pure = source.module().and_then(floor_of).is_some_and(|floor| floor <= 2);
        if !pure {
            continue;
        }
        for (number, line) in numbered(&source.code_before_tests()) {
            for word in IMPURE.iter().filter(|word| has_word(line, word)) {
                faults.at(
                    &source,
                    number,
                    format!("`{word}` on a pure floor: let the shell (floor 4) do it and pass the result in"),
                );
            }
        }
    }
    faults.none();
}

#[test]
fn files_are_short_and_their_names_say_what_they_hold() {
    let mut faults = Faults::default();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > 500 {
            faults.at(&source, 501, format!("{lines} lines, at most 500: split it by noun"));
        }
        let stem = Path::new(&source.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if EMPTY_NAMES.contains(&stem) || source.path.ends_with("/types.rs") {
            faults.at(&source, 1, "a name that says nothing: name the file after its noun or act");
        }
    }
    faults.none();
}

#[test]
fn nothing_waits_is_skipped_or_is_left_for_later() {
    let banned = [
        ("#[ignore", "mend or delete the test"),
        ("sleep(", "wait for the event itself"),
        ("todo!(", "write it"),
        ("unimplemented!(", "write it"),
        ("FIXME", "mend it"),
        ("@unittest.skip", "mend or delete the test"),
    ];
    let mut faults = Faults::default();
    for source in sources().iter().filter(|source| source.path != file!()) {
        for (number, line) in numbered(&source.text) {
            for (word, remedy) in banned.iter().filter(|(word, _)| line.contains(word)) {
                faults.at(source, number, format!("`{word}`: {remedy}"));
            }
        }
    }
    faults.none();
}

#[test]
fn the_project_speaks_of_nothing_outside_itself() {
    let outside = ["shared/", "/work/"];
    let mut faults = Faults::default();
    for source in files(&["src", "proto", "tests", "payers", "examples", "stories", "benches", ".ci"], |_| true)
        .into_iter()
        .chain(files_of_the_top())
        .filter(|source| source.path != file!())
    {
        for (number, line) in numbered(&source.text) {
            for word in outside.iter().filter(|word| line.contains(*word)) {
                faults.at(
                    &source,
                    number,
                    format!("`{word}` is not part of the project: say it here in its own words"),
                );
            }
        }
    }
    faults.none();
}

#[test]
fn unsafe_code_is_forbidden() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(lib.contains("#![forbid(unsafe_code)]"), "src/lib.rs:1: put #![forbid(unsafe_code)] back");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains("unsafe_code = \"forbid\""),
        "Cargo.toml: put unsafe_code = \"forbid\" back under [lints.rust]"
    );
}

// An edit is one file and one line of the table in mod.rs, and its id is its file's name.
#[test]
fn every_edit_is_one_file_and_one_line_of_the_table() {
    let mut faults = Faults::default();
    let edits = files(&["src/adjudication/edits"], |path| path.ends_with(".rs"));
    let table = edits.iter().find(|source| source.path.ends_with("/mod.rs"));
    for source in edits.iter().filter(|source| !source.path.ends_with("/mod.rs")) {
        let stem = Path::new(&source.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let id = stem.replace('_', "-");
        if !source.text.contains(&format!("id: \"{id}\"")) {
            faults.at(source, 1, format!("no edit with id \"{id}\": an edit's id is its file's name"));
        }
        let listed = table.map_or(0, |table| table.text.matches(&format!(" {stem}::EDIT")).count());
        if listed != 1 {
            faults.at(
                source,
                1,
                format!("{listed} times in the table of src/adjudication/edits/mod.rs: list `{stem}::EDIT` once"),
            );
        }
    }
    faults.none();
}

// The README is the map: a path that it names in backticks must be there.
#[test]
fn paths_in_the_readme_exist() {
    let readme = Source { path: "README.md".into(), text: fs::read_to_string(root().join("README.md")).unwrap() };
    let mut faults = Faults::default();
    for (number, line) in numbered(&readme.text) {
        for quoted in line.split('`').skip(1).step_by(2) {
            let is_path = ["src/", "proto/", "tests/", "payers/", "examples/", "stories/"]
                .iter()
                .any(|top| quoted.starts_with(top));
            let plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            if is_path && plain && !root().join(quoted).exists() {
                faults.at(&readme, number, format!("`{quoted}` is not there: name what is"));
            }
        }
    }
    faults.none();
}

/// A text file of the project.
struct Source {
    /// From the top of the project, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The module of the crate's root that the file belongs to; none for `lib.rs`, `main.rs` and what is not in `src/`.
    fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let module = inside.split('/').next()?.trim_end_matches(".rs");
        (!["lib", "main"].contains(&module)).then_some(module)
    }

    /// The text without its comments, line for line.
    fn code(&self) -> String {
        self.text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
    }

    /// The same up to the tests, which may be as impure as they like.
    fn code_before_tests(&self) -> String {
        if self.path.ends_with("/tests.rs") {
            return String::new();
        }
        self.code().split("\n#[cfg(test)]").next().unwrap_or_default().to_owned()
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines())
}

/// Names directly behind `crate::`, also those in braces, each with its line.
fn crate_imports(code: &str) -> Vec<(usize, &str)> {
    let mut imports = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + found.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            imports.push((line, first_name(rest)));
            continue;
        };
        let mut depth = 0;
        let names = group.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0 || depth < 0
        });
        imports
            .extend(names.map(|name| (line, first_name(name.trim_start()))).take_while(|(_, name)| !name.is_empty()));
    }
    imports
}

fn first_name(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|before| before.chars().next_back());
        let after = line.get(start + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(part_of_a_name) && !after.is_some_and(part_of_a_name)
    })
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What people wrote and read as code.
fn sources() -> Vec<Source> {
    files(&["src", "proto", "tests"], |path| [".rs", ".proto", ".py"].iter().any(|end| path.ends_with(end)))
}

fn files_of_the_top() -> Vec<Source> {
    ["README.md", "CHANGELOG.md", "Cargo.toml", "build.rs", "clippy.toml", "rustfmt.toml"]
        .iter()
        .map(|name| Source { path: (*name).to_owned(), text: fs::read_to_string(root().join(name)).unwrap() })
        .collect()
}

/// Text files under the folders (those that exist) whose path fits, in order of their names.
fn files(folders: &[&str], fits: impl Fn(&str) -> bool) -> Vec<Source> {
    let mut open: Vec<PathBuf> =
        folders.iter().map(|folder| root().join(folder)).filter(|path| path.exists()).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        if let (true, Ok(text)) = (fits(&name), fs::read_to_string(&path)) {
            found.push(Source { path: name, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Faults are gathered, so that one run tells them all.
#[derive(Default)]
struct Faults(String);

impl Faults {
    fn at(&mut self, source: &Source, line: usize, what: impl Display) {
        writeln!(self.0, "{}:{line}: {what}", source.path).unwrap();
    }

    fn none(self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

#[test]
fn the_reader_of_imports_sees_names_in_braces_and_over_lines() {
    let code = "use crate::domain::codes::{Carc, Rarc};\nuse crate::{\n    domain::{codes, dates},\n    x12,\n};\nfn f(m: crate::proto::v1::Claim);";
    assert_eq!(crate_imports(code), [(1, "domain"), (2, "domain"), (2, "x12"), (6, "proto")]);
    assert!(has_word("let x: f64 = 1;", "f64") && !has_word("let buf64 = 1;", "f64"));
}
