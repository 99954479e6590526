use std::error::Error;

/// An error with its causes, as one field of a log line.
#[must_use]
pub fn log_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some libraries repeat the cause in their own message.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("publishing")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("no responders")]
    struct Inner;

    #[test]
    fn all_causes_are_told() {
        assert_eq!(log_chain(&Outer(Inner)), "publishing: no responders");
        assert_eq!(log_chain(&Inner), "no responders");
    }
}
