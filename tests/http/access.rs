//! Who must not get in: another user of the computer, a page in a browser, a name that was bound anew; and who
//! asks too much.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use alcove_testkit::{Answer, Scratch, token_file};
use serde_json::json;

use crate::site::{Site, command, wait_until};

/// The user and the group called `nobody`.
const NOBODY: u32 = 65_534;

/// Runs a program as another user. Needs root.
fn stranger(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap()
}

/// Whether another user can read a file.
fn can_read(file: &Path) -> bool {
    stranger("cat", &[file.to_str().unwrap()]).status.success()
}

#[test]
fn another_user_reads_neither_the_token_nor_the_data_and_starts_nothing() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    site.ended(id);
    // Up to the site's own files nothing stands in the way.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(site.scratch.path(), open).unwrap();
    let note = site.scratch.path().join("note");
    std::fs::write(&note, "for all").unwrap();
    std::fs::set_permissions(&note, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(can_read(&note));

    assert!(!can_read(&token_file(&site.scratch)));
    let data = site.scratch.path().join("data");
    assert!(!stranger("ls", &[data.to_str().unwrap()]).status.success());
    for file in walk(&data) {
        assert!(!can_read(&file), "{}", file.display());
    }
    let process = format!("/proc/{}", site.server().pid());
    assert!(!can_read(&Path::new(&process).join("environ")));

    let ask = |request: &str| {
        let talk = "exec 3<>/dev/tcp/127.0.0.1/$1; printf '%b' \"$2\" >&3; cat <&3";
        let port = site.server().address().port().to_string();
        let talked = stranger("bash", &["-c", talk, "bash", &port, request]);
        String::from_utf8(talked.stdout).unwrap()
    };
    let rest = format!(
        "HTTP/1.1\\r\\nHost: {}\\r\\nConnection: close\\r\\n",
        site.server().address()
    );
    let health = ask(&format!("GET /health {rest}\\r\\n"));
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    let body = "{\\\"repository\\\": \\\"/nowhere\\\"}";
    let start = format!(
        "POST /api/backup/start {rest}Content-Type: application/json\\r\\nContent-Length: 26\\r\\n\\r\\n{body}"
    );
    for request in [format!("GET /api/backup/jobs {rest}\\r\\n"), start] {
        let refused = ask(&request);
        assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    }
    assert_eq!(jobs(&site), 1);
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn jobs(site: &Site) -> usize {
    let answer = site.client.get("/api/backup/jobs").json();
    answer["jobs"].as_array().unwrap().len()
}

/// Sends a start, with the token, as a page or a name elsewhere would have a browser send it.
fn start_from(site: &Site, headers: &[(&str, &str)]) -> Answer {
    let request = site.client.authorized("POST", "/api/backup/start");
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let body = json!({"repository": "/nowhere"}).to_string();
    site.client.send(request, Some(&body))
}

/// Fails if an answer lets a page elsewhere read it.
fn assert_no_cors(answer: &Answer) {
    let mut names = answer.headers.keys().map(AsRef::<str>::as_ref);
    assert!(
        !names.any(|name| name.starts_with("access-control-")),
        "{answer:?}"
    );
}

#[test]
fn a_page_in_a_browser_starts_and_reads_nothing() {
    let site = Site::new();
    let port = site.server().address().port();
    for origin in [
        "https://evil.example".to_owned(),
        format!("http://evil.example:{port}"),
        format!("http://127.0.0.1.evil.example:{port}"),
        "http://localhost:1".to_owned(),
        "null".to_owned(),
        "file://".to_owned(),
        String::new(),
    ] {
        for kind in ["application/json", "text/plain"] {
            let refused = start_from(&site, &[("Origin", &origin), ("Content-Type", kind)]);
            assert_eq!(refused.status, 403, "{origin:?}");
            assert!(!refused.detail().is_empty());
            assert_no_cors(&refused);
        }
        let request = site.client.authorized("GET", "/api/backup/jobs");
        let refused = site.client.send(request.header("Origin", &origin), None);
        assert_eq!(refused.status, 403, "{origin:?}");
        assert_no_cors(&refused);
    }
    // A form needs no leave of the browser's, but can show no token either.
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let form = site.client.request("POST", "/api/backup/start");
        let body = json!({"repository": "/nowhere"}).to_string();
        let refused = site
            .client
            .send(form.header("Content-Type", kind), Some(&body));
        assert_eq!(refused.status, 401, "{kind}");
    }
    assert_eq!(jobs(&site), 0);
}

#[test]
fn no_answer_lets_a_page_elsewhere_read_it_and_no_preflight_is_granted() {
    let site = Site::new();
    for path in [
        "/health",
        "/openapi.json",
        "/api/backup/jobs",
        "/api/backup/status/4711",
    ] {
        assert_no_cors(&site.client.get(path));
    }
    for path in ["/api/backup/start", "/api/backup/jobs", "/health"] {
        let request = site.client.request("OPTIONS", path);
        let preflight = request
            .header("Origin", "https://evil.example")
            .header("Access-Control-Request-Method", "POST")
            .header(
                "Access-Control-Request-Headers",
                "x-borg-authorization,content-type",
            );
        let answer = site.client.send(preflight, None);
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert_no_cors(&answer);
    }
}

