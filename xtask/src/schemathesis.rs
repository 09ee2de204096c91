//! Requests nobody thought of: schemathesis makes them from the document a running server gives of itself, and
//! compares every answer with it.
//!
//! Bounded and repeatable: one seed, few requests to an operation. The server has something to tell: a
//! repository, a backup, a failure. What is made up reaches no Borg that could write: past the first
//! repository, `borg init` refuses.

use std::process::Command;

use alcove_testkit::{Client, FakeBorg, Scratch, Script, Server};
use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};

use crate::python::Package;
use crate::shell;

/// Where it comes from.
const SCHEMATHESIS: Package = Package {
    name: "schemathesis",
    version: "4.32.5",
    program: "schemathesis",
};

/// The answer of `/api/events/stream` has no end.
const ENDLESS: &str = "/api/events/stream";

/// Starts a server, and gives it with the command that tries it.
pub(crate) fn against_a_server(scratch: &Scratch) -> Result<(Server, Command)> {
    let program = SCHEMATHESIS.folder()?.join(SCHEMATHESIS.program);
    let server = serve(scratch)?;
    let document = format!("http://{}/openapi.json", server.address());
    let token = format!("X-Borg-Authorization: Bearer {}", server.token());
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let arguments = [
        "--no-color",
        "run",
        &document,
        "--header",
        &token,
        "--phases=examples,coverage,fuzzing",
        "--checks",
        checks,
        "--max-examples=10",
        "--seed=1",
        "--rate-limit=auto",
        "--exclude-path",
        ENDLESS,
    ];
    let mut command = shell::command(program, &arguments);
    command.current_dir(scratch.path());
    Ok((server, command))
}

/// Starts a server over a repository with a good and a failed job.
fn serve(scratch: &Scratch) -> Result<Server> {
    let borg = FakeBorg::before_the_real()
        .on("init", Script::new().become_the_real())
        .on("init", Script::new().stderr(REFUSAL).exit(2));
    let borg = borg.install(&scratch.folder("fake"));
    let mut command = Server::command(&shell::target().join("debug/alcove-cli"), scratch);
    command.env("ALCOVE_BORG", borg.path());
    let server = Server::start(command, scratch).map_err(|said| anyhow!(said))?;
    let client = server.client();
    let repository = scratch.path().join("repository");
    let new = json!({
        "name": "Backup SSD",
        "path": repository,
        "passphrase": "harbour quiet linen",
        "source_directories": [scratch.tree("Documents", 30, 1_000, 1)],
        "keep": {"daily": 7},
    });
    client.post("/api/repositories/", &new).json();
    for repository in [json!(repository), json!("/nowhere")] {
        let started = client.post("/api/backup/start", &json!({"repository": repository}));
        wait_for_end(&client, &started.json()["job_id"])?;
    }
    Ok(server)
}

/// What Borg says of a place it cannot make a repository in.
const REFUSAL: &str = concat!(
    r#"{"type": "log_message", "levelname": "ERROR", "name": "borg.archiver", "#,
    r#""message": "The parent path of the repo directory [/x/y] does not exist.", "#,
    r#""msgid": "Repository.ParentPathDoesNotExist"}"#,
    "\n"
);

fn wait_for_end(client: &Client, job: &Value) -> Result<()> {
    for _ in 0..1_200 {
        let status = client.get(&format!("/api/backup/status/{job}")).json();
        if !status["ended_at"].is_null() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    bail!("job {job} does not end");
}
