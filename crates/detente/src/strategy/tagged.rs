//! What each number of a strategy's JSON is: the horizon that it belongs to, what it is compared with, and how it came about.

use serde_json::{Map, Value, json};

use crate::results::tags::Tag;
use detente_engine::horizon::Horizon;

/// Adds to an object its horizon, what its numbers are compared with, and a tag for each named field. Fields without a number (words,
/// certificates) have no tag.
pub fn tagged(mut object: Value, horizon: Horizon, against: &str, tags: &[(&str, Tag)]) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert("horizon".into(), json!(horizon.code()));
        fields.insert("horizon_label".into(), json!(horizon.label()));
        fields.insert("against".into(), json!(against));
        let tags: Map<String, Value> =
            tags.iter().map(|(name, tag)| ((*name).to_owned(), json!(tag))).collect();
        fields.insert("tags".into(), Value::Object(tags));
    }
    object
}
