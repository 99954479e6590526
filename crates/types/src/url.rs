/// One or several comma-separated URLs without user and password, for logs and for printing the
/// configuration.
#[must_use]
pub fn without_user(urls: &str) -> String {
    let shown = |url: &str| match url.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_user, place)) => format!("{scheme}://…@{place}"),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    };
    urls.split(',').map(shown).collect::<Vec<_>>().join(",")
}

/// An address without what may name a person: user and password, query, fragment, and parts of the
/// path with an `@`, which become `*`.
#[must_use]
pub fn without_person(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let has_person = |part: &str| part.contains('@') || part.to_ascii_lowercase().contains("%40");
    let (place, path) = match url[..end].split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit_once('@').map_or(host, |(_user, host)| host);
            (format!("{scheme}://{host}"), path)
        }
        None => (String::new(), &url[..end]),
    };
    let shown = |part: &str| if has_person(part) { "*" } else { part }.to_owned();
    let path: Vec<String> = path.split('/').map(shown).collect();
    place + &path.join("/")
}

#[cfg(test)]
mod tests {
    use super::{without_person, without_user};

    #[test]
    fn an_address_names_nobody() {
        for (url, plain) in [
            (
                "https://shop.example/a/b?mail=ada#x",
                "https://shop.example/a/b",
            ),
            ("https://ada:pw@shop.example/a", "https://shop.example/a"),
            (
                "https://shop.example/of/ada@example.org/x",
                "https://shop.example/of/*/x",
            ),
            (
                "https://shop.example/of/ada%40example.org",
                "https://shop.example/of/*",
            ),
            ("https://shop.example", "https://shop.example"),
            (
                "https://shop.example?q=ada@example.org/x",
                "https://shop.example",
            ),
            ("mailto:ada@example.org", "*"),
            ("app/screen#ada", "app/screen"),
            ("", ""),
        ] {
            assert_eq!(without_person(url), plain, "{url}");
        }
    }

    #[test]
    fn user_and_password_are_left_out() {
        assert_eq!(
            without_user("postgres://u:p@ss@host/db"),
            "postgres://…@host/db"
        );
        assert_eq!(
            without_user("nats://a:b@one:4222,nats://two:4222"),
            "nats://…@one:4222,nats://two:4222"
        );
        assert_eq!(without_user("sqlite://crow.db"), "sqlite://crow.db");
        assert_eq!(without_user(""), "");
    }
}
