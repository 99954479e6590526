//! The requests of a visitor of a shop.

use std::cell::Cell;
use std::rc::Rc;

use crow_testkit::recording::rrweb_recording;
use serde_json::{Value, json};

use super::sessions::{Kind, Step, Traffic, now_ms};
use super::template::Template;

/// Batches of a session of [`Kind::One`] and [`Kind::Twenty`].
const BATCHES: usize = 20;
/// Batches of a session that somebody follows.
const LONG: usize = 600;
/// A replay batch holds so much time of the recording.
const SLICE_MS: i64 = 5_000;
/// Session numbers of one connection.
const NUMBERS: u64 = 1 << 24;

/// Generates the traffic of connections to one server, with one key.
pub struct Requests {
    head: String,
    next_number: Cell<u64>,
}

impl Requests {
    pub fn new(host: &str, key: &str) -> Self {
        // Sessions of an earlier run on the same data have other numbers.
        let first = u64::try_from(now_ms()).unwrap_or_default() << 20;
        Self::starting_at(host, key, first)
    }

    /// With sessions from this number on.
    pub fn starting_at(host: &str, key: &str, first: u64) -> Self {
        let head = format!(
            "Host: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
             User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/131.0.0.0 Safari/537.36\r\nAccept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\nOrigin: https://shop.example\r\n\
             Referer: https://shop.example/\r\n"
        );
        Self {
            head,
            next_number: Cell::new(first),
        }
    }

    /// Of so many connections.
    pub fn traffic(&self, kind: Kind, connections: usize) -> Vec<Traffic> {
        let steps: Rc<[Step]> = self.steps(kind).into();
        (0..connections)
            .map(|_connection| Traffic::new(Rc::clone(&steps), self.take_numbers()))
            .collect()
    }

    /// Of one session alone.
    pub fn traffic_of_one(&self, kind: Kind) -> Traffic {
        Traffic::of_one(self.steps(kind).into(), self.take_numbers())
    }

    /// A session that is recorded for `minutes`, up to now, and is over then. Each batch of replay
    /// has one of two interactions beside it.
    pub fn long_visit(&self, minutes: i64) -> (u64, Traffic) {
        let recording = rrweb_recording();
        let length = times(&recording).1;
        let rounds = minutes * 60_000 / length;
        let mut steps = Vec::new();
        for round in (1..=rounds).rev() {
            let slices = slices(&recording, round * length);
            for slice in &slices {
                steps.push(self.replay_step(slice));
                steps.push(self.interaction_step(2));
            }
        }
        steps.push(self.end_step());
        let number = self.take_numbers();
        (number, Traffic::of_one(steps.into(), number))
    }

    /// Batches of one event, of one session.
    pub fn single_visit(&self) -> (u64, Traffic) {
        let steps = (0..LONG).map(|_batch| self.interaction_step(1)).collect();
        let number = self.take_numbers();
        (number, Traffic::of_one(steps, number))
    }

    fn take_numbers(&self) -> u64 {
        let number = self.next_number.get();
        self.next_number.set(number + NUMBERS);
        number
    }

    fn steps(&self, kind: Kind) -> Vec<Step> {
        match kind {
            Kind::One => (0..BATCHES)
                .map(|_batch| self.interaction_step(1))
                .collect(),
            Kind::Twenty => (0..BATCHES)
                .map(|_batch| self.interaction_step(20))
                .collect(),
            Kind::Replay => self.replay_steps(),
            Kind::Visit => {
                let mut steps = Vec::new();
                for replay in self.replay_steps() {
                    steps.push(self.interaction_step(8));
                    steps.push(replay);
                }
                steps.push(self.end_step());
                steps
            }
        }
    }

    fn replay_steps(&self) -> Vec<Step> {
        slices(&rrweb_recording(), 0)
            .iter()
            .map(|slice| self.replay_step(slice))
            .collect()
    }

    fn interaction_step(&self, events: u64) -> Step {
        let mut body = batch_head();
        body.text(",\"events\":[");
        for number in 0..events {
            if number > 0 {
                body.text(",");
            }
            add_interaction(&mut body, number, events);
        }
        body.text("]}");
        self.step("/batch", &body, events)
    }

