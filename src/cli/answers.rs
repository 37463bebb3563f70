//! The X12 answers to a file, written beside it: `clinic.edi` gives `clinic.999.edi`, `clinic.277ca.edi`, `clinic.835.edi`;
//! questions give `.271.edi`, `.277.edi` and `.278.edi`.

use std::io;
use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt;

use crate::client::{Client, Failure};
use crate::proto::v1::{AnswerKind, GetRemittanceRequest, Interchange, RemittanceView, StreamAnswersRequest};

/// Writes the acknowledgments of a file's interchanges, one file a kind, and names those written.
pub(super) async fn acknowledgments(
    client: &Client,
    interchanges: &[Interchange],
    beside: &Place,
) -> Result<Vec<PathBuf>, Failure> {
    let kinds = [
        (AnswerKind::Ta1, "ta1"),
        (AnswerKind::AnswerKind999, "999"),
        (AnswerKind::AnswerKind277ca, "277ca"),
        (AnswerKind::AnswerKind271, "271"),
        (AnswerKind::AnswerKind277, "277"),
        (AnswerKind::AnswerKind278, "278"),
    ];
    let mut written = Vec::new();
    for (kind, ending) in kinds {
        let mut file = AnswerFile::at(beside.path(ending));
        for interchange in interchanges {
            let request = StreamAnswersRequest { name: interchange.name.clone(), kind: kind.into() };
            let mut chunks = client.interchanges().stream_answers(request).await?.into_inner();
            while let Some(chunk) = chunks.message().await? {
                file.write(&chunk.chunk).await?;
            }
        }
        written.extend(file.finish().await?);
    }
    Ok(written)
}

/// Writes the 835s of some remittances, as several interchanges in one file.
pub(super) async fn remittances(
    client: &Client,
    names: impl IntoIterator<Item = &String>,
    beside: &Place,
) -> Result<Option<PathBuf>, Failure> {
    let mut file = AnswerFile::at(beside.path("835"));
    for name in names {
        let request = GetRemittanceRequest { name: name.clone(), view: RemittanceView::X12.into() };
        let remittance = client.remittances().get_remittance(request).await?.into_inner();
        file.write(remittance.x12.as_bytes()).await?;
    }
    file.finish().await
}

/// Where the answers to a file go.
pub(super) struct Place {
    folder: PathBuf,
    stem: String,
}

impl Place {
    /// Beside the file, or in a folder of its own.
    pub fn of(file: &Path, folder: Option<&Path>) -> Place {
        let beside = file.parent().unwrap_or(Path::new(""));
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Place { folder: folder.unwrap_or(beside).to_owned(), stem }
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}.edi", self.stem))
    }
}

/// A file that comes to be with its first byte.
struct AnswerFile {
    path: PathBuf,
    file: Option<tokio::fs::File>,
}

impl AnswerFile {
    fn at(path: PathBuf) -> AnswerFile {
        AnswerFile { path, file: None }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        let fault = |error: io::Error| Failure::file(&self.path, &error);
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tokio::fs::File::create(&self.path).await.map_err(fault)?),
        };
        file.write_all(bytes).await.map_err(fault)
    }

    async fn finish(self) -> Result<Option<PathBuf>, Failure> {
        let Some(mut file) = self.file else { return Ok(None) };
        file.flush().await.map_err(|error| Failure::file(&self.path, &error))?;
        Ok(Some(self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_beside_the_file_or_where_they_are_told() {
        let path = |file: &str, folder: Option<&str>| Place::of(Path::new(file), folder.map(Path::new)).path("835");
        assert_eq!(path("in/clinic.edi", None), Path::new("in/clinic.835.edi"));
        assert_eq!(path("clinic", None), Path::new("clinic.835.edi"));
        assert_eq!(path("in/clinic.837.txt", Some("out")), Path::new("out/clinic.837.835.edi"));
    }
}
