//! Official tables: what was read of the releases that a payer uses, each under its kind and name.

use std::sync::Arc;

use super::ambulance::AmbulanceFees;
use super::anesthesia::{AnesthesiaBaseUnits, AnesthesiaFactors};
use super::apc::Apcs;
use super::asc::AscRates;
use super::asp::DrugPrices;
use super::clfs::Clfs;
use super::core_combinations::CoreCombinations;
use super::dmepos::Dmepos;
use super::gpci::Gpcis;
use super::hcpcs::Hcpcs;
use super::icd10cm::Icd10Cm;
use super::ms_drg::DrgWeights;
use super::mue::Mue;
use super::ncci::Ptp;
use super::opps::OppsRates;
use super::oppscap::OppsCaps;
use super::payment_amounts::PaymentAmounts;
use super::pprrvu::RelativeValues;
use super::taxonomy::Taxonomy;
use super::wage_index::WageIndices;
use super::x12_code_lists::X12CodeList;

/// A table of one release. Cloning shares it.
#[derive(Clone, Debug)]
pub enum OfficialTable {
    /// PPRRVU: relative values of the physician fee schedule.
    RelativeValues(Arc<RelativeValues>),
    /// GPCI: geographic indices.
    Gpcis(Arc<Gpcis>),
    /// NCCI procedure-to-procedure edits.
    Ptp(Arc<Ptp>),
    /// NCCI medically unlikely edits.
    Mue(Arc<Mue>),
    /// ICD-10-CM.
    Icd10Cm(Arc<Icd10Cm>),
    /// ICD-10-PCS, whose order file has the same layout.
    Icd10Pcs(Arc<Icd10Cm>),
    /// Anesthesia conversion factors by locality.
    AnesthesiaFactors(Arc<AnesthesiaFactors>),
    /// Anesthesia base units by code.
    AnesthesiaBaseUnits(Arc<AnesthesiaBaseUnits>),
    /// OPPSCAP: the caps of imaging by locality.
    OppsCaps(Arc<OppsCaps>),
    /// CLFS: laboratory fees.
    Clfs(Arc<Clfs>),
    /// DMEPOS: fees of equipment and supplies by state.
    Dmepos(Arc<Dmepos>),
    /// Ambulance rates by locality.
    AmbulanceFees(Arc<AmbulanceFees>),
    /// ASP: payment limits of drugs.
    DrugPrices(Arc<DrugPrices>),
    /// PFALL or PFREV: published amounts by locality.
    PaymentAmounts(Arc<PaymentAmounts>),
    /// HCPCS Level II.
    Hcpcs(Arc<Hcpcs>),
    /// OPPS Addendum A: groups of outpatient services.
    Apcs(Arc<Apcs>),
    /// OPPS Addendum B: rates by code.
    OppsRates(Arc<OppsRates>),
    /// ASC Addendum AA or BB: rates by code.
    AscRates(Arc<AscRates>),
    /// Table 5: weights of MS-DRGs.
    DrgWeights(Arc<DrgWeights>),
    /// Wage indices by area.
    WageIndices(Arc<WageIndices>),
    /// CARC, X12's list.
    ReasonCodes(Arc<X12CodeList>),
    /// RARC, X12's list.
    RemarkCodes(Arc<X12CodeList>),
    /// CAQH CORE code combinations.
    CoreCombinations(Arc<CoreCombinations>),
    /// Provider taxonomy.
    Taxonomy(Arc<Taxonomy>),
}

/// The tables at hand, by kind and release.
#[derive(Clone, Debug, Default)]
pub struct OfficialTables(Vec<(String, String, OfficialTable)>);

impl OfficialTables {
    /// Adds a table.
    pub fn add(&mut self, kind: &str, release: &str, table: OfficialTable) {
        self.0.push((kind.to_owned(), release.to_owned(), table));
    }

    /// The table of a release.
    pub fn get(&self, kind: &str, release: &str) -> Option<&OfficialTable> {
        self.0.iter().find(|(k, r, _)| k == kind && r == release).map(|(.., table)| table)
    }
}

/// A reader of one variant, by the name of its table.
macro_rules! variant {
    ($name:ident, $variant:ident, $table:ty) => {
        impl OfficialTable {
            /// The table, where it is of this kind.
            pub fn $name(&self) -> Option<&Arc<$table>> {
                match self {
                    OfficialTable::$variant(table) => Some(table),
                    _ => None,
                }
            }
        }
    };
}
variant!(relative_values, RelativeValues, RelativeValues);
variant!(gpcis, Gpcis, Gpcis);
variant!(ptp, Ptp, Ptp);
variant!(mue, Mue, Mue);
variant!(icd10cm, Icd10Cm, Icd10Cm);
variant!(icd10pcs, Icd10Pcs, Icd10Cm);
variant!(reason_codes, ReasonCodes, X12CodeList);
variant!(core_combinations, CoreCombinations, CoreCombinations);
variant!(anesthesia_factors, AnesthesiaFactors, AnesthesiaFactors);
variant!(anesthesia_base_units, AnesthesiaBaseUnits, AnesthesiaBaseUnits);
variant!(hcpcs, Hcpcs, Hcpcs);
variant!(opps_caps, OppsCaps, OppsCaps);
variant!(clfs, Clfs, Clfs);
variant!(drug_prices, DrugPrices, DrugPrices);
variant!(dmepos, Dmepos, Dmepos);
variant!(ambulance_fees, AmbulanceFees, AmbulanceFees);
variant!(apcs, Apcs, Apcs);
variant!(opps_rates, OppsRates, OppsRates);
variant!(asc_rates, AscRates, AscRates);
variant!(drg_weights, DrgWeights, DrgWeights);
variant!(wage_indices, WageIndices, WageIndices);
