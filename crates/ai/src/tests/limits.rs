use std::time::Duration;

use crow_testkit::wait::eventually;

use super::*;

#[tokio::test]
async fn without_models_or_for_other_organizations_nothing_is_asked() {
    let world = World::new().await;
    let off = world.ai(&AiConfig::default());
    assert_eq!(ask(&off).await, Err(NoAnswer::Off));
    assert!(!off.serves("acme"));

    let server = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
    let ai = world.ai(&AiConfig {
        organizations: vec!["rival".to_owned()],
        ..with(vec![model(Api::OpenAi, "", &server)])
    });
    assert_eq!(ask(&ai).await, Err(NoAnswer::Off));
    assert!(server.seen().is_empty());
    assert!(ask_for(&ai, TASK, "rival").await.is_ok());
}

/// It could come after an erasure of what it tells.
#[tokio::test]
async fn an_answer_about_no_session_is_not_kept() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
    let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
    for _question in 0..2 {
        assert!(!ask(&ai).await.unwrap().is_kept);
    }
    assert_eq!((server.seen().len(), world.calls().await.len()), (2, 2));
}

#[tokio::test]
async fn an_organization_that_used_its_tokens_asks_no_more() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
    let ai = world.ai(&AiConfig {
        tokens_per_day: 4_200,
        cache_hours: 0,
        ..with(vec![
            model(Api::OpenAi, "first", &server),
            model(Api::OpenAi, "second", &server),
        ])
    });
    // Each counts 30, and is only made if its longest answer fits.
    let mut asked = 0;
    while ask(&ai).await.is_ok() {
        asked += 1;
        assert_eq!(world.used().await, 30 * asked);
        assert!(asked < 10, "there is a limit");
    }
    assert!(asked >= 1);
    assert_eq!(ask(&ai).await, Err(NoAnswer::Budget));
    assert_eq!(server.seen().len() as i64, asked);
    assert!(
        ask_for(&ai, TASK, "rival").await.is_ok(),
        "each has its own"
    );
}

#[tokio::test]
async fn a_task_with_a_part_of_the_tokens_leaves_the_rest_to_others() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
    let ai = world.ai(&AiConfig {
        tokens_per_day: 5 * 4_200,
        ..with(vec![model(Api::OpenAi, "", &server)])
    });
    let greedy = Task { parts: 5, ..TASK };
    let mut asked = 0;
    while ask_for(&ai, greedy, "acme").await.is_ok() {
        asked += 1;
        assert!(asked < 10, "there is a limit");
    }
    assert!(asked >= 1);
    let refused = ask_for(&ai, greedy, "acme").await;
    assert_eq!(refused, Err(NoAnswer::Budget));
    assert!(ask(&ai).await.is_ok());
}

/// It may have used tokens, so the reservation stays.
#[tokio::test]
async fn a_server_that_counts_no_tokens_has_a_limit_all_the_same() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| {
        let said = json!({"text": SAID}).to_string();
        Scripted::ok(json!({"choices": [{"message": {"content": said}}]}).to_string())
    })
    .await;
    let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
    ask(&ai).await.unwrap();
    assert!(world.used().await > 4_000);
}

/// A gateway that gives up waiting may have a model behind it that goes on.
#[tokio::test]
async fn what_may_have_to_be_paid_for_counts_once_and_is_not_repeated() {
    let says = |said: &str| {
        let reply = json!({"choices": [{"message": {"content": said}}]});
        Scripted::ok(reply.to_string())
    };
    for (reply, outcome) in [
        (says(SAID), "wrong_form"),
        (says(r#"{"text":""}"#), "unfounded"),
        (Scripted::CutOff, "broken_off"),
        (Scripted::Silence, "slow"),
        (Scripted::status(408, ""), "status"),
        (Scripted::status(500, ""), "status"),
        (Scripted::status(504, ""), "status"),
    ] {
        let world = World::new().await;
        let server = ScriptedServer::start(move |_, _| reply.clone()).await;
        let ai = world.ai(&AiConfig {
            call_seconds: 1,
            ..with(vec![model(Api::OpenAi, "", &server)])
        });
        assert_eq!(ask(&ai).await, Err(NoAnswer::Unusable), "{outcome}");
        assert_eq!(world.outcomes().await, [outcome]);
        let used = world.used().await;
        assert!((4_001..8_000).contains(&used), "{outcome}: {used}");
    }
}

/// Whatever becomes of the process.
#[tokio::test]
async fn a_call_is_a_row_while_it_is_made() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| Scripted::Silence).await;
    let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
    let asked = eventually("the question", Duration::from_secs(60), async || {
        (!server.seen().is_empty()).then_some(())
    });
    tokio::select! {
        answer = ask(&ai) => panic!("{answer:?}"),
        () = asked => {}
    }
    assert_eq!(world.outcomes().await, [rows::UNFINISHED]);
    assert!(world.used().await > 4_000);
}

