//! `POST {url}/embeddings`.

use serde::Deserialize;
use serde_json::json;
use tracing::warn;

use crow_embedding::Vector;

use crate::config::Target;
use crate::failure::Failure;
use crate::wire::{Request, Tokens, read};

/// Bytes of an answer: for each number, for what is around a vector, and for the rest.
const PER_NUMBER: usize = 32;
const PER_VECTOR: usize = 1 << 10;
const REST: usize = 64 << 10;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

#[derive(Deserialize, Default)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
}

/// `dimension`: not every model can be asked for one.
pub(super) fn request(target: &Target, texts: &[&str], dimension: Option<usize>) -> Request {
    let mut body = json!({
        "model": target.model,
        "input": texts,
        "encoding_format": "float",
    });
    if let Some(dimension) = dimension {
        body["dimensions"] = dimension.into();
    }
    Request {
        url: format!("{}/embeddings", target.url),
        key_header: ("authorization", "Bearer "),
        headers: &[],
        body,
    }
}

/// The longest answer about so many texts, in bytes.
pub(super) fn longest(count: usize, dimension: usize) -> usize {
    count * (dimension * PER_NUMBER + PER_VECTOR) + REST
}

/// One vector for each text, in the order of the texts.
pub(super) fn vectors(
    body: &[u8],
    count: usize,
    dimension: usize,
) -> Result<(Vec<Option<Vector>>, Tokens), Failure> {
    let answer: Answer = read(body)?;
    let items = answer.data.into_iter().enumerate();
    let mut items: Vec<(usize, Vec<f32>)> = items
        .map(|(place, item)| (item.index.unwrap_or(place), item.embedding))
        .collect();
    items.sort_by_key(|(place, _numbers)| *place);
    if !items.iter().map(|(place, _numbers)| *place).eq(0..count) {
        return Err(Failure::WrongForm);
    }
    for (_place, numbers) in &items {
        if numbers.len() != dimension {
            warn!(
                dimension = numbers.len(),
                expected = dimension,
                "a model answers with vectors of another dimension than embeddings.dimension"
            );
            return Err(Failure::WrongForm);
        }
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(Failure::WrongForm);
        }
    }
    let vectors = items
        .iter()
        .map(|(_place, numbers)| Vector::from_direction(numbers));
    let usage = answer.usage.unwrap_or_default();
    let tokens = Tokens {
        input: usage.prompt_tokens,
        output: 0,
    };
    Ok((vectors.collect(), tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_two(data: &str) -> Result<Vec<Option<Vector>>, Failure> {
        let body = format!(r#"{{"data": {data}, "usage": {{"prompt_tokens": 3}}}}"#);
        vectors(body.as_bytes(), 2, 3).map(|(vectors, _tokens)| vectors)
    }

    #[test]
    fn vectors_come_in_the_order_of_the_texts() {
        let one = Vector::from_direction(&[1.0, 0.0, 0.0]);
        let other = Vector::from_direction(&[0.0, -1.0, 0.0]);
        let expected = Ok(vec![one, other]);
        for data in [
            r#"[{"index": 1, "embedding": [0, -2, 0]}, {"index": 0, "embedding": [0.5, 0, 0]}]"#,
            r#"[{"embedding": [0.5, 0, 0]}, {"embedding": [0, -2, 0]}]"#,
        ] {
            assert_eq!(read_two(data), expected, "{data}");
        }
        let none = r#"[{"embedding": [0, 0, 0]}, {"embedding": [0, 0, 0]}]"#;
        assert_eq!(read_two(none), Ok(vec![None, None]));
    }

    #[test]
    fn an_answer_of_another_count_or_dimension_or_without_numbers_is_none() {
        for (data, failure) in [
            ("[]", Failure::WrongForm),
            (r#"[{"embedding": [1, 2, 3]}]"#, Failure::WrongForm),
            (
                r#"[{"index": 0, "embedding": [1, 2, 3]}, {"index": 0, "embedding": [1, 2, 3]}]"#,
                Failure::WrongForm,
            ),
            (
                r#"[{"index": 0, "embedding": [1, 2, 3]}, {"index": 7, "embedding": [1, 2, 3]}]"#,
                Failure::WrongForm,
            ),
            (
                r#"[{"embedding": [1, 2, 3]}, {"embedding": [1, 2]}]"#,
                Failure::WrongForm,
            ),
            (
                r#"[{"embedding": [1, 2, 3]}, {"embedding": [1, 2, NaN]}]"#,
                Failure::Unreadable,
            ),
            (
                r#"[{"embedding": [1, 2, 3]}, {"embedding": [1, 2, null]}]"#,
                Failure::Unreadable,
            ),
        ] {
            assert_eq!(read_two(data), Err(failure), "{data}");
        }
        // Larger than any number of a vector.
        assert!(read_two(r#"[{"embedding": [1, 2, 3]}, {"embedding": [1, 2, 1e300]}]"#).is_err());
    }
}
