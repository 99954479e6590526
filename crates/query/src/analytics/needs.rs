//! What a session that fits conditions needs in its row, so that a list passes over all others without
//! reading what analytics holds of them. The conditions decide; this may only leave out sessions that
//! they leave out.

use crow_db::read::{Need, NumberColumn, NumberNeed, TextColumn, TextNeed, TraitNeed};

use crate::ask::conditions::{Condition, Conditions, Field, Operator};

/// Analytics holds texts of so many bytes as they are. It cuts longer ones, so a longer value of a
/// condition may be the beginning of what the row has.
const SHORT: usize = 150;
/// The maximum number of types or names of events in one condition.
const MOST_EVENTS: usize = 10;

/// The needs of the groups: all groups must hold, and of each group one need. A group with a condition
/// about which the row says nothing is left out.
pub fn of(conditions: &Conditions) -> Vec<Vec<Need>> {
    let groups = conditions.groups.iter();
    groups.filter_map(|group| of_group(group)).collect()
}

fn of_group(group: &[Condition]) -> Option<Vec<Need>> {
    let mut all = Vec::new();
    for condition in group {
        all.extend(of_condition(condition)?);
    }
    Some(all)
}

/// One of these; `None`: the row does not tell.
fn of_condition(condition: &Condition) -> Option<Vec<Need>> {
    match condition.field {
        Field::Country => of_text(condition, TextColumn::Country),
        Field::Browser => of_text(condition, TextColumn::Browser),
        Field::Os => of_text(condition, TextColumn::Os),
        Field::Device => of_text(condition, TextColumn::Device),
        Field::UserId => of_text(condition, TextColumn::UserId),
        Field::Referrer => of_text(condition, TextColumn::Referrer),
        Field::Duration => of_number(condition, NumberColumn::Duration),
        Field::Events => of_number(condition, NumberColumn::Events),
        Field::Pageviews => of_number(condition, NumberColumn::Pageviews),
        Field::Errors => of_number(condition, NumberColumn::Errors),
        Field::RageClicks => of_number(condition, NumberColumn::RageClicks),
        Field::Bot => of_flag(condition, Need::Bot),
        Field::Replay => of_flag(condition, Need::Replay),
        Field::Channel => of_channel(condition),
        // That there is no value, or that it differs, does not follow from a text that only holds it.
        _ if !condition.is_positive() => None,
        Field::VisitorId => Some(one(TextColumn::VisitorId, exactly(&condition.values))),
        Field::ReferrerDomain => Some(one(TextColumn::Referrer, domain(condition))),
        Field::ReferrerGroup => Some(one(TextColumn::Referrer, TextNeed::Set)),
        Field::UtmSource => Some(of_parameter("utm_source")),
        Field::UtmMedium => Some(of_parameter("utm_medium")),
        Field::UtmCampaign => Some(of_parameter("utm_campaign")),
        Field::EntryPage => Some(one(TextColumn::InitialUrl, page(condition))),
        Field::ExitPage => Some(one(TextColumn::ExitUrl, page(condition))),
        Field::Trait => Some(vec![of_trait(condition)]),
        Field::EventType => of_events(condition, Need::EventType),
        Field::EventName => of_events(condition, Need::EventName),
        Field::EventProperty => Some(vec![of_property(condition)]),
        // Of nobody else it is known who it is.
        Field::Cohort => Some(vec![
            Need::Text(TextColumn::UserId, TextNeed::Set, true),
            Need::Text(TextColumn::VisitorId, TextNeed::Set, true),
        ]),
        Field::Page => None,
    }
}

fn one(column: TextColumn, need: TextNeed) -> Vec<Need> {
    vec![Need::Text(column, need, true)]
}

fn are_short(values: &[String]) -> bool {
    values.iter().all(|value| value.len() <= SHORT)
}

/// Without values: that there is one.
fn exactly(values: &[String]) -> TextNeed {
    if values.is_empty() {
        TextNeed::Set
    } else {
        TextNeed::OneOf(values.to_vec())
    }
}

fn of_text(condition: &Condition, column: TextColumn) -> Option<Vec<Need>> {
    let (wanted, values) = (condition.is_positive(), &condition.values);
    let need = match condition.operator {
        Operator::Is | Operator::IsNot if are_short(values) => exactly(values),
        // The row may have more than what analytics holds, and so what that lacks.
        Operator::Contains if wanted && are_short(values) => TextNeed::Contains(values.clone()),
        Operator::IsSet | Operator::IsNotSet => TextNeed::Set,
        _ if wanted => TextNeed::Set,
        _ => return None,
    };
    Some(vec![Need::Text(column, need, wanted)])
}

fn of_number(condition: &Condition, column: NumberColumn) -> Option<Vec<Need>> {
    let read = condition.values.iter().map(|value| value.parse::<f64>());
    let numbers: Vec<f64> = read.collect::<Result<_, _>>().ok()?;
    let need = match condition.operator {
        Operator::Is | Operator::IsNot => NumberNeed::OneOf(numbers),
        Operator::Greater => NumberNeed::Above(*numbers.first()?),
        Operator::Less => NumberNeed::Below(*numbers.first()?),
        Operator::Contains | Operator::IsSet | Operator::IsNotSet => return None,
    };
    Some(vec![Need::Number(column, need, condition.is_positive())])
}

fn of_flag(condition: &Condition, need: impl Fn(bool) -> Need) -> Option<Vec<Need>> {
    let has = |word: &str| condition.values.iter().any(|value| value == word);
    let wanted = condition.is_positive();
    match (has("true"), has("false")) {
        (true, false) => Some(vec![need(wanted)]),
        (false, true) => Some(vec![need(!wanted)]),
        (true, true) | (false, false) => None,
    }
}