/// The first model may have to be paid.
#[tokio::test]
async fn a_failure_counts_although_there_are_no_tokens_for_the_next_model() {
    let nonsense = json!({"choices": [{"message": {"content": SAID}}]}).to_string();
    for reply in ["{}".to_owned(), nonsense] {
        let world = World::new().await;
        let first = ScriptedServer::start(move |_, _| Scripted::ok(reply.clone())).await;
        let next = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
        let ai = world.ai(&AiConfig {
            tokens_per_day: 4_200,
            ..with(vec![
                model(Api::OpenAi, "first", &first),
                model(Api::OpenAi, "next", &next),
            ])
        });
        for expected in [NoAnswer::Unusable, NoAnswer::Budget] {
            assert_eq!(ask(&ai).await, Err(expected));
        }
        assert_eq!((first.seen().len(), next.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_model_that_keeps_failing_is_left_alone_but_nonsense_shuts_none_off() {
    let world = World::new().await;
    let denied = ScriptedServer::start(|_, _| Scripted::status(401, "")).await;
    let next = ScriptedServer::start(|_, _| Scripted::ok(spoken(Api::OpenAi, SAID))).await;
    let ai = world.ai(&with(vec![
        model(Api::OpenAi, "denied", &denied),
        model(Api::OpenAi, "talks nonsense", &next),
    ]));
    for _ in 0..6 {
        assert_eq!(ask(&ai).await, Err(NoAnswer::Unusable));
    }
    assert_eq!((denied.seen().len(), next.seen().len()), (3, 6));
    let ai = world.ai(&with(vec![model(Api::OpenAi, "denied", &denied)]));
    for expected in [[NoAnswer::Failed; 3], [NoAnswer::LeftAlone; 3]].concat() {
        assert_eq!(ask(&ai).await, Err(expected));
    }
    assert_eq!(denied.seen().len(), 6);
}

/// Its visitors can cause such failures.
#[tokio::test]
async fn an_organization_whose_questions_fail_shuts_a_model_off_for_itself_only() {
    for reply in [
        Scripted::status(403, ""),
        Scripted::status(504, ""),
        Scripted::CutOff,
    ] {
        let world = World::new().await;
        let server = ScriptedServer::start(move |number, _| match number {
            0..3 => reply.clone(),
            _later => good(Api::OpenAi),
        })
        .await;
        let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
        for _question in 0..3 {
            assert!(ask(&ai).await.is_err());
        }
        assert_eq!(ask(&ai).await, Err(NoAnswer::LeftAlone));
        assert!(ask_for(&ai, TASK, "rival").await.is_ok());
        assert_eq!(ask(&ai).await, Err(NoAnswer::LeftAlone));
        assert_eq!(server.seen().len(), 4);
    }
}

#[tokio::test]
async fn the_answer_about_a_session_that_is_gone_is_not_kept() {
    let world = World::new().await;
    let server = ScriptedServer::start(|_, _| good(Api::OpenAi)).await;
    let ai = world.ai(&with(vec![model(Api::OpenAi, "", &server)]));
    let schema = schema();
    let question = Question {
        organization: "acme",
        about: About::Session("erased"),
        input: &input,
        schema: &schema,
    };
    for _delivery in 0..2 {
        let answer = ai.complete(TASK, question, |said: Said| Some(said.text));
        assert!(!answer.await.unwrap().is_kept);
    }
}
