//! How much mail goes out: an admin may name any address, and its owner must not be flooded.

use std::time::Duration;

use crate::counts::Counts;

/// Mails to one address, whichever organization sends them.
const PER_RECIPIENT: u32 = 5;
/// Mails that one organization sends.
const PER_ORGANIZATION: u32 = 100;
/// Mails with news to one user.
const NEWS_PER_RECIPIENT: u32 = 60;
/// Mails with news that one organization sends.
const NEWS_PER_ORGANIZATION: u32 = 500;
/// The period of these counts.
const PERIOD: Duration = Duration::from_secs(3_600);

/// Counts mails.
#[derive(Debug)]
pub(super) struct Limits {
    recipients: Counts<String>,
    organizations: Counts<String>,
    per_recipient: u32,
    per_organization: u32,
}

/// Whose mail it is one too many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooMany {
    OfRecipient,
    OfOrganization,
}

impl TooMany {
    /// The word for logs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::OfRecipient => "recipient",
            Self::OfOrganization => "organization",
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            recipients: Counts::of(PERIOD),
            organizations: Counts::of(PERIOD),
            per_recipient: PER_RECIPIENT,
            per_organization: PER_ORGANIZATION,
        }
    }
}

impl Limits {
    /// For mail to users, who can turn it off.
    pub(super) fn of_news() -> Self {
        Self {
            per_recipient: NEWS_PER_RECIPIENT,
            per_organization: NEWS_PER_ORGANIZATION,
            ..Self::default()
        }
    }

    /// Counts a mail, unless it is one too many.
    pub(super) fn allow(&self, recipient: &str, organization: &str) -> Result<(), TooMany> {
        // First, so that an organization uses up the mails of few addresses.
        if self.organizations.add(organization.to_owned()) > self.per_organization {
            return Err(TooMany::OfOrganization);
        }
        if self.recipients.add(recipient.to_owned()) > self.per_recipient {
            return Err(TooMany::OfRecipient);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_and_an_organization_have_limits_of_their_own() {
        let limits = Limits::default();
        for _mail in 0..PER_RECIPIENT {
            assert_eq!(limits.allow("ann@shop.example", "acme"), Ok(()));
        }
        for organization in ["acme", "rival"] {
            let refused = limits.allow("ann@shop.example", organization);
            assert_eq!(refused, Err(TooMany::OfRecipient));
        }
        // The one that was refused counts, too.
        for number in PER_RECIPIENT + 1..PER_ORGANIZATION {
            let recipient = format!("{number}@shop.example");
            assert_eq!(limits.allow(&recipient, "acme"), Ok(()), "{number}");
        }
        let refused = limits.allow("bob@shop.example", "acme");
        assert_eq!(refused, Err(TooMany::OfOrganization));
        assert_eq!(limits.allow("bob@shop.example", "rival"), Ok(()));
    }
}
