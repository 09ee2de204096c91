//! From a person's session to the data folder and the world of their engine.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use alcove_engine::World;
use alcove_store::Folder;

use crate::error::ApiError;

/// The variable that names the Borg to use.
const BORG: &str = "ALCOVE_BORG";

/// Finds the data folder and the world in a session's variables and its home folder, which a door reads
/// once.
pub fn session(
    environment: BTreeMap<OsString, OsString>,
    home: Option<PathBuf>,
) -> Result<(Folder, World), ApiError> {
    let Some(home) = home.filter(|home| home.is_absolute()) else {
        return Err(ApiError::bad_argument(
            "HOME",
            "Alcove cannot tell where your home folder is: HOME is not set to a full path.",
        ));
    };
    let variable = |name: &str| environment.get(&OsString::from(name)).cloned();
    let folder = Folder::locate(variable, &home);
    let borg = variable(BORG).map(PathBuf::from);
    let mut world = World::of_session(environment, home);
    world.borg = borg;
    Ok((folder, world))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_session_says_where_the_data_and_borg_are() {
        let environment = [("ALCOVE_DATA_DIR", "/data"), ("ALCOVE_BORG", "/opt/borg")]
            .map(|(name, value)| (name.into(), value.into()));
        let (folder, world) = session(environment.into(), Some("/home/ada".into())).unwrap();
        assert_eq!(folder.path(), Path::new("/data"));
        assert_eq!(world.borg.as_deref(), Some(Path::new("/opt/borg")));
        for home in [None, Some("here".into())] {
            assert!(session(BTreeMap::new(), home).is_err());
        }
    }
}
