//! Reads a body and the items of its lists once, from left to right.
//!
//! The pass accepts what nearly all clients send and returns `None` for any other body. Then
//! [`super::read`] takes the slow path: it splits the body, then each list, then each item, and
//! knows the reason for each rejection. Both paths give the same result for a body that this pass
//! accepts.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::event;
use super::notes::Notes;
use super::replay::{self, INSIDE_OF_BODY, ReplayFields};
use super::{Checked, Refusal, Rules};
use crate::decode::depth;
use crate::decode::envelope::{Borrowed, Envelope};
use crate::decode::list::Object;
use crate::outcome::{Lane, RejectReason, Rejection};

/// The fields of a body, and its accepted items. `text` must be `body` as text.
pub(super) fn read(body: &Bytes, text: &str, rules: Rules) -> Option<(Envelope, Checked)> {
    let mut pass = Pass { text, at: 0, rules };
    let mut fields = Borrowed::default();
    let (mut events, mut replay) = (None, None);
    let mut notes = Notes::default();
    pass.expect(b'{')?;
    loop {
        let (name, _text) = pass.value::<&str>()?;
        pass.expect(b':')?;
        match name {
            "events" if events.is_none() => {
                let check = |item, _text: &str, place| {
                    event::check_item(body, item, rules, place, &mut notes)
                };
                events = Some(pass.list(Lane::Events, rules.max_events, check)?);
            }
            "replay" if replay.is_none() => {
                let check = |Object(fields): Object<ReplayFields<'_>>, text: &str, _place| {
                    replay::check(body, &fields, text, rules)
                };
                replay = Some(pass.list(Lane::Replay, rules.max_replay_events, check)?);
            }
            // A repeated list.
            "events" | "replay" => return None,
            _ => {
                let (value, text) = pass.value::<&RawValue>()?;
                pass.check_depth(1, text)?;
                fields.set(name, value)?;
            }
        }
        match pass.take()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    if pass.peek().is_some() {
        return None;
    }
    let (events, mut rejected) = events.unwrap_or_default();
    let (replay, rejected_replay) = replay.unwrap_or_default();
    rejected.extend(rejected_replay);
    let checked = Checked {
        events,
        replay,
        rejected,
        notes,
    };
    Some((Envelope::of(body, &fields), checked))
}

/// The state of the pass.
struct Pass<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
}

