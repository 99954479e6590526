//! Errors of the library in our words.

use tonic::codegen::http::{HeaderValue, Response};

/// The library reports a request that is not valid protobuf as an internal error. This turns it
/// into `INVALID_ARGUMENT`.
pub fn say_what_is_malformed<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers();
    let is_internal = headers
        .get("grpc-status")
        .is_some_and(|status| status == INTERNAL);
    let is_of_the_library = headers
        .get("grpc-message")
        .is_some_and(|message| message.as_bytes().starts_with(NO_PROTOBUF));
    if is_internal && is_of_the_library {
        let code = HeaderValue::from_static(INVALID_ARGUMENT);
        response.headers_mut().insert("grpc-status", code);
    }
    response
}

/// The status code as the header carries it.
const INTERNAL: &str = "13";
const INVALID_ARGUMENT: &str = "3";
/// The start of the library's message as the header carries it.
const NO_PROTOBUF: &[u8] = b"failed%20to%20decode%20Protobuf%20message";
