//! Console lines and requests in a recording, as far as the organization takes them.
//!
//! The SDK is told what it may record. Older ones do not listen, and a page that has just loaded has
//! not been told yet. So the gateway takes out what is switched off. Only recordings of organizations
//! that switch something off are looked at. Limits per minute are up to the SDK: to count them here,
//! gateways would have to share a count for each page.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crow_proto::events::ReplayEvent;
use crow_types::settings::{NetworkSettings, RecordingSettings};

/// The beginnings of what the SDK calls its events, without the version.
const CONSOLE: &str = "rrweb/console";
const NETWORK: &str = "rrweb/network";
/// A header that says which trace a request belongs to, and nothing of its content.
const TRACE: &str = "traceparent";
/// The largest event whose headers or bodies are taken out. The SDK's are smaller; a larger one is
/// dropped, because as a tree it could use many times its size in memory.
const MAX_CHANGED_BYTES: usize = 1 << 20;

/// The field that is read of an event.
#[derive(Deserialize)]
struct Recorded<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// The field that is read of its data.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    plugin: Option<Cow<'a, str>>,
}

/// Whether the organization switches off something that a gateway takes out.
pub(crate) fn is_limited(recording: &RecordingSettings) -> bool {
    !recording.console.enabled || is_withheld(&recording.network)
}

fn is_withheld(network: &NetworkSettings) -> bool {
    !(network.enabled && network.headers && network.bodies)
}

/// Takes out what the organization has switched off. Returns how many events are gone.
pub(crate) fn limit(replay: &mut Vec<ReplayEvent>, recording: &RecordingSettings) -> usize {
    let before = replay.len();
    replay.retain_mut(|event| {
        // Most of a recording is known to be something else.
        event.full_snapshot || event.activity || is_kept(&mut event.data, recording)
    });
    before - replay.len()
}

fn is_kept(event: &mut Bytes, recording: &RecordingSettings) -> bool {
    let Some(data) = data_of(event) else {
        return true;
    };
    // Not an object: it names nothing.
    if !data.get().starts_with('{') {
        return true;
    }
    // An object that names its plugin twice, or not by a text, is not the SDK's. A player might take
    // it for a line.
    let Ok(Named { plugin }) = serde_json::from_str(data.get()) else {
        return false;
    };
    let plugin = plugin.unwrap_or_default().into_owned();
    if plugin.starts_with(CONSOLE) {
        return recording.console.enabled;
    }
    if !plugin.starts_with(NETWORK) || !is_withheld(&recording.network) {
        return true;
    }
    recording.network.enabled && withhold(event, &recording.network)
}

/// Validation has read the event before, and refused a second `data`.
fn data_of(event: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice::<Recorded<'_>>(event).ok()?.data
}

/// Takes headers and bodies out of the requests of an event. False: the event must be dropped.
fn withhold(event: &mut Bytes, network: &NetworkSettings) -> bool {
    if event.len() > MAX_CHANGED_BYTES {
        return false;
    }
    let Ok(mut whole) = serde_json::from_slice::<Value>(event) else {
        return false;
    };
    let Some(requests) = whole.pointer_mut("/data/payload/requests") else {
        // Nothing but how many were dropped.
        return true;
    };
    let Some(requests) = requests.as_array_mut() else {
        return false;
    };
    for request in requests {
        if let Value::Object(request) = request {
            strip(request, network);
        }
    }
    *event = whole.to_string().into();
    true
}

