use sha2::{Digest, Sha256};

use super::*;

/// As `cargo xtask embeddings` makes it. Another table is another [`MODEL`].
const TABLE_SHA256: &str = "64744232efcfac3ca9804c3aeb3f261ff02bc46edb2b17c14d24577e8b53a8b4";
const VOCABULARY_SHA256: &str = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";

fn similarity(one: &str, other: &str) -> f32 {
    let (one, other) = (embed(one).unwrap(), embed(other).unwrap());
    one.similarity(&other.to_bytes()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_table_is_the_one_that_the_model_names() {
    assert_eq!(hex(include_bytes!("../data/table.bin")), TABLE_SHA256);
    assert_eq!(hex(include_bytes!("../data/vocab.txt")), VOCABULARY_SHA256);
    assert_eq!(
        table::ROWS,
        include_str!("../data/vocab.txt").lines().count()
    );
}

/// The numbers are those of the tokenizer that belongs to the model.
#[test]
fn texts_are_cut_as_the_model_cuts_them() {
    let cases: [(&str, &[usize]); 10] = [
        ("Brass lamp", &[8782, 10437]),
        (
            "unaffable embeddings",
            &[14477, 20961, 3468, 7861, 8270, 4667, 2015],
        ),
        (
            "Crème Brûlée, 2-pack!",
            &[13675, 21382, 7987, 9307, 2063, 1010, 1016, 1011, 5308, 999],
        ),
        ("Ünïcödé naïve Straße", &[27260, 15743, 2358, 27807]),
        (
            "Don't stop: 19.99 USD (sale)",
            &[
                2123, 1005, 1056, 2644, 1024, 2539, 1012, 5585, 13751, 1006, 5096, 1007,
            ],
        ),
        (
            "3.5mm jack / USB-C",
            &[1017, 1012, 1019, 7382, 2990, 1013, 18833, 1011, 1039],
        ),
        ("日本 lamp", &[1864, 1876, 10437]),
        ("İstanbul", &[9960]),
        (
            "noise-cancelling headphones",
            &[5005, 1011, 17542, 2989, 2132, 19093],
        ),
        (
            "a\u{200b}b soft\u{ad}hyphen",
            &[11113, 3730, 10536, 8458, 2368],
        ),
    ];
    for (text, expected) in cases {
        let found: Vec<usize> = wordpiece::tokens(text).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_is_no_word_has_no_vector_and_does_not_end_the_text() {
    for text in ["", " \n\t", "\u{202e}\u{0}", &"x".repeat(101)] {
        assert_eq!(embed(text), None, "{text:?}");
    }
    let long = format!("{} lamp", "x".repeat(1_000));
    assert_eq!(embed(&long), embed("lamp"));
}

#[test]
fn markers_in_a_text_are_words() {
    assert_eq!(embed("[CLS]"), embed("[ cls ]"));
    assert_ne!(embed("##ing"), embed("ing"));
    assert_eq!(embed("[unused5]").is_some(), embed("unused 5").is_some());
}

#[test]
fn a_long_text_costs_as_much_as_its_first_tokens() {
    let words = |count| "brass lamp ".repeat(count) + "ocean";
    assert_eq!(embed(&words(MAX_TOKENS)), embed(&words(MAX_TOKENS * 100)));
}

#[test]
fn similar_texts_have_similar_vectors() {
    let near = similarity("sofa in the living room", "couch for the lounge");
    let far = similarity("sofa in the living room", "bicycle with a bell");
    assert!(near > 0.4 && far < 0.2, "{near} {far}");
    assert!(similarity("Lamp", "LAMP") > 0.999);
}

#[test]
fn a_vector_survives_storing_and_bytes_of_another_length_are_none() {
    let vector = embed("lamp").unwrap();
    let bytes = vector.to_bytes();
    assert!(vector.similarity(&bytes).unwrap() > 0.999);
    assert!(bytes.iter().any(|byte| byte.cast_signed().abs() == 127));
    let two = [bytes.clone(), vec![0; DIMENSION]].concat();
    let each = vector.similarities(&two);
    assert_eq!((each.len(), each[1]), (2, 0.0));
    assert!((each[0] - vector.similarity(&bytes).unwrap()).abs() < 1e-6);
    assert_eq!(vector.similarity(&bytes[1..]), None);
    assert_eq!(vector.similarity(&[0; DIMENSION]), None);
    let opposite: Vec<u8> = bytes
        .iter()
        .map(|byte| byte.cast_signed().wrapping_neg().cast_unsigned())
        .collect();
    assert!(vector.similarity(&opposite).unwrap() < -0.999);
}

#[test]
fn vectors_of_other_models_have_other_dimensions_and_are_no_vectors_without_a_direction() {
    for dimension in [1, 3, 1_536] {
        let mut direction = vec![0.25; dimension];
        direction[0] = -2.0;
        let vector = Vector::from_direction(&direction).unwrap();
        let bytes = vector.to_bytes();
        assert_eq!((vector.dimension(), bytes.len()), (dimension, dimension));
        assert_eq!(bytes[0].cast_signed(), -127);
        let each = vector.similarities(&[bytes.clone(), bytes].concat());
        assert!(each.len() == 2 && each.iter().all(|like| *like > 0.999));
        assert_eq!(vector.similarity(&vec![1; dimension + 1]), None);
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            direction[0] = wrong;
            assert_eq!(Vector::from_direction(&direction), None);
        }
    }
    assert_eq!(Vector::from_direction(&[0.0; 3]), None);
    assert_eq!(Vector::from_direction(&[]), None);
}
