//! Whether a server takes a connection at all: the cheap question before a backup is begun.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Instant;

use super::Server;

impl Server<'_> {
    /// Whether something takes a connection where ssh would make one. True where ssh goes through another server or a
    /// program, or does not say: then only ssh itself can find out.
    pub(crate) fn takes_connections(&self, until: Instant) -> bool {
        let Ok(Ok(settings)) = self.settings(until) else {
            return true;
        };
        if settings.through.is_some() {
            return true;
        }
        // A name that nobody knows is a network that is not there.
        let Ok(mut addresses) = (settings.host.as_str(), settings.port).to_socket_addrs() else {
            return false;
        };
        addresses.any(|address| {
            let left = until.saturating_duration_since(Instant::now());
            !left.is_zero() && TcpStream::connect_timeout(&address, left).is_ok()
        })
    }
}
