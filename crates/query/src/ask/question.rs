//! Questions with named parameters.

use std::collections::BTreeMap;

use crate::ask::values::{Shape, Value};
use crate::error::{Error, Result};

/// A parameter of a question.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its description.
    pub about: &'static str,
    /// The type of its value.
    pub shape: Shape,
    /// Whether the caller must give it.
    pub is_required: bool,
}

/// The parameters that a caller gave, as texts by name.
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

/// A question that is parsed from named texts.
pub trait Question: Sized {
    /// All parameters of the question.
    fn parameters() -> Vec<Parameter>;

    /// # Errors
    /// `Malformed` when a parameter is missing or out of bounds.
    fn read(given: &Given) -> Result<Self>;
}

/// A field of a question.
pub trait Part: Sized {
    /// Whether the caller must give it.
    const IS_REQUIRED: bool;

    /// The type of its value.
    fn shape() -> Shape;

    /// # Errors
    /// `Malformed` when it is missing or out of bounds.
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
            Error::Malformed(format!("{name}: is required; must be {expected}"))
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

    /// The number as a `usize`.
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

/// A question without parameters.
impl Question for () {
    fn parameters() -> Vec<Parameter> {
        Vec::new()
    }

    fn read(_given: &Given) -> Result<Self> {
        Ok(())
    }
}

/// Declares questions. Each field has a description, a Rust name, a parameter name and a type.
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
