//! The server: an address on the loopback, connections, and an end in good order.
//!
//! Opening is in three steps, so that its owner can act in between: an address is bound, then it
//! listens, then it answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use alcove_api::Api;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::router::router;

/// Connections at the same time; more wait in the system's queue. Bounded, so that nobody can use up
/// the open files this process needs for Borg.
const CONNECTIONS: usize = 256;
/// The system's queue.
const BACKLOG: u32 = 256;
/// How long a client may take for the head of a request, or keep a connection without one.
const HEAD: Duration = Duration::from_secs(30);
/// How long requests may go on after the door was closed.
const CLOSING: Duration = Duration::from_secs(5);
/// How long to wait when the system has no room for a connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// Why no address could be had.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address is not the loopback's.
    #[error("{0} can be reached from other computers. Alcove answers on 127.0.0.1 and ::1 only.")]
    NotLoopback(SocketAddr),
    /// Another program has the port.
    #[error("Port {} is used by another program. Choose another port.", .0.port())]
    Taken(SocketAddr),
    /// The system refused.
    #[error("Alcove cannot answer on {address}: {source}.")]
    System {
        /// The address.
        address: SocketAddr,
        /// The reason.
        source: io::Error,
    },
}

/// A door at its address, closed.
pub struct Door {
    socket: TcpSocket,
    address: SocketAddr,
}

/// A door that is open: clients can connect, and wait until it is served.
pub struct OpenDoor {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Takes an address of the loopback; port 0 takes any that is free.
    pub fn bind(address: SocketAddr) -> Result<Self, BindError> {
        if !address.ip().is_loopback() {
            return Err(BindError::NotLoopback(address));
        }
        let socket = || {
            let socket = if address.is_ipv4() {
                TcpSocket::new_v4()?
            } else {
                TcpSocket::new_v6()?
            };
            // Else the port is not to be had for a minute after a restart.
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            Ok((socket.local_addr()?, socket))
        };
        let (address, socket) = socket().map_err(refused(address))?;
        Ok(Self { socket, address })
    }

    /// Begins to listen.
    pub fn open(self) -> Result<OpenDoor, BindError> {
        let Self { socket, address } = self;
        let listener = socket.listen(BACKLOG).map_err(refused(address))?;
        Ok(OpenDoor { listener, address })
    }
}

fn refused(address: SocketAddr) -> impl Fn(io::Error) -> BindError {
    move |source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::Taken(address),
        _ => BindError::System { address, source },
    }
}

impl OpenDoor {
    /// The address clients call, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`, then lets requests end for a few seconds. Streams of events end at once.
    pub async fn serve(self, api: Api, stop: impl Future<Output = ()> + Send) {
        let (close, closing) = watch::channel(false);
        let router = router(api, self.address.port(), closing);
        let connections = GracefulShutdown::new();
        tokio::select! {
            () = accept(&self.listener, &router, &connections) => {}
            () = stop => {}
        }
        drop(self.listener);
        // Nobody may be listening any more.
        _ = close.send(true);
        if tokio::time::timeout(CLOSING, connections.shutdown())
            .await
            .is_err()
        {
            log::warn!("requests were still going on when the HTTP door was closed");
        }
    }
}

/// Takes connections for ever.
async fn accept(listener: &TcpListener, router: &Router, connections: &GracefulShutdown) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = connections.watch(connection(stream, router.clone()));
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        log::debug!("a connection broke: {error}");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                log::warn!("a connection was not taken: {error}");
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
}

type Connection = http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>>;

fn connection(stream: TcpStream, router: Router) -> Connection {
    if let Err(error) = stream.set_nodelay(true) {
        log::debug!("a connection waits for full packets: {error}");
    }
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}
