//! Which sessions: the filters of [`crow_db::session_filters`] as parameters of a question.

use crow_db::read::SessionFilter;

use crate::ask::question::{Given, Parameter, Part, Question};
use crate::ask::values::{Flag, Milliseconds, Moment, OpenOrClosed, Text};
use crate::error::Result;

macro_rules! as_question {
    ($( $about:literal $field:ident $name:literal $kind:ident, )+) => {
        impl Question for SessionFilter {
            fn parameters() -> Vec<Parameter> {
                vec![$(
                    Parameter {
                        name: $name,
                        about: $about,
                        shape: <Option<$kind> as Part>::shape(),
                        is_required: false,
                    },
                )+]
            }

            fn read(given: &Given) -> Result<Self> {
                Ok(Self {
                    $( $field: <Option<$kind> as Part>::take($name, given)?.map(|value| value.0), )+
                })
            }
        }
    };
}

crow_db::session_filters!(as_question);