    fn replay_step(&self, slice: &Slice) -> Step {
        let mut body = batch_head();
        body.text(",\"replay\":[");
        for (number, (event, ago)) in slice.iter().enumerate() {
            if number > 0 {
                body.text(",");
            }
            let (before, after) = event.split_once(TIME).expect("an event has a time");
            body.text(before).time(*ago).text(after);
        }
        body.text("]}");
        self.step("/batch", &body, slice.len() as u64)
    }

    fn end_step(&self) -> Step {
        let mut body = Template::default();
        body.text("{\"sessionId\":\"").session();
        body.text("\",\"windowId\":\"w\",\"seq\":").seq();
        body.text(",\"sentAt\":").time(0).text("}");
        self.step("/session/end", &body, 0)
    }

    fn step(&self, path: &str, body: &Template, events: u64) -> Step {
        let mut head = Template::default();
        head.text(&format!(
            "POST {path} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n",
            self.head,
            body.len()
        ));
        Step {
            body_bytes: body.len() as u64,
            request: head.then(body),
            events,
        }
    }
}

fn batch_head() -> Template {
    let mut head = Template::default();
    head.text("{\"batchId\":\"").batch_name();
    head.text("\",\"sessionId\":\"").session();
    head.text("\",\"windowId\":\"w\",\"seq\":").seq();
    head.text(",\"sentAt\":").time(0);
    head.text(
        ",\"sdk\":{\"name\":\"crow-js\",\"version\":\"1.0.0\",\"platform\":\"web\"},\
         \"context\":{\"url\":\"https://shop.example/products\",\"referrer\":\"https://search.example/\",\
         \"title\":\"Products\",\"viewport\":[1280,720],\"screen\":[1920,1080],\"locale\":\"en\",\
         \"timezone\":\"Europe/Berlin\"}",
    );
    head
}

/// One of ten, and the only one of a small batch, has a row with `event_rows = "key"`.
fn add_interaction(body: &mut Template, number: u64, of: u64) {
    let (kind, data) = match number % 10 {
        0 if number == 0 && of > 1 => ("pageview", json!({ "title": "Products" })),
        0 => (
            "click",
            json!({
                "selector": "main > div.grid > article:nth-child(7) > button.add-to-cart",
                "text": "Add to cart", "x": 412, "y": 733,
                "attributes": { "class": "add-to-cart primary", "data-product": "sku-4711" },
            }),
        ),
        1 | 4 | 7 => (
            "input",
            json!({ "selector": "form.search > input[name=q]", "length": 12 }),
        ),
        2 => (
            "focus",
            json!({ "selector": "form.search > input[name=q]" }),
        ),
        5 => ("blur", json!({ "selector": "form.search > input[name=q]" })),
        _ => (
            "scroll",
            json!({ "depth": 41 + number, "y": 1_733 + number }),
        ),
    };
    body.text("{\"id\":\"").batch_name();
    body.text(&format!(
        "-{number:02}\",\"type\":\"{kind}\",\"timestamp\":"
    ));
    body.time(i64::try_from(of - number).unwrap_or_default() * 40);
    body.text(&format!(
        ",\"url\":\"https://shop.example/products\",\"data\":{data}}}"
    ));
}

/// Position of the time in the text of an event.
const TIME: &str = "\"@time@\"";

/// Events as text, each with how long before its sending it happened.
type Slice = Vec<(String, i64)>;

/// Parts of the recording that are sent together. It began `began_ago` milliseconds before
/// they are sent; 0: each when it is due.
fn slices(recording: &[Value], began_ago: i64) -> Vec<Slice> {
    let (first, length) = times(recording);
    let count = length / SLICE_MS + 1;
    let mut slices = vec![Slice::new(); usize::try_from(count).unwrap_or_default()];
    for event in recording {
        let at = time_of(event) - first;
        let index = at / SLICE_MS;
        let sent_at = if began_ago == 0 {
            (index + 1) * SLICE_MS
        } else {
            began_ago
        };
        let mut event = event.clone();
        event["timestamp"] = json!("@time@");
        slices[usize::try_from(index).unwrap_or_default()].push((event.to_string(), sent_at - at));
    }
    slices.retain(|slice| !slice.is_empty());
    slices
}

/// The first time, and how long after it the last is.
fn times(recording: &[Value]) -> (i64, i64) {
    let times = || recording.iter().map(time_of);
    let first = times().min().unwrap_or_default();
    (first, times().max().unwrap_or_default() - first)
}

fn time_of(event: &Value) -> i64 {
    event["timestamp"].as_i64().unwrap_or_default()
}