/// Without a referrer and parameters, a visit is direct.
fn of_channel(condition: &Condition) -> Option<Vec<Need>> {
    let has_direct = condition.values.iter().any(|value| value == "direct");
    let is_exact = matches!(condition.operator, Operator::Is | Operator::IsNot);
    let is_other = is_exact && has_direct != condition.is_positive();
    let parameters = TextNeed::Contains(vec!["?".to_owned()]);
    is_other.then(|| {
        vec![
            Need::Text(TextColumn::Referrer, TextNeed::Set, true),
            Need::Text(TextColumn::InitialUrl, parameters, true),
        ]
    })
}

/// A host without its port is a part of the referrer.
fn domain(condition: &Condition) -> TextNeed {
    let values = &condition.values;
    let is_part = are_short(values) && !values.iter().any(|value| value.contains(':'));
    match condition.operator {
        Operator::Is | Operator::Contains if is_part => TextNeed::Contains(values.clone()),
        _ => TextNeed::Set,
    }
}

/// The value of a parameter may be escaped, but not its name.
fn of_parameter(name: &str) -> Vec<Need> {
    let has_name = TextNeed::Contains(vec![name.to_owned()]);
    one(TextColumn::InitialUrl, has_name)
}

/// A page is a part of its address, unless that has escapes or no path.
fn page(condition: &Condition) -> TextNeed {
    let values = &condition.values;
    let is_part = are_short(values) && !values.iter().any(|value| value == "/");
    match condition.operator {
        Operator::Is | Operator::Contains if is_part => {
            let escapes = ["%", " "].map(str::to_owned);
            TextNeed::Contains(values.iter().cloned().chain(escapes).collect())
        }
        _ => TextNeed::Set,
    }
}

fn of_trait(condition: &Condition) -> Need {
    let values = &condition.values;
    // Numbers are written in several ways.
    let is_number = |value: &String| value.parse::<f64>().is_ok();
    let is_of_number = |part: &String| {
        let mut letters = part.chars();
        letters.all(|letter| letter.is_ascii_digit() || "+-.eE".contains(letter))
    };
    let need = match condition.operator {
        Operator::Is | Operator::IsNot if are_short(values) && !values.iter().any(is_number) => {
            TraitNeed::OneOf(values.clone())
        }
        Operator::Contains if are_short(values) && !values.iter().any(is_of_number) => {
            TraitNeed::Contains(values.clone())
        }
        _ => TraitNeed::Any,
    };
    let name = condition.property.clone().unwrap_or_default();
    Need::Trait(name, need)
}

fn of_events(condition: &Condition, need: impl Fn(String) -> Need) -> Option<Vec<Need>> {
    let values = &condition.values;
    let is_exact = matches!(condition.operator, Operator::Is | Operator::IsNot);
    let are_few = are_short(values) && values.len() <= MOST_EVENTS;
    (is_exact && are_few).then(|| values.iter().cloned().map(need).collect())
}

/// Only custom events have properties.
fn of_property(condition: &Condition) -> Need {
    match &condition.event {
        Some(name) if name.len() <= SHORT => Need::EventName(name.clone()),
        _ => Need::EventType("custom".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::values::Value;

    fn needs(json: &str) -> Vec<Vec<Need>> {
        of(&Conditions::named("where", json).unwrap())
    }

    #[test]
    fn a_group_has_needs_if_each_of_its_conditions_has_some() {
        let country = r#"{"field":"country","operator":"is","values":["DE"]}"#;
        let page = r#"{"field":"page","operator":"is","values":["/cart"]}"#;
        let german = TextNeed::OneOf(vec!["DE".to_owned()]);
        let german = Need::Text(TextColumn::Country, german, true);
        assert_eq!(
            needs(&format!("[[{country},{page}]]")),
            [] as [Vec<Need>; 0]
        );
        assert_eq!(needs(&format!("[[{country}],[{page}]]")), [[german]]);
    }

    #[test]
    fn what_may_be_cut_escaped_or_written_otherwise_only_has_to_be_there() {
        let long = "x".repeat(SHORT + 1);
        for json in [
            format!(r#"[[{{"field":"userId","operator":"is","values":["{long}"]}}]]"#),
            format!(r#"[[{{"field":"userId","operator":"contains","values":["{long}"]}}]]"#),
        ] {
            let set = Need::Text(TextColumn::UserId, TextNeed::Set, true);
            assert_eq!(needs(&json), [[set]], "{json}");
        }
        for json in [
            format!(r#"[[{{"field":"userId","operator":"isNot","values":["{long}"]}}]]"#),
            r#"[[{"field":"userId","operator":"contains","values":["a"],"not":true}]]"#.to_owned(),
            r#"[[{"field":"trait","property":"plan","operator":"isNot","values":["a"]}]]"#
                .to_owned(),
            r#"[[{"field":"eventName","operator":"isNotSet"}]]"#.to_owned(),
        ] {
            assert_eq!(needs(&json), [] as [Vec<Need>; 0], "{json}");
        }
        for values in [r#"["5"]"#, r#"["1e2","pro"]"#] {
            let json = format!(
                r#"[[{{"field":"trait","property":"seats","operator":"is","values":{values}}}]]"#
            );
            let any = Need::Trait("seats".to_owned(), TraitNeed::Any);
            assert_eq!(needs(&json), [[any]], "{json}");
        }
    }
}
