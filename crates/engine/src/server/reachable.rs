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
        let Ok(addresses) = (settings.host.as_str(), settings.port).to_socket_addrs() else {
            return false;
        };
        let addresses: Vec<_> = addresses.collect();
        // Each has its share: the first may lead nowhere, and the next to the server.
        let left = until.saturating_duration_since(Instant::now());
        let share = left / addresses.len().max(1).try_into().unwrap_or(u32::MAX);
        !share.is_zero()
            && addresses
                .iter()
                .any(|address| TcpStream::connect_timeout(address, share).is_ok())
    }
}
