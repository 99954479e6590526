//! Tiles, and what they ask.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crow_auth::Scope;
use crow_web::ApiError;

use crate::ask::analytics::{
    About, Events, Heatmap, Journeys, Overview, Pages, Retention, Top, Vitals,
};
use crate::ask::conditions::{Conditions, Where};
use crate::ask::issues::ListIssues;
use crate::ask::json;
use crate::ask::people::ListPeople;
use crate::ask::question::{Given, Question};
use crate::ask::sessions::ListSessions;
use crate::ask::values::ONE_OF_FEW_WORDS;
use crate::error::Error;
use crate::mask;
use crate::rest::analytics::{FunnelRequest, texts_of};

/// The longest title, in characters.
const MAX_TITLE: usize = 100;
/// What a tile does not keep: the range is that of the dashboard, and a list begins with its first
/// page.
const NOT_KEPT: [&str; 3] = ["from", "to", "cursor"];

/// A question of a dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tile {
    /// What is asked.
    pub kind: TileKind,
    /// At most 100 characters. Empty: the dashboard finds one.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub title: String,
    /// How wide it is.
    #[serde(default)]
    pub size: TileSize,
    /// The parameters of the question by name, without `from`, `to` and `cursor`. Of a funnel, the body.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
}

/// How wide a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TileSize {
    /// Two in a row.
    #[default]
    Half,
    /// One in a row.
    Full,
}

/// What a tile asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TileKind {
    /// `GET /analytics/{orgId}/overview`
    Overview,
    /// `GET /analytics/{orgId}/top`
    Top,
    /// `GET /analytics/{orgId}/events`
    Events,
    /// `POST /analytics/{orgId}/funnel`
    Funnel,
    /// `GET /analytics/{orgId}/journeys`
    Journeys,
    /// `GET /analytics/{orgId}/heatmap`
    Heatmap,
    /// `GET /analytics/{orgId}/pages`
    Pages,
    /// `GET /analytics/{orgId}/retention`
    Retention,
    /// `GET /analytics/{orgId}/vitals`
    Vitals,
    /// `GET /sessions/{orgId}`
    Sessions,
    /// `GET /people/{orgId}`
    People,
    /// `GET /issues/{orgId}`
    Issues,
    /// A later version of CROW stored it. It cannot be saved.
    #[serde(other)]
    Unknown,
}

impl TileKind {
    /// The scope that its question needs.
    fn scope(self) -> Scope {
        match self {
            Self::Funnel | Self::Issues | Self::Unknown => Scope::Read,
            Self::Overview
            | Self::Top
            | Self::Events
            | Self::Journeys
            | Self::Heatmap
            | Self::Pages
            | Self::Retention
            | Self::Vitals
            | Self::Sessions
            | Self::People => Scope::Analytics,
        }
    }
}

impl Tile {
    /// # Errors
    /// `malformed` when the question cannot be asked with these parameters and with the conditions
    /// around it.
    pub(super) fn check(&self, around: &Conditions) -> Result<(), ApiError> {
        let title = self.title.as_str();
        if title.chars().count() > MAX_TITLE || title.chars().any(char::is_control) {
            return Err(malformed(format!(
                "title: must be at most {MAX_TITLE} characters without control characters"
            )));
        }
        let parameters = &self.parameters;
        match self.kind {
            TileKind::Overview => read::<About<Overview>>(parameters, around),
            TileKind::Top => read::<About<Top>>(parameters, around),
            TileKind::Events => read::<About<Events>>(parameters, around),
            TileKind::Funnel => read_funnel(parameters, around),
            TileKind::Journeys => read::<About<Journeys>>(parameters, around),
            TileKind::Heatmap => read::<About<Heatmap>>(parameters, around),
            TileKind::Pages => read::<About<Pages>>(parameters, around),
            TileKind::Retention => read::<About<Retention>>(parameters, around),
            TileKind::Vitals => read::<About<Vitals>>(parameters, around),
            TileKind::Sessions => read::<ListSessions>(parameters, around),
            TileKind::People => read::<ListPeople>(parameters, around),
            TileKind::Issues => read::<ListIssues>(parameters, around),
            TileKind::Unknown => Err(malformed(format!("kind: must be {ONE_OF_FEW_WORDS}"))),
        }
    }

    /// Whether callers whose answers are masked may ask it, and it tells them nothing.
    pub fn is_for_masked(&self) -> bool {
        let texts: Vec<(&str, String)> = self
            .parameters
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name.as_str(), text.clone()),
                other => (name.as_str(), other.to_string()),
            })
            .collect();
        let given = texts.iter().map(|(name, text)| (*name, text.as_str()));
        self.kind.scope() == Scope::Analytics
            && mask::telling(given).is_none()
            && !changes_when_masked(&Value::Object(self.parameters.clone()))
    }
}

/// Whether a masked answer would not hold it as it is: then it could not be asked again.
pub(super) fn changes_when_masked(value: &Value) -> bool {
    let mut masked = value.clone();
    mask::mask(&mut masked);
    masked != *value
}

fn read<Q: Question>(parameters: &Map<String, Value>, around: &Conditions) -> Result<(), ApiError> {
    let all = Q::parameters();
    let names = all.iter().map(|parameter| parameter.name);
    let known: Vec<&str> = names.filter(|name| !NOT_KEPT.contains(name)).collect();
    let given = Given::new(texts_of(parameters.clone(), &known)?);
    Q::read(&given)?;
    if known.contains(&"where") {
        check_both(Where::read(&given)?.all(), around)?;
    }
    Ok(())
}

fn read_funnel(parameters: &Map<String, Value>, around: &Conditions) -> Result<(), ApiError> {
    let filter = parameters.get("filter").and_then(Value::as_object);
    let names = parameters.keys();
    let mut names = names.chain(filter.iter().flat_map(|filter| filter.keys()));
    if let Some(name) = names.find(|name| NOT_KEPT.contains(&name.as_str())) {
        return Err(malformed(format!(
            "{name}: not allowed in a tile; leave it out"
        )));
    }
    let text = Value::Object(parameters.clone()).to_string();
    let read: FunnelRequest = json::read(text.as_bytes()).map_err(malformed)?;
    let about = read.about()?;
    about.question.check()?;
    check_both(about.conditions, around)?;
    Ok(())
}

/// Both must hold, and together they must not be too many.
fn check_both(mut own: Conditions, around: &Conditions) -> Result<(), ApiError> {
    own.groups.extend(around.groups.iter().cloned());
    Ok(own.check("where")?)
}

pub(super) fn malformed(message: String) -> ApiError {
    Error::Malformed(message).into_api()
}
