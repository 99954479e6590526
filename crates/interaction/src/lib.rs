//! The interaction service: puts finished sessions, and what other services report, into words, and reads
//! catalogues from sites.
//!
//! - [`run()`], [`Config`]: the service; [`run_inside`]: as a part of `crow serve`.
//! - `consumer`: reads the work queues.
//! - `announcement`: what the work queues carry.
//! - `worker`: a message becomes a row, or the row goes.
//! - `failure`: why nothing came of a message.
//! - `stories`: what happened, read on threads of low priority.
//! - `embedded`: the vector of a row, also of those that have none of the model of the settings.
//! - `counted`: what visitors did with products, of rows that an older release wrote.
//! - `meanings`: vectors of catalogues, for reports that name no product.
//! - `indexed`: indexes of large organizations for searches.
//! - `chosen`: the product of a report that a language model chooses among those that are near.
//! - `worded`: a story in the words of a language model, if there is one.
//! - `again`: models are asked again about visits whose text rules wrote in their place.
//! - `stored`: announces stored interactions to services of others.
//! - `expired`: old answers and calls of models go, and announcements that nobody could publish.
//! - `site`: imports of catalogues from sites.
//! - `told`: a story as a row; `report`: what a service reports as a row.
//!
//! A message is settled when its row is committed. Every step may run twice: the row belongs to the
//! session, and only a higher revision replaces it; of reports, the first of a name counts. A failure
//! leaves the message in the queue, which delivers it again.

mod again;
mod announcement;
mod chosen;
mod config;
mod consumer;
mod counted;
mod embedded;
mod expired;
mod failure;
mod indexed;
mod meanings;
mod metrics;
mod report;
mod service;
mod site;
mod stored;
mod stories;
#[cfg(test)]
mod tests;
mod together;
mod told;
mod worded;
mod worker;

pub use config::{Config, InteractionConfig};
pub use service::{run, run_inside};
