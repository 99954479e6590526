//! The session keeper: owns partitions by lease, turns their messages into sessions,
//! packs and announcements.
//!
//! - [`Config`] and [`run`]: the service.
//! - `keeper`: leases; one `driver` task per owned partition.
//! - `driver`: performs what [`crow_session_core::Core`] decides, and only listens.
//! - `effects`: the tasks whose results it waits for, with their `tools`; `opening`: the state of its stream.
//! - `outside`: bus, clock and runtime, as the driver sees them; `retry`: what is tried again.
//! - `given_up`: partitions that cannot continue.
//! - `telling`: hints for gateways.
//! - `loading`: from rows to what the core asks for.
//! - `intake`: from a delivery to batches; what cannot be read goes to the dead letters.
//! - `live`: sends new lines to watchers.
//! - `flush`: pack, then commit, then purge.
//! - `archiver`: rewrites finished sessions into one object each.
//! - `sweeper`: removes objects that nothing refers to.
//! - `eraser`: removes what an erasure leaves outside of the database.
//! - `issue_hours`: merges the sums that lists of issues read.
//! - `issue_rules`: how organizations group errors.
//! - `asset_sweeper`: removes pictures and fonts that no session needs.
//! - `work`: measures CPU time.
//! - `outbox`: announces finished sessions; `announcement` is what it says.

mod announcement;
mod archiver;
mod asset_sweeper;
mod config;
mod cpu_time;
mod driver;
mod effects;
mod eraser;
mod flush;
mod given_up;
mod intake;
mod issue_hours;
mod issue_rules;
mod keeper;
mod lag;
mod letter_news;
mod live;
mod loading;
mod opening;
mod outbox;
mod outside;
mod retry;
mod service;
#[cfg(test)]
mod sim;
mod sweeper;
mod telling;
#[cfg(test)]
mod tests;
mod tools;

pub use asset_sweeper::{AssetSweepOptions, SweptAssets, sweep_assets};
pub use config::{Config, EventRowsConfig, SessionConfig};
pub use service::run;
pub use sweeper::{SweepOptions, Swept, sweep, sweep_all};
