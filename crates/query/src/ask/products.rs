//! Questions about products.

use crow_db::products::{ProductFilter, ProductKey};

use crate::ask::question::{Count, Given, Parameter, Question, questions};
use crate::ask::search::Searched;
use crate::ask::values::{Cursor, Moment, Name, Text};
use crate::error::{Error, Result};

/// Words of one search.
const MAX_WORDS: usize = 10;

questions! {
    /// Which products.
    ProductQuery {
        /// Words that must all occur in name, SKU, id, category or description; at most ten.
        words "q": Option<Text>,
        /// The category.
        category "category": Option<Text>,
    }

    /// Which page of a list of products.
    ProductPage {
        /// Products per page.
        limit "limit": Count<50, 200>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<ProductKey>>,
    }

    /// One product.
    OneProduct {
        /// The product's `id`.
        product "productId": Name,
    }

    /// The range in which interactions are counted.
    ActivityRange {
        /// At or after this moment: milliseconds since the epoch or RFC 3339. Default: seven days
        /// before `to`.
        from "from": Option<Moment>,
        /// Before this moment. Default: now.
        to "to": Option<Moment>,
    }
}

/// The products that pass a filter, by name.
#[derive(Debug, Clone)]
pub struct ListProducts {
    /// All that must hold.
    pub filter: ProductFilter,
    /// Which page.
    pub page: ProductPage,
}

impl Question for ListProducts {
    fn parameters() -> Vec<Parameter> {
        let mut all = ProductPage::parameters();
        all.extend(ProductQuery::parameters());
        all
    }

    fn read(given: &Given) -> Result<Self> {
        Ok(Self {
            filter: ProductQuery::read(given)?.filter()?,
            page: ProductPage::read(given)?,
        })
    }
}

impl Searched for ListProducts {
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

impl ProductQuery {
    /// # Errors
    /// `Malformed` when there are too many words.
    pub fn filter(self) -> Result<ProductFilter> {
        let words = self.words.map(|words| words.0).unwrap_or_default();
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        if words.len() > MAX_WORDS {
            return Err(Error::Malformed(format!(
                "q: must have at most {MAX_WORDS} words"
            )));
        }
        Ok(ProductFilter {
            words,
            category: self.category.map(|category| category.0),
        })
    }
}

impl OneProduct {
    /// # Errors
    /// `NotFound` when no product can have this id.
    pub fn id(&self) -> Result<&str> {
        let id = self.product.0.as_str();
        if id.is_empty() || id.len() > 1_000 || id.contains('\0') {
            return Err(Error::NotFound);
        }
        Ok(id)
    }
}
