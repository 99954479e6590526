//! Request metrics. Label values come from closed sets: the pattern of a route, never a path.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use metrics::{Counter, Histogram};

/// Route, method and status.
type Labels = (String, &'static str, StatusCode);

thread_local! {
    /// Caches the handles, because looking one up takes a lock and copies the labels.
    static METERS: RefCell<HashMap<Labels, Meters>> = RefCell::default();
}

/// The metrics of requests with the same labels.
struct Meters {
    seconds: Histogram,
    requests: Counter,
}

impl Meters {
    fn of((route, method, status): &Labels) -> Self {
        Self {
            seconds: metrics::histogram!("crow_http_request_seconds", "route" => route.clone()),
            requests: metrics::counter!(
                "crow_http_requests_total",
                "route" => route.clone(),
                "method" => *method,
                "status" => status.as_str().to_owned()
            ),
        }
    }
}

/// Counts one finished request.
pub(crate) fn count(route: Option<String>, method: &Method, status: StatusCode, elapsed: Duration) {
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let labels = (route, method_label(method), status);
    METERS.with_borrow_mut(|all| {
        let meters = match all.get(&labels) {
            Some(known) => known,
            None => all.entry(labels.clone()).or_insert(Meters::of(&labels)),
        };
        meters.seconds.record(elapsed.as_secs_f64());
        meters.requests.increment(1);
    });
}

fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
