//! Names of products in paths and titles.

use crate::clean::{MAX_NAME, clean};

/// `Laptop X1` as `laptop-x1`.
pub(crate) fn slug_of(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The part of a title before the name of the shop.
pub(crate) fn name_of(title: &str, slug: &str) -> String {
    let ends = [" | ", " – ", " — ", " - ", " · ", " • "];
    let end = ends.iter().filter_map(|end| title.find(end)).min();
    let name = clean(&title[..end.unwrap_or(title.len())], MAX_NAME);
    if name.is_empty() {
        clean(&slug.replace(['-', '_'], " "), MAX_NAME)
    } else {
        name
    }
}
