//! The catalogue: what a product is, how products are imported, and how they are recognised.
//!
//! Pure: no IO, no clock, no randomness.
//!
//! - [`fields`]: the checked fields of a product.
//! - [`price`]: decimal prices in minor units.
//! - [`path`]: the path that names a product's page.
//! - [`csv`], [`json_ld`]: products from files.
//! - [`site`]: products from the pages of a site: [`sitemap`] lists them, [`robots`] says which of them
//!   programs may read, [`html`] finds their data.
//! - [`catalogue`]: recognises products by id, path and name.

pub mod catalogue;
pub mod csv;
pub mod fields;
pub mod html;
pub mod json_ld;
pub mod path;
pub mod price;
pub mod robots;
pub mod site;
pub mod sitemap;
mod words;
