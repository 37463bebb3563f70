//! Messages as JSON and back, by their descriptors: field names as in the protos, enum values also in short (`DENIED`).

use std::fmt::Write as _;

use prost::Message;
use prost_reflect::{DynamicMessage, EnumDescriptor, Kind, MessageDescriptor, SerializeOptions};
use serde_json::Value as Json;

use crate::proto::pool;

/// Descriptor of a message of the API, by its short name.
pub fn descriptor(message: &str) -> Result<MessageDescriptor, String> {
    pool()
        .get_message_by_name(&format!("payersim.v1.{message}"))
        .ok_or_else(|| format!("there is no message {message}"))
}

/// Whether fields that are zero or empty are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defaults {
    /// Left out, as proto JSON does.
    LeftOut,
    /// Written.
    Written,
}

/// A message as JSON. Whole numbers are written as numbers, also those of 64 bits.
pub fn to_json(message: &DynamicMessage, defaults: Defaults) -> Json {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(defaults == Defaults::LeftOut);
    message.serialize_with_options(serde_json::value::Serializer, &options).unwrap_or_default()
}

/// A generated message, whose short name is given, as JSON without its defaults.
pub fn typed_to_json(name: &str, message: &impl Message) -> Json {
    descriptor(name)
        .ok()
        .and_then(|descriptor| DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).ok())
        .map_or(Json::Null, |message| to_json(&message, Defaults::LeftOut))
}

/// Reads a message from JSON; the error names every field that is wrong, by its path.
pub fn from_json(descriptor: &MessageDescriptor, mut json: Json) -> Result<DynamicMessage, String> {
    let mut faults = Vec::new();
    lengthen(descriptor, &mut json, "", &mut faults);
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    DynamicMessage::deserialize(descriptor.clone(), json).map_err(|error| format!("{}: {error}", descriptor.name()))
}

/// Reads a generated message, whose short name is given, from JSON.
pub fn typed_from_json<M: Message + Default>(name: &str, json: Json) -> Result<M, String> {
    let message = from_json(&descriptor(name)?, json)?;
    message.transcode_to().map_err(|error| format!("{name}: {error}"))
}

/// Puts whole names for short enum values and notes every field that the message does not have.
fn lengthen(descriptor: &MessageDescriptor, json: &mut Json, path: &str, faults: &mut Vec<String>) {
    let Json::Object(fields) = json else {
        let place = if path.is_empty() { descriptor.name() } else { path };
        faults.push(format!("{place}: expected an object, the fields of {}", descriptor.name()));
        return;
    };
    for (key, value) in fields {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let Some(field) = descriptor.get_field_by_name(key).or_else(|| descriptor.get_field_by_json_name(key)) else {
            faults.push(format!("{path}: {}", no_such_field(descriptor, key)));
            continue;
        };
        match value {
            Json::Array(values) if field.is_list() => {
                for (at, value) in values.iter_mut().enumerate() {
                    lengthen_value(&field.kind(), value, &format!("{path}[{at}]"), faults);
                }
            }
            value => lengthen_value(&field.kind(), value, &path, faults),
        }
    }
}

fn lengthen_value(kind: &Kind, value: &mut Json, path: &str, faults: &mut Vec<String>) {
    match (kind, &mut *value) {
        (_, Json::Null) => {}
        (Kind::Message(message), value) => lengthen(message, value, path, faults),
        (Kind::Enum(values), Json::String(text)) => match whole_enum_name(values, text) {
            Some(whole) => *text = whole,
            None => faults.push(format!("{path}: {}", no_such_value(values, text))),
        },
        _ => {}
    }
}

/// `denied`, `DENIED` and `CLAIM_STATE_DENIED` all give the last.
pub fn whole_enum_name(descriptor: &EnumDescriptor, text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let long = format!("{}{text}", prefix(descriptor));
    [text, long].into_iter().find(|name| descriptor.get_value_by_name(name).is_some())
}

/// `CLAIM_STATE_DENIED` gives `DENIED`.
pub fn short_enum_name(descriptor: &EnumDescriptor, name: &str) -> String {
    name.strip_prefix(&prefix(descriptor)).unwrap_or(name).to_owned()
}

/// What the names of an enum's values begin with: `CLAIM_STATE_`.
fn prefix(descriptor: &EnumDescriptor) -> String {
    descriptor.default_value().name().trim_end_matches("UNSPECIFIED").to_owned()
}

/// Says that a message has no such field, and which one may be meant.
pub fn no_such_field(descriptor: &MessageDescriptor, key: &str) -> String {
    let names: Vec<String> = descriptor.fields().map(|field| field.name().to_owned()).collect();
    let mut words = format!("{} has no such field", descriptor.name());
    match names.iter().find(|name| alike(name, key)) {
        Some(near) => _ = write!(words, "; perhaps {near}"),
        None if names.is_empty() => {}
        None => _ = write!(words, "; it has {}", names.join(", ")),
    }
    words
}

/// Says that an enum has no such value, and which it has.
pub fn no_such_value(descriptor: &EnumDescriptor, text: &str) -> String {
    let names: Vec<String> =
        descriptor.values().skip(1).map(|value| short_enum_name(descriptor, value.name())).collect();
    format!("{text} is none of {}", names.join(", "))
}

/// Whether two names differ by one letter or two that changed places, or one begins with the other.
fn alike(name: &str, other: &str) -> bool {
    let same_start = name.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (name, other) = (name.get(same_start..).unwrap_or_default(), other.get(same_start..).unwrap_or_default());
    let same_end = name.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    let left = |text: &str| text.len() - same_end;
    left(name) <= 2 && left(other) <= 2 && left(name) + left(other) <= 4 && same_start + same_end > 2
        || same_start > 3 && (name.is_empty() || other.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1;
    use serde_json::json;

    fn faults(message: &str, json: Json) -> String {
        from_json(&descriptor(message).unwrap(), json).unwrap_err()
    }

    #[test]
    fn enum_values_may_be_short() {
        for state in ["denied", "DENIED", "CLAIM_STATE_DENIED"] {
            let filter: v1::ClaimFilter = typed_from_json("ClaimFilter", json!({ "state": state })).unwrap();
            assert_eq!(filter.state(), v1::ClaimState::Denied);
        }
        assert_eq!(
            faults("ClaimFilter", json!({ "state": "PAID" })),
            "state: PAID is none of REJECTED, PENDED, DENIED, ALLOWED, REVERSED, CLOSED, VOID"
        );
    }

    #[test]
    fn every_unknown_field_is_named_by_its_path() {
        let json = json!({ "professional": { "lines": [{ "charge_cent": 1 }], "payerid": "X" } });
        assert_eq!(
            faults("SubmitClaimRequest", json),
            "professional.lines[0].charge_cent: ServiceLine has no such field; perhaps charge_cents\n\
             professional.payerid: ProfessionalClaim has no such field; perhaps payer_id"
        );
    }

    #[test]
    fn amounts_are_numbers_and_defaults_are_left_out() {
        let line = v1::LineDetermination { line: 1, charge_cents: 12_345, ..Default::default() };
        assert_eq!(typed_to_json("LineDetermination", &line), json!({ "line": 1, "charge_cents": 12345 }));
    }
}
