//! Converts conditions from protobuf.

use serde_json::Value;

use crow_proto::api;

use crate::ask::conditions::{Condition, Conditions, Field, Operator};
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
    let field = Value::String(given.field);
    let field: Field = serde_json::from_value(field)
        .map_err(|error| Error::Malformed(format!("conditions.field: {error}")))?;
    Ok(Condition {
        field,
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
