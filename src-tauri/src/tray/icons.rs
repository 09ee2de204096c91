//! The pictures of the tray: one silhouette for each state, in whatever colour the panel has.
//!
//! A desktop is told a folder and a name, so the pictures that are in the program are written to a folder of the cache.
//! A name that ends in `-symbolic` is what makes a panel colour them.

use std::path::PathBuf;

use tauri::{AppHandle, Manager as _};

use super::shown::Sign;

macro_rules! pictures {
    ($($sign:ident = $name:literal,)+) => {
        /// The name of a state's picture.
        pub(super) fn name(sign: Sign) -> &'static str {
            match sign {
                $(Sign::$sign => $name,)+
            }
        }

        const PICTURES: &[(&str, &[u8])] = &[
            $(($name, include_bytes!(concat!("../../../icons/tray/", $name, ".svg"))),)+
        ];
    };
}

pictures! {
    Idle = "alcove-idle-symbolic",
    Running = "alcove-running-symbolic",
    Attention = "alcove-attention-symbolic",
    Paused = "alcove-paused-symbolic",
}

/// Writes the pictures, and returns where they are.
pub(super) fn folder(app: &AppHandle) -> Option<PathBuf> {
    let written = || -> tauri::Result<PathBuf> {
        let folder = app.path().app_cache_dir()?.join("tray");
        fs_err::create_dir_all(&folder)?;
        for (name, picture) in PICTURES {
            fs_err::write(folder.join(format!("{name}.svg")), picture)?;
        }
        Ok(folder)
    };
    written()
        .inspect_err(|error| log::warn!("the tray has no pictures: {error}"))
        .ok()
}
