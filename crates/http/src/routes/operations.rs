//! Every operation under its own name, written by the one list of operations.
//!
//! `POST /api/operations/NAME` takes the JSON the window sends, and answers what the window gets. So
//! what the window can do, a program can; the paths of the backup API page are beside this, for
//! clients that know those.

use alcove_api::Api;
#[allow(
    clippy::wildcard_imports,
    reason = "the list of operations names the types"
)]
use alcove_api::types::*;
use axum::Json;
use axum::extract::State;
use utoipa_axum::routes;

use super::{Refusals, Router, add};
use crate::arguments::Body;
use crate::refusal::Refusal;

macro_rules! operations {
    (
        every_door { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ }
        desktop { $($desktop:tt)* }
    ) => {
        $(
            $(#[doc = $doc])*
            #[utoipa::path(
                post,
                path = concat!("/api/operations/", stringify!($name)),
                operation_id = concat!("operation_", stringify!($name)),
                tag = "operations",
                request_body = $args,
                responses((status = 200, body = $answer, description = "It is done."), Refusals),
            )]
            async fn $name(
                State(api): State<Api>,
                Body(args): Body<$args>,
            ) -> Result<Json<$answer>, Refusal> {
                Ok(Json(api.$name(args).await?))
            }
        )+

        /// The routes of all operations.
        pub(super) fn all(router: Router) -> Router {
            $(let router = add(router, routes!($name));)+
            router
        }
    };
}
include!("../../../api/src/operations.rs");
