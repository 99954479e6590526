//! Prices. They are stored in minor units, such as cents.

/// Currencies without minor units, and with a thousand of them (ISO 4217). All others have a hundred.
const NONE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
];
const THREE: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
/// The highest price, in minor units.
pub const MAX: i64 = 1_000_000_000_000_000;

/// Decimal places of a currency.
#[must_use]
pub fn places(currency: &str) -> usize {
    match currency {
        it if NONE.contains(&it) => 0,
        it if THREE.contains(&it) => 3,
        _ => 2,
    }
}

/// `1299.5` of a currency in minor units. `None`: not a price. More places than the currency has must
/// be zeros.
#[must_use]
pub fn minor(price: &str, currency: &str) -> Option<i64> {
    let price = price.trim();
    let (whole, part) = price.split_once('.').unwrap_or((price, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let places = places(currency);
    let kept: String = part.chars().chain("000".chars()).take(places).collect();
    let is_exact = part.bytes().skip(places).all(|byte| byte == b'0');
    let minor: i64 = format!("{whole}{kept}").parse().ok()?;
    (is_exact && minor <= MAX).then_some(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact() {
        assert_eq!(minor("1299.00", "EUR"), Some(129_900));
        assert_eq!(minor(" 0.5 ", "EUR"), Some(50));
        assert_eq!(minor("7", "EUR"), Some(700));
        assert_eq!(minor("1299.000", "EUR"), Some(129_900));
        assert_eq!(minor("1500", "JPY"), Some(1_500));
        assert_eq!(minor("1.234", "KWD"), Some(1_234));
        for (price, currency) in [
            ("1,299.00", "EUR"),
            ("12.345", "EUR"),
            ("1.5", "JPY"),
            ("-1", "EUR"),
            ("", "EUR"),
            (".5", "EUR"),
            ("1e3", "EUR"),
            ("9999999999999999", "EUR"),
        ] {
            assert_eq!(minor(price, currency), None, "{price} {currency}");
        }
    }
}
