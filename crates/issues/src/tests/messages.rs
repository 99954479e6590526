use std::collections::BTreeMap;

use crate::issue::Reported;

/// The fingerprint of what a browser says, thrown in one function.
fn said(name: &str, message: &str) -> String {
    let reported = Reported {
        name: name.to_owned(),
        message: message.to_owned(),
        stack: "showCart@https://shop.example/app.js:1:1".to_owned(),
        page: "https://shop.example/".to_owned(),
        ..Reported::default()
    };
    reported.identify().fingerprint
}

/// Chromium, Firefox and WebKit, in this order, with what releases in use say besides.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn browsers_say_the_same_in_other_words() {
    let mut of_all = BTreeMap::new();
    for (what, name, messages) in [
        (
            "a variable before its declaration",
            "ReferenceError",
            vec![
                "Cannot access 'cart' before initialization",
                "can't access lexical declaration 'cart' before initialization",
                "Cannot access 'cart' before initialization.",
                "Cannot access uninitialized variable.",
            ],
        ),
        (
            "an index of nothing",
            "TypeError",
            vec![
                "Cannot read properties of undefined (reading '0')",
                "can't access property 0, cart.items is undefined",
                "undefined is not an object (evaluating 'cart.items[0]')",
                "Cannot read properties of undefined (reading '17')",
                "Cannot set properties of undefined (setting '3')",
                "undefined is not an object (evaluating 't[n] = 1')",
            ],
        ),
        (
            "an index of null",
            "TypeError",
            vec![
                "Cannot read properties of null (reading '0')",
                "can't access property 0 of null",
                "null is not an object (evaluating 'cart.items[place]')",
            ],
        ),
        (
            "a quoted property",
            "TypeError",
            vec![
                "Cannot read properties of undefined (reading 'unit-price')",
                "can't access property \"unit-price\", item is undefined",
                "undefined is not an object (evaluating 'item['unit-price']')",
                "Cannot read property 'unit-price' of undefined",
            ],
        ),
        (
            "iteration",
            "TypeError",
            vec![
                "cart.items is not iterable",
                "object is not iterable (cannot read property Symbol(Symbol.iterator))",
                "undefined is not a function (near '...item of cart.items...')",
                "undefined is not a function (near '...[first, second]...')",
                "Spread syntax requires ...iterable[Symbol.iterator] to be a function",
                "t is not a function or its return value is not iterable",
                "can't access property Symbol.iterator, cart.items is undefined",
            ],
        ),
        (
            "destructuring",
            "TypeError",
            vec![
                "Cannot destructure property 'items' of 'cart' as it is undefined.",
                "cart is undefined",
                "Right side of assignment cannot be destructured",
                "Cannot destructure 'cart' as it is null.",
                "(destructured parameter) is undefined",
                "undefined has no properties",
            ],
        ),
        (
            "JSON of what refers to itself",
            "TypeError",
            vec![
                "Converting circular structure to JSON\n    --> starting at object with constructor 'Cart'\n    --- property 'self' closes the circle",
                "cyclic object value",
                "JSON.stringify cannot serialize cyclic structures.",
                "Converting circular structure to JSON",
            ],
        ),
        (
            "an abort",
            "AbortError",
            vec![
                "signal is aborted without reason",
                "The operation was aborted. ",
                "Fetch is aborted",
                "The user aborted a request.",
            ],
        ),
        (
            "a call",
            "TypeError",
            vec![
                "(0 , t.loadCart) is not a function",
                "(0,t.loadCart) is not a function. (In '(0,t.loadCart)(n)', '(0,t.loadCart)' is undefined)",
                "api.loadCart is not a function",
            ],
        ),
        (
            "a call of what a minifier named",
            "TypeError",
            vec![
                "aBc is not a function",
                "t(...) is not a function",
                "t(n, e(1)) is not a function. (In 't(n, e(1))()', 't(n, e(1))' is undefined)",
            ],
        ),
    ] {
        let one = said(name, messages[0]);
        for message in &messages {
            assert_eq!(said(name, message), one, "{what}: {message}");
        }
        assert_eq!(of_all.insert(one, what), None, "{what} is another");
    }
}

#[test]
fn codes_tell_errors_apart_and_numbers_do_not() {
    let of = |message: &str| said("Error", message);
    for (one, other) in [
        (
            "Minified React error #418; visit https://react.dev/errors/418 for the full message",
            "Minified React error #423; visit https://react.dev/errors/423 for the full message",
        ),
        ("NG0100: *", "NG0953: *"),
        ("E1001", "E1002"),
        ("connect ECONNREFUSED", "connect ENOTFOUND"),
        (
            "net::ERR_HTTP2_PROTOCOL_ERROR",
            "net::ERR_HTTP2_PING_FAILED",
        ),
        (
            "Request failed with status code 404",
            "Request failed with status code 500",
        ),
        ("HTTP error! status: 401", "HTTP error! status: 503"),
        (
            "Unexpected answer (status=404)",
            "Unexpected answer (status=500)",
        ),
        ("the API failed with 502", "the API failed with 404"),
        ("404 Not Found", "403 Forbidden"),
        ("HTTP/1.1 500", "HTTP/1.1 503"),
        (
            "https://svelte.dev/e/each_key_duplicate",
            "https://svelte.dev/e/effect_update_depth_exceeded",
        ),
    ] {
        assert_ne!(of(one), of(other), "{one}");
        assert_eq!(of(one), of(&format!("{one}.")), "{one}");
    }
    for (one, other) in [
        ("Order #4711 failed", "Order #418 failed"),
        ("page 412 is too far", "page 7 is too far"),
        ("Invalid code 4711", "Invalid code 1234"),
        ("Loading chunk 404 failed", "Loading chunk 7 failed"),
        ("EUR100 is too much", "EUR200 is too much"),
        ("error 1234567", "error 7654321"),
        (
            "Request 17 failed with status code 404",
            "Request 99 failed with status code 404",
        ),
        (
            "see https://a.example/e?1 of error #418",
            "see https://b.example/e?2 of error #418",
        ),
    ] {
        assert_eq!(of(one), of(other), "{one}");
    }
}
