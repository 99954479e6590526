//! Routes about the people of an organization, and what they keep.

use crate::rest::table::{Entry, delete, get, post, put};
use crate::rest::{account, cohorts, members, notifications, passkeys, provider, saved_filters};

pub(super) fn members() -> Vec<Entry> {
    vec![
        get(
            "/admin/{orgId}/users",
            "list_users",
            "The users of the organization, oldest first.",
            members::list_users,
        ),
        put(
            "/admin/{orgId}/users/{userId}",
            "change_user",
            "Changes the role of a user, or disables or enables one.\n\nA new role has effect with the next request. Who is disabled is signed out at once, and streams end within seconds. Only an owner changes an owner or makes one. The last owner stays: 409.",
            members::change_user,
        ),
        delete(
            "/admin/{orgId}/users/{userId}/sign-ins",
            "sign_user_out",
            "Signs a user out everywhere.",
            members::sign_user_out,
        ),
        post(
            "/admin/{orgId}/users/{userId}/password-link",
            "make_password_link",
            "Makes a link that sets the password of a user, once, within 24 hours.",
            members::make_password_link,
        ),
        get(
            "/admin/{orgId}/invitations",
            "list_invitations",
            "Invitations that can be used, oldest first.",
            members::list_invitations,
        ),
        post(
            "/admin/{orgId}/invitations",
            "invite",
            "Invites somebody. The link works once, within a week.\n\nA second invitation of the same e-mail address replaces the first. 409: a user has the address. Only an owner invites an owner.",
            members::invite,
        ),
        delete(
            "/admin/{orgId}/invitations/{invitationId}",
            "withdraw_invitation",
            "Withdraws an invitation.",
            members::withdraw_invitation,
        ),
    ]
}

pub(super) fn filters() -> Vec<Entry> {
    vec![
        get(
            "/saved-filters/{orgId}",
            "list_filters",
            "One's saved filters and those that others share, by name.\n\nWithout the scope `read`, those that name a person are left out.",
            saved_filters::list_filters,
        ),
        post(
            "/saved-filters/{orgId}",
            "save_filter",
            "Saves a filter of a page, such as the list of sessions, for oneself or for everybody in the organization.\n\n409: one has a filter of this name on this page, or 200 of them in all.",
            saved_filters::save_filter,
        ),
        put(
            "/saved-filters/{orgId}/{filterId}",
            "change_filter",
            "Changes one's own saved filter. An admin also changes what others share.",
            saved_filters::change_filter,
        ),
        delete(
            "/saved-filters/{orgId}/{filterId}",
            "remove_filter",
            "Removes one's own saved filter. An admin also removes what others share.",
            saved_filters::remove_filter,
        ),
    ]
}

pub(super) fn cohorts() -> Vec<Entry> {
    vec![
        get(
            "/cohorts/{orgId}",
            "list_cohorts",
            "One's cohorts, and then those that others share. Each by name.",
            cohorts::list_cohorts,
        ),
        post(
            "/cohorts/{orgId}",
            "save_cohort",
            "Saves a cohort: conditions over people, under a name.\n\nIts id is a value of the field `cohort` in `where`. Who belongs to it is found out when that is asked. 409: one has a cohort of this name, or 200 of them.",
            cohorts::save_cohort,
        ),
        put(
            "/cohorts/{orgId}/{cohortId}",
            "change_cohort",
            "Changes one's own cohort. An admin also changes what others share.",
            cohorts::change_cohort,
        ),
        delete(
            "/cohorts/{orgId}/{cohortId}",
            "remove_cohort",
            "Removes one's own cohort. An admin also removes what others share. Conditions that name it are refused from then on.",
            cohorts::remove_cohort,
        ),
    ]
}

