use super::*;

#[tokio::test]
async fn each_provider_gets_what_its_api_wants_and_is_understood() {
    for (api, path, key, schema_at) in [
        (
            Api::OpenAi,
            "POST /chat/completions HTTP",
            format!("authorization: Bearer {KEY}"),
            "/response_format/json_schema/schema",
        ),
        (
            Api::Gemini,
            "POST /models/m-1:generateContent HTTP",
            format!("x-goog-api-key: {KEY}"),
            "/generationConfig/responseJsonSchema",
        ),
        (
            Api::Anthropic,
            "POST /messages HTTP",
            format!("x-api-key: {KEY}"),
            "/output_config/format/schema",
        ),
    ] {
        let world = World::new().await;
        let server = ScriptedServer::start(move |_, _| good(api)).await;
        let ai = world.ai(&with(vec![model(api, "", &server)]));
        let answer = ask(&ai).await.unwrap();
        assert_eq!(answer.value, SAID);
        assert_eq!(answer.by, format!("{}/m-1", api.as_str()));
        assert_eq!((answer.tokens.input, answer.tokens.output), (20, 10));

        let [seen] = <[_; 1]>::try_from(server.seen()).unwrap();
        assert!(seen.head.starts_with(path), "{}", seen.head);
        assert!(seen.head.contains(&key), "{}", seen.head);
        assert!(!seen.body.contains(KEY), "{}", seen.body);
        let body: Value = serde_json::from_str(&seen.body).unwrap();
        assert_eq!(body.pointer(schema_at), Some(&schema()), "{body}");
        assert!(seen.body.contains("4000"), "a limit: {body}");

        let [call] = <[_; 1]>::try_from(world.calls().await).unwrap();
        assert_eq!((call.input_tokens, call.output_tokens), (20, 10));
        assert_eq!((call.outcome.as_str(), call.model), ("answered", answer.by));
        assert_eq!(world.used().await, 30);
    }
}

/// Also when the visitor's text looks like the end of the fence.
#[tokio::test]
async fn text_of_visitors_is_only_inside_of_the_fence() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| Scripted::status(429, "")).await;
    let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
    assert_eq!(ask(&ai).await, Err(NoAnswer::Failed));
    let mut boundaries = std::collections::BTreeSet::new();
    for seen in server.seen() {
        assert_eq!(seen.body.matches(TYPED).count(), 1);
        let body: Value = serde_json::from_str(&seen.body).unwrap();
        assert_eq!(body["messages"][0]["content"], TASK.instructions);
        let user = body["messages"][1]["content"].as_str().unwrap();
        let boundary = user["<<<visit ".len()..].split(':').next().unwrap();
        let end = format!("visit {boundary}>>>");
        let (inside, after) = user.split_once(&end).unwrap();
        assert!(inside.contains(TYPED) && after.trim().is_empty(), "{user}");
        boundaries.insert(boundary.to_owned());
    }
    assert_eq!(boundaries.len(), 4, "each call has its own");
}

#[tokio::test]
async fn what_is_no_answer_is_left_out_and_the_next_model_is_asked() {
    for api in APIS {
        let count = bad(api).len();
        for number in 0..count {
            let world = World::new().await;
            let (outcome, reply) = bad(api).remove(number);
            let server = ScriptedServer::start(move |_, _| reply.clone()).await;
            let next = ScriptedServer::start(move |_, _| good(api)).await;
            let models = vec![model(api, "first", &server), model(api, "second", &next)];
            let answer = ask(&world.ai(&with(models))).await.unwrap();
            assert_eq!(
                (answer.by.as_str(), answer.value.as_str()),
                ("second", SAID)
            );
            assert_eq!(
                world.outcomes().await,
                [outcome, "answered"],
                "{api:?} {number}"
            );
            assert_eq!(server.seen().len(), 1, "it would answer the same again");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_silent_or_breaks_off_is_given_up() {
    let world = World::new().await;
    let silent = ScriptedServer::start(|_, _| Scripted::Silence).await;
    let broken = ScriptedServer::start(|_, _| Scripted::CutOff).await;
    let next = ScriptedServer::start(|_, _| good(Api::Gemini)).await;
    let models = vec![
        model(Api::OpenAi, "silent", &silent),
        model(Api::Gemini, "broken", &broken),
        model(Api::Gemini, "next", &next),
    ];
    let config = AiConfig {
        call_seconds: 1,
        ..with(models)
    };
    let answer = ask(&world.ai(&config)).await.unwrap();
    assert_eq!(answer.by, "next");
    assert_eq!(world.outcomes().await, ["slow", "broken_off", "answered"]);
}

#[tokio::test]
async fn a_provider_that_is_busy_is_asked_again_when_it_says_so() {
    for (after, requests, by) in [
        ("1", 2, "busy"),
        // Longer than anybody waits.
        ("3600", 1, "next"),
    ] {
        let world = World::new().await;
        let header = format!("retry-after: {after}");
        let busy = ScriptedServer::start(move |number, _| match number {
            0 => Scripted::Whole(429, vec![header.clone()], LEAKED.to_owned()),
            _ => good(Api::Anthropic),
        })
        .await;
        let next = ScriptedServer::start(|_, _| good(Api::Anthropic)).await;
        let models = vec![
            model(Api::Anthropic, "busy", &busy),
            model(Api::Anthropic, "next", &next),
        ];
        let answer = ask(&world.ai(&with(models))).await.unwrap();
        assert_eq!((answer.by.as_str(), busy.seen().len()), (by, requests));
        assert_eq!(world.outcomes().await, ["rate_limited", "answered"]);
    }
}

#[tokio::test]
async fn a_provider_that_is_overloaded_is_asked_four_times() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| Scripted::status(529, LEAKED)).await;
    let ai = world.ai(&with(vec![model(Api::Anthropic, "", &server)]));
    assert_eq!(ask(&ai).await, Err(NoAnswer::Failed));
    assert_eq!(server.seen().len(), 4);
    assert_eq!(world.outcomes().await, ["status"; 4]);
    assert_eq!(world.used().await, 0, "it has not worked");
}

#[tokio::test]
async fn nothing_of_prompts_answers_errors_or_keys_is_logged_or_noted() {
    let world = World::new().await;
    for api in APIS {
        for (outcome, reply) in bad(api) {
            let server = ScriptedServer::start(move |_, _| reply.clone()).await;
            let ai = world.ai(&with(vec![model(api, "the-model", &server)]));
            let expected = match outcome {
                "status" => NoAnswer::Failed,
                _answered => NoAnswer::Unusable,
            };
            assert_eq!(ask(&ai).await, Err(expected), "{outcome}");
        }
    }
    let text = LOG.text();
    assert!(text.contains("a language model gave no answer"), "{text}");
    assert!(text.contains("it answered with status 400"), "{text}");
    let noted = format!("{:?}", world.calls().await);
    for secret in [TYPED, SAID, LEAKED, KEY] {
        assert!(!noted.contains(secret), "{noted}");
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None);
    }
}
