//! Recipes: claims that draw a reason on the loaded payer.
//!
//! Nothing is canned. Everyday claims are made of the payer's own records ([`scene`]); very many changes are tried on them
//! ([`trials`], [`facility`]); each is decided by the payer's own rules in a rehearsal, as it would read back from X12; the
//! first that draws the reason, and no other denial, is the recipe. In a set, each is decided on what those before it left.

mod aims;
mod excuses;
mod facility;
mod histories;
mod kitchen;
mod other_payers;
mod policies;
mod practices;
mod scene;
mod trials;

use self::kitchen::{Dish, Kitchen, Wanted};
use super::{Caller, Failure, Payer, State};
use crate::adjudication::catalogue;
use crate::domain::codes::{Carc, Group};
use crate::proto::v1 as pb;
use crate::proto::v1::claim::Billed;
use crate::wire;
use crate::x12::claim_837::{Correspondent, write};
use crate::x12::delimiters::Delimiters;
use crate::x12::writer::{InterchangeHeader, Party};

/// Control number of the interchange of a set of recipes.
const CONTROL_NUMBER: u32 = 835;

impl Payer {
    /// Writes the recipe for one reason.
    pub fn write_recipe(&self, caller: &Caller, request: &pb::WriteRecipeRequest) -> Result<pb::Recipe, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        let wanted = wanted(&request.reason, &wanted_of(&state))?;
        let mut kitchen = Kitchen::open(self, &state, &sandbox, vec![wanted]);
        kitchen.cook()?;
        let dish = kitchen.dishes().first();
        let x12 = dish.map(|dish| self.recipes_x12(&state, &dish.claims.iter().collect::<Vec<_>>()));
        Ok(pb::Recipe { x12: x12.unwrap_or_default(), ..recipe(&state, &wanted, dish, kitchen.tried()) })
    }

    /// Writes a recipe for every reason that is given.
    pub fn write_recipes(
        &self,
        caller: &Caller,
        request: &pb::WriteRecipesRequest,
    ) -> Result<pb::WriteRecipesResponse, Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let state = sandbox.read();
        let all = wanted_of(&state);
        let mut kitchen = Kitchen::open(self, &state, &sandbox, all.clone());
        kitchen.cook()?;
        let cooked = kitchen.dishes();
        let in_order: Vec<Billed> = cooked.iter().flat_map(|dish| dish.claims.iter().cloned()).collect();
        let of = |wanted: &Wanted| cooked.iter().find(|dish| dish.wanted == *wanted);
        let recipes = all.iter().map(|wanted| recipe(&state, wanted, of(wanted), kitchen.tried())).collect();
        Ok(pb::WriteRecipesResponse { recipes, x12: self.recipes_x12(&state, &in_order.iter().collect::<Vec<_>>()) })
    }

    /// Claims as one interchange to the payer.
    fn recipes_x12(&self, state: &State, claims: &[&Billed]) -> String {
        let payer = state.in_force.payer();
        x12(&payer, self.now(state), claims)
    }
}

/// Claims as one interchange to a payer.
pub(super) fn x12(payer: &pb::Payer, at: jiff::civil::DateTime, claims: &[&Billed]) -> String {
    let sender = claims.first().and_then(|claim| claim.billing_provider()).cloned().unwrap_or_default();
    let name = sender.name.unwrap_or_default();
    let party = |id: &str| Party { qualifier: "ZZ".into(), id: id.to_owned() };
    let header = InterchangeHeader {
        sender: party("RECIPES"),
        receiver: party(&payer.payer_id),
        at,
        control_number: CONTROL_NUMBER,
        delimiters: Delimiters::USUAL,
    };
    let from = Correspondent { name: &name.last, id: "RECIPES", phone: "" };
    let to = Correspondent { name: &payer.name, id: &payer.payer_id, phone: "" };
    String::from_utf8_lossy(&write(&header, from, to, claims)).into_owned()
}

/// Every reason that the program declares or a policy of the payer chooses, in order of the code.
fn wanted_of(state: &State) -> Vec<Wanted> {
    let mut pairs = catalogue::pairs();
    for reason in policies::reasons(&state.in_force.folder.policies) {
        let read = reason.split_once('-').and_then(|(group, carc)| Some((Carc::parse(carc)?, group_of(group)?)));
        pairs.extend(read);
    }
    pairs.sort_unstable_by_key(|(carc, group)| (catalogue::numeric(*carc), *carc, *group));
    pairs.dedup();
    pairs.into_iter().map(|(carc, group)| Wanted { group, carc, remark: None }).collect()
}

fn group_of(code: &str) -> Option<Group> {
    use Group::{ContractualObligation, OtherAdjustment, PatientResponsibility};
    [ContractualObligation, OtherAdjustment, PatientResponsibility].into_iter().find(|group| group.code() == code)
}

/// Reads "CO-197" or "CO-16:M76".
fn wanted(reason: &str, all: &[Wanted]) -> Result<Wanted, Failure> {
    let mistake = || {
        let words = format!(
            "{reason:?}: write a reason such as CO-197, or with a remark, CO-16:M76; `payersim list denials` lists them"
        );
        Failure::field("reason", words)
    };
    let (pair, remark) = reason.split_once(':').map_or((reason, None), |(pair, remark)| (pair, Some(remark)));
    let known = all.iter().find(|wanted| wanted.to_string() == pair);
    let Some(Wanted { group, carc, .. }) = known.copied() else {
        let denial = wire::denials::find(pair).filter(|denial| !denial.not_given.is_empty());
        let never =
            |denial: pb::Denial| Failure::field("reason", format!("{reason} is never given: {}", denial.not_given));
        return Err(denial.map_or_else(mistake, never));
    };
    let remark = match remark {
        Some(text) => Some(crate::domain::codes::Rarc::parse(text).ok_or_else(mistake)?),
        None => None,
    };
    Ok(Wanted { group, carc, remark })
}

fn recipe(state: &State, wanted: &Wanted, dish: Option<&Dish>, tried: usize) -> pb::Recipe {
    let Some(dish) = dish else {
        let impossible = excuses::why_not(&state.in_force, wanted)
            .unwrap_or_else(|| format!("none of the {tried} claims that were tried on this payer draws it"));
        return pb::Recipe { reason: wanted.to_string(), impossible, ..Default::default() };
    };
    pb::Recipe {
        reason: wanted.to_string(),
        rarcs: dish.rarcs.clone(),
        given_by: dish.given_by.clone(),
        words: dish.words.clone(),
        claims: dish.claims.iter().map(message).collect(),
        ..Default::default()
    }
}

fn message(claim: &Billed) -> pb::RecipeClaim {
    let claim = match claim.clone() {
        Billed::Professional(claim) => pb::recipe_claim::Claim::Professional(claim),
        Billed::Institutional(claim) => pb::recipe_claim::Claim::Institutional(claim),
    };
    pb::RecipeClaim { claim: Some(claim) }
}
