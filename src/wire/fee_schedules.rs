//! Fee schedules: messages and the tables that they name to domain.

use rust_decimal::Decimal;

use super::Violations;
use crate::adjudication::pricing::{ContractedAmounts, FeeSchedule, Method};
use crate::proto::v1 as pb;
use pb::fee_schedule::Method as Told;

/// Reads a fee schedule.
pub(super) fn fee_schedule(message: &pb::FeeSchedule, found: &mut Violations) -> Option<FeeSchedule> {
    let id = found.required("fee_schedule_id", &message.fee_schedule_id);
    let method = match &message.method {
        Some(Told::PercentOfCharge(percent)) => found.within("percent_of_charge", |found| {
            let rate = found.fraction_if_any("percentage", &percent.percentage)?;
            found.required("percentage", &percent.percentage);
            Some(Method::PercentOfCharge(rate.unwrap_or(Decimal::ZERO)))
        }),
        Some(Told::Medicare(_)) | None => {
            found.add("", "says no method: `percent_of_charge` or `medicare`");
            None
        }
    };
    Some(FeeSchedule {
        id: id?.to_owned(),
        amounts: ContractedAmounts::default(),
        method: method?,
        ignore_lower_charge: message.ignore_lower_charge,
    })
}
