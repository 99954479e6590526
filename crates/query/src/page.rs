//! Pages of lists.

/// A page of items, and where the next page begins.
#[derive(Debug)]
pub struct Page<T, K> {
    /// The items.
    pub items: Vec<T>,
    /// `None` on the last page.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// `rows` may hold one more item than the page; then there is a next page.
    pub(crate) fn cut(mut rows: Vec<T>, size: u64, key: impl Fn(&T) -> K) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = if has_more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    pub(crate) fn map<U>(self, view: impl Fn(T) -> U) -> Page<U, K> {
        Page {
            items: self.items.into_iter().map(view).collect(),
            next: self.next,
        }
    }
}
