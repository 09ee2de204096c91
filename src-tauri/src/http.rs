//! The HTTP door of the running desktop: off until the person turns it on.

use alcove_api::types::{ChangeHttpAccess, HttpAccess};
use alcove_api::{Api, ApiError, HttpSetting};

/// Tells whether the door is open, and how to use it.
pub(crate) async fn access(api: &Api) -> Result<HttpAccess, ApiError> {
    Ok(shown(api.http_setting().await?))
}

/// Opens or closes the door, at once and for the next start.
pub(crate) async fn change(api: &Api, change: ChangeHttpAccess) -> Result<HttpAccess, ApiError> {
    let ChangeHttpAccess { enabled, port } = change;
    let port = match port {
        Some(port) => port,
        None => api.http_setting().await?.port,
    };
    let setting = HttpSetting { enabled, port };
    api.set_http_setting(setting).await?;
    Ok(shown(setting))
}

fn shown(setting: HttpSetting) -> HttpAccess {
    let HttpSetting { enabled, port } = setting;
    let address = format!("http://127.0.0.1:{port}");
    HttpAccess {
        enabled,
        curl: format!("curl -H 'Authorization: Bearer TOKEN' {address}/api/backup/jobs"),
        address,
        port,
        problem: enabled.then(|| "This build does not answer over HTTP yet.".to_owned()),
    }
}
