//! Language models, asked for structured answers within limits of time and money, and models that make
//! vectors of texts.
//!
//! - [`Ai`]: asks the models of the settings in order.
//! - [`Task`], [`Question`], [`About`], [`Answer`]: what they are asked, and what comes of it.
//! - [`AiConfig`]: which models there are. Without any, nothing leaves the process.
//! - [`Embedder`]: texts as vectors, by the built-in table or the model of [`EmbeddingsConfig`].
//! - `wire`: the APIs of providers; `client`: one call.
//! - `breaker`: a model that fails is left alone for a while.
//! - [`fence`]: marks text that models must not obey.
//!
//! What a model says is not to be trusted: callers check it before they use it. Nothing of a prompt, an
//! answer or an error text of a provider is logged or stored beyond its time.

mod ai;
mod breaker;
mod client;
mod config;
mod embedder;
mod failure;
pub mod fence;
mod metrics;
mod question;
#[cfg(test)]
mod tests;
mod wire;

pub use ai::Ai;
pub use config::{AiConfig, AiConfigError, Api, ModelConfig, Retries};
pub use embedder::{Embedder, EmbeddingsConfig, EmbeddingsKind, NoVectors};
pub use question::{About, Answer, NoAnswer, Question, Task};
pub use wire::Tokens;
