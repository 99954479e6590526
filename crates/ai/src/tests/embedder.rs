use serde_json::{Value, json};

use crow_testkit::scripted::{Scripted, ScriptedServer, Seen};

use crate::{Embedder, EmbeddingsConfig, EmbeddingsKind, NoVectors};

/// Behind a firewall that refuses one text.
fn answer(_number: usize, seen: &Seen) -> Scripted {
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    let texts = body["input"].as_array().unwrap();
    if texts.iter().any(|text| text == "evil") {
        return Scripted::status(403, "no");
    }
    let data = (0..texts.len()).map(|index| json!({"index": index, "embedding": [1.0, 0.0]}));
    Scripted::ok(json!({"data": data.collect::<Vec<_>>()}).to_string())
}

#[tokio::test]
async fn an_organization_whose_texts_make_a_model_fail_shuts_it_off_for_itself() {
    let _installed = crow_testkit::http::client();
    let server = ScriptedServer::start(answer).await;
    let config = EmbeddingsConfig {
        kind: EmbeddingsKind::Remote,
        url: server.url(),
        model: "m-1".to_owned(),
        dimension: 2,
        ..EmbeddingsConfig::default()
    };
    let embedder = Embedder::new(&config).unwrap();
    let ask = async |organization: &str, text: &str| {
        let found = embedder.embed_question(organization, text).await;
        found.map(|vector| vector.is_some())
    };
    for _question in 0..3 {
        assert_eq!(ask("rival", "evil").await, Err(NoVectors::Unclear));
    }
    assert_eq!(ask("rival", "lamp").await, Err(NoVectors::Unavailable));
    assert_eq!(server.seen().len(), 3, "it is left alone");
    assert_eq!(ask("acme", "lamp").await, Ok(true));
    let vectors = embedder.embed(Some("acme"), &["lamp", "kettle"]).await;
    assert_eq!(vectors.map(|found| found.len()), Ok(2));

    // Whose text it is, nobody knows.
    for _batch in 0..3 {
        let vectors = embedder.embed(None, &["lamp", "evil"]).await;
        assert_eq!(vectors.map(|found| found.len()), Err(NoVectors::Unclear));
    }
    assert_eq!(ask("acme", "lamp").await, Ok(true));
}