fn strip(request: &mut Map<String, Value>, network: &NetworkSettings) {
    if !network.bodies {
        request.remove("requestBody");
        request.remove("responseBody");
    }
    if network.headers {
        return;
    }
    for name in ["requestHeaders", "responseHeaders"] {
        let trace = request
            .remove(name)
            .and_then(|mut headers| headers.get_mut(TRACE).map(Value::take));
        if let Some(trace) = trace {
            request.insert(name.to_owned(), json!({ TRACE: trace }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(change: impl FnOnce(&mut RecordingSettings)) -> RecordingSettings {
        let mut recording = RecordingSettings::default();
        assert!(!is_limited(&recording));
        change(&mut recording);
        recording
    }

    /// The events that are left.
    fn left(recording: &RecordingSettings, events: &[String]) -> Vec<Value> {
        let event = |text: &String| ReplayEvent {
            data: Bytes::from(text.clone()),
            ..ReplayEvent::default()
        };
        let mut replay: Vec<ReplayEvent> = events.iter().map(event).collect();
        let gone = limit(&mut replay, recording);
        assert_eq!(gone + replay.len(), events.len());
        let read = |event: ReplayEvent| serde_json::from_slice(&event.data).unwrap();
        replay.into_iter().map(read).collect()
    }

    fn line() -> Value {
        json!({"type": 6, "timestamp": 1, "data": {"plugin": "rrweb/console@1", "payload": {"level": "error"}}})
    }

    fn requests(requests: &Value) -> Value {
        let payload = json!({"requests": requests});
        json!({"type": 6, "timestamp": 1, "data": {"plugin": "rrweb/network@1", "payload": payload}})
    }

    fn others() -> Vec<Value> {
        vec![
            json!({"type": 6, "data": {"plugin": "crow/performance@1", "payload": {}}}),
            json!({"type": 3, "data": {"source": 0, "texts": [{"value": "rrweb/console@1"}]}}),
            json!({"type": 5, "data": {"tag": "x", "payload": {"plugin": "rrweb/console@1"}}}),
            json!({"type": 1, "data": ["plugin"]}),
            json!({"type": 0}),
        ]
    }

    fn texts(events: &[Value]) -> Vec<String> {
        events.iter().map(Value::to_string).collect()
    }

    #[test]
    fn what_is_switched_off_is_gone_and_the_rest_stays() {
        let whole = [others(), vec![line(), requests(&json!([{"name": "a"}]))]].concat();
        let no_console = limited(|it| it.console.enabled = false);
        let no_network = limited(|it| it.network.enabled = false);
        assert!(is_limited(&no_console) && is_limited(&no_network));
        let kept = left(&no_console, &texts(&whole));
        assert_eq!(kept, [others(), vec![whole[6].clone()]].concat());
        assert_eq!(left(&no_network, &texts(&whole)), whole[..6]);
    }

    #[test]
    fn a_limit_per_minute_alone_is_up_to_the_sdk() {
        let recording = limited(|it| {
            it.console.max_per_minute = Some(1);
            it.network.max_per_minute = Some(1);
        });
        assert!(!is_limited(&recording));
    }

    #[test]
    fn headers_and_bodies_are_taken_out_of_requests() {
        let trace = json!("00-1-2-01");
        let given = json!([
            {
                "name": "https://api.example/a", "status": 200,
                "requestHeaders": {"traceparent": trace, "x-client": "web"},
                "responseHeaders": {"x-trace": "1"}, "requestBody": "q", "responseBody": "a"
            },
            {"name": "b", "requestHeaders": [{"name": "traceparent", "value": "x"}]},
            7,
        ]);
        let headers = limited(|it| it.network.headers = false);
        let bodies = limited(|it| it.network.bodies = false);
        assert!(is_limited(&headers) && is_limited(&bodies));
        let event = texts(&[requests(&given)]);
        let expected = json!([
            {
                "name": "https://api.example/a", "status": 200, "requestBody": "q", "responseBody": "a",
                "requestHeaders": {"traceparent": trace}
            },
            {"name": "b"},
            7,
        ]);
        assert_eq!(left(&headers, &event), [requests(&expected)]);
        let mut expected = given;
        let first = expected[0].as_object_mut().unwrap();
        first.remove("requestBody");
        first.remove("responseBody");
        assert_eq!(left(&bodies, &event), [requests(&expected)]);
        let dropped =
            json!({"type": 6, "data": {"plugin": "rrweb/network@1", "payload": {"dropped": 3}}});
        let event = texts(std::slice::from_ref(&dropped));
        assert_eq!(left(&bodies, &event), [dropped]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_dropped() {
        let off = limited(|it| it.console.enabled = false);
        for text in [
            r#"{"type":6,"data":{"plugin":"x","plugin":"rrweb/console@1"}}"#,
            r#"{"type":6,"data":{"plugin":["rrweb/console@1"]}}"#,
            r#"{"type":6,"data":{"pl\u0075gin":"rrweb\/console@1"}}"#,
        ] {
            assert!(left(&off, &[text.to_owned()]).is_empty(), "{text}");
        }
        let bodies = limited(|it| it.network.bodies = false);
        let large = requests(&json!([{"requestBody": "x".repeat(MAX_CHANGED_BYTES)}]));
        let odd = requests(&json!({"0": {"requestBody": "x"}}));
        assert!(left(&bodies, &texts(&[large, odd])).is_empty());
    }
}
