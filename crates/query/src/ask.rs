//! What callers can ask. Each question is one type with its bounds and defaults. REST and gRPC
//! share it, and it depends on neither.
//!
//! - [`Question`]: the parameters of a question, by name.
//! - `values`: types of parameters, and how they are parsed.
//! - `words`: parameters with a fixed set of words.
//! - `json`: JSON, and what is wrong with it.
//! - One module for each kind of question.

pub mod access;
pub mod accounts;
pub mod admin;
pub mod alerts;
pub mod analytics;
pub mod assets;
pub mod audit;
pub mod cohorts;
pub mod collections;
pub mod conditions;
pub mod dashboards;
pub mod erasures;
pub mod filter;
pub mod funnel;
pub mod interactions;
pub mod issues;
pub mod json;
pub mod kept;
pub mod notifications;
pub mod people;
pub mod products;
pub mod question;
pub mod replay;
pub mod saved_filters;
pub mod search;
pub mod sessions;
pub mod shared;
pub mod source_maps;
pub mod usage;
pub mod values;
pub mod words;
