//! Folders and drives of this computer.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use alcove_engine::folders;

use super::Api;
use crate::error::ApiError;
use crate::types::{
    ByteCount, Destination, DestinationState, Drive, Drives, FolderKind, FolderMeasure,
    InspectDestination, MeasureFolder, Nothing, SuggestedFolder, SuggestedFolders,
};

/// How long a folder is counted before the answer is "more than this".
const MEASURE_FOR: Duration = Duration::from_secs(20);

impl Api {
    /// Names the folders of this person that are worth a backup.
    pub async fn suggest_folders(&self, _: Nothing) -> Result<SuggestedFolders, ApiError> {
        self.blocking(|engine| {
            let folders = folders::suggest(&engine.world().home)
                .into_iter()
                .map(|folder| SuggestedFolder {
                    name: folder.name,
                    path: folder.path.display().to_string(),
                    kind: folder_kind(folder.kind),
                    chosen: folder.chosen,
                })
                .collect();
            let exclude_patterns = alcove_engine::LEFT_OUT
                .iter()
                .map(ToString::to_string)
                .collect();
            Ok(SuggestedFolders {
                folders,
                exclude_patterns,
            })
        })
        .await
    }

    /// Adds up a folder as Borg would; stops early on a very large one.
    pub async fn measure_folder(&self, args: MeasureFolder) -> Result<FolderMeasure, ApiError> {
        let path = absolute("path", &args.path)?;
        self.blocking(move |_| {
            if !path.exists() {
                return Err(ApiError::bad_argument(
                    "path",
                    format!("{} is not there.", args.path),
                ));
            }
            let began = Instant::now();
            let excludes = args.exclude_patterns.unwrap_or_default();
            let found =
                folders::measure_folder(&path, &excludes, &|_| began.elapsed() < MEASURE_FOR)
                    .map_err(|why| ApiError::bad_argument("exclude_patterns", format!("{why}.")))?;
            Ok(FolderMeasure {
                path: args.path,
                bytes: ByteCount(found.bytes),
                files: found.files,
                complete: found.complete,
            })
        })
        .await
    }

    /// Lists drives that are plugged in and can take a repository.
    pub async fn list_drives(&self, _: Nothing) -> Result<Drives, ApiError> {
        self.blocking(|_| {
            let drives = folders::drives()
                .into_iter()
                .map(|drive| Drive {
                    name: drive.name,
                    path: drive.path.display().to_string(),
                    free: ByteCount(drive.free),
                    size: ByteCount(drive.size),
                })
                .collect();
            Ok(Drives { drives })
        })
        .await
    }

    /// Tells whether a new repository can be made in a local folder.
    pub async fn inspect_destination(
        &self,
        args: InspectDestination,
    ) -> Result<Destination, ApiError> {
        self.blocking(move |engine| {
            let found = folders::inspect(Path::new(&args.path), &engine.world().home);
            Ok(Destination {
                state: destination_state(found.standing),
                free: found.free.map(ByteCount),
                same_drive_as_home: found.same_drive_as_home,
            })
        })
        .await
    }
}

fn absolute(field: &str, path: &str) -> Result<PathBuf, ApiError> {
    if path.starts_with('/') && !path.contains('\0') {
        return Ok(PathBuf::from(path));
    }
    Err(ApiError::bad_argument(
        field,
        format!("{path:?} is not a full path."),
    ))
}

fn folder_kind(kind: folders::Kind) -> FolderKind {
    match kind {
        folders::Kind::Documents => FolderKind::Documents,
        folders::Kind::Pictures => FolderKind::Pictures,
        folders::Kind::Music => FolderKind::Music,
        folders::Kind::Videos => FolderKind::Videos,
        folders::Kind::Downloads => FolderKind::Downloads,
        folders::Kind::Desktop => FolderKind::Desktop,
        folders::Kind::Settings => FolderKind::Settings,
        folders::Kind::Other => FolderKind::Other,
    }
}

fn destination_state(standing: folders::Standing) -> DestinationState {
    match standing {
        folders::Standing::New => DestinationState::New,
        folders::Standing::Empty => DestinationState::Empty,
        folders::Standing::Repository => DestinationState::Repository,
        folders::Standing::NotEmpty => DestinationState::NotEmpty,
        folders::Standing::NotAFolder => DestinationState::NotAFolder,
        folders::Standing::NotAbsolute => DestinationState::NotAbsolute,
        folders::Standing::NotWritable => DestinationState::NotWritable,
    }
}
