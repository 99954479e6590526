//! Converts conditions from and to protobuf.

use crow_proto::api;

use super::words;
use crate::ask::conditions::{Condition, Conditions, Operator};
use crate::error::{Error, Result};

/// Conditions with their bounds checked.
pub fn conditions(given: Option<api::Conditions>) -> Result<Conditions> {
    let groups = given.unwrap_or_default().groups.into_iter().map(|group| {
        let conditions = group.any_of.into_iter();
        conditions.map(condition).collect::<Result<Vec<_>>>()
    });
    let conditions = Conditions {
        groups: groups.collect::<Result<_>>()?,
    };
    conditions.check("conditions")?;
    Ok(conditions)
}

fn condition(given: api::Condition) -> Result<Condition> {
    let operator = operator(given.operator())?;
    Ok(Condition {
        field: words::read("conditions.field", given.field)?,
        property: given.property,
        event: given.event,
        operator,
        values: given.values,
        not: given.not,
    })
}

fn operator(given: api::Operator) -> Result<Operator> {
    Ok(match given {
        api::Operator::Unspecified => {
            let text = "conditions.operator: must be given";
            return Err(Error::Malformed(text.to_owned()));
        }
        api::Operator::Is => Operator::Is,
        api::Operator::IsNot => Operator::IsNot,
        api::Operator::Contains => Operator::Contains,
        api::Operator::Greater => Operator::Greater,
        api::Operator::Less => Operator::Less,
        api::Operator::IsSet => Operator::IsSet,
        api::Operator::IsNotSet => Operator::IsNotSet,
    })
}

/// Conditions that were stored.
pub fn shown(conditions: Conditions) -> api::Conditions {
    let groups = conditions.groups.into_iter().map(|group| {
        let any_of = group.into_iter().map(shown_condition).collect();
        api::ConditionGroup { any_of }
    });
    api::Conditions {
        groups: groups.collect(),
    }
}

fn shown_condition(condition: Condition) -> api::Condition {
    let operator = match condition.operator {
        Operator::Is => api::Operator::Is,
        Operator::IsNot => api::Operator::IsNot,
        Operator::Contains => api::Operator::Contains,
        Operator::Greater => api::Operator::Greater,
        Operator::Less => api::Operator::Less,
        Operator::IsSet => api::Operator::IsSet,
        Operator::IsNotSet => api::Operator::IsNotSet,
    };
    api::Condition {
        field: words::word(condition.field),
        property: condition.property,
        event: condition.event,
        operator: operator.into(),
        values: condition.values,
        not: condition.not,
    }
}
