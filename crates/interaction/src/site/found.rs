use std::collections::HashMap;

use url::Url;

use crow_product::fields::Fields;
use crow_product::site::is_own;

/// A product of a page.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) fields: Fields,
    pub(super) page: Url,
    /// Its number on the page, from 1.
    pub(super) number: u64,
    /// Whether the page is the product's own.
    is_own: bool,
}

impl Product {
    pub(super) fn new(fields: Fields, page: &Url, number: u64) -> Self {
        Self {
            is_own: is_own(page, fields.path.as_deref()),
            fields,
            page: page.clone(),
            number,
        }
    }

    /// Bytes of its texts.
    fn size(&self) -> usize {
        let fields = &self.fields;
        let optional = [
            &fields.sku,
            &fields.description,
            &fields.category,
            &fields.url,
            &fields.path,
            &fields.image_url,
        ];
        let optional = optional.into_iter().flatten().map(String::len);
        let needed = fields.id.len() + fields.name.len() + self.page.as_str().len();
        needed + optional.sum::<usize>()
    }
}

/// Each product once: as its own page shows it, otherwise as the first page does.
#[derive(Debug, Default)]
pub(super) struct Products {
    all: Vec<Product>,
    places: HashMap<String, usize>,
    bytes: usize,
}

impl Products {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn add(&mut self, product: Product) {
        let size = product.size();
        match self.places.get(&product.fields.id) {
            None => {
                let id = product.fields.id.clone();
                self.places.insert(id, self.all.len());
                self.all.push(product);
            }
            Some(place) => {
                let known = &mut self.all[*place];
                if known.is_own || !product.is_own {
                    return;
                }
                *known = product;
            }
        }
        self.bytes += size;
    }

    pub(super) fn into_all(self) -> Vec<Product> {
        self.all
    }
}
