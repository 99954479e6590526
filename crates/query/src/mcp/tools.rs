//! The tools. Each is a question that REST answers, too, with the same parameters.

use std::collections::BTreeMap;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde::Serialize;
use serde_json::{Value, json};

use crow_web::ApiError;

use super::assistant::Assistant;
use super::fence::{MAX_ANSWER, fenced_json};
use super::story::{self, StoryOf};
use crate::ask::analytics::{About, Overview, Top};
use crate::ask::interactions::{AnalyzeRange, ListInteractions};
use crate::ask::products::ListProducts;
use crate::ask::question::{Given, Parameter, Question};
use crate::ask::search::Searching;
use crate::ask::sessions::ListSessions;
use crate::ask::values::Shape;
use crate::rest::asked::{check_name, malformed};
use crate::rest::interactions::InteractionList;
use crate::rest::products::ProductList;
use crate::rest::views::SessionList;

/// Items of a list inside of an item, such as products of an interaction.
const MAX_INSIDE: usize = 20;
/// Filters of questions about many sessions. All of them would cost tokens in each conversation.
const FILTERS: [&str; 8] = [
    "from", "to", "country", "device", "browser", "userId", "url", "errors",
];

struct Description {
    name: &'static str,
    about: &'static str,
    parameters: Vec<Parameter>,
}

