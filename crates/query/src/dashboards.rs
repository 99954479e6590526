//! Dashboards: what is in them, and what each tile asks. A tile is a question that the read API
//! answers elsewhere. It is checked by the types of that question, so no tile is stored that cannot be
//! asked. Whoever looks at a dashboard asks each question themselves: what they may not ask, they do not
//! see.

mod tile;

use serde::{Deserialize, Serialize};

use crow_types::ErrorCode;
use crow_web::ApiError;

use crate::ask::conditions::Conditions;
use crate::mask;

use tile::malformed;
pub use tile::{Tile, TileKind, TileSize};

/// Tiles of one dashboard.
const MAX_TILES: usize = 24;
/// The longest range, in hours: a leap year.
const MAX_HOURS: u32 = 366 * 24;

/// What is in a dashboard, as it is stored.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Its range: the last hours. `None`: whoever looks at it chooses.
    #[serde(default)]
    pub last_hours: Option<u32>,
    /// What must hold besides the conditions of each tile.
    #[serde(default, rename = "where")]
    pub conditions: Conditions,
    /// In order.
    #[serde(default)]
    pub tiles: Vec<Tile>,
}

/// A dashboard as callers write it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// What is in it.
    pub content: Content,
}

impl Content {
    /// # Errors
    /// `malformed` when a tile cannot be asked, or something is out of bounds.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.tiles.len() > MAX_TILES {
            return Err(malformed(format!("tiles: must be at most {MAX_TILES}")));
        }
        let is_in_range = |hours: u32| (1..=MAX_HOURS).contains(&hours);
        if !self.last_hours.is_none_or(is_in_range) {
            return Err(malformed(format!("lastHours: must be 1 to {MAX_HOURS}")));
        }
        self.conditions.check("where")?;
        for (place, tile) in self.tiles.iter().enumerate() {
            let checked = tile.check(&self.conditions);
            checked.map_err(|error| numbered(place, &error))?;
        }
        Ok(())
    }

    /// Checks that whoever may not see personal data may ask all tiles.
    ///
    /// # Errors
    /// `forbidden`, with the first tile that needs the scope `read`.
    pub fn check_masked(&self) -> Result<(), ApiError> {
        let text = "this needs the scope `read`";
        let refused = || ApiError::new(ErrorCode::Forbidden, text);
        if self.hides_all() {
            return Err(ApiError::new(
                ErrorCode::Forbidden,
                format!("where: {text}"),
            ));
        }
        match self.tiles.iter().position(|tile| !tile.is_for_masked()) {
            Some(place) => Err(numbered(place, &refused())),
            None => Ok(()),
        }
    }

    /// Whether the conditions of all tiles name a person or compare with what is masked. Then callers
    /// whose answers are masked see no tile.
    pub fn hides_all(&self) -> bool {
        let conditions = serde_json::to_value(&self.conditions).unwrap_or_default();
        tile::changes_when_masked(&conditions) || self.conditions.telling(mask::hides).is_some()
    }
}

