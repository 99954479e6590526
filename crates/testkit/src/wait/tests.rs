use std::future::pending;
use std::time::Duration;

use super::{until, until_http_ready};
use crate::port::free_port;

const SHORT: Duration = Duration::from_millis(120);

#[tokio::test]
async fn looks_again_until_there_is_a_value() {
    let mut looks = 0;
    let value = until("the third look", Duration::from_secs(10), async || {
        looks += 1;
        (looks == 3).then_some("seen")
    })
    .await;
    assert_eq!(value.unwrap(), "seen");
    assert_eq!(looks, 3);
}

#[tokio::test]
async fn names_what_did_not_come() {
    let error = until("a miracle", SHORT, async || None::<()>).await;
    let text = error.unwrap_err().to_string();
    assert_eq!(text, "waited 120ms in vain for a miracle");
}

#[tokio::test]
async fn a_hanging_probe_does_not_pass_the_deadline() {
    let result = until("nothing", SHORT, async || pending::<Option<()>>().await).await;
    assert!(result.is_err());
}

#[tokio::test]
async fn an_address_without_a_server_is_not_ready() {
    let url = format!("http://127.0.0.1:{}/health", free_port());
    let error = until_http_ready(&url, SHORT).await.unwrap_err();
    assert!(
        format!("{error:#}").contains("Connection refused"),
        "{error:#}"
    );
}
