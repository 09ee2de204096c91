//! The way to a repository, tested step by step against a real ssh server on the loopback.

use std::net::TcpListener;
use std::path::Path;

use alcove_api::types::{
    ConnectionReport, ConnectionStep, FoundThere, MakeSshKey, Nothing, StartBackup, StepKind,
    StepState, TestConnection, TrustHostKey,
};
use alcove_borg::Passphrase;
use alcove_store::Status;
use alcove_tests::{House, LoopbackServer, PASSPHRASE};

/// A house whose ssh reads the server's configuration.
fn house(
    serve: impl FnOnce(&alcove_testkit::Scratch) -> LoopbackServer,
) -> (House, LoopbackServer) {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = serve(scratch);
        world.ssh_config = Some(started.ssh_config());
        server = Some(started);
    });
    (house, server.unwrap())
}

fn of(repository: &str) -> TestConnection {
    TestConnection {
        repository: repository.to_owned(),
        passphrase: None,
        ssh_key: None,
        remote_path: None,
        expected_bytes: None,
        time_limit: None,
    }
}

async fn test(house: &House, asked: TestConnection) -> ConnectionReport {
    house.api.test_connection(asked).await.unwrap()
}

/// Approves the key the server shows.
async fn trust(house: &House, server: &LoopbackServer, location: &str) {
    let approved = TrustHostKey {
        repository: location.to_owned(),
        fingerprint: server.fingerprint(),
    };
    assert!(house.api.trust_host_key(approved).await.unwrap().written);
}

fn step(report: &ConnectionReport, kind: StepKind) -> &ConnectionStep {
    let found = report.steps.iter().find(|step| step.kind == kind);
    assert!(found.is_some(), "{kind:?} is missing: {:#?}", report.steps);
    found.unwrap()
}

