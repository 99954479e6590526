//! Names of files.

use crate::cut;

/// What stands for the address of a WebAssembly module.
pub(crate) const WASM: &str = "wasm";
/// What stands for the address of a script in a page: the same template makes many pages.
const INLINE: &str = "a page";

/// Bytes of an address that are read.
const MAX_URL: usize = 1_024;
/// Letters of the shortest hash in a name.
const MIN_HASH: usize = 6;
/// Letters of the hash that Rollup and Vite put behind a `-`. It may hold a `-` itself.
const ROLLUP_HASH: usize = 8;
/// Files with code.
const CODE: [&str; 9] = [
    "js", "mjs", "cjs", "ts", "tsx", "jsx", "vue", "svelte", "bundle",
];
const EXTENSIONS: [&str; 6] = [
    "chrome-extension:",
    "moz-extension:",
    "safari-extension:",
    "safari-web-extension:",
    "ms-browser-extension:",
    "webkit-masked-url:",
];
/// What bundlers call files with the code of packages.
const LIBRARIES: [&str; 2] = ["vendor", "polyfill"];

/// What kind of code a frame is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The page's own.
    App,
    /// A package that the page uses.
    Library,
    /// An extension of the browser.
    Extension,
    /// CROW's SDK.
    Sdk,
    /// Built into the browser.
    Native,
    /// Made from a text while the page ran: there is no file.
    Evaluated,
}

/// What kind of code is at an address.
pub(crate) fn kind_of(url: &str) -> Kind {
    if EXTENSIONS.iter().any(|scheme| url.starts_with(scheme)) {
        return Kind::Extension;
    }
    let name = last_part(path_of(url));
    if url.contains("/@crow/tracking-sdk/") || is_sdk(name) {
        return Kind::Sdk;
    }
    let is_library = LIBRARIES.iter().any(|start| name.starts_with(start));
    if is_library || url.contains("/node_modules/") {
        return Kind::Library;
    }
    Kind::App
}

/// `crow.js`, `crow-replay.js`, and the same with a hash.
fn is_sdk(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("crow").filter(|_| name.ends_with(".js")) else {
        return false;
    };
    let parts = ["-replay", "-devtools", "-late"];
    let part = parts.iter().find_map(|part| rest.strip_prefix(part));
    let rest = part.unwrap_or(rest);
    let hash = rest.strip_suffix(".js").unwrap_or(rest);
    hash.is_empty() || hash.starts_with(['.', '-']) && is_hash(&hash[1..])
}

/// The name of a file without what differs between builds. `page` is where it happened.
pub(crate) fn name_of(url: &str, page: &str) -> String {
    if url == WASM {
        return WASM.to_owned();
    }
    let path = path_of(url);
    let name = last_part(path);
    let Some((stem, _extension)) = name.rsplit_once('.').filter(|_| is_code(name)) else {
        let is_inline = origin_of(url).is_some_and(|origin| origin_of(page) == Some(origin));
        return if is_inline {
            INLINE.to_owned()
        } else {
            page_of(url)
        };
    };
    let stem = without_rollup_hash(stem);
    let parts = stem.split(['.', '-', '_']);
    let parts: Vec<&str> = parts.filter(|part| !differs(part)).collect();
    if parts.is_empty() {
        return "*.js".to_owned();
    }
    format!("{}.js", parts.join("-"))
}

/// Whether a name is that of a file with code. Another one may be a part of a page's path.
pub(crate) fn is_code(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_stem, extension)| extension);
    extension.is_some_and(|extension| CODE.contains(&extension))
}

/// The path of a page without what differs between its visitors.
pub(crate) fn page_of(url: &str) -> String {
    let path = path_of(url).trim_end_matches('/');
    let parts = path.split('/').map(|part| {
        let names_something = part.contains(|letter: char| letter.is_ascii_digit())
            || part.contains(['@', '%'])
            || part.len() > 32;
        if names_something { "*" } else { part }
    });
    let parts: Vec<&str> = parts.take(12).collect();
    let path = parts.join("/");
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

/// The path of an address as it is, without query and fragment.
pub(crate) fn path_of(url: &str) -> &str {
    let url = cut(url, MAX_URL);
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    match url.split_once("://") {
        Some((_scheme, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
        None => url,
    }
}

/// Scheme, host and port.
fn origin_of(url: &str) -> Option<&str> {
    let url = cut(url, MAX_URL);
    let host = url.find("://")? + "://".len();
    let end = url[host..].find(['/', '?', '#']);
    Some(end.map_or(url, |end| &url[..host + end]))
}

/// The name of the file at an address.
pub(crate) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn differs(part: &str) -> bool {
    let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
    is_number || matches!(part, "min" | "prod" | "production") || is_hash(part)
}

fn without_rollup_hash(stem: &str) -> &str {
    let at = stem.len().checked_sub(ROLLUP_HASH + 1);
    let Some((name, hash)) = at.and_then(|at| stem.split_at_checked(at)) else {
        return stem;
    };
    match hash.strip_prefix('-') {
        Some(hash) if !name.is_empty() && is_hash(hash) => name,
        Some(_) | None => stem,
    }
}

/// Letters that are no word: with digits, or with capitals inside.
fn is_hash(text: &str) -> bool {
    let is_of_hash = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if text.len() < MIN_HASH || !text.bytes().all(is_of_hash) {
        return false;
    }
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let capitals = text.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    // `checkoutPage` is a name, `BHqKfzRw` is none.
    has_digit || capitals > 2
}
