//! Products from a CSV file with a header line.

use ::csv::{ReaderBuilder, StringRecord, Trim};

use crate::fields::{Draft, FieldError, Fields, shortened, wrong};
use crate::price;

/// Columns that are known. Their order is that of the file.
pub const COLUMNS: [&str; 9] = [
    "id",
    "sku",
    "name",
    "description",
    "category",
    "price",
    "currency",
    "url",
    "image",
];

/// A product of a file, or what is wrong with it, and the line on which it begins.
pub type Item = (u64, Result<Fields, FieldError>);

/// Why a file is no list of products.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// There is no header line.
    #[error("the first line must name the columns: {}", COLUMNS.join(", "))]
    Missing,
    /// It names a column twice, or one that is not known.
    #[error("unknown or repeated column {name:?}; known columns: {}", COLUMNS.join(", "))]
    Column {
        /// Its name, cut.
        name: String,
    },
    /// No name, or neither id nor SKU.
    #[error("the columns `name`, and `id` or `sku`, are needed")]
    Needed,
}

/// Reads a file. Lines are read one after the other; a wrong one does not stop the others.
///
/// # Errors
/// When the header line is not one of ours.
pub fn read(file: &[u8]) -> Result<impl Iterator<Item = Item>, HeaderError> {
    // Spreadsheets begin their files with a mark.
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .delimiter(delimiter(file))
        .from_reader(file);
    let header = reader.headers().map_err(|_error| HeaderError::Missing)?;
    let columns = columns(header)?;
    Ok(reader.into_records().map(move |record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, ::csv::Position::line);
            (line, product(&columns, &record))
        }
        Err(error) => {
            let line = error.position().map_or(0, ::csv::Position::line);
            (line, Err(unreadable(&error)))
        }
    }))
}

/// Spreadsheets of some countries write semicolons.
fn delimiter(file: &[u8]) -> u8 {
    let header = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if header.contains(&b';') && !header.contains(&b',') {
        b';'
    } else {
        b','
    }
}

fn columns(header: &StringRecord) -> Result<Vec<&'static str>, HeaderError> {
    if header.is_empty() {
        return Err(HeaderError::Missing);
    }
    let mut columns = Vec::new();
    for name in header {
        let known = COLUMNS
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name));
        match known {
            Some(known) if !columns.contains(known) => columns.push(*known),
            _ => {
                let name = name.chars().take(40).collect();
                return Err(HeaderError::Column { name });
            }
        }
    }
    let has = |name| columns.contains(&name);
    if has("name") && (has("id") || has("sku")) {
        Ok(columns)
    } else {
        Err(HeaderError::Needed)
    }
}

fn unreadable(error: &::csv::Error) -> FieldError {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths { .. } => {
            wrong("line", "must have as many fields as the header")
        }
        ::csv::ErrorKind::Utf8 { .. } => wrong("line", "must be UTF-8"),
        _ => wrong("line", "cannot be read"),
    }
}

fn product(columns: &[&'static str], record: &StringRecord) -> Result<Fields, FieldError> {
    let mut draft = Draft::default();
    let mut decimal = "";
    for (column, text) in columns.iter().zip(record) {
        let field = match *column {
            "id" => &mut draft.id,
            "sku" => &mut draft.sku,
            "name" => &mut draft.name,
            "description" => {
                draft.description = Some(shortened(text));
                continue;
            }
            "category" => &mut draft.category,
            "currency" => &mut draft.currency,
            "url" => &mut draft.url,
            "image" => &mut draft.image_url,
            _price => {
                decimal = text;
                continue;
            }
        };
        *field = Some(text.to_owned());
    }
    draft.price_minor = decimal_price(decimal, draft.currency.as_deref())?;
    draft.check(None).map_err(of_column)
}

/// Errors name the column, not the field of the API.
fn of_column(error: FieldError) -> FieldError {
    match error.field {
        "imageUrl" => wrong("image", error.message),
        _ => error,
    }
}

/// The price of a file.
pub(crate) fn decimal_price(
    decimal: &str,
    currency: Option<&str>,
) -> Result<Option<i64>, FieldError> {
    if decimal.is_empty() {
        return Ok(None);
    }
    let currency = currency.unwrap_or_default().to_ascii_uppercase();
    if currency.is_empty() {
        return Err(wrong("currency", "must be given with a price"));
    }
    let minor = price::minor(decimal, &currency);
    let message = "must be a number such as 1299.00, with the decimal places of its currency";
    minor.map(Some).ok_or_else(|| wrong("price", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(file: &str) -> Vec<Item> {
        read(file.as_bytes())
            .expect("the header is right")
            .collect()
    }

    #[test]
    fn a_wrong_line_does_not_stop_the_others() {
        let file = "\u{feff}Name,id,price,currency,url\n\
            \"Brass lamp, large\",lamp,129.00,EUR,https://shop.example/lamp\n\
            ,nameless,,,\n\
            Kettle,kettle,\"1,5\",EUR,\n\
            Hat,hat\n\
            \"Two\nlines\",two,,,\n\
            Cup,cup,,,\n";
        let found = all(file);
        let told: Vec<(u64, Result<&str, &str>)> = found
            .iter()
            .map(|(line, item)| {
                (
                    *line,
                    item.as_ref()
                        .map(|it| it.id.as_str())
                        .map_err(|it| it.field),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (2, Ok("lamp")),
                (3, Err("name")),
                (4, Err("price")),
                (5, Err("line")),
                (6, Err("name")),
                (8, Ok("cup")),
            ]
        );
        let lamp = found[0].1.as_ref().expect("it is right");
        assert_eq!(
            (lamp.name.as_str(), lamp.price_minor),
            ("Brass lamp, large", Some(12_900))
        );
        let described = all("id,name,description\nlamp,Lamp,\"Warm\nand bright\"\n")
            .remove(0)
            .1;
        let described = described.expect("it is right");
        assert_eq!(described.description.as_deref(), Some("Warm and bright"));
        assert_eq!(
            all("sku;name\nS1;Lamp\n")[0]
                .1
                .as_ref()
                .map(|it| it.id.as_str()),
            Ok("S1")
        );
    }

    #[test]
    fn a_wrong_header_is_told() {
        let error = |file: &str| read(file.as_bytes()).map(drop).err();
        assert_eq!(error(""), Some(HeaderError::Missing));
        let column = |name: &str| {
            let name = name.to_owned();
            Some(HeaderError::Column { name })
        };
        assert_eq!(error("id,name,colour\n"), column("colour"));
        assert_eq!(error("id,name,id\n"), column("id"));
        assert_eq!(error("name,price\n"), Some(HeaderError::Needed));
    }
}