fn descriptions() -> Vec<Description> {
    let with_filters = |own: &[&'static str]| [&FILTERS, own].concat();
    vec![
        Description {
            name: "session_story",
            about: "One session as numbered lines with times: pages, clicks, errors, rage clicks, forms, cart and \
                    purchase, with summary, intent and links into the recording.",
            parameters: StoryOf::parameters(),
        },
        Description {
            name: "find_sessions",
            about: "Sessions, newest first, open ones included.",
            parameters: ListSessions::parameters(),
        },
        Description {
            name: "find_interactions",
            about: "Finished sessions in words: summary, intent, tags, products. `q` searches words, or meaning.",
            parameters: Searching::<ListInteractions>::parameters(),
        },
        Description {
            name: "analyze_interactions",
            about: "What finished sessions of a range say together: numbers, insights, anomalies and \
                    recommendations, compared with the range before. Default: seven days.",
            parameters: AnalyzeRange::parameters(),
        },
        Description {
            name: "find_products",
            about: "Products of the catalogue, by name. `find_interactions` takes their ids as `product`.",
            parameters: Searching::<ListProducts>::parameters(),
        },
        Description {
            name: "overview",
            about: "Sessions, visitors, page views, bounce rate and errors of a range, compared with the range before. \
                    Default: seven days.",
            parameters: only(About::<Overview>::parameters(), &FILTERS),
        },
        Description {
            name: "top",
            about: "The most frequent pages, referrers, countries, browsers or event names.",
            parameters: only(
                About::<Top>::parameters(),
                &with_filters(&["dimension", "limit"]),
            ),
        },
    ]
}

fn only(parameters: Vec<Parameter>, names: &[&str]) -> Vec<Parameter> {
    let kept = parameters
        .into_iter()
        .filter(|parameter| names.contains(&parameter.name));
    kept.collect()
}

/// All tools, the most useful first.
pub(super) fn list() -> Vec<Tool> {
    let tools = descriptions().into_iter().map(|described| {
        let read_only = ToolAnnotations::new().read_only(true).open_world(false);
        let schema = schema_of(&described.parameters);
        Tool::new(described.name, described.about, schema).with_annotations(read_only)
    });
    tools.collect()
}

/// No field is nullable: clients choke on it. An optional one is left out.
fn schema_of(parameters: &[Parameter]) -> JsonObject {
    let mut properties = JsonObject::new();
    for parameter in parameters {
        let mut property = type_of(&parameter.shape);
        property.insert("description".to_owned(), parameter.about.into());
        properties.insert(parameter.name.to_owned(), property.into());
    }
    let required = parameters.iter().filter(|it| it.is_required);
    let required: Vec<&str> = required.map(|it| it.name).collect();
    let mut schema = JsonObject::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    schema.insert("additionalProperties".to_owned(), false.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema
}

fn type_of(shape: &Shape) -> JsonObject {
    let value = match shape {
        Shape::Text { .. } => json!({ "type": "string" }),
        Shape::Number {
            most: Some(most), ..
        } => json!({ "type": "integer", "maximum": most }),
        Shape::Number { most: None, .. } => json!({ "type": "integer" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Words(words) => json!({ "type": "string", "enum": words }),
    };
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}

/// Calls a tool. Errors are for the model that called it.
pub(super) async fn call(
    assistant: &Assistant,
    name: &str,
    arguments: JsonObject,
) -> Result<String, ApiError> {
    let all = descriptions();
    let Some(described) = all.iter().find(|described| described.name == name) else {
        let names: Vec<&str> = all.iter().map(|described| described.name).collect();
        return Err(malformed(format!(
            "no such tool; there are {}",
            names.join(", ")
        )));
    };
    let given = texts_of(arguments, &described.parameters)?;
    let text = match name {
        "session_story" => story::tell(assistant, &given).await?,
        "find_sessions" => sessions(assistant, &given).await?,
        "find_interactions" => interactions(assistant, &given).await?,
        "analyze_interactions" => analysis(assistant, &given).await?,
        "find_products" => products(assistant, &given).await?,
        "overview" => overview(assistant, &given).await?,
        _top => top(assistant, &given).await?,
    };
    if text.chars().count() > MAX_ANSWER {
        return Err(malformed(
            "the answer is too long; ask for fewer with `limit`".to_owned(),
        ));
    }
    Ok(text)
}

/// Arguments in the form of a query string.
fn texts_of(arguments: JsonObject, parameters: &[Parameter]) -> Result<Given, ApiError> {
    let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
    let mut texts = BTreeMap::new();
    for (name, value) in arguments {
        check_name(&name, &known)?;
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(malformed(format!(
                    "{name}: must be a text, a number or a boolean"
                )));
            }
        };
        texts.insert(name, text);
    }
    // The defaults of lists are meant for screens.
    let is_list = known.contains(&"cursor");
    if is_list && !texts.contains_key("limit") {
        texts.insert("limit".to_owned(), "10".to_owned());
    }
    Ok(Given::new(texts))
}

fn value_of(answer: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| ApiError::internal(&error))
}

/// Only these fields of each item of a list, and a link to its session, if it has one.
fn slim(assistant: &Assistant, items: &mut Value, fields: &[&str]) {
    for item in items.as_array_mut().into_iter().flatten() {
        let Some(object) = item.as_object_mut() else {
            continue;
        };
        // What services report has none. In a list of sessions nothing says so.
        let has_session = object
            .get("hasSession")
            .is_none_or(|it| *it != Value::Bool(false));
        object.retain(|name, value| fields.contains(&name.as_str()) && !value.is_null());
        for field in object.values_mut() {
            if let Value::Array(inside) = field {
                inside.truncate(MAX_INSIDE);
            }
        }
        let id = object["id"].as_str().filter(|_| has_session);
        if let Some(link) = id.map(|id| assistant.link(id)) {
            object.insert("link".to_owned(), link.into());
        }
    }
}

async fn sessions(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let asked = ListSessions::read(given)?;
    let cases = &assistant.api.use_cases;
    let page = cases
        .list_sessions(&assistant.organization, &assistant.caller, &asked)
        .await?;
    let mut answer = value_of(&SessionList::from(page))?;
    let fields = [
        "id",
        "status",
        "startedAt",
        "durationMs",
        "referrer",
        "initialUrl",
        "exitUrl",
        "userId",
        "country",
        "deviceType",
        "browser",
        "isBot",
        "counts",
    ];
    slim(assistant, &mut answer["sessions"], &fields);
    Ok(listed(answer))
}

async fn interactions(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let asked = Searching::<ListInteractions>::read(given)?;
    let cases = &assistant.api.use_cases;
    let page = cases.search_interactions(&assistant.organization, &asked);
    let page = page.await?;
    let mut answer = value_of(&InteractionList::from(page))?;
    let fields = [
        "id",
        "sourceType",
        "timestamp",
        "summary",
        "summarySource",
        "untrusted",
        "intent",
        "confidence",
        "tags",
        "productIds",
        "similarity",
    ];
    slim(assistant, &mut answer["interactions"], &fields);
    Ok(listed(answer))
}

async fn products(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let asked = Searching::<ListProducts>::read(given)?;
    let cases = &assistant.api.use_cases;
    let page = cases.search_products(&assistant.organization, &asked);
    let page = page.await?;
    let mut answer = value_of(&ProductList::from(page))?;
    for product in answer["products"].as_array_mut().into_iter().flatten() {
        if let Some(fields) = product.as_object_mut() {
            let is_left_out =
                |name: &str| matches!(name, "organizationId" | "imageUrl" | "path" | "description");
            fields.retain(|name, value| !is_left_out(name) && !value.is_null());
        }
    }
    Ok(listed(answer))
}

/// A list, with its cursor and its note outside of the fence.
fn listed(mut answer: Value) -> String {
    let [cursor, note] = ["nextCursor", "note"].map(|name| {
        let object = answer.as_object_mut();
        object.and_then(|object| object.remove(name))
    });
    let mut next = match cursor.as_ref().and_then(Value::as_str) {
        Some(cursor) => format!("There are more: call again with cursor={cursor}"),
        None => "These are all.".to_owned(),
    };
    if let Some(note) = note.as_ref().and_then(Value::as_str) {
        next = note.to_owned();
    }
    format!("{}\n\n{next}", fenced_json(&mut answer))
}

async fn analysis(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let range = AnalyzeRange::read(given)?;
    let cases = &assistant.api.use_cases;
    let analysis = cases.analyze(&assistant.organization, &range).await?;
    let mut answer = value_of(&analysis)?;
    if let Some(numbers) = answer["numbers"].as_object_mut() {
        // Odd days are among the anomalies.
        numbers.remove("days");
    }
    Ok(fenced_json(&mut answer))
}

async fn overview(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let about = About::<Overview>::read(given)?;
    let analytics = &assistant.api.analytics;
    let mut answer = value_of(&analytics.ask(&assistant.organization, about).await?)?;
    if let Some(object) = answer.as_object_mut() {
        object.retain(|name, _| !matches!(name.as_str(), "series" | "previousSeries" | "tookMs"));
    }
    Ok(fenced_json(&mut answer))
}

async fn top(assistant: &Assistant, given: &Given) -> Result<String, ApiError> {
    let about = About::<Top>::read(given)?;
    let analytics = &assistant.api.analytics;
    let answer = analytics.ask(&assistant.organization, about).await?;
    Ok(fenced_json(&mut value_of(&answer)?))
}