/// The last step, which failed.
fn failed(report: &ConnectionReport, kind: StepKind) -> String {
    let last = report.steps.last().unwrap();
    assert_eq!(
        (last.kind, last.state, report.good),
        (kind, StepState::Failed, false),
        "{:#?}",
        report.steps
    );
    assert!(last.hint.is_some(), "{last:?}");
    last.sentence.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_shown_then_approved_then_every_step_goes_well() {
    let (house, server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups/new one"));
    let report = test(&house, of(&location)).await;
    let sentence = failed(&report, StepKind::HostKey);
    let shown = report.host_key.unwrap();
    assert_eq!(shown.fingerprint, server.fingerprint());
    assert_eq!((shown.kind.as_str(), shown.known), ("ssh-ed25519", false));
    assert!(sentence.contains(&shown.fingerprint), "{sentence}");
    assert_eq!(server.known_hosts(), "", "nothing without approval");

    trust(&house, &server, &location).await;
    let asked = TestConnection {
        expected_bytes: Some(alcove_api::types::ByteCount(1 << 40)),
        ..of(&location)
    };
    let report = test(&house, asked).await;
    assert!(report.good, "{:#?}", report.steps);
    let kinds: Vec<StepKind> = report.steps.iter().map(|step| step.kind).collect();
    assert_eq!(
        kinds,
        [
            StepKind::Address,
            StepKind::Port,
            StepKind::HostKey,
            StepKind::Login,
            StepKind::Borg,
            StepKind::Restriction,
            StepKind::Repository,
            StepKind::Space,
            StepKind::Speed
        ]
    );
    assert_eq!(report.found, Some(FoundThere::Room));
    assert!(report.borg_version.is_some() && report.remote_path.is_none());
    assert!(report.free.unwrap().0 > 0 && report.upload_speed.unwrap().0 > 0);
    assert!(report.first_backup_seconds.unwrap() > 0);
    let login = &step(&report, StepKind::Login).sentence;
    assert!(
        login.contains(&server.file("key").display().to_string()),
        "{login}"
    );
    assert!(
        step(&report, StepKind::Speed)
            .sentence
            .contains("first backup")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_the_approved_one_is_not_written_down() {
    let (house, mut server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    let approved = TrustHostKey {
        repository: location.clone(),
        fingerprint: server.fingerprint(),
    };
    server.change_host_key();
    let refused = house.api.trust_host_key(approved).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "host_key_changed");
    assert_eq!(server.known_hosts(), "");
    trust(&house, &server, &location).await;
    let again = TrustHostKey {
        repository: location,
        fingerprint: server.fingerprint(),
    };
    let kept = server.known_hosts();
    assert!(!house.api.trust_host_key(again).await.unwrap().written);
    assert_eq!(server.known_hosts(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_is_refused_with_both_fingerprints_and_cannot_be_approved() {
    let (house, mut server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let (before, known) = (server.fingerprint(), server.known_hosts());
    server.change_host_key();
    let report = test(&house, of(&location)).await;
    let sentence = failed(&report, StepKind::HostKey);
    let shown = report.host_key.unwrap();
    assert_eq!(shown.expected.as_deref(), Some(before.as_str()));
    assert_eq!(shown.fingerprint, server.fingerprint());
    assert!(
        sentence.contains(&before) && sentence.contains(&server.fingerprint()),
        "{sentence}"
    );
    let approved = TrustHostKey {
        repository: location,
        fingerprint: server.fingerprint(),
    };
    let refused = house.api.trust_host_key(approved).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "host_key_changed");
    assert_eq!(server.known_hosts(), known);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_key_is_recognised_and_its_repository_opened() {
    let (house, server) = house(LoopbackServer::start);
    let backups = house.scratch.folder("backups");
    let location = server.location(&backups.join("home"));
    trust(&house, &server, &location).await;
    server.restrict("key", &backups);

    let report = test(&house, of(&location)).await;
    assert!(report.good, "{:#?}", report.steps);
    assert_eq!(report.found, Some(FoundThere::Room));
    let restriction = &step(&report, StepKind::Restriction).sentence;
    assert!(restriction.contains("borg serve"), "{restriction}");
    assert_eq!(step(&report, StepKind::Space).state, StepState::Unknown);
    assert_eq!(step(&report, StepKind::Speed).state, StepState::Unknown);
    assert!(report.borg_version.is_some());

    let source = house.scratch.tree("Documents", 5, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.path.clone_from(&location);
    house.api.create_repository(new).await.unwrap();
    let report = test(&house, of(&location)).await;
    assert_eq!(
        report.found,
        Some(FoundThere::Opened),
        "{:#?}",
        report.steps
    );
    let asked = TestConnection {
        passphrase: Some(Passphrase::new("not it".into())),
        ..of(&location)
    };
    let report = test(&house, asked).await;
    assert_eq!(report.found, Some(FoundThere::Closed));
    assert!(report.good, "the way is good: {:#?}", report.steps);

    let outside = server.location(&house.scratch.path().join("elsewhere"));
    let report = test(&house, of(&outside)).await;
    let sentence = failed(&report, StepKind::Repository);
    assert!(sentence.contains("does not allow"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_borg_and_one_with_another_name_are_told() {
    let (house, server) = house(|scratch| LoopbackServer::with_borg_as(scratch, None));
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let report = test(&house, of(&location)).await;
    let sentence = failed(&report, StepKind::Borg);
    assert!(sentence.contains("has no Borg"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_under_another_name_is_found_and_used() {
    let (house, server) = house(|scratch| LoopbackServer::with_borg_as(scratch, Some("borg14")));
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let report = test(&house, of(&location)).await;
    assert!(report.good, "{:#?}", report.steps);
    assert_eq!(report.remote_path.as_deref(), Some("borg14"));
    assert_eq!(step(&report, StepKind::Borg).state, StepState::Attention);

    let source = house.scratch.tree("Documents", 5, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.path.clone_from(&location);
    let refused = house.api.create_repository(new).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "connection_failed");
    let mut new = house.new_repository(&[&source]);
    new.path.clone_from(&location);
    new.remote_path = report.remote_path;
    house.api.create_repository(new).await.unwrap();
    let job = back_up_to(&house, &location).await;
    let command = job.command.unwrap();
    assert!(command.contains("BORG_REMOTE_PATH=borg14 "), "{command}");
}

async fn back_up_to(house: &House, location: &str) -> alcove_api::types::Job {
    let args = StartBackup {
        repository: location.to_owned(),
        ..StartBackup::default()
    };
    let id = house.api.start_backup(args).await.unwrap().job_id;
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_reached_with_the_key_it_names() {
    let (house, server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let key = server.make_key("key of its own", "");
    server.allow("key of its own", None);

    let report = test(&house, of(&location)).await;
    let sentence = failed(&report, StepKind::Login);
    assert!(sentence.contains("it takes none of the keys"), "{sentence}");
    assert!(sentence.contains(&server.file("key").display().to_string()));

    let source = house.scratch.tree("Documents", 5, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.path.clone_from(&location);
    new.ssh_key = Some(key.display().to_string());
    house.api.create_repository(new).await.unwrap();
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert_eq!(
        known.repositories[0].ssh_key,
        Some(key.display().to_string())
    );
    let job = back_up_to(&house, &location).await;
    let command = job.command.unwrap();
    assert!(command.contains("key of its own"), "{command}");
    let report = test(&house, of(&location)).await;
    assert_eq!(
        report.found,
        Some(FoundThere::Opened),
        "{:#?}",
        report.steps
    );

    // The line people copy reaches the repository from a terminal.
    let (before, _) = command.split_once("/borg create ").unwrap();
    let (variables, _) = before.rsplit_once(' ').unwrap();
    let list = format!("{variables} borg list --short {location}");
    let listed = std::process::Command::new("sh")
        .args(["-c", &list])
        .env_clear()
        .envs(house.scratch.session())
        .env("BORG_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    let archives = String::from_utf8_lossy(&listed.stdout);
    assert_eq!(archives.trim(), job.archive_name.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_key_and_no_key_at_all_are_told_apart() {
    let (house, server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let locked = server.make_key("locked", "a secret");
    server.allow("locked", None);
    for file in ["key", "key.pub"] {
        std::fs::remove_file(server.file(file)).unwrap();
    }
    let asked = TestConnection {
        ssh_key: Some(locked.display().to_string()),
        ..of(&location)
    };
    let sentence = failed(&test(&house, asked).await, StepKind::Login);
    assert!(
        sentence.contains("is locked by a passphrase") && sentence.contains("locked"),
        "{sentence}"
    );
    let sentence = failed(&test(&house, of(&location)).await, StepKind::Login);
    assert!(sentence.contains("no ssh key to show"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_greets_aloud_is_named_with_its_words() {
    let (house, server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    server.allow(
        "key",
        Some("echo Welcome aboard; sh -c \\\"$SSH_ORIGINAL_COMMAND\\\""),
    );
    let sentence = failed(&test(&house, of(&location)).await, StepKind::Login);
    assert!(sentence.contains("Welcome aboard"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_things_at_the_place_and_an_empty_folder_are_told_apart() {
    let (house, server) = house(LoopbackServer::start);
    let place = house.scratch.folder("it's here");
    let location = server.location(&place);
    trust(&house, &server, &location).await;
    let report = test(&house, of(&location)).await;
    assert_eq!(report.found, Some(FoundThere::Room), "{:#?}", report.steps);
    std::fs::write(place.join("letter"), "dear").unwrap();
    let report = test(&house, of(&location)).await;
    failed(&report, StepKind::Repository);
    assert_eq!(report.found, Some(FoundThere::OtherThings));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_told_from_who_is_no_ssh_server() {
    let (house, server) = house(LoopbackServer::start);
    let at = |port: u16| format!("ssh://ada@127.0.0.1:{port}/b");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let sentence = failed(&test(&house, of(&at(port))).await, StepKind::Port);
    assert!(sentence.contains("nothing listens there"), "{sentence}");

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let asked = TestConnection {
        time_limit: Some(5),
        ..of(&at(silent.local_addr().unwrap().port()))
    };
    let sentence = failed(&test(&house, asked).await, StepKind::Port);
    assert!(sentence.contains("says nothing"), "{sentence}");

    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::Write as _;
        let (mut client, _) = other.accept().unwrap();
        client.write_all(b"220 mail ready\r\n").unwrap();
    });
    let sentence = failed(&test(&house, of(&at(port))).await, StepKind::Port);
    assert!(sentence.contains("220 mail ready"), "{sentence}");

    let nowhere = "ssh://ada@no-such-host.invalid/b";
    let sentence = failed(&test(&house, of(nowhere)).await, StepKind::Address);
    assert!(sentence.contains("no-such-host.invalid"), "{sentence}");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_after_its_greeting_ends_the_test_in_time() {
    let (house, _server) = house(LoopbackServer::start);
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::Write as _;
        let mut kept = Vec::new();
        for client in mute.incoming() {
            let mut client = client.unwrap();
            _ = client.write_all(b"SSH-2.0-mute\r\n");
            kept.push(client);
        }
    });
    let asked = TestConnection {
        time_limit: Some(5),
        ..of(&format!("ssh://ada@127.0.0.1:{port}/b"))
    };
    let sentence = failed(&test(&house, asked).await, StepKind::HostKey);
    assert!(sentence.contains("before it showed its key"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_place_is_tested_without_a_server() {
    let house = House::new();
    let report = test(&house, of(&house.repository())).await;
    assert!(report.good, "{:#?}", report.steps);
    assert_eq!(report.found, Some(FoundThere::Room));
    let source = house.scratch.tree("Documents", 5, 100, 1);
    house.create(&[&source]).await;
    let report = test(&house, of(&house.repository())).await;
    assert_eq!(
        report.found,
        Some(FoundThere::Opened),
        "{:#?}",
        report.steps
    );
    assert!(report.free.unwrap().0 > 0);
    let report = test(&house, of(&source.display().to_string())).await;
    failed(&report, StepKind::Repository);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_tested_is_refused_by_its_field() {
    let house = House::new();
    let asked = |change: fn(&mut TestConnection)| {
        let mut asked = of("ssh://ada@nas/./b");
        change(&mut asked);
        asked
    };
    for (asked, field) in [
        (
            asked(|asked| asked.repository = "nowhere".into()),
            "repository",
        ),
        (
            asked(|asked| asked.repository = "ssh://-oX=y/b".into()),
            "repository",
        ),
        (asked(|asked| asked.ssh_key = Some("id".into())), "ssh_key"),
        (
            asked(|asked| asked.remote_path = Some("a b".into())),
            "remote_path",
        ),
        (asked(|asked| asked.time_limit = Some(1)), "time_limit"),
    ] {
        let refused = house.api.test_connection(asked).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field));
    }
    let local = TrustHostKey {
        repository: "/backups".into(),
        fingerprint: "SHA256:x".into(),
    };
    let refused = house.api.trust_host_key(local).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("repository"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_without_ssh_says_so() {
    let house = House::with(|scratch, world| {
        let nothing = scratch.folder("nothing").into_os_string();
        world.environment.insert("PATH".into(), nothing);
    });
    let refused = house
        .api
        .test_connection(of("ssh://ada@nas/./b"))
        .await
        .unwrap_err();
    assert_eq!(refused.code.as_str(), "ssh_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_made_here_is_listed_and_opens_a_server() {
    let (house, server) = house(LoopbackServer::start);
    let location = server.location(&house.scratch.path().join("backups"));
    trust(&house, &server, &location).await;
    let made = house.api.make_ssh_key(MakeSshKey::default()).await.unwrap();
    assert!(made.comment.starts_with("Alcove on "), "{}", made.comment);
    assert!(!made.locked);
    let listed = house.api.list_ssh_keys(Nothing {}).await.unwrap().keys;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].fingerprint, made.fingerprint);
    assert!(Path::new(&made.path).starts_with(house.scratch.home()));
    let public = made.public.unwrap();
    std::fs::write(server.file("authorized_keys"), public + "\n").unwrap();
    let asked = TestConnection {
        ssh_key: Some(made.path.clone()),
        ..of(&location)
    };
    let report = test(&house, asked).await;
    assert!(report.good, "{:#?}", report.steps);
    assert!(step(&report, StepKind::Login).sentence.contains(&made.path));
}
