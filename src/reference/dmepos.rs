//! DMEPOS: the fee schedule of durable medical equipment, prosthetics, orthotics and supplies.
//!
//! CMS, <https://www.cms.gov/medicare/payment/fee-schedules/dmepos>; 42 CFR 414.200 to 414.232. Csv below some lines of
//! notices: HCPCS, Mod, Mod2, JURIS, CATG, Ceiling, Floor, then for each state "XX (NR)" and "XX (R)" (not rural,
//! rural), last the descriptor, which is left out. Older releases have one column "XX" for a state.

use std::io::Read;

use super::import::{Edition, Kind, one_file};
use super::layout::{LayoutError, Record, Records};
use super::official_tables::OfficialTable;
use super::release::{Gathered, Heading, Keyed, Release, Sieve};
use crate::domain::codes::{Code, Modifier, ProcedureCode};
use crate::domain::dates::Period;
use crate::domain::money::Money;

/// The fees of a release.
pub type Dmepos = Release<EquipmentFee>;

/// A state's two letters.
pub type State = Code<2>;

/// How an item is paid (CATG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// CR: capped rental.
    CappedRental,
    /// FS: frequently serviced, rented only.
    FrequentlyServiced,
    /// IN: inexpensive or routinely purchased.
    Inexpensive,
    /// OX: oxygen and oxygen equipment.
    Oxygen,
    /// OS: ostomy, tracheostomy and urological items.
    Ostomy,
    /// PO: prosthetics and orthotics.
    Prosthetics,
    /// SD: surgical dressings.
    SurgicalDressings,
    /// SU: supplies.
    Supplies,
    /// TE: transcutaneous electrical nerve stimulators.
    NerveStimulators,
    /// TS: therapeutic shoes.
    TherapeuticShoes,
    /// Another, by its letters.
    Other(Code<2>),
}

impl Category {
    fn parse(text: &str) -> Option<Category> {
        Some(match text {
            "CR" => Category::CappedRental,
            "FS" => Category::FrequentlyServiced,
            "IN" => Category::Inexpensive,
            "OX" => Category::Oxygen,
            "OS" => Category::Ostomy,
            "PO" => Category::Prosthetics,
            "SD" => Category::SurgicalDressings,
            "SU" => Category::Supplies,
            "TE" => Category::NerveStimulators,
            "TS" => Category::TherapeuticShoes,
            _ => Category::Other(Code::parse(text)?),
        })
    }
}

/// What an item costs in a state, new (NU), used (UE), by the month (RR) or without such a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EquipmentFee {
    /// HCPCS.
    pub code: ProcedureCode,
    /// Mod and Mod2, in the file's order.
    pub modifiers: [Option<Modifier>; 2],
    /// The state.
    pub state: State,
    /// Whether the fee is for rural areas.
    pub rural: bool,
    /// CATG.
    pub category: Category,
    /// The fee; a row where the file has zero is left out, for there is no fee then.
    pub fee: Money,
}

impl Keyed for EquipmentFee {
    type Key = (ProcedureCode, [Option<Modifier>; 2], State, bool);
    const COLUMNS: &'static str = "HCPCS, Mod, Mod2 and state";

    fn key(&self) -> Self::Key {
        (self.code, self.modifiers, self.state, self.rural)
    }

    fn key_text(&self) -> String {
        let [first, second] = self.modifiers.map(Option::unwrap_or_default);
        format!("{} {first} {second} {} {}", self.code, self.state, if self.rural { "(R)" } else { "(NR)" })
    }
}

impl Dmepos {
    /// The fee of an item in a state. Where a release has no rural fee, the other holds.
    pub fn fee(
        &self,
        code: ProcedureCode,
        modifiers: [Option<Modifier>; 2],
        state: State,
        rural: bool,
    ) -> Option<&EquipmentFee> {
        let of = |rural| self.lookup(&(code, modifiers, state, rural));
        if rural { of(true).or_else(|| of(false)) } else { of(false) }
    }
}

struct Columns {
    fixed: [usize; 4],
    states: Vec<(usize, State, bool)>,
}

/// Reads the csv.
pub fn parse(release: &str, effective: Period, bytes: &[u8]) -> Result<Dmepos, LayoutError> {
    read(&Edition::part(release, effective), bytes, &mut Sieve::strict())
}

fn read(edition: &Edition, input: impl Read, sieve: &mut Sieve) -> Result<Dmepos, LayoutError> {
    let mut records = Records::tabbed_or_csv(input);
    let mut record = Record::default();
    let mut columns = None;
    let mut gathered = Gathered::default();
    while records.next(&mut record)? {
        match &columns {
            _ if record.is_blank() => {}
            None => {
                sieve.check_title(edition, &record)?;
                columns = heading(&record).transpose()?;
            }
            Some(columns) => {
                let fees = sieve.row(fees(columns, &record))?;
                let any = fees.is_some();
                for fee in fees.into_iter().flatten() {
                    gathered.push(sieve, &record, Some(fee));
                    // What counts is the file's row, which holds a fee for each state.
                    sieve.taken -= 1;
                }
                sieve.taken += u64::from(any);
            }
        }
    }
    if columns.is_none() {
        return Err(record.no_heading("a line with HCPCS, Mod, Mod2, JURIS, CATG and the states"));
    }
    gathered.into_release(edition, sieve)
}

