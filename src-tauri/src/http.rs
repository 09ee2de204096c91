//! The HTTP door of the running desktop: off until the person turns it on.
//!
//! The same door as `alcove-cli serve`, over the engine that is running. A port that another program
//! has is shown in the settings and keeps nothing else from working.

use std::net::{Ipv4Addr, SocketAddr};

use alcove_api::types::{ChangeHttpAccess, HttpAccess};
use alcove_api::{Api, ApiError, HttpSetting};
use alcove_http::{BindError, Door};
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager as _};
use tokio::sync::{Mutex, oneshot};

/// The door of this program.
#[derive(Default)]
pub(crate) struct HttpDoor(Mutex<Standing>);

#[derive(Default)]
struct Standing {
    open: Option<Open>,
    /// Why it is not open although it should be.
    problem: Option<String>,
}

/// A door that answers.
struct Open {
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

/// Opens the door when the program starts, if the person turned it on.
pub(crate) fn start(app: &AppHandle, api: &Api) {
    let (app, api) = (app.clone(), api.clone());
    tauri::async_runtime::spawn(async move {
        match api.http_setting().await {
            Ok(setting) => app.state::<HttpDoor>().set(&api, setting).await,
            Err(error) => log::error!("the HTTP door stays closed: {error}"),
        }
    });
}

impl HttpDoor {
    /// Tells whether the door is open, and how to use it.
    pub(crate) async fn access(&self, api: &Api) -> Result<HttpAccess, ApiError> {
        let HttpSetting { enabled, port } = api.http_setting().await?;
        let address = format!("http://{}", address(port));
        Ok(HttpAccess {
            enabled,
            curl: format!("curl -H 'Authorization: Bearer TOKEN' {address}/api/backup/jobs"),
            address,
            port,
            problem: self.0.lock().await.problem.clone(),
        })
    }

    /// Opens or closes the door, at once and for the next start.
    pub(crate) async fn change(
        &self,
        api: &Api,
        change: ChangeHttpAccess,
    ) -> Result<HttpAccess, ApiError> {
        let now = api.http_setting().await?;
        let setting = HttpSetting {
            enabled: change.enabled,
            port: change.port.unwrap_or(now.port),
        };
        api.set_http_setting(setting).await?;
        self.set(api, setting).await;
        self.access(api).await
    }

    async fn set(&self, api: &Api, setting: HttpSetting) {
        let mut standing = self.0.lock().await;
        if let Some(Open { stop, served }) = standing.open.take() {
            // One that ended by itself hears nothing.
            _ = stop.send(());
            _ = served.await;
        }
        standing.problem = None;
        if !setting.enabled {
            return;
        }
        match open(api, setting.port) {
            Ok(open) => standing.open = Some(open),
            Err(error) => {
                log::warn!("the HTTP door is closed: {error}");
                standing.problem = Some(error.to_string());
            }
        }
    }
}

fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn open(api: &Api, port: u16) -> Result<Open, BindError> {
    let door = Door::bind(address(port))?.open()?;
    log::info!("answering on http://{}", door.address());
    let (stop, stopped) = oneshot::channel();
    let api = api.clone();
    let served = tauri::async_runtime::spawn(async move {
        // A sender that is gone is a stop too.
        door.serve(api, async { _ = stopped.await }).await;
    });
    Ok(Open { stop, served })
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;

    use alcove_api::session;

    use super::*;

    fn api(home: &Path) -> Api {
        let path = [("PATH".into(), "/usr/bin:/bin".into())];
        let (folder, mut world) = session(path.into(), Some(home.to_path_buf())).unwrap();
        world.keyring = || None;
        Api::open(folder, world).unwrap()
    }

    /// Two ports nobody had a moment ago.
    fn free() -> [u16; 2] {
        let listeners = [(); 2].map(|()| TcpListener::bind(address(0)).unwrap());
        listeners.map(|listener| listener.local_addr().unwrap().port())
    }

    fn answers(port: u16) -> bool {
        TcpStream::connect(address(port)).is_ok()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_door_opens_moves_and_closes_at_once_and_stays_as_it_was_set() {
        let home = tempfile::tempdir().unwrap();
        let api = api(home.path());
        let door = HttpDoor::default();
        assert!(!door.access(&api).await.unwrap().enabled);
        let [first, second] = free();
        let change = async |enabled, port| {
            let change = ChangeHttpAccess { enabled, port };
            let access = door.change(&api, change).await.unwrap();
            assert_eq!(access.problem, None);
            access
        };
        let access = change(true, Some(first)).await;
        assert_eq!(access.address, format!("http://127.0.0.1:{first}"));
        assert!(access.curl.contains(&access.address), "{}", access.curl);
        assert!(answers(first));
        change(true, Some(second)).await;
        assert!(answers(second) && !answers(first));
        assert_eq!(change(false, None).await.port, second);
        assert!(!answers(second));
        let kept = api.http_setting().await.unwrap();
        assert_eq!((kept.enabled, kept.port), (false, second));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_another_program_has_is_a_problem_that_is_shown() {
        let home = tempfile::tempdir().unwrap();
        let api = api(home.path());
        let door = HttpDoor::default();
        let other = TcpListener::bind(address(0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let change = ChangeHttpAccess {
            enabled: true,
            port: Some(port),
        };
        let access = door.change(&api, change).await.unwrap();
        assert!(access.enabled);
        let problem = access.problem.unwrap();
        assert!(problem.contains("used by another program"), "{problem}");
        drop(other);
        assert_eq!(door.change(&api, change).await.unwrap().problem, None);
        assert!(answers(port));
    }
}
