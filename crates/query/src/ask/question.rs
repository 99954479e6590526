//! Questions whose parts are given by name.

use std::collections::BTreeMap;

use crate::ask::values::{Shape, Value};
use crate::error::{Error, Result};

/// What a caller may give.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// What it must be.
    pub shape: Shape,
    /// Without it there is no answer.
    pub is_required: bool,
}

/// What a caller gave: texts by name.
#[derive(Debug, Clone, Default)]
pub struct Given {
    texts: BTreeMap<String, String>,
}

impl Given {
    /// From texts by name.
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Self { texts }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }
}

/// A question that is read from texts by name.
pub trait Question: Sized {
    /// Everything that may be given.
    fn parameters() -> Vec<Parameter>;

    /// # Errors
    /// `Malformed` when something is missing or out of its bounds.
    fn read(given: &Given) -> Result<Self>;
}

/// A part of a question.
pub trait Part: Sized {
    /// Without it there is no answer.
    const IS_REQUIRED: bool;

    /// What it must be.
    fn shape() -> Shape;

    /// # Errors
    /// `Malformed` when it is missing or out of its bounds.
    fn take(name: &str, given: &Given) -> Result<Self>;
}

impl<V: Value> Part for V {
    const IS_REQUIRED: bool = true;

    fn shape() -> Shape {
        V::shape()
    }

    fn take(name: &str, given: &Given) -> Result<Self> {
        let found = <Option<V> as Part>::take(name, given)?;
        found.ok_or_else(|| {
            let expected = V::expected();
            Error::Malformed(format!("{name}: is missing; must be {expected}"))
        })
    }
}

impl<V: Value> Part for Option<V> {
    const IS_REQUIRED: bool = false;

    fn shape() -> Shape {
        V::shape()
    }

    fn take(name: &str, given: &Given) -> Result<Self> {
        given
            .text(name)
            .map(|text| V::named(name, text))
            .transpose()
    }
}

/// A number from 1 with a default and a maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const DEFAULT: u64, const MOST: u64>(u64);

impl<const DEFAULT: u64, const MOST: u64> Default for Count<DEFAULT, MOST> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<const DEFAULT: u64, const MOST: u64> Count<DEFAULT, MOST> {
    /// # Errors
    /// `Malformed` when the number is 0 or above the maximum.
    pub fn new(name: &str, number: u64) -> Result<Self> {
        if (1..=MOST).contains(&number) {
            return Ok(Self(number));
        }
        Err(Error::Malformed(format!("{name}: must be 1 to {MOST}")))
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The number, as counts of items are.
    pub fn items(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const DEFAULT: u64, const MOST: u64> Part for Count<DEFAULT, MOST> {
    const IS_REQUIRED: bool = false;

    fn shape() -> Shape {
        Shape::Number {
            least: 1,
            most: Some(MOST),
            default: Some(DEFAULT),
        }
    }

    fn take(name: &str, given: &Given) -> Result<Self> {
        match <Option<u64> as Part>::take(name, given)? {
            Some(number) => Self::new(name, number),
            None => Ok(Self::default()),
        }
    }
}

/// Nothing more is asked.
impl Question for () {
    fn parameters() -> Vec<Parameter> {
        Vec::new()
    }

    fn read(_given: &Given) -> Result<Self> {
        Ok(())
    }
}

/// Declares questions: the documentation of a part, its field, its name and its type.
macro_rules! questions {
    ($(
        $(#[doc = $_doc:literal])+
        $question:ident {
            $( $(#[doc = $about:literal])+ $field:ident $name:literal: $part:ty, )*
        }
    )+) => { $(
        $(#[doc = $_doc])+
        #[derive(Debug, Clone)]
        pub struct $question {
            $( $(#[doc = $about])+ pub $field: $part, )*
        }

        impl $crate::ask::question::Question for $question {
            fn parameters() -> Vec<$crate::ask::question::Parameter> {
                vec![$(
                    $crate::ask::question::Parameter {
                        name: $name,
                        about: concat!($($about),+).trim_ascii(),
                        shape: <$part as $crate::ask::question::Part>::shape(),
                        is_required: <$part as $crate::ask::question::Part>::IS_REQUIRED,
                    },
                )*]
            }

            fn read(
                _given: &$crate::ask::question::Given,
            ) -> $crate::error::Result<Self> {
                Ok(Self {
                    $( $field: $crate::ask::question::Part::take($name, _given)?, )*
                })
            }
        }
    )+ };
}

pub(crate) use questions;
