//! What this door says of itself: whether it answers, and what it offers.

use std::sync::Arc;

use alcove_api::Api;
use alcove_api::types::{Nothing, System};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi as _, ToSchema};

use super::Refusals;
use crate::refusal::{self, Refusal};

/// The OpenAPI document as it is sent.
#[derive(Clone)]
pub(crate) struct Document(Arc<str>);

impl Document {
    /// Describes these routes.
    pub(crate) fn of(routes: OpenApi) -> Self {
        let document = Head::openapi().merge_from(routes);
        // A document is made of texts and numbers alone.
        Self(document.to_json().unwrap_or_default().into())
    }
}

/// That this door answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `healthy`.
    status: &'static str,
}

/// Tells that Alcove answers. Needs no token, and tells nothing else.
#[utoipa::path(get, path = "/health", tag = "this door", security(()),
    responses((status = 200, body = Health, description = "Alcove answers.")))]
pub(super) async fn get_health() -> Json<Health> {
    Json(Health { status: "healthy" })
}

/// Tells which Borg is used, where Alcove keeps its files, and what this computer offers.
#[utoipa::path(get, path = "/api/system/info", tag = "this door",
    responses((status = 200, body = System, description = "What Alcove runs on."), Refusals))]
pub(super) async fn get_system(State(api): State<Api>) -> Result<Json<System>, Refusal> {
    Ok(Json(api.get_system(Nothing {}).await?))
}

/// Describes every route.
#[utoipa::path(get, path = "/openapi.json", tag = "this door",
    responses((status = 200, content_type = "application/json", body = Object, description = "An OpenAPI document."), Refusals))]
pub(super) async fn get_document(Extension(document): Extension<Document>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, document.0.to_string()).into_response()
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Alcove", description = "Backups with Borg. Answers on this computer only."),
    components(schemas(refusal::Body)),
    modifiers(&Tokens),
    security(("token" = []), ("x_borg_token" = [])),
)]
struct Head;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let header = ApiKey::Header(ApiKeyValue::with_description(
            "X-Borg-Authorization",
            "`Bearer TOKEN`; wins over `Authorization`.",
        ));
        let query = ApiKey::Query(ApiKeyValue::new("token"));
        components.add_security_scheme("token", bearer);
        components.add_security_scheme("x_borg_token", SecurityScheme::ApiKey(header));
        components.add_security_scheme("query_token", SecurityScheme::ApiKey(query));
    }
}
