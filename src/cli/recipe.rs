//! `recipe`: claims that draw a reason, made of the payer's own records.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::Row;
use serde_json::Value as Json;

use super::output::{count, spinner};
use super::target::Target;
use crate::client::Failure;
use crate::client::messages::typed_to_json;
use crate::proto::v1::{Recipe as Message, WriteRecipeRequest, WriteRecipesRequest};

/// Write a claim that draws a reason, as 837 (the default) or JSON; or a set that draws every reason
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  payersim recipe CO-197                          the claim, as an 837
  payersim recipe CO-16:M76 --json                the same as messages, for a remark
  payersim recipe --list                          every reason, with what is done to draw it
  payersim recipe --all > all.edi                 one claim or more for every reason
  payersim recipe --all | payersim submit -       and what becomes of them")]
pub(super) struct Recipe {
    /// The reason, such as CO-197, or with a remark, CO-16:M76
    #[arg(required_unless_present_any = ["all", "list"])]
    reason: Option<String>,
    /// A recipe for every reason
    #[arg(long, conflicts_with = "reason")]
    all: bool,
    /// List the recipes instead of writing them
    #[arg(long, conflicts_with = "reason")]
    list: bool,
    /// Print X12 (the default)
    #[arg(long, conflicts_with = "json")]
    x12: bool,
    /// Write a file of X12 and one of JSON for each claim into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

impl Recipe {
    pub async fn run(self) -> Result<(), Failure> {
        let client = self.target.connect().await?;
        let parent = client.sandbox().to_owned();
        let waiting = spinner("trying claims");
        let (recipes, x12) = match &self.reason {
            Some(reason) => {
                let request = WriteRecipeRequest { parent, reason: reason.clone() };
                let recipe = client.denials().write_recipe(request).await?.into_inner();
                let x12 = recipe.x12.clone();
                (vec![recipe], x12)
            }
            None => {
                let all = client.denials().write_recipes(WriteRecipesRequest { parent }).await?.into_inner();
                (all.recipes, all.x12)
            }
        };
        waiting.finish_and_clear();
        if self.list {
            return self.print_list(&recipes);
        }
        if let (Some(reason), [recipe]) = (&self.reason, recipes.as_slice())
            && !recipe.impossible.is_empty()
        {
            return Err(Failure::Usage(format!("this payer cannot draw {reason}: {}", recipe.impossible)));
        }
        if let Some(folder) = &self.out {
            return self.write_files(folder, &recipes, &x12);
        }
        let mut out = self.target.out();
        if out.json {
            return Ok(recipes.iter().try_for_each(|recipe| out.value(&typed_to_json("Recipe", recipe)))?);
        }
        write!(out, "{x12}")?;
        Ok(())
    }

    fn print_list(&self, recipes: &[Message]) -> Result<(), Failure> {
        let mut out = self.target.out();
        if out.json {
            return Ok(recipes.iter().try_for_each(|recipe| out.value(&typed_to_json("Recipe", recipe)))?);
        }
        let row = |recipe: &Message| {
            let what = if recipe.impossible.is_empty() { &recipe.words } else { &recipe.impossible };
            let claims = if recipe.claims.is_empty() { String::new() } else { recipe.claims.len().to_string() };
            Row::from(vec![
                recipe.reason.clone(),
                recipe.rarcs.join(" "),
                recipe.given_by.clone(),
                claims,
                what.clone(),
            ])
        };
        out.table(
            &["reason", "remarks", "given by", "claims", "what is done"],
            &["claims"],
            recipes.iter().map(row).collect(),
        )?;
        let drawn = recipes.iter().filter(|recipe| recipe.impossible.is_empty()).count();
        let drawn = i64::try_from(drawn).unwrap_or(i64::MAX);
        writeln!(
            out,
            "{} of {} drawn on this payer",
            drawn,
            count(i64::try_from(recipes.len()).unwrap_or(0), "reason")
        )?;
        Ok(())
    }

    fn write_files(&self, folder: &Path, recipes: &[Message], x12: &str) -> Result<(), Failure> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        let mut out = self.target.out();
        let mut keep = |name: String, text: &str| -> Result<(), Failure> {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|error| Failure::file(&path, &error))?;
            Ok(writeln!(out, "wrote {}", path.display())?)
        };
        let name = self.reason.as_ref().map_or_else(|| "recipes".to_owned(), |reason| reason.replace(':', "-"));
        keep(format!("{name}.edi"), x12)?;
        for recipe in recipes {
            for (at, claim) in (1..).zip(&recipe.claims) {
                let reason = recipe.reason.replace(':', "-");
                let json: Json = typed_to_json("RecipeClaim", claim);
                keep(format!("{reason}.{at}.json"), &format!("{json:#}\n"))?;
            }
        }
        Ok(())
    }
}
