//! What a visit says about its products when it is over.

use super::*;

impl Tally {
    pub(super) fn judge(self, of_page: &[Option<usize>]) -> Products {
        let mut order = vec![None; self.seen.len()];
        let mut list = Vec::new();
        for (place, seen) in self.seen.iter().enumerate() {
            let pages = self.pages.iter().zip(of_page);
            let pages: Vec<&Page> = pages
                .filter(|(page, of)| page.slug.is_some() && **of == Some(place))
                .map(|(page, _)| page)
                .collect();
            let product = product_of(seen, &pages);
            if product.views > 0 || product.added || product.bought {
                order[place] = Some(list.len());
                list.push(product);
            }
        }
        let steps = self.steps.iter().filter_map(|step| match step {
            Step::Page(page) => of_page[*page],
            Step::Product(product, _) => Some(*product),
        });
        let steps: Vec<usize> = steps.filter_map(|product| order[product]).collect();
        Products {
            catalogue: self.catalogue,
            back_and_forth: back_and_forth(steps),
            of_category: of_category(&list),
            list,
        }
    }
}

fn product_of(seen: &Seen, pages: &[&Page]) -> Product {
    let is_reported = !seen.views.is_empty();
    let opened: u32 = pages.iter().map(|page| page.opened).sum();
    let of_views: i64 = seen.views.iter().map(|view| view.duration).sum();
    let of_pages: i64 = pages.iter().map(|page| page.duration).sum();
    let views = u32::try_from(seen.views.len()).unwrap_or(u32::MAX);
    let lines = seen.views.iter().map(|view| view.line);
    let mut evidence: Vec<u32> = lines.take(3).collect();
    evidence.extend(pages.iter().flat_map(|page| &page.lines).take(3));
    evidence.extend(&seen.lines);
    evidence.sort_unstable();
    evidence.dedup();
    evidence.truncate(MAX_EVIDENCE);
    let by = match (seen.is_named, seen.slug.is_empty()) {
        (true, _) => By::Id,
        (false, false) => By::Path,
        (false, true) => By::Name,
    };
    let fallback = if seen.slug.is_empty() {
        slug_of(&seen.name)
    } else {
        seen.slug.clone()
    };
    Product {
        id: if seen.id.is_empty() {
            fallback
        } else {
            seen.id.clone()
        },
        name: if seen.name.is_empty() {
            seen.id.clone()
        } else {
            seen.name.clone()
        },
        path: seen.path.clone(),
        category: seen.category.clone(),
        views: if is_reported {
            views.max(opened)
        } else {
            opened
        },
        viewed_ms: if of_views > 0 { of_views } else { of_pages },
        added: seen.added > 0 && seen.removed < seen.added,
        bought: seen.bought,
        by,
        confidence: crate::intent::confidence_of(by),
        evidence,
        found: seen.found,
    }
}

/// The first two products of which one was looked at before and after the other.
fn back_and_forth(mut steps: Vec<usize>) -> Option<[usize; 2]> {
    steps.dedup();
    let found = steps.windows(3).find(|it| it[0] == it[2]);
    found.map(|it| [it[0], it[1]])
}

/// The most products with the same category, if there are two that were looked at.
fn of_category(list: &[Product]) -> Vec<usize> {
    let mut categories: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, product) in list.iter().enumerate() {
        if product.views > 0 && !product.category.is_empty() {
            categories
                .entry(product.category.to_lowercase())
                .or_default()
                .push(place);
        }
    }
    let most = categories.into_values().max_by_key(Vec::len);
    most.filter(|it| it.len() >= 2).unwrap_or_default()
}
