//! The same questions in plain SQL.

use super::{DAY, END, Seeded};

/// Sessions of `acme` that began in the last `days`, as a condition on `s`.
pub fn of_range(days: i64) -> String {
    let from = END - days * DAY;
    format!("s.organization_id = 'acme' and s.started_at >= {from} and s.started_at < {END}")
}

/// The path of a seeded URL in the column.
pub fn page(column: &str) -> String {
    format!("replace(replace({column}, 'https://shop.example', ''), '?utm_source=newsletter', '')")
}

/// Sessions, visitors, page views, events, bounces, duration, errors and rage clicks.
pub const TOTALS: &str = "count(*), count(distinct coalesce(s.user_id, s.session_id)), \
    cast(coalesce(sum(pageview_count), 0) as bigint), cast(coalesce(sum(event_count), 0) as bigint), \
    cast(coalesce(sum(case when pageview_count <= 1 then 1 else 0 end), 0) as bigint), \
    cast(coalesce(sum(duration_ms), 0) as bigint), cast(coalesce(sum(error_count), 0) as bigint), \
    cast(coalesce(sum(rage_click_count), 0) as bigint)";

/// Value, sessions and count of an expression over events `e` of sessions `s`.
pub async fn by_event(
    seeded: &Seeded,
    days: i64,
    value: &str,
    also: &str,
) -> Vec<(String, i64, i64)> {
    let range = of_range(days);
    let sql = format!(
        "select {value}, count(distinct e.session_id), count(*) from events e \
         join sessions s on s.id = e.session_id where {range} and {also} group by 1"
    );
    sorted(seeded.rows::<2>(1, &sql).await)
}

/// Value, sessions and count of an expression over sessions `s`.
pub async fn by_session(seeded: &Seeded, days: i64, value: &str) -> Vec<(String, i64, i64)> {
    let range = of_range(days);
    let sql =
        format!("select {value}, count(*), count(*) from sessions s where {range} group by 1");
    sorted(seeded.rows::<2>(1, &sql).await)
}

/// Most sessions first, as the answers are.
fn sorted(rows: Vec<(Vec<String>, [i64; 2])>) -> Vec<(String, i64, i64)> {
    let row = |(mut texts, [sessions, count]): (Vec<String>, [i64; 2])| {
        (texts.remove(0), sessions, count)
    };
    let mut rows: Vec<_> = rows.into_iter().map(row).collect();
    rows.sort_by(|one, other| {
        (other.1, other.2)
            .cmp(&(one.1, one.2))
            .then(one.0.cmp(&other.0))
    });
    rows
}

/// Sessions that see a product, add something to the cart, and pay, in this order and within
/// `window` milliseconds. Tries every combination of events.
pub async fn funnel(seeded: &Seeded, days: i64, window: i64) -> [i64; 3] {
    let range = of_range(days);
    let product = format!("{} like '/products/%'", page("a.url"));
    let first = format!(
        "from sessions s join events a on a.session_id = s.id and a.type = 'pageview' and {product}"
    );
    let second = format!(
        "{first} join events b on b.session_id = s.id and b.name = 'add_to_cart' \
         and b.timestamp > a.timestamp and b.timestamp - a.timestamp <= {window}"
    );
    let third = format!(
        "{second} join events c on c.session_id = s.id and c.name = 'purchase' \
         and c.timestamp > b.timestamp and c.timestamp - a.timestamp <= {window}"
    );
    let count = |from: String| format!("(select count(distinct s.id) {from} where {range})");
    let [first, second, third] = [first, second, third].map(count);
    seeded
        .numbers(&format!("select {first}, {second}, {third}"))
        .await
}

/// Sessions by their first and second page; the second is `(exit)` when there is none.
pub async fn first_links(seeded: &Seeded, days: i64) -> Vec<(Vec<String>, [i64; 1])> {
    let (range, page) = (of_range(days), page("e.url"));
    let sql = format!(
        "with seen as (select e.session_id, e.timestamp, e.id, {page} as page, \
           lag({page}) over (partition by e.session_id order by e.timestamp, e.id) as before \
           from events e join sessions s on s.id = e.session_id \
           where {range} and e.type = 'pageview'), \
         moves as (select session_id, page, \
           row_number() over (partition by session_id order by timestamp, id) as place \
           from seen where before is null or before <> page) \
         select a.page, coalesce(b.page, '(exit)'), count(*) from moves a \
         left join moves b on b.session_id = a.session_id and b.place = 2 \
         where a.place = 1 group by 1, 2 order by 3 desc, 1, 2"
    );
    seeded.rows(2, &sql).await
}

/// Users by the week of their first session and of each session, weeks counted from the
/// Monday before.
pub async fn weeks(seeded: &Seeded, first_monday: i64) -> Vec<(i64, i64, i64)> {
    let week = format!("(started_at - {first_monday}) / {}", 7 * DAY);
    let sql = format!(
        "with own as (select user_id, {week} as week from sessions \
           where organization_id = 'acme' and user_id is not null \
           and started_at >= {first_monday} and started_at < {END} group by 1, 2), \
         first as (select user_id, min(week) as week from own group by 1) \
         select f.week, o.week - f.week, count(*) from first f join own o \
         on o.user_id = f.user_id group by 1, 2 order by 1, 2"
    );
    let rows = seeded.rows::<3>(0, &sql).await;
    rows.into_iter()
        .map(|(_, [first, later, users])| (first, later, users))
        .collect()
}
