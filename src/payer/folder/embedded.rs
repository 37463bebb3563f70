//! The demo payer, which comes with the program: `payers/demo`.

use std::io::{self, ErrorKind};

use super::load::read;
use crate::proto::v1::PayerFolder;

macro_rules! demo_files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../payers/demo/", $name)))),*]
    };
}

/// Its files, and what they hold.
pub const DEMO: &[(&str, &str)] = demo_files![
    "payer.toml",
    "plans.toml",
    "fee_schedules.toml",
    "policies.toml",
    "value_sets.toml",
    "members.toml",
    "providers.toml",
    "authorizations.toml",
    "authorization_rules.toml",
    "procedures.csv",
    "harbor_amounts.csv",
    "garden_amounts.csv",
    "medicare_amounts.csv",
    "code_pairs.txt",
    "unit_limits.csv",
    "outpatient_rates.txt",
];

/// The demo payer.
pub fn demo() -> PayerFolder {
    let open = |name: &str| {
        let file = DEMO.iter().find(|(file, _)| *file == name);
        file.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::Error::from(ErrorKind::NotFound))
    };
    // It is part of the program; a test below holds that it has no mistake.
    read(&open).map(|(folder, _)| folder).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::payer::folder::{check, load};

    #[test]
    fn the_demo_payer_has_no_mistake_and_is_embedded_whole() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("payers/demo");
        let mistakes: Vec<String> = check(&path).err().unwrap_or_default().iter().map(ToString::to_string).collect();
        assert_eq!(mistakes, [""; 0]);
        assert!(demo() == load(&path).unwrap(), "the embedded files are not all that the folder names");
    }

    #[test]
    fn the_demo_payer_is_large_enough_to_play_with() {
        let folder = demo();
        let families = folder.members.iter().filter(|member| member.member_id == member.subscriber_id).count();
        assert!(families >= 12 && folder.members.len() >= 40, "{families} families");
        assert!(folder.providers.len() >= 15);
        assert!(folder.plans.iter().any(|plan| plan.medicare));
        assert!(folder.plans.iter().any(|plan| !plan.referral_benefits.is_empty()), "a gated plan");
    }
}