fn numbered(place: usize, error: &ApiError) -> ApiError {
    let text = format!("tiles: number {}: {}", place + 1, error.message);
    ApiError::new(error.code, text)
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "calls are shorter")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn content(tile: Value) -> Content {
        serde_json::from_value(json!({ "tiles": [tile] })).unwrap()
    }

    fn problem(kind: &str, parameters: Value) -> Option<String> {
        let tile = json!({ "kind": kind, "title": "x", "parameters": parameters });
        content(tile).check().err().map(|error| error.message)
    }

    /// The first parameters are accepted, and what is told of the others names the mistake.
    fn expect(kind: &str, good: Value, bad: Value, told: &str) {
        assert_eq!(problem(kind, good), None, "{kind}");
        let message = problem(kind, bad).unwrap();
        assert!(
            message.starts_with("tiles: number 1: ") && message.contains(told),
            "{message}"
        );
    }

    #[test]
    fn every_kind_is_checked_by_its_question() {
        let steps = json!([{"type": "click"}, {"type": "custom", "name": "paid"}]);
        let total = json!({"field": "eventProperty", "property": "total", "operator": "isSet"});
        for (kind, good, bad, told) in [
            (
                "overview",
                json!({"country": "DE"}),
                json!({"color": "red"}),
                "`color`",
            ),
            (
                "top",
                json!({"dimension": "page", "limit": 5}),
                json!({}),
                "dimension",
            ),
            (
                "events",
                json!({"type": "click"}),
                json!({"limit": 5}),
                "`limit`",
            ),
            (
                "funnel",
                json!({"steps": steps, "windowMs": 5}),
                json!({"steps": []}),
                "steps",
            ),
            (
                "funnel",
                json!({"steps": steps, "filter": {"os": "x"}}),
                json!({"steps": steps, "windowMs": 0}),
                "windowMs",
            ),
            (
                "funnel",
                json!({"steps": [steps[0], {"type": "custom", "where": [[total]]}]}),
                json!({"steps": [steps[0], {"type": "click", "where": [[total]]}]}),
                "steps.where",
            ),
            (
                "journeys",
                json!({"page": "/", "depth": "4"}),
                json!({"depth": 11}),
                "depth",
            ),
            (
                "heatmap",
                json!({"page": "/"}),
                json!({"page": "/", "kind": "x"}),
                "kind",
            ),
            (
                "retention",
                json!({"period": "week"}),
                json!({"period": "hour"}),
                "period",
            ),
            ("vitals", json!({}), json!({"where": [[]]}), "where"),
            ("pages", json!({"limit": 5}), json!({"limit": 0}), "limit"),
            (
                "sessions",
                json!({"errors": true, "tag": "vip"}),
                json!({"cursor": "x"}),
                "cursor",
            ),
            (
                "people",
                json!({"limit": 5}),
                json!({"country": "DE"}),
                "`country`",
            ),
            (
                "issues",
                json!({"status": "open"}),
                json!({"status": "new"}),
                "status",
            ),
            (
                "overview",
                json!({"where": "[]"}),
                json!({"from": 5}),
                "from",
            ),
            (
                "funnel",
                json!({"steps": steps}),
                json!({"steps": steps, "to": 5}),
                "to",
            ),
            ("overview", json!({}), json!({"country": ["DE"]}), "country"),
        ] {
            expect(kind, good, bad, told);
        }
        assert!(problem("another", json!({})).unwrap().contains("kind"));
    }

    #[test]
    fn funnels_of_people_and_retention_by_events_are_checked() {
        let steps = json!([{"type": "click"}, {"type": "custom", "name": "paid"}]);
        let of_people = |window: i64, by: &str| json!({"steps": steps, "by": "person", "windowMs": window, "breakdown": by});
        let good = of_people(600_000, "channel");
        expect("funnel", good.clone(), of_people(5, "channel"), "windowMs");
        expect("funnel", good, of_people(600_000, "page"), "`breakdown`");
        let back = |by: &str| {
            let start = "signup";
            json!({"startType": "custom", "startName": start, "returnType": "pageview", "breakdown": by})
        };
        expect("retention", back("country"), back("userId"), "breakdown");
        expect("retention", json!({}), json!({"by": "person"}), "`by`");
    }

    #[test]
    fn bounds_hold_for_the_dashboard_and_its_tiles_together() {
        let one = json!({"field": "os", "operator": "isSet"});
        let many = |count: usize| Value::from(vec![json!([one]); count]);
        let around = |count| -> Content {
            let tile = json!({"kind": "overview", "parameters": {"where": many(10)}});
            let whole = json!({"where": many(count), "tiles": [tile]});
            serde_json::from_value(whole).unwrap()
        };
        assert!(around(10).check().is_ok());
        assert!(around(11).check().is_err());
        let long =
            json!([[{"field": "os", "operator": "is", "values": vec!["x".repeat(1_000); 9]}]]);
        let whole = json!({"where": long, "tiles": [{"kind": "overview"}]});
        let mut whole: Content = serde_json::from_value(whole).unwrap();
        assert!(whole.check().is_ok());
        let both = json!({"where": whole.conditions});
        whole.tiles[0].parameters = both.as_object().unwrap().clone();
        assert!(whole.check().unwrap_err().message.contains("16384"));
        let tile = json!({"kind": "overview"});
        let many: Content = serde_json::from_value(json!({"tiles": vec![tile; 25]})).unwrap();
        assert!(many.check().unwrap_err().message.contains("24"));
        for hours in [0, 9_000] {
            let whole = Content {
                last_hours: Some(hours),
                ..Content::default()
            };
            assert!(whole.check().is_err(), "{hours}");
        }
        let long = json!({"kind": "overview", "title": "x".repeat(101)});
        assert!(content(long).check().is_err());
    }

    #[test]
    fn what_names_a_person_is_not_for_masked_callers() {
        let is_open = |kind: &str, parameters: Value| {
            let tile = json!({ "kind": kind, "parameters": parameters });
            content(tile).check_masked().is_ok()
        };
        assert!(is_open("overview", json!({"country": "DE"})));
        assert!(is_open("sessions", json!({"errors": true})));
        let steps = json!([{"type": "click"}, {"type": "click"}]);
        assert!(!is_open("funnel", json!({"steps": steps})));
        assert!(!is_open("issues", json!({})));
        assert!(is_open("retention", json!({"startName": "signup"})));
        assert!(!is_open(
            "retention",
            json!({"startName": "of ada@shop.example"})
        ));
        assert!(!is_open("sessions", json!({"tag": "vip"})));
        assert!(!is_open("overview", json!({"userId": "ada"})));
        assert!(!is_open("heatmap", json!({"page": "/of/ada@shop.example"})));
        let telling = json!([[{"field": "userId", "operator": "is", "values": ["ada"]}]]);
        assert!(!is_open("overview", json!({"where": telling})));
        let whole = json!({"where": telling, "tiles": [{"kind": "overview"}]});
        let whole: Content = serde_json::from_value(whole).unwrap();
        assert!(whole.hides_all() && whole.check_masked().is_err());
    }
}
