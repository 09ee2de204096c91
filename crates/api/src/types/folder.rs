//! Folders and drives of this computer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::ByteCount;

/// What a suggested folder is, for its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderKind {
    /// Documents.
    Documents,
    /// Pictures.
    Pictures,
    /// Music.
    Music,
    /// Videos.
    Videos,
    /// Downloads.
    Downloads,
    /// The desktop.
    Desktop,
    /// Settings of programs.
    Settings,
    /// Any other folder.
    Other,
}

/// A folder worth a backup.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct SuggestedFolder {
    /// Its name for people.
    pub name: String,
    /// Its absolute path.
    pub path: String,
    /// What it is.
    pub kind: FolderKind,
    /// Whether it should be chosen at first.
    pub chosen: bool,
}

/// The answer to `suggest_folders`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct SuggestedFolders {
    /// In the order to show.
    pub folders: Vec<SuggestedFolder>,
    /// Borg patterns of what a default plan leaves out: caches, trash, build output.
    pub exclude_patterns: Vec<String>,
}

/// A folder to add up.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct MeasureFolder {
    /// Its absolute path.
    pub path: String,
    /// Borg patterns of what is left out.
    pub exclude_patterns: Option<Vec<String>>,
}

/// What a folder holds.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct FolderMeasure {
    /// Its absolute path.
    pub path: String,
    /// Bytes of file content, hard links once.
    pub bytes: ByteCount,
    /// Regular files, hard links once.
    pub files: u64,
    /// False when the count was stopped: there is more than this.
    pub complete: bool,
}

/// A drive that is plugged in.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Drive {
    /// Its label.
    pub name: String,
    /// Where it is mounted.
    pub path: String,
    /// Free bytes.
    pub free: ByteCount,
    /// Size in bytes.
    pub size: ByteCount,
}

/// The answer to `list_drives`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Drives {
    /// By name.
    pub drives: Vec<Drive>,
}

/// A local folder for a new repository.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
pub struct InspectDestination {
    /// Its absolute path.
    pub path: String,
}

/// What stands at a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DestinationState {
    /// Nothing is there; the folder will be made.
    New,
    /// An empty folder.
    Empty,
    /// A Borg repository.
    Repository,
    /// A folder with other things in it.
    NotEmpty,
    /// A file, not a folder.
    NotAFolder,
    /// The path is not absolute.
    NotAbsolute,
    /// This account may not write there.
    NotWritable,
}

/// The answer to `inspect_destination`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Destination {
    /// What stands there.
    pub state: DestinationState,
    /// Free bytes of its file system, when that can be told.
    pub free: Option<ByteCount>,
    /// Whether it is on the same file system as the home folder.
    pub same_drive_as_home: bool,
}

/// How the folder dialog opens.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChooseFolder {
    /// The dialog's title.
    pub title: String,
    /// Where it starts.
    pub start: Option<String>,
}

/// The answer to `choose_folder`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct ChosenFolder {
    /// The folder's absolute path; null when the dialog was closed.
    pub path: Option<String>,
}
