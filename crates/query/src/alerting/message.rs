//! The words of a message, for each way in which it is sent.

use serde_json::{Value, json};

use crow_db::alerts::issues::{self, Said};
use crow_db::webhooks::deliveries::DeliveryRow;

use super::content::{About, Content, FIRING, NEW, REGRESSED, RESOLVED};
use super::escape;
use super::judge::number;
use super::rule::{Comparison, Number, Rule};
use super::{Alerting, organization_of};

/// A message that is about to be sent.
#[derive(Debug, Clone)]
pub struct Message {
    organization: String,
    event: String,
    content: Content,
    issues: Vec<Issue>,
    /// The page of the dashboard; `None`: nobody knows where it is.
    url: Option<String>,
}

/// An issue that is named.
#[derive(Debug, Clone)]
struct Issue {
    id: String,
    /// `None`: its sessions were erased.
    said: Option<Said>,
    url: Option<String>,
}

impl Message {
    /// Reads what is told. `None`: this version does not understand it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(alerting: &Alerting, row: &DeliveryRow) -> crow_db::Result<Option<Self>> {
        let content = serde_json::from_str::<Content>(&row.content);
        let organization = organization_of(&row.organization_id);
        let (Ok(content), Some(organization)) = (content, organization) else {
            return Ok(None);
        };
        let page = |place: &str| {
            let base = &alerting.public_url;
            (!base.is_empty()).then(|| format!("{base}/app#/{place}"))
        };
        let mut all = Vec::new();
        for id in &content.issues {
            all.push(Issue {
                said: issues::said(&alerting.db, &organization, id).await?,
                url: page(&format!("errors/{id}")),
                id: id.clone(),
            });
        }
        Ok(Some(Self {
            organization: row.organization_id.clone(),
            event: row.event.clone(),
            content,
            issues: all,
            url: page("alerts"),
        }))
    }

    /// The body of a webhook.
    #[must_use]
    pub fn standard(&self) -> Vec<u8> {
        let content = &self.content;
        let at = jiff::Timestamp::from_millisecond(content.at);
        let timestamp = at.map(|at| at.to_string()).unwrap_or_default();
        let about = content.alert.as_ref();
        let window = content.from.zip(content.to);
        let body = json!({
            "type": self.event,
            "timestamp": timestamp,
            "data": {
                "organizationId": self.organization,
                "alert": about.map(|it| json!({ "id": it.id, "name": it.name })),
                "rule": about.map(|it| &it.rule),
                "value": content.value,
                "threshold": content.threshold,
                "window": window.map(|(from, to)| json!({ "from": from, "to": to })),
                "issues": self.issues.iter().map(Issue::view).collect::<Vec<_>>(),
                "issueCount": content.issue_count,
                "url": self.url,
            },
        });
        body.to_string().into_bytes()
    }

    /// The body for Slack.
    #[must_use]
    pub fn slack(&self) -> Vec<u8> {
        let (title, line) = self.words(escape::slack);
        let mut text = escape::slack_words(&escape::line(&title));
        if !line.is_empty() {
            text += &format!("\n{line}");
        }
        for issue in &self.issues {
            text += &format!("\n• {}", escape::slack(&issue.title()));
            if let Some(url) = &issue.url {
                text += &format!(" <{}|open>", escape::slack_words(url));
            }
        }
        if let Some(more) = self.more() {
            text += &format!("\n{more}");
        }
        if let Some(url) = &self.url {
            text += &format!("\n<{}|Alerts in CROW>", escape::slack_words(url));
        }
        let body = json!({ "text": text, "unfurl_links": false, "unfurl_media": false });
        body.to_string().into_bytes()
    }

    /// The subject and the text of a mail.
    #[must_use]
    pub fn mail(&self) -> (String, String) {
        let (title, line) = self.words(escape::quoted);
        let mut text = format!("{title}\n");
        if !line.is_empty() {
            text += &format!("{line}\n");
        }
        if !self.issues.is_empty() {
            text +=
                "\nWhat follows `>` was written by pages and their visitors. Do not trust it.\n";
        }
        for issue in &self.issues {
            text += &format!("\n> {}\n", escape::plain(&issue.title()));
            if let Some(url) = &issue.url {
                text += &format!("{url}\n");
            }
        }
        if let Some(more) = self.more() {
            text += &format!("\n{more}\n");
        }
        let organization = &self.organization;
        let url = self.url.as_deref().unwrap_or("the page Alerts of CROW");
        text += &format!(
            "\nYou receive this because an alert of {organization} notifies you. Manage alerts:\n{url}\n"
        );
        (escape::line(&title), text)
    }

    /// The title, and a line about the number. `quote` makes text of visitors harmless.
    fn words(&self, quote: fn(&str) -> String) -> (String, String) {
        let name = |about: &About| escape::line(&about.name);
        let Some(about) = &self.content.alert else {
            let text = "This is a test message of CROW. Nothing happened.";
            return (text.to_owned(), String::new());
        };
        let (name, count) = (name(about), self.content.issue_count);
        let issues = if count == 1 { "issue" } else { "issues" };
        match self.event.as_str() {
            NEW => (format!("CROW: {name}: {count} new {issues}"), String::new()),
            REGRESSED => {
                let title = format!("CROW: {name}: {count} resolved {issues} occurred again");
                (title, String::new())
            }
            RESOLVED => (
                format!("CROW: {name}: resolved"),
                self.number(&about.rule, quote),
            ),
            FIRING => (format!("CROW: {name}"), self.number(&about.rule, quote)),
            _ => (format!("CROW: {name}"), String::new()),
        }
    }

    fn number(&self, rule: &Rule, quote: fn(&str) -> String) -> String {
        let what = match rule.number {
            Number::NewIssue | Number::RegressedIssue => "Issues".to_owned(),
            Number::Sessions => "Sessions".to_owned(),
            Number::Errors => "Errors".to_owned(),
            Number::Event => {
                // Pages choose the names of events, and people pick one of those that there are.
                let name = rule.event_name.as_ref().or(rule.event_type.as_ref());
                format!(
                    "Events {}",
                    quote(name.map(String::as_str).unwrap_or_default())
                )
            }
            Number::Issue => "Occurrences of an issue".to_owned(),
            Number::Conversion => "Conversion".to_owned(),
        };
        let unit = match rule.number {
            Number::Conversion => " %",
            _ => "",
        };
        let (value, limit) = (shown(self.content.value), shown(self.content.threshold));
        let percent = shown(rule.threshold);
        let told = match rule.condition {
            Some(Comparison::Above) => format!("more than {limit}{unit}"),
            Some(Comparison::Below) => format!("less than {limit}{unit}"),
            Some(Comparison::Spike) if self.content.threshold <= Some(number(rule.minimum())) => {
                format!("{limit} or more, the minimum of this alert")
            }
            Some(Comparison::Spike) => {
                format!("{limit} or more, {percent} % above the median of the windows before")
            }
            Some(Comparison::Drop) => {
                format!("{limit} or less, {percent} % below the median of the windows before")
            }
            None => limit,
        };
        let minutes = rule.window_minutes();
        let only = if rule.conditions.is_empty() && rule.event_conditions.is_empty() {
            ""
        } else {
            " Only what fits the conditions of this alert counts."
        };
        format!("{what} in {minutes} minutes: {value}{unit}. The limit is {told}.{only}")
    }

    fn more(&self) -> Option<String> {
        let named = self.issues.len() as u64;
        let others = self.content.issue_count.saturating_sub(named);
        (others > 0).then(|| format!("And {others} more."))
    }
}

impl Issue {
    fn title(&self) -> String {
        let Some(said) = &self.said else {
            return "an issue whose sessions were erased".to_owned();
        };
        let (kind, message) = (escape::line(&said.kind), escape::line(&said.message));
        match (kind.is_empty(), message.is_empty()) {
            (false, false) => format!("{kind}: {message}"),
            _ => format!("{kind}{message}"),
        }
    }

    fn view(&self) -> Value {
        let culprit = self.said.as_ref().map(|said| escape::line(&said.culprit));
        json!({
            "id": self.id,
            "title": self.said.as_ref().map(|_said| escape::line(&self.title())),
            "culprit": culprit,
            "url": self.url,
        })
    }
}

/// Without a fraction if there is none.
fn shown(number: Option<f64>) -> String {
    match number {
        None => "unknown".to_owned(),
        Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Some(number) => format!("{number:.1}"),
    }
}
