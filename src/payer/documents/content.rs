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
            if (count == 0 && first.is_none())
                || !tell(pb::DocumentChunk { document: first.take(), chunk })
                || count == 0
            {
                return Ok(());
            }
            offset += u64::try_from(count).unwrap_or(0);
        }
    }
}
