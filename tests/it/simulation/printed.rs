//! A reader of printed 835s of the auditor's own: only what counts money.

/// What an 835 says.
#[derive(Default)]
pub struct Printed {
    /// BPR02.
    pub paid: i64,
    /// PLB, summed.
    pub provider_adjustments: i64,
    pub claims: Vec<PrintedClaim>,
    /// Segments from ST through SE, and what SE says.
    segments: (usize, usize),
}

#[derive(Default)]
pub struct PrintedClaim {
    /// CLP07.
    pub number: String,
    /// CLP02.
    status: String,
    /// CLP03.
    pub charge: i64,
    /// CLP04.
    pub paid: i64,
    /// CLP05.
    pub patient: i64,
    /// CAS of the claim itself: whether PR, and cents.
    adjusted: Vec<(bool, i64)>,
    services: Vec<PrintedService>,
}

#[derive(Default)]
struct PrintedService {
    /// SVC02, SVC03.
    charge: i64,
    paid: i64,
    adjusted: Vec<(bool, i64)>,
}

impl Printed {
    pub fn read(text: &str) -> Result<Printed, String> {
        let separator = text.chars().nth(3).ok_or("there is no ISA")?;
        let terminator = text.chars().nth(105).ok_or("the ISA is too short")?;
        let mut printed = Printed::default();
        let mut in_set = false;
        for segment in text.split(terminator).map(str::trim).filter(|segment| !segment.is_empty()) {
            let elements: Vec<&str> = segment.split(separator).collect();
            in_set |= elements[0] == "ST";
            printed.segments.0 += usize::from(in_set);
            in_set &= elements[0] != "SE";
            printed.segment(&elements).map_err(|words| format!("{segment}: {words}"))?;
        }
        Ok(printed)
    }

    fn segment(&mut self, elements: &[&str]) -> Result<(), String> {
        let at = |place: usize| elements.get(place).copied().unwrap_or_default();
        match at(0) {
            "BPR" => self.paid = cents(at(2))?,
            "PLB" => {
                for amount in elements.iter().skip(4).step_by(2) {
                    self.provider_adjustments += cents(amount)?;
                }
            }
            "SE" => self.segments.1 = at(1).parse().map_err(|_| "no count".to_owned())?,
            "CLP" => {
                let (charge, paid, patient) = (cents(at(3))?, cents(at(4))?, cents(at(5))?);
                let (status, number) = (at(2).to_owned(), at(7).to_owned());
                self.claims.push(PrintedClaim { status, number, charge, paid, patient, ..PrintedClaim::default() });
            }
            "SVC" => {
                let claim = self.claims.last_mut().ok_or("a service without a claim")?;
                let (charge, paid) = (cents(at(2))?, cents(at(3))?);
                claim.services.push(PrintedService { charge, paid, ..PrintedService::default() });
            }
            "CAS" => {
                let claim = self.claims.last_mut().ok_or("an adjustment without a claim")?;
                let place = claim.services.last_mut().map_or(&mut claim.adjusted, |service| &mut service.adjusted);
                for amount in elements.iter().skip(3).step_by(3) {
                    place.push((at(1) == "PR", cents(amount)?));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What does not add up.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut same = |what: &str, is: i64, should_be: i64| {
            if is != should_be {
                faults.push(format!("{what} {is}, should be {should_be}"));
            }
        };
        for claim in &self.claims {
            let services = || claim.services.iter();
            let adjusted = || claim.adjusted.iter().chain(services().flat_map(|service| &service.adjusted));
            for service in services() {
                let adjusted: i64 = service.adjusted.iter().map(|(_, cents)| cents).sum();
                same("SVC03", service.paid, service.charge - adjusted);
            }
            // A stay is told without its lines.
            if !claim.services.is_empty() {
                same("CLP03", claim.charge, services().map(|service| service.charge).sum());
            }
            same("CLP04", claim.paid, claim.charge - adjusted().map(|(_, cents)| cents).sum::<i64>());
            // A reversal tells no CLP05, whatever the patient owed.
            let owed = adjusted().filter(|(patient, _)| *patient).map(|(_, cents)| cents).sum();
            let patient = if claim.status == "22" { 0 } else { owed };
            same("CLP05", claim.patient, patient);
        }
        let claims: i64 = self.claims.iter().map(|claim| claim.paid).sum();
        same("BPR02", self.paid, claims - self.provider_adjustments);
        let (counted, told) = self.segments;
        same("SE01", i64::try_from(told).unwrap(), i64::try_from(counted).unwrap());
        faults
    }
}

/// Dollars with at most two decimals; nothing is zero.
fn cents(text: &str) -> Result<i64, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (dollars, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<i64>().map_err(|_| format!("{text}?")) };
    if fraction.len() > 2 {
        return Err(format!("{text} has more than two decimals"));
    }
    let amount = number(dollars)? * 100 + number(&format!("{fraction:0<2}"))?;
    Ok(if negative { -amount } else { amount })
}
