//! Everything that an event may have been caused by: the one table that lists, filters and checks follow.

use crate::proto::v1::EventChain;

/// What an event may have been caused by.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// As events name it.
    pub id: &'static str,
    /// The history in which it stands.
    pub chain: EventChain,
    /// What happened, in a sentence.
    pub words: &'static str,
}

const fn cause(chain: EventChain, id: &'static str, words: &'static str) -> Cause {
    Cause { id, chain, words }
}

use EventChain::{Directives, Directory, Family, Payee, Sandbox};

/// Every cause, history by history.
#[rustfmt::skip]
pub const CAUSES: &[Cause] = &[
    cause(Family, "submit-claim", "A claim came in and was turned away, decided or left waiting."),
    cause(Family, "decide-claim", "A claim that had waited was decided, or a decision that nobody was told of was made anew."),
    cause(Family, "reverse-claim", "A decided claim was taken back, and perhaps decided again."),
    cause(Family, "replace-claim", "A claim was taken back because a corrected one replaces it."),
    cause(Family, "void-claim", "A claim was taken back because its biller voided it."),
    cause(Family, "reopen-claims", "Claims were opened again, because an authorization was granted afterwards."),
    cause(Family, "open-review", "A claim waits for a reviewer."),
    cause(Family, "take-review", "A reviewer took a review."),
    cause(Family, "assign-review", "A review was given to a reviewer."),
    cause(Family, "release-review", "A reviewer gave a review back to the queue."),
    cause(Family, "escalate-review", "A review was not decided in time: it is more urgent now, and due anew."),
    cause(Family, "propose-review", "A reviewer decided what another one must sign."),
    cause(Family, "return-review", "The second reviewer did not sign, and gave the review back."),
    cause(Family, "decide-review", "A review was decided, and the claim with it."),
    cause(Family, "continue-review", "A claim was decided again and waits on: its review goes on."),
    cause(Family, "close-review", "A review was closed without a decision."),
    cause(Family, "request-documents", "Documents were asked for."),
    cause(Family, "receive-document", "A document came in."),
    cause(Family, "match-document", "A document that had come in was matched to what it belongs to."),
    cause(Family, "assess-document", "A document was looked at."),
    cause(Family, "close-document-request", "A request for documents was answered, withdrawn or ran out."),
    cause(Family, "request-authorization", "An authorization or a referral was asked for."),
    cause(Family, "decide-authorization", "A request for an authorization was decided."),
    cause(Family, "cancel-authorization", "A request for an authorization was withdrawn."),
    cause(Family, "miss-authorization-deadline", "A request for an authorization was not answered in time."),
    cause(Family, "overturn-authorization", "A refused authorization was granted after all."),
    cause(Family, "file-appeal", "An appeal came in."),
    cause(Family, "request-records", "Records were asked for, to decide an appeal or a review."),
    cause(Family, "miss-records", "Records that an appeal needs did not come in time."),
    cause(Family, "decide-appeal", "An appeal was decided."),
    cause(Family, "dismiss-appeal", "An appeal was dismissed."),
    cause(Family, "withdraw-appeal", "An appeal was withdrawn."),
    cause(Family, "add-appeal-evidence", "More evidence came in for an appeal."),
    cause(Family, "escalate-appeal", "An appeal went to the next level by itself."),
    cause(Family, "miss-appeal-deadline", "An appeal was not decided in time."),
    cause(Family, "put-off-appeal", "The day by which an appeal is to be decided moved."),
    cause(Family, "take-appeal-further", "An appeal went to the next level."),
    cause(Payee, "payment-run", "A remittance was issued."),
    cause(Payee, "hold-payment", "Too little was due; it waits for the payee's next day of payment."),
    cause(Payee, "release-withhold", "What was withheld by contract was released."),
    cause(Payee, "stay-recoupment", "An appeal keeps a demand from being collected."),
    cause(Payee, "resume-recoupment", "An appeal has ended, and a demand is collected after all."),
    cause(Payee, "give-up-recoupment", "A demand does not stand on appeal, and is not collected."),
    cause(Payee, "give-back-recoupment", "A demand does not stand on appeal, and what was collected is given back."),
    cause(Directory, "change-member", "A member's record was added or replaced."),
    cause(Directory, "change-provider", "A provider's record was added or replaced."),
    cause(Directory, "change-authorization", "An authorization on record was added or replaced."),
    cause(Directives, "create-directive", "A directive was added."),
    cause(Directives, "update-directive", "A directive was changed."),
    cause(Directives, "delete-directive", "A directive was taken away."),
    cause(Directives, "clear-directives", "All directives were taken away."),
    cause(Directives, "reorder-directives", "The directives were put into another order."),
    cause(Sandbox, "create-sandbox", "The sandbox was made."),
    cause(Sandbox, "reset-sandbox", "The sandbox was returned to its seed; its history begins anew."),
    cause(Sandbox, "branch-sandbox", "The sandbox was made from a snapshot of another; what is older happened there."),
    cause(Sandbox, "restore-snapshot", "The sandbox returned to a snapshot; its history goes on from there."),
    cause(Sandbox, "turn-clock", "The clock moved to another day."),
    cause(Sandbox, "load-payer", "Another payer revision is in force."),
];

/// Whether events may name it.
pub fn known(id: &str) -> bool {
    CAUSES.iter().any(|cause| cause.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_stands_once_and_says_what_happened() {
        for (at, cause) in CAUSES.iter().enumerate() {
            assert!(CAUSES.iter().skip(at + 1).all(|other| other.id != cause.id), "{} stands twice", cause.id);
            assert!(cause.words.ends_with('.') && cause.chain != EventChain::Unspecified, "{}", cause.id);
        }
        assert!(known("submit-claim") && !known("submit"));
    }
}
