//! `cargo xtask deploy-check`: everything in `deploy/`, as far as one machine can check it.
//!
//! - Each overlay and component is built, and checked against the schemas of three versions of
//!   Kubernetes, those of the custom resources, and the pod security level `restricted`.
//! - Alert rules are tested, and the metrics that rules and dashboard name must exist.
//! - The image is built, and the pods of the production overlay with the component `tls` run on three
//!   NATS nodes, Postgres and S3. They wait for the schema, become ready, pass `crow doctor`, go on
//!   when a NATS node dies, and stop without losing a request. The pod of `single` runs as well.
//!
//! There is no API server here, so admission, scheduling, Services and network policies are not
//! checked.

use anyhow::Context;
use clap::Args;

use crate::command::progress;
use crate::dist::{self, Profile};
use crate::tools;

mod certificates;
mod client;
mod installation;
mod instance;
mod manifests;
mod monitoring;
mod nats_cluster;
mod nats_values;
mod outcome;
mod podman;
mod processes;
mod restricted;
mod runner;
mod servers;
mod shape;
#[cfg(test)]
mod tests;
mod wiring;

/// What to check.
#[derive(Debug, Args)]
pub struct Options {
    /// Which build goes into the image.
    #[arg(long, value_enum, default_value = "dev")]
    profile: Profile,
    /// Check only the manifests and the alert rules, and run nothing.
    #[arg(long)]
    skip_run: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: Profile::Dev,
            skip_run: false,
        }
    }
}

/// Builds what runs, and checks everything.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    require_programs()?;
    if !options.skip_run {
        dist::build(options.profile).await?;
    }
    check(options).await
}

/// As [`run`], with the programs that were built last.
pub async fn check(options: &Options) -> anyhow::Result<()> {
    tools::for_deploy().await?;
    let built = manifests::build_all().await?;
    manifests::validate(&built).await?;
    for overlay in &built {
        restricted::check(overlay)?;
        shape::check(overlay)?;
        wiring::check(overlay)?;
    }
    progress(format!(
        "{} combinations of overlays and components are valid",
        built.len()
    ));
    nats_values::check().await?;
    monitoring::check(&built).await?;
    if options.skip_run {
        return Ok(());
    }
    let named = |name: &str| {
        let found = built.iter().find(|overlay| overlay.name == name);
        found.with_context(|| format!("there is no overlay {name}"))
    };
    let (production, single) = (named(manifests::RUN)?, named(manifests::SINGLE)?);
    installation::check(production, single, options.profile).await
}

/// Said before anything that takes long.
pub fn require_programs() -> anyhow::Result<()> {
    monitoring::promtool()?;
    crate::image::require_podman()?;
    tools::require_postgres()
}
