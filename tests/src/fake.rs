//! Houses over a fake borg: for moments a real one does not hold still at.

use alcove_testkit::{FakeBorg, Installed, Scratch, Script};

use crate::House;

/// The id of the repository that [`repository_list`] speaks of.
pub const REPOSITORY_ID: &str = "b9c261512c89a5072cb0c2e547edba807d44326dc516c1cbca85cc250af6f8da";

/// What a list prints of an empty repository with this id.
pub fn repository_list(id: &str) -> Script {
    Script::new().stdout(format!(
        r#"{{"archives": [], "encryption": {{"mode": "none"}}, "repository": {{"id": "{id}"}}}}"#
    ))
}

/// What a create prints when its archive is safe: 900 bytes of 9 files.
pub fn archive() -> Script {
    Script::new().stdout(
        r#"{"archive": {"name": "x", "id": "1", "duration": 1.0, "stats": {"original_size": 900,
        "compressed_size": 90, "deduplicated_size": 9, "nfiles": 9}}, "repository": {"id": "2"}}"#,
    )
}

impl House {
    /// Opens a house whose Borg is the real one, but for what this fake that stands before it is told.
    pub fn before_the_real(fake: &FakeBorg) -> (Self, Installed) {
        let mut installed = None;
        let house = Self::with(|scratch, world| {
            let program = fake.install(&scratch.folder("fake"));
            world.borg = Some(program.path().to_path_buf());
            installed = Some(program);
        });
        (house, installed.expect("a house is opened at once"))
    }

    /// Opens a house whose only Borg is this one, with an unencrypted repository and a plan that keeps one archive
    /// a day and compacts. Asked for its list, a fake that has none of its own answers [`repository_list`].
    pub async fn over_fake(fake: FakeBorg) -> (Self, Installed) {
        Self::over_fake_in(fake, |_| {}).await
    }

    /// The same after a test prepared the folder the house is built in.
    pub async fn over_fake_in(fake: FakeBorg, prepare: impl FnOnce(&Scratch)) -> (Self, Installed) {
        let (house, installed) = Self::over_fake_alone_in(fake, prepare);
        let source = house.scratch.tree("Documents", 3, 100, 1);
        let mut new = house.new_repository(&[&source]);
        new.encryption = Some("none".to_owned());
        new.passphrase = None;
        new.keep = Some(alcove_api::types::Keep {
            daily: 1,
            ..alcove_api::types::Keep::default()
        });
        house
            .api
            .create_repository(new)
            .await
            .expect("the repository is created");
        (house, installed)
    }

    /// The same without a repository.
    pub fn over_fake_alone(fake: FakeBorg) -> (Self, Installed) {
        Self::over_fake_alone_in(fake, |_| {})
    }

    fn over_fake_alone_in(fake: FakeBorg, prepare: impl FnOnce(&Scratch)) -> (Self, Installed) {
        let mut installed = None;
        let mut house = Self::with(|scratch, world| {
            prepare(scratch);
            let fake = fake.on("list", repository_list(REPOSITORY_ID));
            let program = fake.install(&scratch.folder("fake"));
            world.borg = Some(program.path().to_path_buf());
            installed = Some(program);
        });
        let installed = installed.expect("a house is opened at once");
        house.borg = Some(installed.path().to_path_buf());
        (house, installed)
    }

    /// Takes another fake borg into use, with the passphrase in a keyring of the test's.
    #[must_use]
    pub async fn take_fake(mut self, fake: FakeBorg) -> Self {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = self.scratch.folder(&format!("fake-{number}"));
        self.borg = Some(fake.install(&folder).path().to_path_buf());
        self.restart_unlocked(|_, _| {}).await
    }
}