/// Opens a connection that does not wait for ever.
fn connect(site: &Site) -> TcpStream {
    let stream = TcpStream::connect(site.server().address()).unwrap();
    let patience = Some(Duration::from_mins(1));
    stream.set_read_timeout(patience).unwrap();
    stream.set_write_timeout(patience).unwrap();
    stream
}

/// Sends bytes as they are and gives the first line of the answer.
fn raw(site: &Site, request: &str) -> String {
    let mut stream = connect(site);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // What arrived before the server closed is the answer.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_name_that_was_bound_anew_gets_nothing_with_and_without_a_token() {
    let site = Site::new();
    let port = site.server().address().port();
    let token = format!("X-Borg-Authorization: Bearer {}\r\n", site.server().token());
    let get = |path: &str, host: &str, more: &str| {
        raw(
            &site,
            &format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n{more}\r\n"),
        )
    };
    let good = format!("Host: 127.0.0.1:{port}\r\n");
    assert!(get("/api/backup/jobs", &good, &token).starts_with("HTTP/1.1 200"));
    for bad in [
        format!("evil.example:{port}"),
        "evil.example".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("192.0.2.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.1@evil.example:{port}"),
    ] {
        let host = format!("Host: {bad}\r\n");
        for path in ["/api/backup/jobs", "/health", "/openapi.json", "/nothing"] {
            for more in ["", &token] {
                let answer = get(path, &host, more);
                let refused = answer.starts_with("HTTP/1.1 403");
                // The last one is no name at all.
                assert!(
                    refused || answer.starts_with("HTTP/1.1 400"),
                    "{bad} {path}: {answer}"
                );
            }
        }
    }
    for none in [
        String::new(),
        "Host:\r\n".to_owned(),
        format!("{good}Host: evil.example\r\n"),
    ] {
        let answer = get("/api/backup/jobs", &none, &token);
        assert!(answer.starts_with("HTTP/1.1 4"), "{none:?}: {answer}");
    }
    let body = json!({"repository": "/nowhere"}).to_string();
    let start = format!(
        "POST /api/backup/start HTTP/1.1\r\nHost: evil.example:{port}\r\n{token}Content-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    assert!(raw(&site, &start).starts_with("HTTP/1.1 403"));
    assert_eq!(jobs(&site), 0);
}

#[test]
fn a_body_that_is_too_large_is_refused_and_the_server_goes_on() {
    let site = Site::new();
    let token = site.server().token();
    let address = site.server().address();
    let head = format!(
        "POST /api/repositories/ HTTP/1.1\r\nHost: {address}\r\nX-Borg-Authorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nConnection: close\r\n"
    );
    let announced = raw(&site, &format!("{head}Content-Length: 1000000000\r\n\r\n"));
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    let piece = "x".repeat(65_536);
    let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
    let mut stream = connect(&site);
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    stream.write_all(chunked.as_bytes()).unwrap();
    // 64 MiB, if the server would take them.
    let accepted = (0..1_024).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok());
    assert!(accepted.count() < 1_024);
    assert_eq!(jobs(&site), 0);
}

#[test]
fn who_asks_without_end_is_told_to_wait_and_is_answered_later() {
    let site = Site::new();
    let address = site.server().address();
    // All at once, so that even a busy computer is asked faster than it wants to answer.
    let one = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let last = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut stream = connect(&site);
    let mut answers = String::new();
    std::thread::scope(|scope| {
        let mut asking = stream.try_clone().unwrap();
        let all = one.repeat(2_000) + &last;
        scope.spawn(move || asking.write_all(all.as_bytes()).unwrap());
        stream.read_to_string(&mut answers).unwrap();
    });
    let answers: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).collect();
    assert_eq!(answers.len(), 2_001);
    assert!(answers[0].starts_with("200"));
    let refused = answers.iter().find(|answer| !answer.starts_with("200"));
    assert!(refused.is_some(), "there is a limit");
    let refused = refused.unwrap();
    assert!(
        refused.starts_with("429") && refused.contains("retry-after: "),
        "{refused}"
    );
    // Who has a token is not hindered by who has none, and those are answered later.
    assert_eq!(site.client.get("/api/backup/jobs").status, 200);
    wait_until("the limit to be over", || {
        site.client.get("/health").status == 200
    });
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let scratch = Scratch::new();
        let usual = command(&scratch, None);
        let mut command = Command::new(usual.get_program());
        let arguments = usual.get_args().map(|argument| {
            if argument == "127.0.0.1:0" {
                address.as_ref()
            } else {
                argument
            }
        });
        command.args(arguments).env_clear();
        command.envs(
            usual
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let refused = command.output().unwrap();
        assert!(!refused.status.success(), "{address}");
        assert!(!String::from_utf8_lossy(&refused.stdout).contains("listening"));
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(
            said.contains("loopback") || said.contains("127.0.0.1"),
            "{said}"
        );
        assert!(!token_file(&scratch).exists());
    }
}
