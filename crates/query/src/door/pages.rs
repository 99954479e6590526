//! Pages of the dashboard that an organization opens to the role `marketing`, with the routes behind
//! them.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use crow_auth::{Principal, Role, Scope};
use crow_db::settings;
use crow_types::ErrorCode;
use crow_types::settings::{DashboardPage as Page, OrganizationSettings};
use crow_web::ApiError;

use super::{Door, Needed};
use crate::ask::analytics::{
    Events, Facets, Heatmap, Journeys, Overview, Pages, Retention, Top, Vitals,
};
use crate::ask::people::ListPeople;
use crate::ask::sessions::{ListSessions, OneSession};
use crate::error::Error;

/// A question that pages of the dashboard ask.
pub trait OnPages: Send + Sync + 'static {
    /// The pages.
    const PAGES: &'static [Page];
}

macro_rules! asked_by {
    ($($question:ty: $pages:expr;)*) => {
        $(impl OnPages for $question {
            const PAGES: &'static [Page] = $pages;
        })*
    };
}

asked_by! {
    ListSessions: &[Page::Sessions];
    OneSession: &[Page::Sessions];
    ListPeople: &[Page::Sessions];
    // The filters of each page.
    Facets: &Page::ALL;
    Overview: &[Page::Overview];
    Top: &[Page::Overview];
    Events: &[Page::Events];
    Journeys: &[Page::Journeys];
    Heatmap: &[Page::Heatmaps];
    // Where a page of the site is chosen.
    Pages: &[Page::Journeys, Page::Heatmaps];
    Retention: &[Page::Retention];
    Vitals: &[Page::Vitals];
}

/// The scope `analytics`, for the answer to the question `Q`. Without `read`, it is masked.
#[derive(Debug, Clone, Copy)]
pub struct Shown<Q>(PhantomData<Q>);

impl<Q: OnPages> Needed for Shown<Q> {
    const SCOPE: Scope = Scope::Analytics;
    const PAGES: &'static [Page] = Q::PAGES;
}

/// The pages that the organization opens to the role; `None`: all that the scopes allow.
pub fn open_pages(role: Option<Role>, settings: &OrganizationSettings) -> Option<&BTreeSet<Page>> {
    let is_limited = role == Some(Role::Marketing);
    settings.marketing_pages.as_ref().filter(|_open| is_limited)
}

impl Door {
    /// Checks that one of these pages is open to the caller. The settings are read each time, so a
    /// change has effect at once, on every replica.
    pub(super) async fn check_page(&self, by: &Principal, pages: &[Page]) -> Result<(), ApiError> {
        if pages.is_empty() || by.role() != Some(Role::Marketing) {
            return Ok(());
        }
        let stored = settings::read(&self.db, by.organization()).await;
        let settings = stored
            .map_err(|error| Error::from(error).into_api())?
            .settings;
        match open_pages(by.role(), &settings) {
            Some(open) if !pages.iter().any(|page| open.contains(page)) => Err(closed(pages)),
            Some(_) | None => Ok(()),
        }
    }
}

fn closed(pages: &[Page]) -> ApiError {
    let pages: Vec<&str> = pages.iter().map(|page| page.as_str()).collect();
    let message = format!(
        "your organization does not open this to the role `marketing`; an admin can add {} to the setting `marketingPages`",
        pages.join(" or ")
    );
    ApiError::new(ErrorCode::Forbidden, message)
}
