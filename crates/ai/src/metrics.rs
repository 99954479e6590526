use std::time::Duration;

use crate::wire::Tokens;

/// Of one call.
pub(crate) fn count_call(model: &str, outcome: &'static str, tokens: Tokens, took: Duration) {
    let model = model.to_owned();
    metrics::counter!("crow_ai_calls_total", "model" => model.clone(), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("crow_ai_call_seconds", "model" => model.clone())
        .record(took.as_secs_f64());
    for (direction, count) in [("input", tokens.input), ("output", tokens.output)] {
        metrics::counter!("crow_ai_tokens_total", "model" => model.clone(), "direction" => direction)
            .increment(count);
    }
}

/// Of one question.
pub(crate) fn count_question(task: &'static str, by: &'static str) {
    metrics::counter!("crow_ai_questions_total", "task" => task, "by" => by).increment(1);
}
