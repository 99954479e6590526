//! Parameters of requests about notifications.

use crow_db::notifications::NotificationKey;

use crate::ask::question::{Count, questions};
use crate::ask::values::{Cursor, Moment, Name};

questions! {
    /// Which page of one's notifications.
    NotificationPage {
        /// Notifications per page.
        limit "limit": Count<20, 100>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<NotificationKey>>,
    }

    /// One notification.
    OneNotification {
        /// The notification's `id`.
        notification "notificationId": Name,
    }

    /// Which of one's notifications were seen.
    SeenNotifications {
        /// Those from this moment or before: milliseconds since the epoch or RFC 3339. Default: all.
        until "until": Option<Moment>,
    }
}
