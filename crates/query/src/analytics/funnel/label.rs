//! What a step is called.

use crate::ask::conditions::{Condition, Operator};
use crate::ask::funnel::FunnelStep;

/// The longest text about conditions, in characters.
const MAX_TEXT: usize = 200;
/// Values of a condition that are named.
const VALUES: usize = 3;

/// The label that the caller gave, else the parts of the step.
pub(super) fn label(step: &FunnelStep) -> String {
    if let Some(label) = &step.label {
        return label.clone();
    }
    let also = [&step.name, &step.url];
    let parts = std::iter::once(&step.r#type).chain(also.into_iter().flatten());
    let mut label = parts.map(String::as_str).collect::<Vec<_>>().join(" ");
    if !step.conditions.is_empty() {
        let groups = step.conditions.groups.iter();
        let groups: Vec<String> = groups.map(|group| of_group(group)).collect();
        label.push_str(" where ");
        label.extend(groups.join(" and ").chars().take(MAX_TEXT));
    }
    label
}

fn of_group(group: &[Condition]) -> String {
    let conditions: Vec<String> = group.iter().map(of_condition).collect();
    match conditions.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(" or ")),
    }
}

fn of_condition(condition: &Condition) -> String {
    let not = if condition.not { "not " } else { "" };
    let property = condition.property.as_deref().unwrap_or_default();
    let operator = match condition.operator {
        Operator::Is => "is",
        Operator::IsNot => "is not",
        Operator::Contains => "contains",
        Operator::Greater => "is above",
        Operator::Less => "is below",
        Operator::IsSet => "is set",
        Operator::IsNotSet => "is not set",
    };
    let named = condition.values.iter().take(VALUES).map(String::as_str);
    let mut values: Vec<&str> = named.collect();
    if condition.values.len() > VALUES {
        values.push("…");
    }
    let text = format!("{not}{property} {operator} {}", values.join(" or "));
    text.trim_end().to_owned()
}
