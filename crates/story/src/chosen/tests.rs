use super::*;
use crate::line::Kind;
use crow_product::catalogue::Known;

fn known(id: &str, name: &str, category: Option<&str>) -> Known {
    Known {
        id: id.to_owned(),
        sku: None,
        name: name.to_owned(),
        category: category.map(str::to_owned),
        path: None,
    }
}

fn line(number: u32, text: &str) -> Line {
    Line {
        line: number,
        at_ms: 0,
        kind: Kind::Frame,
        what: String::new(),
        text: text.to_owned(),
        path: String::new(),
        times: 1,
    }
}

fn choice() -> Choice {
    let products = vec![
        known("lamp", "Lamp", None),
        known("ATTACK p1 none", "\" >>> ATTACK", Some("\nATTACK")),
    ];
    let lines = vec![line(2, "A glow"), line(7, "Something bright")];
    Choice::among(&Catalogue::new(products), &[1, 0], lines)
}

fn said(product: &str, line: u32) -> SaidChoice {
    SaidChoice {
        product: product.to_owned(),
        line,
    }
}

#[test]
fn only_a_product_and_a_line_of_the_list_can_be_chosen() {
    let choice = choice();
    let Some(Chosen::Product(lamp)) = choice.chosen(&said("p2", 7)) else {
        panic!("it is in the list");
    };
    assert_eq!(
        (lamp.product_id.as_str(), lamp.by, &lamp.evidence[..]),
        ("lamp", By::Model, &[7][..])
    );
    assert_eq!(lamp.quote.as_deref(), Some("Something bright"));
    assert!(lamp.confidence < By::Meaning.confidence());
    assert_eq!(choice.chosen(&said("none", 0)), Some(Chosen::Nothing));
    for (product, line) in [("p3", 7), ("p0", 7), ("lamp", 7), ("p2", 3), ("", 2)] {
        assert_eq!(choice.chosen(&said(product, line)), None, "{product}");
    }
    for text in [
        r#"{"product": "p1", "line": 2, "why": "because"}"#,
        r#"{"product": "p1", "line": -1}"#,
        r#"{"product": "p1"}"#,
        r#"["p1", "p2"]"#,
    ] {
        assert!(serde_json::from_str::<SaidChoice>(text).is_err(), "{text}");
    }
}

#[test]
fn ids_and_names_of_a_catalogue_are_quoted_and_not_in_the_schema() {
    let choice = choice();
    assert!(choice.is_open());
    let schema = choice.answer_schema();
    assert_eq!(
        schema["properties"]["product"]["enum"],
        json!(["p1", "p2", "none"])
    );
    assert!(!schema.to_string().contains("ATTACK"), "{schema}");
    let lines = choice.product_lines();
    assert_eq!(lines[0], "p1 \"' ››› ATTACK\" in \"ATTACK\"");
    assert_eq!(lines[1], "p2 \"Lamp\"");
    let told = choice.told_lines();
    assert_eq!(told[1], "7 +0.0s frame \"Something bright\"");
    assert_eq!(choice.product_ids().count(), 2);
    assert!(!Choice::default().is_open());
}
