//! Recognises pictures and fonts by their first bytes, whatever type the client declares.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The maximum number of comments and white space in front of an SVG's first element, in parser
/// events.
const MAX_PROLOGUE: usize = 64;

/// The MIME type of the bytes; `None` when they are not a supported picture or font.
pub(super) fn mime_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if is_avif(bytes) => Some("image/avif"),
        [b'B', b'M', ..] if is_bmp(bytes) => Some("image/bmp"),
        [0, 0, 1, 0, ..] if is_icon(bytes) => Some("image/x-icon"),
        [b'w', b'O', b'F', b'F', ..] if has_tables(bytes, 12) => Some("font/woff"),
        [b'w', b'O', b'F', b'2', ..] if has_tables(bytes, 12) => Some("font/woff2"),
        [b'O', b'T', b'T', b'O', ..] if has_tables(bytes, 4) => Some("font/otf"),
        [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] if has_tables(bytes, 4) => Some("font/ttf"),
        _ if is_svg(bytes) => Some("image/svg+xml"),
        _ => None,
    }
}

fn number_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// Whether the number of tables is 1 to 255, as in all fonts.
fn has_tables(bytes: &[u8], at: usize) -> bool {
    number_at(bytes, at).is_some_and(|count| (1..=255).contains(&u16::from_be_bytes(count)))
}

/// Whether the `ftyp` box lists AVIF as a brand.
fn is_avif(bytes: &[u8]) -> bool {
    let length = number_at(bytes, 0).map_or(0, u32::from_be_bytes) as usize;
    let brands = bytes.get(8..length.min(256).min(bytes.len()));
    brands.is_some_and(|brands| {
        brands
            .chunks_exact(4)
            .any(|brand| matches!(brand, b"avif" | b"avis"))
    })
}

/// Whether the length of the second header is one of the known lengths.
fn is_bmp(bytes: &[u8]) -> bool {
    let length = number_at(bytes, 14).map(u32::from_le_bytes);
    matches!(length, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// Whether the first picture lies behind the directory and inside the file.
fn is_icon(bytes: &[u8]) -> bool {
    let count = number_at(bytes, 4).map_or(0, u16::from_le_bytes);
    let offset = number_at(bytes, 18).map_or(0, u32::from_le_bytes) as usize;
    count > 0 && offset >= 6 + 16 * usize::from(count) && offset < bytes.len()
}

/// Whether this is XML whose first element is `svg`. A document type must be SVG's; HTML is
/// rejected.
fn is_svg(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let mut reader = Reader::from_str(text);
    for _ in 0..MAX_PROLOGUE {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => {
                return root.local_name().as_ref() == b"svg";
            }
            Ok(Event::DocType(name)) => {
                let name = name.trim_ascii_start();
                let is_svg = name.get(..3).is_some_and(|name| name == b"svg");
                if !is_svg {
                    return false;
                }
            }
            Ok(Event::Text(text)) if text.trim_ascii().is_empty() => {}
            Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_)) => {}
            Ok(_) | Err(_) => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn font(start: &[u8], at: usize) -> Vec<u8> {
        let mut bytes = start.to_vec();
        bytes.resize(48, 0);
        bytes[at + 1] = 9;
        bytes
    }

    fn bmp() -> Vec<u8> {
        let mut bytes = b"BM".to_vec();
        bytes.resize(60, 0);
        bytes[14] = 40;
        bytes
    }

    fn icon() -> Vec<u8> {
        let mut bytes = vec![0, 0, 1, 0, 1, 0];
        bytes.resize(64, 0);
        bytes[18] = 22;
        bytes
    }

    #[test]
    fn pictures_and_fonts_are_recognised() {
        let cases: &[(&[u8], &str)] = &[
            (b"\x89PNG\r\n\x1a\nrest", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a<script>alert(1)</script>", "image/gif"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", "image/avif"),
            (&bmp(), "image/bmp"),
            (&icon(), "image/x-icon"),
            (&font(b"wOFF", 12), "font/woff"),
            (&font(b"wOF2", 12), "font/woff2"),
            (&font(b"OTTO", 4), "font/otf"),
            (&font(&[0, 1, 0, 0], 4), "font/ttf"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            (
                b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\">\n<svg:svg>",
                "image/svg+xml",
            ),
        ];
        for (bytes, expected) in cases {
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(mime_type(bytes), Some(*expected), "{shown}");
        }
    }

    #[test]
    fn nothing_else_is() {
        let cases: &[&[u8]] = &[
            b"",
            b"\0",
            b"<",
            b"<!doctype html><svg></svg>",
            b"<html><svg></svg></html>",
            b"<!-- svg --><html>",
            b"<svgx/>",
            b"<script>alert(1)</script><svg/>",
            b"text <svg/>",
            b"<![CDATA[<svg>]]>",
            b"%PDF-1.7",
            b"MZ\x90\0",
            b"\x1f\x8b\x08\0",
            b"BM is how this text begins, and it goes on",
            b"\0\0\x01\0\x01\0 no icon, only text that is long enough",
            b"\0\0\x02\0\x01\0",
            b"true story: this is no font",
            b"OTTO",
            b"wOF2",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
            b"\xff\xfe<\0s\0v\0g\0>\0",
            b"#!/bin/sh\n",
            b"alert(1)",
            b"body { background: url(x) }",
            b"\x89PNG\n",
        ];
        for bytes in cases {
            assert_eq!(mime_type(bytes), None, "{}", String::from_utf8_lossy(bytes));
        }
        let comments = format!("{}<svg/>", "<!-- -->".repeat(1_000));
        assert_eq!(mime_type(comments.as_bytes()), None);
    }

    /// Replaces each byte of a valid start, and cuts it at each length. It never panics.
    #[test]
    fn damaged_bytes_are_read_safely() {
        for good in [
            bmp(),
            icon(),
            font(b"wOF2", 12),
            b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1".to_vec(),
        ] {
            for end in 0..good.len() {
                mime_type(&good[..end]);
                for byte in [0, 1, 127, 255] {
                    let mut bytes = good.clone();
                    bytes[end] = byte;
                    mime_type(&bytes);
                }
            }
        }
    }
}
