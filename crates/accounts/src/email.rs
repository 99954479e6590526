use crate::error::AccountsError;

/// The longest address, in bytes (RFC 5321).
const MAX_BYTES: usize = 254;

/// An address in the form in which it is stored and compared: trimmed, in lower case.
///
/// # Errors
/// `Field` when it is no address.
pub fn normalised(text: &str) -> Result<String, AccountsError> {
    let email = text.trim().to_lowercase();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let is_email = email.len() <= MAX_BYTES
        && email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && (name.chars().chain(host.chars())).all(is_plain)
        });
    if is_email {
        Ok(email)
    } else {
        let problem = "must be an e-mail address such as ann@shop.example";
        Err(AccountsError::field("email", problem))
    }
}
