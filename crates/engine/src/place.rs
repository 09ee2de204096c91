//! Locations of repositories as people write them.

use alcove_borg::{Command, Encryption, RemoteLocation};

use crate::error::Failure;

/// No path of any system Alcove runs on is longer.
const LONGEST: usize = 4096;

/// Takes trailing slashes away: `/backup/` and `/backup` are one place.
pub(crate) fn without_trailing_slash(location: &str) -> &str {
    let trimmed = location.trim_end_matches('/');
    if trimmed.is_empty() {
        location
    } else {
        trimmed
    }
}

/// Refuses what cannot be a location at all, whether or not a repository is there.
pub(crate) fn check(field: &str, location: &str) -> Result<(), Failure> {
    let reason = if location.is_empty() {
        "The location of the repository is missing."
    } else if location.len() > LONGEST {
        "The location of the repository is longer than any path can be (4096 bytes)."
    } else if location.contains(alcove_store::steers) {
        "The location of the repository has a line break or another control character in it."
    } else {
        return Ok(());
    };
    Err(Failure::bad_argument(field, reason))
}

/// Reads a location of a repository that is there or may come: the form Alcove keeps, and its server. A path, an
/// `ssh://` address, or `user@host:path` as scp writes it.
pub(crate) fn there(
    field: &str,
    location: &str,
) -> Result<(String, Option<RemoteLocation>), Failure> {
    check(field, location)?;
    let location = without_trailing_slash(location);
    if local(location).is_some() {
        check_new(field, location)?;
        return Ok((location.to_owned(), None));
    }
    match RemoteLocation::parse(location) {
        Some(remote) => {
            let url = remote.url();
            check_new(field, &url)?;
            Ok((url, Some(remote)))
        }
        None => Err(Failure::bad_argument(
            field,
            "The location must be a full path, such as /media/drive/backup, or a server's, such as ssh://me@nas/./backup.",
        )),
    }
}

/// Refuses a location no repository can be created at, or that Borg would misread.
pub(crate) fn check_new(field: &str, location: &str) -> Result<(), Failure> {
    check(field, location)?;
    let ssh = location.starts_with("ssh://");
    let reason = if !ssh && !location.starts_with('/') {
        "The location must be a full path, such as /media/drive/backup, or start with ssh://."
    } else if without_trailing_slash(location) == "/" {
        "The top folder of the computer cannot be a repository."
    } else {
        let init = Command::Init {
            repository: location.to_owned(),
            encryption: Encryption::RepokeyBlake2,
        };
        return init
            .check()
            .map_err(|why| Failure::bad_argument(field, why.to_string()));
    };
    Err(Failure::bad_argument(field, reason))
}

/// The folder of a local location; `None` for one over ssh.
pub(crate) fn local(location: &str) -> Option<&std::path::Path> {
    location
        .starts_with('/')
        .then(|| std::path::Path::new(location))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_slash_makes_no_other_place() {
        assert_eq!(without_trailing_slash("/backup//"), "/backup");
        assert_eq!(without_trailing_slash("/"), "/");
        assert_eq!(without_trailing_slash("ssh://nas/./b/"), "ssh://nas/./b");
    }

    #[test]
    fn a_server_may_be_written_as_scp_does() {
        let (url, server) = there("path", "ada@nas:backup/").unwrap();
        assert_eq!(url, "ssh://ada@nas/./backup");
        assert_eq!(server.unwrap().host, "nas");
        assert_eq!(
            there("path", "/backup/").unwrap(),
            ("/backup".to_owned(), None)
        );
        for bad in ["backup", "ssh://-oX=y/b", "ssh://nas", "/a::b", "nas:a::b"] {
            assert!(there("path", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_location_that_cannot_be_one_is_refused_with_the_reason() {
        for bad in [
            "",
            "relative/path",
            "/a::b",
            "/",
            "/a\nb",
            "user@host:path",
            "/a{now}",
        ] {
            let failure = check_new("path", bad).unwrap_err();
            assert_eq!(failure.field.as_deref(), Some("path"), "{bad:?}");
        }
        let long = format!("/{}", "x".repeat(10_000));
        assert!(
            check("repository", &long)
                .unwrap_err()
                .message
                .contains("4096")
        );
        assert!(check_new("path", "ssh://me@nas:22/./backup").is_ok());
        assert!(check_new("path", "/media/Backup SSD/home").is_ok());
    }
}
