//! What an installation needs, computed from what was measured.

use anyhow::Context;

use super::{Length, cost};
use crate::results::{Results, Sheet};

pub const NAME: &str = "sizing";
pub const ABOUT: &str = "\
Computed from [what a session costs](#what-a-session-costs), with recordings and a row for \
every event.\n\
\n\
- *cores*: for four times the mean rate. Gateway, NATS and keeper are included; live views \
and analytics are not.\n\
- *objects*, *SQL*: of 30 days.\n\
- *$*: dollars per month. The prices are only an example: 25 for a core with 4 GB of memory, \
0.08 per GB of disk, 0.015 per GB in the object store, 4.50 per million writes to it, and \
nothing for traffic.";

const EVENTS_A_DAY: [f64; 4] = [1e6, 1e7, 1e8, 1e9];
const PEAK: f64 = 4.0;
const DAY: f64 = 86_400.0;
const DAYS: f64 = 30.0;
const CORE: f64 = 25.0;
const DISK_GB: f64 = 0.08;
const OBJECT_GB: f64 = 0.015;
const MILLION_WRITES: f64 = 4.5;

/// `before`: figures of this run; what a session costs is measured when it is not among them.
pub async fn run(length: &Length, before: &Results) -> anyhow::Result<Sheet> {
    let known = before.scenarios.iter().find(|one| one.name == cost::NAME);
    let measured = match known {
        Some(_) => None,
        None => Some(cost::run(length).await?),
    };
    let costs = known.or(measured.as_ref()).context("known or measured")?;
    let figure = |column: &str| {
        let figure = costs.median(cost::VISIT, column);
        figure.with_context(|| format!("{column} was not measured"))
    };
    let a_session = figure(cost::EVENTS)?;
    let cpu = figure(cost::CPU)?;
    let writes = figure(cost::WRITES)?;
    let (stored_kb, sql_kb) = (figure(cost::STORED)?, figure(cost::SQL)?);

    let mut sheet = Sheet::new(NAME);
    for events in EVENTS_A_DAY {
        let row = format!("{} million events a day", events / 1e6);
        let sessions = events / a_session;
        let cores = (events / DAY * PEAK * cpu / 1e6).max(1.0);
        let objects_gb = sessions * DAYS * stored_kb / 1e6;
        let sql_gb = sessions * DAYS * sql_kb / 1e6;
        let million_writes = sessions * DAYS * writes / 1e6;
        let (compute, disk) = (cores * CORE, sql_gb * DISK_GB);
        let store = objects_gb * OBJECT_GB + million_writes * MILLION_WRITES;
        sheet.add(&row, "sessions a day", sessions);
        sheet.add(&row, "events/s at peak", events / DAY * PEAK);
        sheet.add(&row, "cores", cores);
        sheet.add(&row, "objects GB", objects_gb);
        sheet.add(&row, "SQL GB", sql_gb);
        sheet.add(&row, "$ cores", compute);
        sheet.add(&row, "$ disk", disk);
        sheet.add(&row, "$ objects", store);
        sheet.add(&row, "$ together", compute + disk + store);
    }
    Ok(sheet)
}
