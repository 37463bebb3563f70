//! The content of documents: as it comes in, in pieces; and as it is read again.

use std::sync::Arc;

use super::{USUAL_BYTES, settings};
use crate::payer::uploads::{StoredFile, Upload};
use crate::payer::{Caller, Failure, Payer};
use crate::proto::v1 as pb;
use crate::x12::segments::Source;

/// Bytes of a piece that is given back.
const PIECE: usize = 256 * 1024;

/// A document that is coming in.
pub struct DocumentUpload {
    upload: Upload,
    parent: String,
    metadata: pb::DocumentMetadata,
}

impl DocumentUpload {
    /// Begins with what the first message says.
    pub fn begin(
        payer: &Arc<Payer>,
        parent: String,
        metadata: Option<pb::DocumentMetadata>,
    ) -> Result<DocumentUpload, Failure> {
        let metadata = metadata.ok_or_else(|| {
            Failure::field("metadata", "is missing: the first message says what the document is and what it is for")
        })?;
        let sandbox = payer.sandbox(&Caller::anyone(), &parent)?;
        let limit = limit(&settings(&sandbox.read()));
        let upload = Upload::limited(payer, limit.min(payer.max_interchange_bytes), "documents.max_bytes (payer.toml)");
        Ok(DocumentUpload { upload, parent, metadata })
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.upload.push(chunk)
    }

    /// The whole document is here: it is taken in.
    pub fn finish(self, payer: &Payer, caller: &Caller) -> Result<pb::SubmitDocumentResponse, Failure> {
        let file = self.upload.finish()?;
        let taken = payer.take_document(caller, &self.parent, &self.metadata, &file, "");
        // Nothing refers to what was refused or had come before.
        if taken.as_ref().map_or(true, |taken| taken.repeated) {
            payer.forget_upload(file.upload)?;
        }
        taken
    }
}

/// Most bytes of a document.
pub(super) fn limit(settings: &pb::DocumentSettings) -> u64 {
    u64::try_from(settings.max_bytes).ok().filter(|bytes| *bytes > 0).unwrap_or(USUAL_BYTES)
}

impl Payer {
    /// Gives a document's content piece by piece, until the listener has enough.
    pub fn document_content(
        &self,
        caller: &Caller,
        name: &str,
        mut tell: impl FnMut(pb::DocumentChunk) -> bool,
    ) -> Result<(), Failure> {
        let (_, record) = self.document_record(caller, name)?;
        let document = record.document.unwrap_or_default();
        let size = u64::try_from(document.size_bytes).unwrap_or(0);
        let span = record.span_start..record.span_start + size;
        let file = StoredFile::at(Arc::clone(&self.store), record.upload, span);
        let mut first = Some(document);
        let (mut buffer, mut offset) = (vec![0; PIECE], 0);
        loop {
            let count = file.read_at(offset, &mut buffer).map_err(|error| Failure::Damaged(error.to_string()))?;
            let chunk = buffer.get(..count).unwrap_or_default().to_vec();
            let told_before = first.is_none();
            if count == 0 && told_before {
                return Ok(());
            }
            let goes_on = tell(pb::DocumentChunk { document: first.take(), chunk });
            if count == 0 || !goes_on {
                return Ok(());
            }
            offset += u64::try_from(count).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payer::{MachineClock, Opening, folder};
    use crate::store::SledStore;

    fn payer(max_bytes: i64) -> Arc<Payer> {
        let mut folder = folder::demo();
        let documents = Some(pb::DocumentSettings { max_bytes, ..Default::default() });
        folder.payer = folder.payer.map(|payer| pb::Payer { documents, ..payer });
        let (store, wall) = (Arc::new(SledStore::ephemeral().unwrap()), Arc::new(MachineClock));
        let max_interchange_bytes = 1 << 20;
        Payer::open(Opening { store, folder, follow_wall_clock: false, wall, max_interchange_bytes }).unwrap()
    }

    fn early(payer: &Arc<Payer>, content: &[u8]) -> Result<pb::SubmitDocumentResponse, Failure> {
        let metadata = pb::DocumentMetadata {
            control_number: "EARLY".into(),
            billing_npi: "2000000036".into(),
            ..Default::default()
        };
        let mut upload = DocumentUpload::begin(payer, String::new(), Some(metadata))?;
        content.chunks(4).try_for_each(|chunk| upload.push(chunk))?;
        upload.finish(payer, &Caller::anyone())
    }

    #[test]
    fn a_document_is_no_larger_than_the_payer_takes() {
        let payer = payer(10);
        assert!(early(&payer, b"0123456789").is_ok());
        let refused = early(&payer, b"0123456789A").unwrap_err();
        assert!(matches!(refused, Failure::Limit { limit: 10, setting: "documents.max_bytes (payer.toml)", .. }));
        assert!(matches!(early(&payer, b""), Err(Failure::Violations { .. })), "a document has content");
    }

    #[test]
    fn the_same_content_for_the_same_is_one_document_and_is_given_back_whole() {
        let payer = payer(0);
        let content: Vec<u8> = (0..PIECE + 5).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let first = early(&payer, &content).unwrap();
        let again = early(&payer, &content).unwrap();
        assert_eq!((first.repeated, again.repeated), (false, true));
        assert_eq!(first.document, again.document);
        let (mut back, mut pieces) = (Vec::new(), 0);
        let name = &first.document.unwrap().name;
        let tell = |piece: pb::DocumentChunk| {
            back.extend(piece.chunk);
            pieces += 1;
            true
        };
        payer.document_content(&Caller::anyone(), name, tell).unwrap();
        assert_eq!((back == content, pieces), (true, 2));
    }
}
