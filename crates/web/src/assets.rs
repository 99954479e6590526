//! Files of a front-end build, embedded in the binary: the SDK, the dashboard, the demo.
//!
//! A build writes its files to a folder, each with its compressed forms `….br` and `….gz`.
//! The crate that serves them embeds the folder:
//!
//! ```ignore
//! #[derive(rust_embed::RustEmbed)]
//! #[folder = "../../sdk/dist/script"]
//! #[allow_missing = true]
//! struct Files;
//! const SDK: Assets = Assets::of::<Files>("the SDK is not built: run `cargo xtask sdk`");
//! ```
//!
//! A release contains the files of its build. A debug build reads the folder on each request, so
//! that work on a front end needs no Rust build. A workspace in which npm never ran still compiles.
//! It then responds with 404 and names the command to run.

use std::borrow::Cow;

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding,
    ETAG, Encoding, EntityTag, Header, IfNoneMatch, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

use crow_types::ErrorCode;

use crate::ApiError;

#[cfg(test)]
mod tests;

/// How long a client may use its copy of a file without revalidating it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// Forever: the name changes with the content.
    Immutable,
    /// Five minutes, then up to one day while the client revalidates in the background. For scripts
    /// with a fixed name.
    Short,
    /// Always revalidate. For pages, which name all other files.
    Ask,
}

impl Caching {
    fn header(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Short => "public, max-age=300, stale-while-revalidate=86400",
            Self::Ask => "no-cache",
        }
    }
}

/// A folder of files to serve.
#[derive(Debug, Clone, Copy)]
pub struct Assets {
    get: fn(&str) -> Option<EmbeddedFile>,
    is_empty: fn() -> bool,
    remedy: &'static str,
    caching: fn(&str) -> Caching,
    any_origin: bool,
}

impl Assets {
    /// The files of `F`. `remedy` tells the user what to do when the folder is empty. Pages are
    /// always revalidated; other files may be cached for a short time.
    #[must_use]
    pub const fn of<F: RustEmbed>(remedy: &'static str) -> Self {
        Self {
            get: F::get,
            is_empty: || F::iter().next().is_none(),
            remedy,
            caching: by_kind,
            any_origin: false,
        }
    }

    /// Chooses by path how long clients may cache a file.
    #[must_use]
    pub const fn cached(mut self, caching: fn(&str) -> Caching) -> Self {
        self.caching = caching;
        self
    }

    /// Lets pages of any origin load the files and check their hashes (SRI). The header is in every
    /// response, so that a shared cache cannot store one without it.
    #[must_use]
    pub const fn for_any_origin(mut self) -> Self {
        self.any_origin = true;
        self
    }

    /// Whether a file exists at this path, relative to the folder.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        !is_compressed_form(path) && (self.get)(path).is_some()
    }

    /// The file as text, for pages with placeholders; `None` when it does not exist.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        let data = (self.get)(path)?.data.into_owned();
        String::from_utf8(data).ok()
    }

    /// Responds with a file, in the smallest form that the client accepts.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when the file does not exist or nothing was built.
    pub fn answer(&self, request: &HttpRequest, path: &str) -> Result<HttpResponse, ApiError> {
        if !self.has(path) {
            return Err(self.not_found());
        }
        let (file, encoding) = self
            .smallest(request, path)
            .ok_or_else(|| self.not_found())?;
        let tag = entity_tag(&file);
        let is_known = matches_tag(request, &tag);
        let mut response = if is_known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((CACHE_CONTROL, (self.caching)(path).header()))
            .insert_header((ETAG, tag.to_string()))
            .insert_header((VARY, "Accept-Encoding"));
        if self.any_origin {
            response
                .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
                .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"));
        }
        if is_known {
            return Ok(response.finish());
        }
        if let Some(encoding) = encoding {
            response.insert_header((CONTENT_ENCODING, encoding.as_str()));
        }
        Ok(response.content_type(media_type(path)).body(bytes(file)))
    }

    /// The smallest compressed form that the client accepts, with its encoding; `None` for the
    /// plain file.
    fn smallest(
        &self,
        request: &HttpRequest,
        path: &str,
    ) -> Option<(EmbeddedFile, Option<ContentEncoding>)> {
        let accepted =
            AcceptEncoding::parse(request).unwrap_or_else(|_| AcceptEncoding(Vec::new()));
        let forms = [
            (ContentEncoding::Brotli, ".br"),
            (ContentEncoding::Gzip, ".gz"),
        ];
        for (encoding, ending) in forms {
            let name = Encoding::Known(encoding);
            let takes = accepted.negotiate([&name].into_iter()) == Some(name.clone());
            if takes && let Some(file) = (self.get)(&format!("{path}{ending}")) {
                return Some((file, Some(encoding)));
            }
        }
        Some(((self.get)(path)?, None))
    }

    fn not_found(&self) -> ApiError {
        let message = if (self.is_empty)() {
            self.remedy
        } else {
            "no such file"
        };
        ApiError::new(ErrorCode::NotFound, message)
    }
}

fn by_kind(path: &str) -> Caching {
    if path.ends_with(".html") {
        Caching::Ask
    } else {
        Caching::Short
    }
}

/// Compressed forms are not files of their own.
fn is_compressed_form(path: &str) -> bool {
    path.ends_with(".br") || path.ends_with(".gz")
}

/// Identifies the bytes that are sent. Each compressed form has its own tag.
fn entity_tag(file: &EmbeddedFile) -> EntityTag {
    let hash = file.metadata.sha256_hash();
    EntityTag::new_strong(HEXLOWER.encode(&hash[..16]))
}

fn matches_tag(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn bytes(file: EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
