//! The location of a repository on a server, taken apart.
//!
//! Borg reads it by itself; this is for those who ask the same server something else, or show a part of it. Leaves
//! out local locations, which are paths.
//!
//! Source: Borg 1.4.5, `helpers/parseformat.py`, class `Location`.

/// Is a repository on a server: `ssh://user@host:port/path`, or `user@host:path` as scp writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteLocation {
    /// The account there, where the location names one.
    pub user: Option<String>,
    /// The server, as ssh takes it: a name, an alias of its configuration, or an address without brackets.
    pub host: String,
    /// The port, where the location names one.
    pub port: Option<u16>,
    /// The folder, as a shell there would take it: absolute, relative to the home, or beginning with `~`.
    pub path: String,
}

impl RemoteLocation {
    /// Takes a location apart; nothing for a local one, and for one whose server ssh would read as an option.
    pub fn parse(location: &str) -> Option<Self> {
        let parsed = match location.strip_prefix("ssh://") {
            Some(rest) => Self::parse_url(rest),
            None => Self::parse_scp(location),
        }?;
        let dash = |word: &str| word.is_empty() || word.starts_with('-');
        let plain = |word: &str| !word.contains(|c: char| c.is_whitespace() || c.is_control());
        let user = parsed.user.as_deref();
        let good = !dash(&parsed.host)
            && plain(&parsed.host)
            && user.is_none_or(|user| !dash(user) && plain(user))
            && !parsed.path.is_empty();
        good.then_some(parsed)
    }

    fn parse_url(rest: &str) -> Option<Self> {
        let (server, path) = rest.split_at(rest.find('/')?);
        let (user, address) = split_user(server);
        let (host, port) = match address.strip_prefix('[') {
            Some(bracketed) => {
                let (host, after) = bracketed.split_once(']')?;
                (host, after.strip_prefix(':'))
            }
            None => address
                .split_once(':')
                .map_or((address, None), |(host, port)| (host, Some(port))),
        };
        let path = path
            .strip_prefix("/./")
            .or_else(|| path.strip_prefix('/').filter(|path| path.starts_with('~')))
            .unwrap_or(path);
        Some(Self {
            user,
            host: host.to_owned(),
            port: port.map(str::parse).transpose().ok()?,
            path: path.to_owned(),
        })
    }

    fn parse_scp(location: &str) -> Option<Self> {
        if location.starts_with('/') || location.contains("://") {
            return None;
        }
        let (server, path) = location.split_once(':')?;
        let (user, host) = split_user(server);
        Some(Self {
            user,
            host: host.to_owned(),
            port: None,
            path: path.to_owned(),
        })
    }

    /// Gives the one form Alcove keeps: `ssh://user@host:port/path`. Borg takes it for the same place.
    pub fn url(&self) -> String {
        let user = self
            .user
            .as_ref()
            .map_or(String::new(), |user| format!("{user}@"));
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        let port = self.port.map_or(String::new(), |port| format!(":{port}"));
        let path = match self.path.chars().next() {
            Some('/') => self.path.clone(),
            Some('~') => format!("/{}", self.path),
            _ => format!("/./{}", self.path),
        };
        format!("ssh://{user}{host}{port}{path}")
    }
}

fn split_user(server: &str) -> (Option<String>, &str) {
    match server.split_once('@') {
        Some((user, host)) => (Some(user.to_owned()), host),
        None => (None, server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(location: &str) -> Option<(Option<String>, String, Option<u16>, String)> {
        let RemoteLocation {
            user,
            host,
            port,
            path,
        } = RemoteLocation::parse(location)?;
        Some((user, host, port, path))
    }

    #[test]
    fn each_form_of_a_location_is_taken_apart_as_borg_does() {
        let ada = || Some("ada".to_owned());
        for (location, user, host, port, path) in [
            ("ssh://ada@nas:22/srv/b", ada(), "nas", Some(22), "/srv/b"),
            ("ssh://nas/./b", None, "nas", None, "b"),
            ("ssh://ada@nas/~/b", ada(), "nas", None, "~/b"),
            ("ssh://nas/~ida/b", None, "nas", None, "~ida/b"),
            ("ssh://ada@[::1]:2222/b", ada(), "::1", Some(2222), "/b"),
            ("ada@nas:b", ada(), "nas", None, "b"),
            ("nas:/srv/b", None, "nas", None, "/srv/b"),
        ] {
            assert_eq!(
                parts(location),
                Some((user, host.to_owned(), port, path.to_owned())),
                "{location}"
            );
        }
    }

    #[test]
    fn the_url_of_a_location_reads_back_as_the_same_place() {
        for location in [
            "ssh://ada@nas:22/srv/b",
            "ssh://nas/./b",
            "ssh://ada@nas/~/b",
            "ssh://ada@[::1]:2222/b",
        ] {
            assert_eq!(RemoteLocation::parse(location).unwrap().url(), location);
        }
        assert_eq!(
            RemoteLocation::parse("ada@nas:b/c").unwrap().url(),
            "ssh://ada@nas/./b/c"
        );
    }

    #[test]
    fn what_ssh_would_read_as_an_option_is_no_server() {
        for location in [
            "ssh://-oProxyCommand=x/b",
            "ssh://-l@nas/b",
            "-oProxyCommand=x:b",
            "ssh://nas",
            "ssh:///b",
            "ssh://nas:port/b",
            "/srv/b",
            "nas:",
            "ssh://a b/c",
        ] {
            assert_eq!(parts(location), None, "{location}");
        }
    }
}
