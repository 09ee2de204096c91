//! Work that may never come to an end, for somebody who does not wait for ever.
//!
//! What the system is asked of a file system, a drive or a name cannot be stopped, so it is left behind on a thread of
//! its own when the time is over.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often is looked whether somebody wishes to wait no longer.
const TICK: Duration = Duration::from_millis(100);

/// Does something on a thread of this name and waits for it so long; `None`: it goes on alone. An error means that there
/// was no thread for it.
pub(crate) fn within<T: Send + 'static>(
    patience: Duration,
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    within_unless(&|| false, patience, name, work)
}

/// The same for somebody who may wish to wait no longer.
pub(crate) fn within_unless<T: Send + 'static>(
    stop: &dyn Fn() -> bool,
    patience: Duration,
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    let until = Instant::now() + patience;
    let (tell, told) = sync_channel(1);
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            // Nobody waits any more for what comes late.
            let _ = tell.send(work());
        })?;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match told.recv_timeout(left.min(TICK)) {
            Err(RecvTimeoutError::Timeout) if !left.is_zero() && !stop() => {}
            told => return Ok(told.ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_to_an_end_is_had_and_what_does_not_is_left_behind() {
        let soon = within(Duration::from_mins(1), "soon", || 7);
        assert_eq!(soon.unwrap(), Some(7));
        let (gate, opened) = sync_channel::<()>(0);
        let never = within(Duration::from_millis(1), "never", move || opened.recv());
        assert!(never.unwrap().is_none());
        drop(gate);
        let (gate, opened) = sync_channel::<()>(0);
        let wait = move || opened.recv();
        let given_up = within_unless(&|| true, Duration::from_hours(1), "given-up", wait);
        assert!(given_up.unwrap().is_none());
        drop(gate);
    }
}
