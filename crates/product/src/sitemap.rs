//! Sitemaps: the pages of a site, or more sitemaps. <https://www.sitemaps.org/protocol.html>

use quick_xml::Reader;
use quick_xml::events::Event;

/// Addresses of one file; the protocol allows as many.
const MOST: usize = 50_000;
/// Bytes of one address.
const MOST_BYTES: usize = 2_048;

/// What a sitemap lists. Addresses are as they are in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sitemap {
    /// Pages.
    Pages(Vec<String>),
    /// Sitemaps.
    Sitemaps(Vec<String>),
}

/// Why a sitemap cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sitemap is damaged: it is no well-formed XML")]
pub struct Damaged;

/// Reads a file. `None`: it is no sitemap, so it may be a page.
///
/// # Errors
/// When it begins like a sitemap and goes on like something else.
pub fn read(file: &str) -> Result<Option<Sitemap>, Damaged> {
    let mut reader = Reader::from_str(file.trim_start_matches('\u{feff}').trim_start());
    let Some(kind) = root(&mut reader) else {
        return Ok(None);
    };
    let mut addresses = Vec::new();
    // The names of the open elements below the root, as far as they matter.
    let mut depth = 0_usize;
    let mut is_entry = false;
    let mut location: Option<String> = None;
    while addresses.len() < MOST {
        match reader.read_event().map_err(|_error| Damaged)? {
            Event::Start(start) => {
                depth += 1;
                let name = start.local_name();
                match depth {
                    1 => is_entry = name.as_ref() == kind.entry.as_bytes(),
                    // `image:loc` lies deeper.
                    2 if is_entry && name.as_ref() == b"loc" => location = Some(String::new()),
                    _ => {}
                }
            }
            Event::Text(text) if depth == 2 => {
                append(&mut location, &text.decode().map_err(|_error| Damaged)?);
            }
            Event::CData(text) if depth == 2 => {
                append(&mut location, &text.decode().map_err(|_error| Damaged)?);
            }
            Event::GeneralRef(name) if depth == 2 => {
                let name = name.decode().map_err(|_error| Damaged)?;
                let known = quick_xml::escape::unescape(&format!("&{name};"))
                    .map(std::borrow::Cow::into_owned);
                append(&mut location, &known.map_err(|_error| Damaged)?);
            }
            Event::End(_) if depth == 0 => break,
            Event::End(_) => {
                depth -= 1;
                if depth == 1
                    && let Some(address) = location.take()
                {
                    let address = address.trim();
                    if !address.is_empty() {
                        addresses.push(address.to_owned());
                    }
                }
            }
            Event::Eof => return Err(Damaged),
            _ => {}
        }
    }
    Ok(Some((kind.made)(addresses)))
}

/// An address that is too long is left out.
fn append(location: &mut Option<String>, text: &str) {
    let Some(begun) = location else { return };
    if begun.len() + text.len() > MOST_BYTES {
        *location = None;
    } else {
        begun.push_str(text);
    }
}

struct Kind {
    entry: &'static str,
    made: fn(Vec<String>) -> Sitemap,
}

/// Which of the two it is. `None`: something else.
fn root(reader: &mut Reader<&[u8]>) -> Option<Kind> {
    loop {
        match reader.read_event() {
            Ok(Event::Start(root)) => {
                return match root.local_name().as_ref() {
                    b"urlset" => Some(Kind {
                        entry: "url",
                        made: Sitemap::Pages,
                    }),
                    b"sitemapindex" => Some(Kind {
                        entry: "sitemap",
                        made: Sitemap::Sitemaps,
                    }),
                    _ => None,
                };
            }
            Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => {}
            Ok(Event::Text(text)) if text.trim_ascii().is_empty() => {}
            Ok(_) | Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(all: &[&str]) -> Result<Option<Sitemap>, Damaged> {
        let all = all.iter().copied().map(str::to_owned);
        Ok(Some(Sitemap::Pages(all.collect())))
    }

    #[test]
    fn pages_and_sitemaps_are_listed() {
        let file = "\u{feff}<?xml version=\"1.0\"?><!-- made by hand -->\n<s:urlset xmlns:s=\"x\">\
            <s:url><s:loc> https://shop.example/a?b=1&amp;c=&#50; </s:loc><lastmod>2026-01-01</lastmod>\
            <image:image><image:loc>https://shop.example/a.jpg</image:loc></image:image></s:url>\
            <url><loc><![CDATA[https://shop.example/b]]></loc></url><url/><other><loc>no</loc></other>\
            <url><loc></loc></url></s:urlset>";
        assert_eq!(
            read(file),
            pages(&["https://shop.example/a?b=1&c=2", "https://shop.example/b"])
        );
        let index = "<sitemapindex><sitemap><loc>https://shop.example/1.xml.gz</loc></sitemap></sitemapindex>";
        let expected = Sitemap::Sitemaps(vec!["https://shop.example/1.xml.gz".to_owned()]);
        assert_eq!(read(index), Ok(Some(expected)));
        assert_eq!(read("<urlset></urlset>"), pages(&[]));
    }

    #[test]
    fn other_files_are_none_and_damaged_ones_are_told() {
        for page in [
            "",
            "hello",
            "<html><urlset></urlset></html>",
            "<!doctype html><p>",
            "{}",
        ] {
            assert_eq!(read(page), Ok(None), "{page}");
        }
        for damaged in [
            "<urlset><url><loc>https://shop.example/a</loc></url>",
            "<urlset><url></loc></urlset>",
            "<urlset><url><loc>&bomb;</loc></url></urlset>",
        ] {
            assert_eq!(read(damaged), Err(Damaged), "{damaged}");
        }
    }

    #[test]
    fn entities_do_not_grow() {
        let file = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\
            <urlset><url><loc>https://shop.example/&b;</loc></url></urlset>";
        assert_eq!(read(file), Err(Damaged));
        let long = format!(
            "<urlset><url><loc>{}</loc></url></urlset>",
            "x".repeat(10_000)
        );
        assert_eq!(read(&long), pages(&[]));
    }
}
