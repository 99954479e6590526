//! One number in spans of time that follow each other.

use super::conditions::OfEvent;
use super::{Analytics, Asked};
use crate::ask::conditions::Conditions;
use crate::error::Result;

/// No session is longer than this, in milliseconds, unless `session.max_duration_ms` says otherwise.
pub(crate) const LONGEST: i64 = 24 * 3_600_000;

/// What is counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Counted {
    /// Sessions, by their start.
    Sessions,
    /// Events of a type, by their own time.
    Events {
        /// The type.
        word: String,
        /// The name; `None`: any.
        name: Option<String>,
        /// What must hold of the event's properties.
        conditions: Conditions,
    },
}

impl Analytics {
    /// Counts in each span of `length` milliseconds of a range, the oldest first. What is left over at the
    /// end of the range is not counted.
    pub async fn spans(&self, asked: &Asked, what: &Counted, length: i64) -> Result<Vec<u64>> {
        let length = length.max(1);
        let spans = usize::try_from((asked.to - asked.from) / length).unwrap_or_default();
        let mut counts = vec![0_u64; spans];
        let mut note = |at: i64| {
            let span = usize::try_from((at - asked.from).div_euclid(length));
            if let Some(count) = span.ok().and_then(|span| counts.get_mut(span)) {
                *count += 1;
            }
        };
        let sampling = match what {
            Counted::Sessions => {
                let look = |session: &crow_db::analytics::SampledSession<'_>| {
                    note(session.started_at);
                };
                self.read(asked, false, look).await?
            }
            Counted::Events {
                word,
                name,
                conditions,
            } => {
                let conditions = OfEvent::new(conditions);
                let wider = Asked {
                    from: asked.from - LONGEST,
                    ..asked.clone()
                };
                self.read_since(&wider, asked.from, |session| {
                    let steps = session.steps;
                    for step in steps.list() {
                        let fits = |name: &String| steps.name(step) == name.as_str();
                        if steps.word(step) == word.as_str()
                            && name.as_ref().is_none_or(fits)
                            && conditions.matches(steps, step)
                        {
                            note(step.at);
                        }
                    }
                })
                .await?
            }
        };
        Ok(counts.into_iter().map(|it| sampling.scale(it)).collect())
    }
}
