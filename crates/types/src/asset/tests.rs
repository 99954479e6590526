use super::*;

fn parse(text: &str) -> Result<String, AssetUrlError> {
    AssetUrl::parse(text).map(|url| url.as_str().to_owned())
}

#[test]
fn an_address_has_the_form_that_browsers_give_it() {
    for (given, expected) in [
        (
            "https://A.Example:443/x y.png#top",
            "https://a.example/x%20y.png",
        ),
        ("HTTP://a.example", "http://a.example/"),
        (
            "https://a.example/a/../b.woff2?v=1",
            "https://a.example/b.woff2?v=1",
        ),
        (
            "https://bücher.example/ü",
            "https://xn--bcher-kva.example/%C3%BC",
        ),
        ("https://a.example/\0x", "https://a.example/%00x"),
    ] {
        assert_eq!(parse(given).as_deref(), Ok(expected), "{given}");
        assert_eq!(parse(expected).as_deref(), Ok(expected), "again");
    }
}

#[test]
fn what_cannot_be_an_asset_says_why() {
    for (given, expected) in [
        ("", AssetUrlError::NotAbsolute),
        ("/a.png", AssetUrlError::NotAbsolute),
        ("//a.example/a.png", AssetUrlError::NotAbsolute),
        ("https://", AssetUrlError::NotAbsolute),
        ("data:image/png;base64,AAAA", AssetUrlError::Scheme),
        ("blob:https://a.example/1", AssetUrlError::Scheme),
        ("file:///etc/passwd", AssetUrlError::Scheme),
        ("javascript:alert(1)", AssetUrlError::Scheme),
        ("https://ada@a.example/", AssetUrlError::User),
        ("https://:pass@a.example/", AssetUrlError::User),
        ("https://a.example/?token=*", AssetUrlError::Blanked),
        ("https://a.example/?sig=*&w=3", AssetUrlError::Blanked),
        ("https://a.example/;key=*;x", AssetUrlError::Blanked),
    ] {
        assert_eq!(parse(given), Err(expected), "{given}");
    }
    let long = format!("https://a.example/{}", "x".repeat(AssetUrl::MAX_BYTES));
    assert_eq!(parse(&long), Err(AssetUrlError::TooLong));
    let longer_in_ascii = format!("https://a.example/{}", "ü".repeat(1_500));
    assert_eq!(parse(&longer_in_ascii), Err(AssetUrlError::TooLong));
    assert!(parse("https://a.example/?x=a*").is_ok());
}

#[test]
fn the_same_address_has_another_name_in_another_organization() {
    let url = AssetUrl::parse("https://a.example/a.png").unwrap();
    let hash = |name: &str| url.hash_in(&OrganizationId::new(name).unwrap());
    assert_eq!(hash("acme"), hash("acme"));
    assert_ne!(hash("acme"), hash("rival"));
    assert_eq!(hash("acme").short(), hash("acme").0[..8]);
}

#[test]
fn a_content_hash_is_read_as_it_is_written() {
    let hash = ContentHash::of(b"x");
    assert_eq!(hash.to_string().parse(), Ok(hash));
    for bad in [
        "",
        "00",
        &"0".repeat(63),
        &"0".repeat(65),
        &"G".repeat(64),
        &"A".repeat(64),
    ] {
        assert_eq!(bad.parse::<ContentHash>(), Err(ContentHashError), "{bad}");
    }
}
