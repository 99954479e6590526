//! The catalogue: what a product is, how products are imported, and how they are recognised.
//!
//! Pure: no IO, no clock, no randomness.
//!
//! - [`fields`]: the checked fields of a product.
//! - [`price`]: decimal prices in minor units.
//! - [`path`]: the path that names a product's page.
//! - [`csv`], [`json_ld`]: products from files.
//! - [`catalogue`]: recognises products by id, path and name.

pub mod catalogue;
pub mod csv;
pub mod fields;
pub mod json_ld;
pub mod path;
pub mod price;
mod words;
