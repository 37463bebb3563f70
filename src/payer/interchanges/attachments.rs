//! Attachments of an interchange (275): each is taken in like a document that comes over gRPC.

use super::name;
use super::work::Work;
use crate::payer::Failure;
use crate::proto::v1 as pb;
use crate::x12::claim_attachment_275::{self, Attachment, Attachments};
use crate::x12::examination::SetReport;

impl Work<'_> {
    /// Takes in what a 275 attaches; what has no place is told among the interchange's faults.
    pub(super) fn take_attachments(&mut self, set: &SetReport) -> Result<(), Failure> {
        let read = claim_attachment_275::read(&self.file, set.trailer.span.clone(), set.delimiters);
        let read = read.map_err(|error| Failure::Damaged(error.to_string()))?;
        for attachment in &read.attachments {
            let metadata = self.metadata(&read, attachment);
            let (parent, interchange) = (self.sandbox.name(), name(self.sandbox, self.number));
            let file = self.file.part(&attachment.content);
            match self.payer.take_document(self.caller, &parent, &metadata, &file, &interchange) {
                Ok(_) => self.interchange.documents_taken += 1,
                Err(Failure::Violations { violations }) => {
                    let words = violations.iter().map(|v| format!("{}: {}", attachment.control_number, v.description));
                    let words: Vec<String> = words.collect();
                    self.tell_faults(words.iter());
                }
                Err(Failure::Limit { words, .. }) => self.tell_faults([words].iter()),
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    fn metadata(&self, set: &Attachments, attachment: &Attachment) -> pb::DocumentMetadata {
        let parent = self.sandbox.name();
        let number = &attachment.control_number;
        let of = |collection: &str, id: &str| format!("{parent}/{collection}/{id}");
        let (mut claim, mut document_request) = (String::new(), String::new());
        if attachment.solicited {
            document_request = of("documentRequests", number);
        } else if !set.claim_control_number.is_empty() {
            claim = of("claims", &set.claim_control_number);
        }
        pb::DocumentMetadata {
            claim,
            document_request,
            control_number: number.clone(),
            billing_npi: set.npi.clone(),
            loinc: attachment.loinc.clone(),
            media_type: media_type(&attachment.format).to_owned(),
            sender: "provider".to_owned(),
            request_id: format!("interchange {} byte {}", self.number, attachment.content.start),
            ..Default::default()
        }
    }
}

/// The media type of a format as CAT02 has it.
fn media_type(format: &str) -> &'static str {
    match format {
        "HL" => "application/xml",
        "TX" => "text/plain",
        "IA" => "image/tiff",
        _ => "application/octet-stream",
    }
}
