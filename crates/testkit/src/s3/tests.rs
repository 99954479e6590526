use reqwest::{Method, Response};

use super::{S3Bucket, S3Server, create_bucket};
use crate::http;

/// Any signature will do. Without one, the server treats the request as anonymous.
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request";

async fn call(method: Method, bucket: &S3Bucket, key: &str, body: &'static str) -> Response {
    let url = format!("{}/{}/{key}", bucket.endpoint, bucket.bucket);
    let request = http::client().request(method, url).body(body);
    let signed = request.header("authorization", SIGNATURE);
    signed.send().await.unwrap()
}

async fn put(bucket: &S3Bucket, key: &str, body: &'static str) {
    let answer = call(Method::PUT, bucket, key, body).await;
    assert!(answer.status().is_success(), "{answer:?}");
}

async fn get(bucket: &S3Bucket, key: &str) -> Option<String> {
    let answer = call(Method::GET, bucket, key, "").await;
    match answer.status().is_success() {
        true => Some(answer.text().await.unwrap()),
        false => None,
    }
}

#[tokio::test]
async fn buckets_are_separate() {
    let dir = tempfile::tempdir().unwrap();
    let server = S3Server::start(dir.path()).await.unwrap();
    let first = create_bucket(&server.url()).await.unwrap();
    let second = create_bucket(&server.url()).await.unwrap();

    put(&first, "a/b", "content").await;
    assert_eq!(get(&first, "a/b").await.as_deref(), Some("content"));
    assert_eq!(get(&second, "a/b").await, None);
}
