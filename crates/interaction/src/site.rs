//! Imports of catalogues from sites.
//!
//! The read API writes an import into SQL; a process of this service claims it, reads the pages and stores
//! the products at the end. It runs here, because reading a site takes minutes, and because this service
//! accepts no requests from outside that could reach what it fetches.

use std::convert::Infallible;
use std::time::Duration;

use tracing::{info, warn};

use crow_db::products::site_imports::{self, Claim, Found, Progress};
use crow_db::products::{self, ProductRow};
use crow_db::{Db, Result};
use crow_outbound::{Outbound, OutboundConfig};
use crow_product::fields::Fields;
use crow_product::site;
use crow_runtime::retry::keep_running;
use crow_types::{Timestamp, log_chain};

use crate::metrics::count_import;

mod bounds;
mod found;
mod so_far;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use bounds::Bounds;
use found::Product;
use so_far::SoFar;
use walk::Walk;

/// Between two looks for an import.
const PAUSE: Duration = Duration::from_secs(2);
/// Imports of one process at the same time, of different organizations: a slow site does not hold up the
/// next one. Each may take about 100 MB.
const AT_ONCE: usize = 2;
/// How often the claim is renewed and progress is shown.
const BEAT: Duration = Duration::from_secs(2);

/// For ever, [`AT_ONCE`] imports at the same time.
pub(crate) async fn work(db: &Db, outbound: &OutboundConfig, bounds: &Bounds) {
    let one = |_number| keep_running("imports from sites", || look(db, outbound, bounds));
    futures::future::join_all((0..AT_ONCE).map(one)).await;
}

async fn look(db: &Db, outbound: &OutboundConfig, bounds: &Bounds) -> Result<Infallible> {
    loop {
        while let Some(claim) = site_imports::claim(db, Timestamp::now().0).await? {
            // Made for each import: a machine without certificate authorities lacks only imports.
            match Outbound::new(outbound) {
                Ok(outbound) => carry_out(db, &outbound, bounds, &claim).await?,
                Err(error) => give_up(db, &claim, &error).await?,
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn give_up(db: &Db, claim: &Claim, error: &crow_outbound::Error) -> Result<()> {
    warn!(error = log_chain(error), "cannot import from sites");
    let why = "the server cannot connect to other sites; its log says why";
    let (nothing, now) = (Progress::default(), Timestamp::now().0);
    site_imports::fail(db, claim, why, &nothing, now).await?;
    count_import("failed");
    Ok(())
}

/// Reads the site and stores its products. A failure of the database leaves the import to whoever claims it
/// next.
async fn carry_out(db: &Db, outbound: &Outbound, bounds: &Bounds, claim: &Claim) -> Result<()> {
    let so_far = SoFar::default();
    let reading = async {
        // The read API has checked it.
        let start = site::address(&claim.url).map_err(|error| error.to_string())?;
        Walk::new(outbound, bounds, &so_far).read(&start).await
    };
    let outcome = tokio::select! {
        outcome = reading => outcome,
        () = keep_claim(db, claim, &so_far) => {
            count_import("cancelled");
            return Ok(());
        }
    };
    let (progress, now) = (so_far.progress(), Timestamp::now());
    let (is_stored, name) = match outcome {
        Ok(all) => {
            let found = all.into_iter().map(|it| found_of(claim, it, now)).collect();
            let stored = site_imports::finish(db, claim, found, progress, now.0).await?;
            (stored.is_some(), "done")
        }
        Err(why) => {
            let ended = site_imports::fail(db, claim, &why, &progress, now.0).await?;
            (ended, "failed")
        }
    };
    let outcome = if is_stored { name } else { "cancelled" };
    count_import(outcome);
    info!(
        org.id = claim.organization,
        outcome, "import from a site ended"
    );
    Ok(())
}

/// Until the claim does not hold any more.
async fn keep_claim(db: &Db, claim: &Claim, so_far: &SoFar) {
    loop {
        tokio::time::sleep(BEAT).await;
        let progress = so_far.progress();
        match site_imports::renew(db, claim, &progress, Timestamp::now().0).await {
            Ok(true) => {}
            Ok(false) => return,
            // If it goes on, another process takes the import, and this one cannot finish it.
            Err(error) => warn!(error = log_chain(&error), "cannot renew an import"),
        }
    }
}

fn found_of(claim: &Claim, product: Product, now: Timestamp) -> Found {
    Found {
        row: row_of(&claim.organization, product.fields, now),
        url: product.page.to_string(),
        number: product.number,
    }
}

fn row_of(organization: &str, fields: Fields, now: Timestamp) -> ProductRow {
    let row = ProductRow {
        organization_id: organization.to_owned(),
        id: fields.id,
        sku: fields.sku,
        name: fields.name,
        description: fields.description,
        category: fields.category,
        price_minor: fields.price_minor,
        currency: fields.currency,
        url: fields.url,
        path: fields.path,
        image_url: fields.image_url,
        words: String::new(),
        created_at: now.0,
        updated_at: now.0,
    };
    ProductRow {
        words: products::words(&row),
        ..row
    }
}