impl<'a> Pass<'a> {
    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
        let blank = rest.iter().take_while(is_blank).count();
        self.at += blank;
        rest.get(blank).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.take()? == wanted).then_some(())
    }

    /// The next value, with its text.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<(T, &'a str)> {
        self.peek()?;
        let rest = self.text.get(self.at..)?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter();
        let value = values.next()?.ok()?;
        let text = &rest[..values.byte_offset()];
        self.at += text.len();
        Some((value, text))
    }

    /// A list of at most `max` items: accepted and rejected ones.
    fn list<T: Deserialize<'a>, A>(
        &mut self,
        lane: Lane,
        max: usize,
        mut check: impl FnMut(T, &'a str, usize) -> Result<A, Refusal>,
    ) -> Option<(Vec<A>, Vec<Rejection>)> {
        let (mut accepted, mut rejected) = (Vec::new(), Vec::new());
        self.check_depth(INSIDE_OF_BODY, "")?;
        self.expect(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some((accepted, rejected));
        }
        for index in 0..max {
            let (item, text) = self.value()?;
            self.check_depth(INSIDE_OF_BODY, text)?;
            match check(item, text, index) {
                Ok(item) => accepted.push(item),
                // The client's clock may explain the time, and `sentAt` may come later in the body.
                Err(refusal) if refusal.reason == RejectReason::InvalidTimestamp => return None,
                Err(refusal) => rejected.push(refusal.at(lane, index)),
            }
            match self.take()? {
                b',' => {}
                b']' => return Some((accepted, rejected)),
                _ => return None,
            }
        }
        None
    }

    /// Fails when a value at this depth makes the body too deep.
    fn check_depth(&self, inside: usize, text: &str) -> Option<()> {
        let most = self.rules.max_depth.checked_sub(inside)?;
        (!depth::is_over(most, text.as_bytes())).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use crow_types::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::config::IngestConfig;
    use crate::validate::{Read, read_step_by_step};

    const NOW: i64 = 1_763_690_002_000;

    fn rules() -> Rules {
        Rules {
            max_depth: 8,
            max_event_depth: 4,
            max_events: 4,
            max_replay_events: 4,
            ..Rules::new(&IngestConfig::default(), Timestamp(NOW))
        }
    }

    fn pass(body: &str) -> Option<(Envelope, Checked)> {
        let bytes = Bytes::copy_from_slice(body.as_bytes());
        let text = std::str::from_utf8(&bytes).unwrap();
        read(&bytes, text, rules())
    }

    /// Panics when the pass accepts a body that the slow path rejects, or returns another result.
    fn compare(body: &str) -> bool {
        let Some((envelope, checked)) = pass(body) else {
            return false;
        };
        let bytes = Bytes::copy_from_slice(body.as_bytes());
        let text = std::str::from_utf8(&bytes).unwrap();
        let Ok(Read {
            envelope: expected,
            items,
        }) = read_step_by_step(&bytes, text, rules())
        else {
            panic!("only the pass takes {body}");
        };
        // The pass does not keep the text of the lists.
        let expected = Envelope {
            events: None,
            replay: None,
            ..expected
        };
        assert_eq!(format!("{envelope:?}"), format!("{expected:?}"), "{body}");
        assert_eq!(Some(checked), items.ok(), "{body}");
        true
    }

    fn bodies() -> [String; 3] {
        let interactions = json!({
            "sessionId": "s-1", "windowId": "w", "seq": 3, "sentAt": NOW, "batchId": "b\u{e4}",
            "sdk": {"name": "crow-js"}, "context": {"url": "https://a.example/", "viewport": [1, 2]},
            "events": [
                {"id": "e1", "type": "click", "timestamp": NOW, "data": {"text": "Gr\u{fc}n \"{\"", "x": [1]}},
                {"type": "Bad", "timestamp": NOW},
                {"type": "scroll", "timestamp": 1.5e12, "url": "https://a.example/", "data": null},
                {"type": "custom", "name": 7, "timestamp": NOW, "url": []},
            ],
            "later": {"unknown": [true, false, -1.5e-3]},
        });
        let replay = json!({
            "sessionId": "s-1", "windowId": "w", "seq": 4, "sentAt": NOW, "apiKey": "crow_x",
            "replay": [
                {"type": 2, "data": {"node": {"childNodes": [{"id": 1}]}}, "timestamp": NOW},
                {"type": 3, "data": {"source": 2, "x": 1}, "timestamp": NOW},
                {"type": 77, "data": [1, "a"], "timestamp": NOW},
            ],
            "events": [],
        });
        let spaced = format!(
            " {{ \"sessionId\" :\t\"s\" ,\r\n \"events\" : [ {{ \"type\" : \"click\" , \"timestamp\" : {NOW} }} ] }} "
        );
        [interactions.to_string(), replay.to_string(), spaced]
    }

    #[test]
    fn what_clients_send_is_read_in_one_pass() {
        for body in bodies() {
            assert!(compare(&body), "{body}");
        }
    }

    #[test]
    fn what_is_unusual_goes_the_long_way() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"seq":1}x"#,
            r#"{"seq":1,"seq":2}"#,
            r#"{"seq":null}"#,
            r#"{"events":[],"events":[]}"#,
            r#"{"events":null}"#,
            r#"{"events":[1]}"#,
            r#"{"events":[{},]}"#,
            r#"{"events":[{},{},{},{},{}]}"#,
            r#"{"se\u0071":1}"#,
            r#"{"later":[[[[[[[[1]]]]]]]]}"#,
            r#"{"replay":[{"data":[[[[[[1]]]]]]}]}"#,
            r#"{"events":[{"type":"click","timestamp":5}],"sentAt":6}"#,
        ] {
            assert!(pass(body).is_none(), "{body}");
        }
    }

    /// At each character: deletes it, ends the body before it, replaces it with each special
    /// character, and inserts each special character before it.
    #[test]
    fn the_pass_takes_nothing_that_the_long_way_does_not() {
        const MEANINGFUL: &str = "{}[]\":,\\ 0n";
        let mut accepted = 0;
        for body in bodies() {
            let places = body.char_indices().map(|(place, _)| place);
            for place in places.collect::<Vec<_>>() {
                let (before, after) = body.split_at(place);
                let rest: String = after.chars().skip(1).collect();
                let mut changed = vec![format!("{before}{rest}"), before.to_owned()];
                for meaningful in MEANINGFUL.chars() {
                    changed.push(format!("{before}{meaningful}{rest}"));
                    changed.push(format!("{before}{meaningful}{after}"));
                }
                accepted += changed.iter().filter(|body| compare(body)).count();
            }
        }
        assert!(accepted > 1_000, "{accepted}");
    }
}
