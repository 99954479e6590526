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

#[cfg(test)]
mod tests {
    use super::without_user;

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
