//! Normalises pages and hosts for counting and comparing: one name for each, however it was
//! written.

use std::borrow::Cow;

/// The page of a URL: its path, plus the fragment if that is a path (`#/…`, `#!/…`). Escaped
/// letters are decoded: `/caf%C3%A9` becomes `/café`.
pub fn page_of(url: &str) -> Cow<'_, str> {
    unescaped(path_of(url))
}

fn path_of(url: &str) -> &str {
    let rest = match url.split_once("://") {
        Some((_scheme, rest)) => match rest.find(['/', '?', '#']) {
            Some(end) => &rest[end..],
            None => "/",
        },
        None => url,
    };
    match rest.split_once('#') {
        Some((_, fragment)) if fragment.starts_with('/') || fragment.starts_with("!/") => rest,
        _ => match rest.split(['?', '#']).next().unwrap_or_default() {
            "" if !url.is_empty() => "/",
            path => path,
        },
    }
}

/// Decodes the escapes that are equivalent to their characters: letters, digits and `-._~` (RFC
/// 3986, section 2.3), and characters beyond ASCII. Writes the other escapes in upper case.
fn unescaped(path: &str) -> Cow<'_, str> {
    if !path.contains(['%', ' ']) {
        return Cow::Borrowed(path);
    }
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = escape_at(bytes, at);
        match escaped {
            Some(byte) if means_itself(byte) => plain.push(byte),
            Some(byte) => plain.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            None if bytes[at] == b' ' => plain.extend_from_slice(b"%20"),
            None => plain.push(bytes[at]),
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    // If the result is not UTF-8, the path stays as it is.
    String::from_utf8(plain).map_or(Cow::Borrowed(path), Cow::Owned)
}

fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |place: usize| char::from(*bytes.get(place)?).to_digit(16);
    if bytes[at] != b'%' {
        return None;
    }
    u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
}

fn means_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') || !byte.is_ascii()
}

/// The host of a URL in lower case, without `www.`, a trailing dot and the scheme's default port;
/// empty when there is none.
pub fn host_of(url: &str) -> Cow<'_, str> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let port = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => "",
    };
    let host = host.strip_suffix(port).unwrap_or(host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if name.ends_with('.') => {
            Cow::Owned(format!("{}:{port}", name.trim_end_matches('.')))
        }
        _ => Cow::Borrowed(host.trim_end_matches('.')),
    };
    let host = if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        host
    };
    match host {
        Cow::Borrowed(host) => Cow::Borrowed(host.strip_prefix("www.").unwrap_or(host)),
        Cow::Owned(host) => match host.strip_prefix("www.") {
            Some(short) => Cow::Owned(short.to_owned()),
            None => Cow::Owned(host),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_path() {
        for (url, page) in [
            ("https://a.example/cart?x=1#top", "/cart"),
            ("https://a.example", "/"),
            ("https://a.example?x", "/"),
            ("HTTPS://A.example:443/Cart", "/Cart"),
            ("https://a.example/app#/users/1", "/app#/users/1"),
            ("https://a.example/#!/x", "/#!/x"),
            ("/only/path?q", "/only/path"),
            ("Home", "Home"),
            ("", ""),
        ] {
            assert_eq!(page_of(url), page, "{url}");
        }
    }

    #[test]
    fn a_page_is_one_however_it_is_escaped() {
        for (url, page) in [
            ("/café", "/café"),
            ("/caf%C3%A9", "/café"),
            ("/caf%c3%a9", "/café"),
            ("/%63afe", "/cafe"),
            ("/a%2fb", "/a%2Fb"),
            ("/a%20b", "/a%20b"),
            ("/a b", "/a%20b"),
            ("/100%", "/100%"),
            ("/%zz", "/%zz"),
            ("/%ff", "/%ff"),
            ("/%E2%82", "/%E2%82"),
        ] {
            assert_eq!(page_of(url), page, "{url}");
        }
    }

    #[test]
    fn a_host_is_one_however_it_is_written() {
        for (url, host) in [
            ("https://www.google.com/search?q", "google.com"),
            ("android-app://com.example", "com.example"),
            ("HTTPS://WWW.Google.COM./x", "google.com"),
            ("https://google.com:443/", "google.com"),
            ("https://google.com.:443/", "google.com"),
            ("http://google.com:80", "google.com"),
            ("http://google.com:8080", "google.com:8080"),
            ("http://Google.com.:8080", "google.com:8080"),
            ("https://user:pass@a.example/", "a.example"),
            ("http://[::1]:80/", "[::1]"),
            ("nonsense", ""),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