fn heading(record: &Record) -> Option<Result<Columns, LayoutError>> {
    let heading = Heading::of(record);
    if !heading.has("hcpcs") || !(heading.has("catg") || heading.has("juris")) {
        return None;
    }
    let fixed = || {
        Ok([
            heading.column("hcpcs")?,
            heading.find("Mod", |name| name == "mod" || name == "mod1")?,
            heading.column("mod2")?,
            heading.column("catg")?,
        ])
    };
    let state = |(at, name): (usize, &str)| {
        let (state, rest) = name.split_at_checked(2)?;
        let rural = match rest.trim_matches([' ', '(', ')']) {
            "r" => true,
            "nr" | "" => false,
            _ => return None,
        };
        state.bytes().all(|b| b.is_ascii_alphabetic()).then(|| Some((at, State::parse(state)?, rural))).flatten()
    };
    let states: Vec<_> = heading.columns().filter_map(state).collect();
    Some(fixed().and_then(|fixed| {
        if states.is_empty() {
            heading.find("the states", |_| false)?;
        }
        Ok(Columns { fixed, states })
    }))
}

fn fees(columns: &Columns, record: &Record) -> Result<Vec<EquipmentFee>, LayoutError> {
    let [code, first, second, category] = columns.fixed;
    let code = record.procedure(code, "HCPCS")?;
    let modifiers = [record.modifier(first, "Mod")?, record.modifier(second, "Mod2")?];
    let category = record.read(category, "CATG", "two letters such as CR", Category::parse)?;
    let mut fees = Vec::new();
    for (at, state, rural) in &columns.states {
        match record.money_if_any(*at, "the state's fee")? {
            Some(fee) if fee > Money::ZERO => {
                fees.push(EquipmentFee { code, modifiers, state: *state, rural: *rural, category, fee });
            }
            _ => {}
        }
    }
    Ok(fees)
}

pub(super) const KIND: Kind = Kind {
    id: "dmepos",
    title: "fee schedule of medical equipment and supplies",
    publisher: "CMS",
    href: "https://www.cms.gov/medicare/payment/fee-schedules/dmepos/dmepos-fee-schedule",
    layouts: "csv with HCPCS, Mod, Mod2, JURIS, CATG, Ceiling, Floor and two columns a state, (NR) and (R)",
    used_for: "prices of equipment, prostheses and supplies",
    minimum_rows: 2_000,
    recognizes: |head| head.contains("JURIS") && head.contains("CATG"),
    read: |edition, files| one_file(edition, files, OfficialTable::Dmepos, read),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::date;
    use crate::reference::layout::Fault;

    /// E0601 RR and A7032 NU in Pennsylvania as in CMS's file of January 2026; the rest is made up.
    const FILE: &str = "CY2026 DMEPOS Fee Schedule,,,,\n\nHCPCS,Mod,Mod2,JURIS,CATG,Ceiling,Floor,AL (NR),AL (R),PA (NR),PA (R),Description\nE0601,RR,,D,CR,0.00,0.00,45.00,80.00,50.04,91.18,x\nA7032,NU,,D,IN,0.00,0.00,20.00,0,23.29,38.07,x\nL8000,,,J,PO,\"1,000.00\",0.00,900.00,0,0,0,x\n";

    fn parsed(text: &str) -> Result<Dmepos, LayoutError> {
        parse("x", Period::since(date(2026, 1, 1)), text.as_bytes())
    }

    #[test]
    fn a_fee_goes_by_item_modifier_state_and_kind_of_area() {
        let table = parsed(FILE).unwrap();
        let fee = |code, modifier: &str, state, rural| {
            let modifiers = [Modifier::parse(modifier), None];
            table.fee(ProcedureCode::new(code), modifiers, State::new(state), rural).map(|row| (row.fee, row.category))
        };
        let cents = Money::from_cents;
        assert_eq!(fee("E0601", "RR", "PA", false), Some((cents(5_004), Category::CappedRental)));
        assert_eq!(fee("E0601", "RR", "PA", true), Some((cents(9_118), Category::CappedRental)));
        // No rural fee is published for it in Alabama.
        assert_eq!(fee("A7032", "NU", "AL", true), Some((cents(2_000), Category::Inexpensive)));
        assert_eq!(fee("L8000", "", "AL", false), Some((cents(90_000), Category::Prosthetics)));
        assert_eq!(fee("L8000", "", "PA", false), None);
        assert_eq!(fee("E0601", "", "PA", false), None);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (from, to, line, column, fault) in [
            ("50.04", "free", 4, "the state's fee", Fault::Value),
            ("A7032,NU", "E0601,RR", 5, EquipmentFee::COLUMNS, Fault::DoubledKey),
            (",CATG", ",X", 3, "catg", Fault::MissingColumn),
        ] {
            let error = parsed(&FILE.replacen(from, to, 1)).unwrap_err();
            assert_eq!((error.line, error.column, error.fault), (line, column, fault));
        }
    }
}
