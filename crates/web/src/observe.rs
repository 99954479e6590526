//! Request metrics. Labels come from closed sets: a route's pattern, never its path.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};

/// Counts one answered request.
pub(crate) fn count(route: Option<String>, method: &Method, status: StatusCode, elapsed: Duration) {
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let method = method_label(method);
    metrics::histogram!("crow_http_request_seconds", "route" => route.clone())
        .record(elapsed.as_secs_f64());
    metrics::counter!(
        "crow_http_requests_total",
        "route" => route,
        "method" => method,
        "status" => status.as_str().to_owned()
    )
    .increment(1);
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
