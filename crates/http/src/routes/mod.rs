//! Every route: its path, its arguments, and the operation it is.
//!
//! A route is described beside its function, so the OpenAPI document is made of the same lines the
//! router is.

mod backup;
mod events;
mod log;
mod open;
mod operations;
mod repositories;

use std::collections::BTreeMap;

use alcove_api::Api;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::refusal::Body;

pub(crate) use events::Events;
pub(crate) use open::Document;

type Router = OpenApiRouter<Api>;

/// The routes that need a token in a header.
pub(crate) fn with_token() -> Router {
    let routes = [
        routes!(backup::start_backup),
        routes!(backup::run_backup),
        routes!(backup::list_backup_jobs),
        routes!(backup::get_backup_status),
        routes!(backup::cancel_backup),
        routes!(log::stream_backup_logs),
        routes!(
            repositories::list_repositories,
            repositories::create_repository
        ),
        routes!(repositories::unlock_repository),
        routes!(repositories::list_running_jobs),
        routes!(repositories::list_archives),
        routes!(events::watch_changes),
        routes!(open::get_document),
        routes!(open::get_system),
    ];
    routes.into_iter().fold(operations::all(Router::new()), add)
}

/// The route whose token may be in the query.
pub(crate) fn download() -> Router {
    add(Router::new(), routes!(log::download_backup_logs))
}

/// The routes that need no token.
pub(crate) fn open() -> Router {
    add(Router::new(), routes!(open::get_health))
}

/// Adds a route under its path, and under the same path with or without a slash at the end.
fn add(router: Router, route: utoipa_axum::router::UtoipaMethodRouter<Api>) -> Router {
    let (_, paths, methods) = &route;
    let twins: Vec<String> = paths
        .paths
        .keys()
        .map(|path| match path.strip_suffix('/') {
            Some(bare) => bare.to_owned(),
            None => format!("{path}/"),
        })
        .collect();
    let methods = methods.clone();
    twins
        .iter()
        .fold(router, |router, twin| router.route(twin, methods.clone()))
        .routes(route)
}

/// The answers every route with a token may give instead of its own.
struct Refusals;

/// What each code means here.
const CODES: &[(&str, &str)] = &[
    ("400", "The job has ended already, or has not ended yet."),
    ("401", "The token is missing or is not a good one."),
    (
        "403",
        "The request names another host than this computer, or comes from another website.",
    ),
    ("404", "There is no such thing."),
    ("405", "The path knows other methods."),
    (
        "409",
        "Something stands in the way: a lock, a missing passphrase, a full disk.",
    ),
    ("413", "The request is too large."),
    ("422", "An argument is missing or wrong; `detail` names it."),
    (
        "429",
        "Too many requests; `Retry-After` says when to ask again.",
    ),
    ("500", "Alcove, or this computer, is at fault."),
];

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let answer = |meaning: &str| {
            let body = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(Body::name())))
                .build();
            ResponseBuilder::new()
                .description(meaning)
                .content("application/json", body)
                .build()
        };
        CODES
            .iter()
            .map(|(code, meaning)| ((*code).to_owned(), answer(meaning).into()))
            .collect()
    }
}