pub(super) fn notifications() -> Vec<Entry> {
    vec![
        get(
            "/notifications/{orgId}",
            "list_notifications",
            "One's notifications, newest first, in pages, and how many are unread.\n\nThey are kept for 90 days, at most 500 a user. An API key has none.",
            notifications::list_notifications,
        ),
        post(
            "/notifications/{orgId}/read",
            "read_notifications",
            "Marks one's notifications as read: all, or those up to a moment.",
            notifications::read_notifications,
        ),
        post(
            "/notifications/{orgId}/{notificationId}/read",
            "read_notification",
            "Marks one of one's notifications as read.",
            notifications::read_notification,
        ),
    ]
}

pub(super) fn account() -> Vec<Entry> {
    vec![
        post(
            "/auth/password",
            "sign_in_by_password",
            "Signs in by e-mail address and password, for a week. The cookie is that of `sign_in`.\n\nThe answer is the same, and takes as long, whether the address is unknown, the user is disabled or the password is wrong.",
            account::sign_in,
        ),
        put(
            "/auth/password",
            "change_password",
            "Changes one's password, and ends one's other sign-ins.",
            account::change_password,
        ),
        get(
            "/auth/sign-ins",
            "list_sign_ins",
            "One's sign-ins, newest first.",
            account::list_sign_ins,
        ),
        delete(
            "/auth/sign-ins",
            "end_other_sign_ins",
            "Ends one's other sign-ins.",
            account::end_other_sign_ins,
        ),
        delete(
            "/auth/sign-ins/{signInId}",
            "end_sign_in",
            "Ends one of one's sign-ins.",
            account::end_sign_in,
        ),
        get(
            "/auth/ways",
            "ways_to_sign_in",
            "The ways to sign in, for the page that offers them.",
            provider::ways,
        ),
        get(
            "/auth/oidc/start",
            "start_with_provider",
            "Sends the browser to the OpenID Connect provider. 404 without one.",
            provider::start,
        ),
        get(
            "/auth/oidc/callback",
            "return_from_provider",
            "Where the provider sends the browser back to: with the cookie of a sign-in to the dashboard, or with `?signInProblem=` and the reason.",
            provider::finish,
        ),
        post(
            "/auth/invitation",
            "show_invitation",
            "What a link is for. The token is in the body, so that no log has it.",
            account::show_invitation,
        ),
        post(
            "/auth/invitation/accept",
            "accept_invitation",
            "Uses a link: makes the account or sets the password, and signs in.",
            account::accept_invitation,
        ),
    ]
}

pub(super) fn passkeys() -> Vec<Entry> {
    vec![
        get(
            "/auth/passkeys",
            "list_passkeys",
            "One's passkeys, oldest first.",
            passkeys::list,
        ),
        post(
            "/auth/passkeys/start",
            "start_passkey",
            "Begins to add a passkey: a challenge for `navigator.credentials.create`, for five minutes.\n\n403: the sign-in is older than an hour, or the user signs in only with a provider. 404: passkeys are off. 409: one has ten.",
            passkeys::start,
        ),
        post(
            "/auth/passkeys",
            "add_passkey",
            "Adds a passkey: the device's answer to the challenge.\n\n409: the challenge was answered or has expired, somebody has the passkey, or one has ten.",
            passkeys::add,
        ),
        put(
            "/auth/passkeys/{passkeyId}",
            "rename_passkey",
            "Gives one of one's passkeys another name.",
            passkeys::rename,
        ),
        delete(
            "/auth/passkeys/{passkeyId}",
            "remove_passkey",
            "Removes one of one's passkeys. Sign-ins with it go on.",
            passkeys::remove,
        ),
        post(
            "/auth/passkey/start",
            "start_passkey_sign_in",
            "Begins a sign-in with a passkey: a challenge for `navigator.credentials.get`, for five minutes. 404: passkeys are off.",
            passkeys::start_sign_in,
        ),
        post(
            "/auth/passkey",
            "sign_in_by_passkey",
            "Signs in with the device's answer to the challenge, for a week. The cookie is that of `sign_in`.\n\nThe answer is the same whether nobody has the passkey, the user is disabled or the signature is wrong. 409: the challenge was answered or has expired.",
            passkeys::sign_in,
        ),
    ]
}
