//! The program people start. Everything is in the library, which tests can link.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    alcove_desktop::run()
}
