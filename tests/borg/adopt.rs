//! Repositories that other programs made: looked at, taken over, gone on with.
//!
//! They are made with the command lines of Vorta and borgmatic, by the Borg of this computer. How much a run
//! reads is counted by the system: a program in Borg's place starts Borg and then reads its own `/proc/PID/io`,
//! in which the bytes of a child that ended are contained.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use alcove_api::types::{AdoptRepository, Confirm, InspectRepository, Nothing};
use alcove_borg::Passphrase;
use alcove_tests::{House, PASSPHRASE};

/// A program that made backups before Alcove came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Vorta,
    Borgmatic,
}

/// A house whose Borg counts what it reads, and the count's file.
fn counting() -> (House, PathBuf) {
    let mut counted = PathBuf::new();
    let house = House::with(|scratch, world| {
        let real = scratch
            .session()
            .into_iter()
            .find(|(name, _)| name == "PATH");
        let real = std::env::split_paths(&real.unwrap().1)
            .map(|folder| folder.join("borg"))
            .find(|borg| borg.exists())
            .unwrap();
        counted = scratch.folder("counting").join("read");
        let program = scratch.folder("counting").join("borg");
        let script = format!(
            "#!/bin/sh\n\"{}\" \"$@\"\ncode=$?\n[ \"$1\" = create ] && grep rchar /proc/$$/io >>\"{}\"\nexit $code\n",
            real.display(),
            counted.display()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        world.borg = Some(program);
    });
    (house, counted)
}

/// The bytes each counted create has read so far.
fn counts(file: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .map(|line| line.strip_prefix("rchar: ").unwrap().parse().unwrap())
        .collect()
}

/// Makes a repository and one archive, as this program does.
fn make(house: &House, maker: Maker, source: &Path) {
    let repository = house.repository();
    let told = |arguments: &[&str], variables: &[(&str, &str)]| {
        let done = house.terminal().borg_with(variables, arguments);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
    };
    let excludes = house.scratch.path().join("excludes");
    std::fs::write(&excludes, "# made by hand\n*.iso\n\nsh:**/node_modules\n").unwrap();
    let excludes = excludes.display().to_string();
    let source = source.display().to_string();
    match maker {
        Maker::Vorta => {
            let open = [("BORG_PASSPHRASE", PASSPHRASE)];
            told(
                &[
                    "init",
                    "--info",
                    "--log-json",
                    "--encryption=repokey-blake2",
                    &repository,
                ],
                &open,
            );
            let archive = format!("{repository}::desk-2026-11-21-101112");
            told(
                &[
                    "create",
                    "--list",
                    "--progress",
                    "--info",
                    "--log-json",
                    "--json",
                    "--filter=AM",
                    "-C",
                    "zstd,3",
                    "--exclude-from",
                    &excludes,
                    &archive,
                    &source,
                ],
                &open,
            );
        }
        Maker::Borgmatic => {
            let secret = house.scratch.path().join("secret");
            std::fs::write(&secret, PASSPHRASE).unwrap();
            let ask = format!("cat {}", secret.display());
            let with_command = |arguments: &[&str]| {
                let done = house.terminal().borg_that_asks(&ask, arguments);
                let said = String::from_utf8_lossy(&done.stderr).into_owned();
                assert!(done.status.success(), "{said}");
            };
            with_command(&["init", "--encryption", "keyfile-blake2", &repository]);
            let archive = format!("{repository}::{{hostname}}-{{now:%Y-%m-%dT%H:%M:%S.%f}}");
            with_command(&[
                "create",
                "--exclude-from",
                &excludes,
                "--exclude-caches",
                "--exclude-if-present",
                ".nobackup",
                "--chunker-params",
                "12,20,15,4095",
                "--compression",
                "lz4",
                "--one-file-system",
                "--files-cache",
                "ctime,size,inode",
                &archive,
                &source,
            ]);
        }
    }
}

fn inspect(house: &House) -> InspectRepository {
    InspectRepository {
        repository: house.repository(),
        passphrase: Some(Passphrase::new(PASSPHRASE.to_owned())),
        ssh_key: None,
        remote_path: None,
        confirm: None,
    }
}

fn adopt(house: &House) -> AdoptRepository {
    AdoptRepository {
        name: "Old disk".to_owned(),
        repository: house.repository(),
        passphrase: Some(Passphrase::new(PASSPHRASE.to_owned())),
        ssh_key: None,
        remote_path: None,
        confirm: None,
        plan_name: None,
        source_directories: None,
        exclude_patterns: None,
        compression: None,
        keep: None,
        compact: None,
        remember_passphrase: None,
    }
}

/// Adopts what a program made of so many files and proves that the first run reads next to nothing.
async fn goes_on(maker: Maker, files: u32, bytes: usize) {
    let (house, counted) = counting();
    let source = house.scratch.tree("Documents", files, bytes, 7);
    house.scratch.newest(&source);
    make(&house, maker, &source);
    let found = house.api.inspect_repository(inspect(&house)).await.unwrap();
    assert_eq!(found.archives, 1);
    assert!(found.files_remembered && found.last_good.is_some());
    assert!(found.note.contains("stay as they are"), "{}", found.note);
    let plan = found.plan.unwrap();
    assert_eq!(plan.source_directories, [source.display().to_string()]);
    assert_eq!(plan.exclude_patterns, ["*.iso", "sh:**/node_modules"]);
    assert_eq!(plan.series_archives, 1);
    assert!(plan.archive.starts_with(&plan.series_prefix));
    match maker {
        Maker::Vorta => {
            assert_eq!(found.encryption, "repokey-blake2");
            assert_eq!(
                (plan.compression.as_str(), plan.chunker_params),
                ("zstd,3", None)
            );
            assert_eq!(
                (plan.series_prefix.as_str(), plan.series_rest.as_str()),
                ("desk-", "2026-11-21-101112")
            );
            assert_eq!(plan.differences, Vec::<String>::new());
        }
        Maker::Borgmatic => {
            assert_eq!(found.encryption, "keyfile-blake2");
            assert_eq!(plan.compression, "lz4");
            assert_eq!(plan.chunker_params.as_deref(), Some("12,20,15,4095"));
            assert!(plan.one_file_system);
            assert_eq!(plan.series_rest, "{now:%Y-%m-%dT%H:%M:%S.%f}");
            assert!(plan.differences.join(" ").contains(".nobackup"));
        }
    }

    let before = house.archives();
    let created = house.api.adopt_repository(adopt(&house)).await.unwrap();
    assert_eq!(
        house.archives(),
        before,
        "nothing in the repository is changed"
    );
    assert!(created.plan.is_some());
    let job = house.back_up_well().await;
    let command = job.command.unwrap();
    if maker == Maker::Borgmatic {
        assert!(
            command.contains("--chunker-params=12,20,15,4095"),
            "{command}"
        );
    }
    let archive = job.archive_name.unwrap();
    assert!(
        archive.contains("-Documents-"),
        "it has the plan's own name and tag: {archive}"
    );
    let total = u64::from(files) * bytes as u64;
    assert!(job.progress_details.original_size.0 >= total);
    assert!(
        job.progress_details.deduplicated_size.0 < total / 50,
        "nothing is stored twice"
    );

    // What Borg reads of its own: its code, its caches. A run over one small file tells; without a file Borg would
    // not open the list of those it knows, a hundred bytes each.
    let nothing = house.scratch.folder("home/nothing");
    std::fs::write(nothing.join("one"), "one").unwrap();
    let nothing = nothing.display().to_string();
    let own = format!("{}::own", house.repository());
    let mut borg = std::process::Command::new(counted.with_file_name("borg"));
    let done = borg
        .args(["create", &own, &nothing])
        .env_clear()
        .envs(house.scratch.session())
        .env("BORG_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let counts = counts(&counted);
    assert_eq!(counts.len(), 2, "of Alcove's run and of this one");
    let (run, own) = (counts[0], counts[1]);
    let read = run.saturating_sub(own);
    assert!(
        read < total / 50,
        "{read} bytes of {total} were read ({run} in all, {own} by Borg itself)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_of_vorta_is_gone_on_with() {
    goes_on(Maker::Vorta, 2_000, 20_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_of_borgmatic_is_gone_on_with() {
    goes_on(Maker::Borgmatic, 2_000, 20_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes and backs up 100,000 files, twice"]
async fn a_hundred_thousand_files_are_gone_on_with() {
    // For its statistics Borg reads the new archive's list of files once more, about a hundred bytes each, which the
    // run over one file does not show.
    goes_on(Maker::Vorta, 100_000, 10_000).await;
    goes_on(Maker::Borgmatic, 100_000, 10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_leaves_the_archives_of_the_other_program_alone() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 7);
    make(&house, Maker::Vorta, &source);
    let theirs = house.archives();
    let mut adopted = adopt(&house);
    adopted.keep = Some(alcove_api::types::Keep {
        daily: 1,
        ..alcove_api::types::Keep::default()
    });
    house.api.adopt_repository(adopted).await.unwrap();
    house.back_up_well().await;
    let second = house.back_up_well().await;
    let left = house.archives();
    assert!(theirs.iter().all(|name| left.contains(name)), "{left:?}");
    assert_eq!(left.len(), theirs.len() + 1, "its own older one went");
    assert!(left.contains(&second.archive_name.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_alcove_knows_is_not_adopted_again() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 5, 100, 7);
    house.create(&[&source]).await;
    let found = house.api.inspect_repository(inspect(&house)).await.unwrap();
    assert_eq!(found.known_as.as_deref(), Some("Backup SSD"));
    assert!(found.plan.is_none() && found.archives == 0);
    // Also not under another path to the same place.
    let link = house.scratch.path().join("link");
    std::os::unix::fs::symlink(house.repository(), &link).unwrap();
    let mut again = adopt(&house);
    again.repository = link.display().to_string();
    again.confirm = Some(vec![Confirm::Relocated]);
    let refused = house.api.adopt_repository(again).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "repository_exists");
    assert!(refused.message.contains("Backup SSD"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_borg_is_answered_by_the_person_once() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 5, 100, 7);
    let told = |arguments: &[&str]| assert!(house.borg(arguments).status.success());
    told(&["init", "--encryption", "none", &house.repository()]);
    told(&[
        "create",
        &format!("{}::a", house.repository()),
        &source.display().to_string(),
    ]);
    // Another computer: its Borg has never seen the repository.
    for folder in ["home/.config/borg", "home/.cache/borg"] {
        std::fs::remove_dir_all(house.scratch.path().join(folder)).unwrap();
    }
    let asked = |confirm: Option<Confirm>| InspectRepository {
        passphrase: None,
        confirm: confirm.map(|confirm| vec![confirm]),
        ..inspect(&house)
    };
    let refused = house
        .api
        .inspect_repository(asked(None))
        .await
        .err()
        .unwrap();
    assert_eq!(refused.code.as_str(), "repository_unconfirmed");
    let found = house
        .api
        .inspect_repository(asked(Some(Confirm::Unencrypted)))
        .await
        .unwrap();
    assert_eq!(found.encryption, "none");
    assert!(!found.files_remembered);
    assert!(
        found.note.contains("reads every file once"),
        "{}",
        found.note
    );
    assert_eq!(found.plan.unwrap().series_prefix, "a");
    let adopted = AdoptRepository {
        passphrase: None,
        ..adopt(&house)
    };
    house.api.adopt_repository(adopted).await.unwrap();
    house.back_up_well().await;

    // The place it moves to is a question of its own.
    let moved = house.scratch.path().join("moved");
    std::fs::rename(house.repository(), &moved).unwrap();
    let at_new = |confirm| InspectRepository {
        repository: moved.display().to_string(),
        ..asked(confirm)
    };
    let refused = house
        .api
        .inspect_repository(at_new(None))
        .await
        .err()
        .unwrap();
    assert_eq!(refused.code.as_str(), "repository_relocated");
    let found = house
        .api
        .inspect_repository(at_new(Some(Confirm::Relocated)))
        .await
        .unwrap();
    assert_eq!(found.known_as.as_deref(), Some("Old disk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_open_is_named_and_leaves_no_record() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 5, 100, 7);
    make(&house, Maker::Vorta, &source);
    let mut wrong = adopt(&house);
    wrong.passphrase = Some(Passphrase::new("not it".to_owned()));
    let mut none = adopt(&house);
    none.passphrase = None;
    let mut elsewhere = adopt(&house);
    elsewhere.repository = source.display().to_string();
    let mut nowhere = adopt(&house);
    nowhere.repository = "relative".to_owned();
    for (adopted, code) in [
        (wrong, "passphrase_wrong"),
        (none, "passphrase_needed"),
        (elsewhere, "not_a_repository"),
        (nowhere, "bad_argument"),
    ] {
        let refused = house.api.adopt_repository(adopted).await.unwrap_err();
        assert_eq!(refused.code.as_str(), code);
    }
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert!(known.repositories.is_empty());
    house.api.adopt_repository(adopt(&house)).await.unwrap();
}
