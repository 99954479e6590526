//! Questions about interactions.

use crow_db::interactions::{InteractionFilter, InteractionKey};

use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::search::Searched;
use crate::ask::values::{Cursor, Moment, Share, Text};
use crate::ask::words::{IntentWord, SourceType};
use crate::error::{Error, Result};

/// Words of one search.
const MAX_WORDS: usize = 10;

questions! {
    /// Which interactions.
    InteractionQuery {
        /// At or after this moment: milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
        /// Before this moment.
        to "to": Option<Moment>,
        /// Where it happened.
        source_type "sourceType": Option<SourceType>,
        /// Words that must all occur in summary, tags or products; at most ten.
        words "q": Option<Text>,
        /// A product's id.
        product "product": Option<Text>,
        /// A tag.
        tag "tag": Option<Text>,
        /// The furthest step.
        intent "intent": Option<IntentWord>,
        /// The least confidence, 0 to 1.
        confidence "confidence": Option<Share>,
        /// The SDK's session id.
        session "sessionId": Option<Text>,
    }

    /// Which page of a list of interactions.
    InteractionPage {
        /// Interactions per page.
        limit "limit": Count<50, 200>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<InteractionKey>>,
    }
}

questions! {
    /// Interactions of a range.
    AnalyzeRange {
        /// At or after this moment. Default: seven days before `to`.
        from "from": Option<Moment>,
        /// Before this moment. Default: now.
        to "to": Option<Moment>,
        /// Where it happened. Default: everywhere.
        source_type "sourceType": Option<SourceType>,
    }
}

/// The interactions that pass a filter, newest first.
#[derive(Debug, Clone)]
pub struct ListInteractions {
    /// All that must hold.
    pub filter: InteractionFilter,
    /// Which page.
    pub page: InteractionPage,
}

impl Question for ListInteractions {
    fn parameters() -> Vec<Parameter> {
        let mut all = InteractionPage::parameters();
        all.extend(InteractionQuery::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            filter: InteractionQuery::read(given)?.filter()?,
            page: InteractionPage::read(given)?,
        })
    }
}

impl Searched for ListInteractions {
    fn words(&self) -> &[String] {
        &self.filter.words
    }

    fn limit(&self) -> u64 {
        self.page.limit.get()
    }

    fn goes_on(&self) -> bool {
        self.page.after.is_some()
    }
}

impl InteractionQuery {
    /// # Errors
    /// `Malformed` when there are too many words.
    pub fn filter(self) -> Result<InteractionFilter> {
        let text = |text: Option<Text>| text.map(|text| text.0);
        let words = text(self.words).unwrap_or_default();
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        if words.len() > MAX_WORDS {
            return Err(Error::Malformed(format!(
                "q: must have at most {MAX_WORDS} words"
            )));
        }
        Ok(InteractionFilter {
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
            source_type: self.source_type.map(|source| source.0.to_owned()),
            intent: self.intent.map(|intent| intent.0.to_owned()),
            words,
            product: text(self.product),
            tag: text(self.tag),
            min_confidence: self.confidence.map(|share| share.0),
            session: text(self.session),
        })
    }
}
