//! Origins of pages, in the form that browsers send.

/// The maximum length of an origin, in bytes.
const MAX_BYTES: usize = 300;

/// Why a text is not a page's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Web pages have one of two schemes.
    #[error("it must begin with https:// or http://")]
    Scheme,
    /// Origins are compared as a whole.
    #[error("wildcards do not work: name each origin")]
    Wildcard,
    /// An origin ends after the host or the port.
    #[error("it must have no user, path, query or fragment")]
    More,
    /// Host names are ASCII in an `Origin` header.
    #[error("its host must be a host name in ASCII (xn--… for others) or an IP address")]
    Host,
    /// Ports are 1 to 65535.
    #[error("its port must be 1 to 65535")]
    Port,
    /// The text is too long for an origin.
    #[error("it is longer than 300 bytes")]
    Long,
}

/// The origin in the form that browsers send: lower case, without the scheme's default port.
pub fn normalised(text: &str) -> Result<String, OriginError> {
    if text.len() > MAX_BYTES {
        return Err(OriginError::Long);
    }
    let text = text.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
    let own_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return Err(OriginError::Scheme),
    };
    if rest.contains('*') {
        return Err(OriginError::Wildcard);
    }
    if rest.contains(['/', '?', '#', '@', '\\', ',']) {
        return Err(OriginError::More);
    }
    let (host, port) = split_port(rest)?;
    if !is_host(host) {
        return Err(OriginError::Host);
    }
    Ok(match port {
        Some(port) if port != own_port => format!("{scheme}://{host}:{port}"),
        Some(_) | None => format!("{scheme}://{host}"),
    })
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), OriginError> {
    // An IPv6 address with its colons must be in brackets.
    if rest.starts_with('[') && !rest.contains(']') {
        return Err(OriginError::Host);
    }
    let after_host = rest.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = rest[after_host..].find(':') else {
        return Ok((rest, None));
    };
    let (host, port) = rest.split_at(after_host + colon);
    let port = &port[1..];
    let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if is_number && number > 0 => Ok((host, Some(number))),
        _ => Err(OriginError::Port),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(is_plain)
    };
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_put_into_the_form_of_browsers() {
        for (given, origin) in [
            ("https://shop.example", "https://shop.example"),
            ("HTTPS://Shop.Example", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://shop.example:80", "http://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:0080", "http://127.0.0.1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
            (
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
            ),
        ] {
            assert_eq!(normalised(given).as_deref(), Ok(origin), "{given}");
        }
    }

    #[test]
    fn what_no_page_can_send_is_refused_with_the_reason() {
        for (given, reason) in [
            ("acme", OriginError::Scheme),
            ("null", OriginError::Scheme),
            ("", OriginError::Scheme),
            ("javascript://x", OriginError::Scheme),
            ("file://host", OriginError::Scheme),
            ("https://*.example", OriginError::Wildcard),
            ("https://*", OriginError::Wildcard),
            ("https://shop.example/", OriginError::More),
            ("https://shop.example/a", OriginError::More),
            ("https://user@shop.example", OriginError::More),
            ("https://a.example,https://b.example", OriginError::More),
            ("https://shop.example?a", OriginError::More),
            ("https://", OriginError::Host),
            ("https://:443", OriginError::Host),
            ("https://b\u{fc}cher.example", OriginError::Host),
            ("https://a b.example", OriginError::Host),
            ("https://a..example", OriginError::Host),
            ("https://[::1", OriginError::Host),
            ("https://shop.example:", OriginError::Port),
            ("https://shop.example:0", OriginError::Port),
            ("https://shop.example:65536", OriginError::Port),
            ("https://shop.example:+80", OriginError::Port),
        ] {
            assert_eq!(normalised(given), Err(reason), "{given}");
        }
        let long = format!("https://{}.example", "a".repeat(300));
        assert_eq!(normalised(&long), Err(OriginError::Long));
    }
}
