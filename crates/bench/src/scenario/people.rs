//! Keys and users of measurements.

use anyhow::Context;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{ORGANIZATION, Stack};

/// The password of every user of a measurement.
pub(super) const PASSWORD: &str = "a password of the benchmark";

/// Who makes and revokes keys and users, at the first read API.
pub(super) struct Admin<'a> {
    stack: &'a Stack,
    key: String,
}

impl<'a> Admin<'a> {
    pub(super) fn new(stack: &'a Stack) -> anyhow::Result<Self> {
        let key = stack.create_key(ORGANIZATION, "admin")?;
        Ok(Self { stack, key })
    }

    /// Id and secret.
    pub(super) async fn create_key(&self) -> anyhow::Result<(String, String)> {
        let body = json!({ "name": "bench", "scopes": ["read"] });
        let made = self.ask(Method::POST, "keys", body).await?;
        Ok((text(&made["id"])?, text(&made["key"])?))
    }

    /// Id, and the cookie of a sign-in.
    pub(super) async fn create_user(&self, email: &str) -> anyhow::Result<(String, String)> {
        let body = json!({ "email": email, "role": "member" });
        let invited = self.ask(Method::POST, "invitations", body).await?;
        let url = format!("{}/auth/invitation/accept", self.stack.query_url);
        let body = json!({ "token": invited["token"], "password": PASSWORD, "name": "Bench" });
        let answer = self.stack.http.post(url).json(&body).send().await?;
        let answer = answer.error_for_status()?;
        let cookie = answer.headers().get("set-cookie");
        let cookie = cookie.context("a sign-in sets a cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let signed_in: Value = answer.json().await?;
        Ok((text(&signed_in["user"]["id"])?, cookie))
    }

    /// The answer to a request for something below `/admin/{organization}`.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> anyhow::Result<Value> {
        let url = format!("{}/admin/{ORGANIZATION}/{path}", self.stack.query_url);
        let request = self.stack.http.request(method, url).bearer_auth(&self.key);
        let request = match body {
            Value::Null => request,
            body => request.json(&body),
        };
        let answer = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&answer).unwrap_or_default())
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("an answer lacks a text")?.to_owned())
}
