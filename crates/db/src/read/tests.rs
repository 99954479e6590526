use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crow_types::{ChunkRecord, OrganizationId};

use super::{ChunkKey, ChunkRange, KeptFilter, SessionFilter, SessionKey};
use crate::entity::{events, replay_chunks, sessions};
use crate::read;
use crate::tests::{Database, on_both};

mod chunks;
mod filters;
mod sessions_of;

fn organization(name: &str) -> OrganizationId {
    OrganizationId::new(name).unwrap()
}

fn session(organization: &str, id: &str, started_at: i64) -> sessions::Model {
    sessions::Model {
        id: id.to_owned(),
        organization_id: organization.to_owned(),
        session_id: format!("sdk-{id}"),
        generation: 0,
        revision: 0,
        status: "closed".to_owned(),
        end_reason: Some("idle".to_owned()),
        partition: 0,
        due_at: None,
        started_at,
        last_activity_at: started_at,
        last_event_at: started_at,
        ended_at: Some(started_at),
        duration_ms: 0,
        referrer: None,
        initial_url: None,
        exit_url: None,
        user_id: None,
        traits: None,
        user_agent: None,
        ip_address: None,
        country: None,
        device_type: None,
        browser: None,
        os: None,
        is_bot: false,
        visitor_id: None,
        consent: None,
        live_until: None,
        locale: None,
        timezone: None,
        viewport: None,
        screen: None,
        sdk_name: None,
        sdk_version: None,
        platform: None,
        has_replay: false,
        exit_context: None,
        event_count: 0,
        pageview_count: 0,
        click_count: 0,
        input_count: 0,
        error_count: 0,
        rage_click_count: 0,
        replay_event_count: 0,
        chunk_count: 0,
        max_scroll_depth: 0,
        terms: Vec::new(),
        urls: String::new(),
        windows: "{}".to_owned(),
        removed: None,
        archived_at: None,
        created_at: started_at,
        updated_at: started_at,
    }
}

fn event(session: &str, id: &str, r#type: &str, timestamp: i64) -> events::Model {
    events::Model {
        id: id.to_owned(),
        session_id: session.to_owned(),
        r#type: r#type.to_owned(),
        name: None,
        url: None,
        window_id: "w".to_owned(),
        timestamp,
        place: 0,
        data: "null".to_owned(),
        created_at: 0,
    }
}

fn chunk(
    session: &str,
    index: i64,
    window: &str,
    first_at: i64,
    last_at: i64,
) -> replay_chunks::Model {
    replay_chunks::Model {
        id: format!("{session}-{index}"),
        session_id: session.to_owned(),
        chunk_index: index,
        r2_key: "packs/0/a".to_owned(),
        byte_offset: 0,
        byte_length: 1,
        window_id: window.to_owned(),
        event_count: 1,
        replay_event_count: 1,
        size_bytes: 1,
        first_at,
        last_at,
        has_full_snapshot: index == 0,
        event_ids: Vec::new(),
        created_at: 0,
    }
}

impl Database {
    async fn add(&self, row: sessions::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn add_event(&self, row: events::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn add_chunk(&self, row: replay_chunks::Model) {
        row.into_active_model()
            .insert(&self.db.write)
            .await
            .unwrap();
    }

    async fn ids(&self, filter: SessionFilter) -> Vec<String> {
        let rows = super::sessions(
            &self.db,
            &organization("acme"),
            &filter,
            &KeptFilter::default(),
            None,
            100,
        )
        .await
        .unwrap();
        rows.into_iter().map(|row| row.record.id).collect()
    }
}
