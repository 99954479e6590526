use serde_json::{Value, json};

const DAY: i64 = 86_400_000;

/// One question.
pub struct Case {
    pub name: String,
    pub path: String,
    pub body: Option<Value>,
}

/// The list with filters, and every question of the analytics over the whole data set, the
/// last week, and the last week with a filter.
pub fn cases(end: i64, days: u32) -> Vec<Case> {
    let mut cases = lists();
    let start = end - i64::from(days) * DAY;
    let week = end - 7 * DAY;
    let all = format!("from={start}&to={end}");
    let ranges = [
        (format!("{days} days"), all),
        ("7 days".to_owned(), format!("from={week}&to={end}")),
        (
            "7 days, DE mobile".to_owned(),
            format!("from={week}&to={end}&country=DE&device=mobile"),
        ),
    ];
    for (range, query) in &ranges {
        for (name, path) in QUESTIONS {
            let link = if path.contains('?') { '&' } else { '?' };
            cases.push(Case {
                name: format!("{name}, {range}"),
                path: format!("{path}{link}{query}"),
                body: None,
            });
        }
    }
    for (range, from) in [(format!("{days} days"), start), ("7 days".to_owned(), week)] {
        cases.push(Case {
            name: format!("funnel of 4 steps by device, {range}"),
            path: "/analytics/demo/funnel".to_owned(),
            body: Some(funnel(from, end)),
        });
    }
    cases.push(Case {
        name: format!("overview of one user, {days} days"),
        path: format!("/analytics/demo/overview?from={start}&to={end}&userId=user-7"),
        body: None,
    });
    cases
}

const QUESTIONS: &[(&str, &str)] = &[
    ("facets", "/sessions/demo/facets"),
    ("overview", "/analytics/demo/overview"),
    ("top pages", "/analytics/demo/top?dimension=page"),
    ("top countries", "/analytics/demo/top?dimension=country"),
    ("events", "/analytics/demo/events"),
    ("journeys", "/analytics/demo/journeys"),
    ("heatmap", "/analytics/demo/heatmap?page=/products"),
    ("pages", "/analytics/demo/pages"),
    ("retention by week", "/analytics/demo/retention?cohorts=4"),
    ("web vitals", "/analytics/demo/vitals"),
];

fn lists() -> Vec<Case> {
    [
        ("list, first page", ""),
        ("list, country=PL", "?country=PL"),
        ("list, mobile with errors", "?device=mobile&errors=true"),
        ("list, dead clicks", "?deadClicks=true"),
        ("list, url=/checkout/thanks", "?url=/checkout/thanks"),
        ("list, eventName=purchase", "?eventName=purchase"),
        ("list, text=user-77", "?text=user-77"),
        ("list, one user", "?userId=user-7"),
    ]
    .into_iter()
    .map(|(name, query)| Case {
        name: name.to_owned(),
        path: format!("/sessions/demo{query}"),
        body: None,
    })
    .collect()
}

fn funnel(from: i64, to: i64) -> Value {
    json!({
        "from": from, "to": to, "breakdown": "device", "windowMs": 3_600_000,
        "steps": [
            { "type": "pageview", "url": "/products/*" },
            { "type": "custom", "name": "add_to_cart" },
            { "type": "pageview", "url": "/checkout" },
            { "type": "custom", "name": "purchase" },
        ],
    })
}
