//! Another program that holds a repository.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::terminal::Terminal;
use crate::try_for;

/// A Borg that holds a repository's lock until it is let go or killed, at the latest when this is dropped.
pub struct Holder(Child);

impl Terminal<'_> {
    /// Has another Borg take the lock of a local repository.
    pub async fn hold(self, repository: &str) -> Holder {
        let holder = self
            .command(&["with-lock", repository, "cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("borg is installed");
        let lock = Path::new(repository).join("lock.exclusive");
        let held = || std::fs::read_dir(&lock).ok()?.next().map(|_| ());
        try_for(held).await.expect("Borg takes a lock that is free");
        Holder(holder)
    }
}

impl Holder {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Ends it in good order: the lock is free.
    pub fn let_go(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().expect("a child can be waited for");
    }

    /// Kills it: the lock stays behind.
    pub fn kill(mut self) {
        self.0.kill().expect("a child can be killed");
        self.0.wait().expect("a child can be waited for");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Gone already, where it was let go or killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
