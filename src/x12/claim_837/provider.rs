//! Names, addresses and provider loops, which have the same shape wherever they stand.

use super::{has_only, text};
use crate::proto::v1::{Address, Name, ProviderReference, ServiceFacility};
use crate::x12::segments::Segment;

/// The name of a person or organization (NM103 to NM107).
pub(super) fn entity_name(segment: &Segment) -> Name {
    Name { last: text(segment, 3), first: text(segment, 4), middle: text(segment, 5), suffix: text(segment, 7) }
}

/// Whether an NM1 has nothing but role, name and an id of this kind.
pub(super) fn has_known_name(segment: &Segment, id_qualifier: &str) -> bool {
    has_only(segment, &[1, 2, 3, 4, 5, 7, 8, 9]) && ["", id_qualifier].contains(&segment.element(8))
}

/// N3 or N4; `false` where it is another segment or says more than there are fields.
pub(super) fn add_to_address(address: &mut Address, segment: &Segment) -> bool {
    match segment.id() {
        "N3" => {
            address.lines = [1, 2].map(|number| text(segment, number)).into();
            address.lines.retain(|line| !line.is_empty());
            true
        }
        "N4" => {
            address.city = text(segment, 1);
            address.state = text(segment, 2);
            address.zip = text(segment, 3);
            address.country = text(segment, 4);
            has_only(segment, &[1, 2, 3, 4])
        }
        _ => false,
    }
}

/// NM1 or PRV of a provider. A second NM1 has no field.
pub(super) fn add_to_provider(provider: &mut Option<ProviderReference>, segment: &Segment) -> bool {
    match (segment.id(), &mut *provider) {
        ("NM1", None) => {
            let reference = ProviderReference {
                npi: text(segment, 9),
                name: Some(entity_name(segment)).filter(|name| *name != Name::default()),
                taxonomy_code: String::new(),
            };
            *provider = Some(reference);
            has_known_name(segment, "XX")
        }
        ("PRV", Some(known)) => {
            known.taxonomy_code = text(segment, 3);
            true
        }
        _ => false,
    }
}

/// NM1, N3 or N4 of a service facility.
pub(super) fn add_to_facility(facility: &mut Option<ServiceFacility>, segment: &Segment) -> bool {
    let facility = facility.get_or_insert_default();
    if segment.id() == "NM1" {
        (facility.npi, facility.name) = (text(segment, 9), text(segment, 3));
        return has_known_name(segment, "XX");
    }
    matches!(segment.id(), "N3" | "N4") && add_to_address(facility.address.get_or_insert_default(), segment)
}
