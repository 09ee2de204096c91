//! An ssh server on this computer's loopback, with keys of its own and an account that lives in the test's
//! folder. ssh reaches it by a configuration the world names, so the person's own is neither read nor written.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alcove_testkit::Scratch;
use rustix::process::{Pid, Signal, kill_process};

/// What the account needs to look around, without a Borg.
const TOOLS: [&str; 7] = ["sh", "ls", "df", "sed", "cat", "sleep", "env"];

/// An ssh server, gone with every connection to it when it is dropped.
pub struct LoopbackServer {
    folder: PathBuf,
    /// Where it listens.
    pub port: u16,
    path: String,
    sshd: Option<Child>,
}

impl LoopbackServer {
    /// Starts a server that lets the test's key in, with the programs of this computer.
    pub fn start(scratch: &Scratch) -> Self {
        let session = scratch.session();
        let path = session.iter().find(|(name, _)| name == "PATH");
        let path = path.map(|(_, path)| path.to_string_lossy().into_owned());
        Self::with_programs(scratch, &path.unwrap_or_default())
    }

    /// Starts a server without a Borg but for one under this name, if any.
    pub fn with_borg_as(scratch: &Scratch, name: Option<&str>) -> Self {
        let bin = scratch.folder("server/bin");
        let link = |tool: &str, name: &str| {
            let found = scratch
                .session()
                .into_iter()
                .find(|(name, _)| name == "PATH");
            let path = found.map(|(_, path)| path).unwrap_or_default();
            let found = std::env::split_paths(&path)
                .map(|folder| folder.join(tool))
                .find(|program| program.exists())
                .expect("a usual program is installed");
            std::os::unix::fs::symlink(found, bin.join(name)).expect("a link can be made");
        };
        for tool in TOOLS {
            link(tool, tool);
        }
        if let Some(name) = name {
            link("borg", name);
        }
        Self::with_programs(scratch, &bin.display().to_string())
    }

    fn with_programs(scratch: &Scratch, path: &str) -> Self {
        let folder = scratch.folder("server");
        scratch.folder("server/home");
        let mut server = Self {
            folder,
            port: 0,
            path: path.to_owned(),
            sshd: None,
        };
        server.new_host_key();
        server.make_key("key", "");
        server.allow("key", None);
        let config = format!(
            "UserKnownHostsFile \"{0}/known_hosts\"\nGlobalKnownHostsFile none\nIdentityFile \"{0}/key\"\n\
             IdentitiesOnly yes\nIdentityAgent none\n",
            server.folder.display()
        );
        std::fs::write(server.ssh_config(), config).expect("a configuration can be written");
        server.listen();
        server
    }

    /// The configuration ssh is to read.
    pub fn ssh_config(&self) -> PathBuf {
        self.folder.join("ssh_config")
    }

    /// What ssh knows of servers.
    pub fn known_hosts(&self) -> String {
        std::fs::read_to_string(self.folder.join("known_hosts")).unwrap_or_default()
    }

    /// A file of the server's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The location of a repository at a full path of the server.
    pub fn location(&self, path: &Path) -> String {
        format!(
            "ssh://{}@127.0.0.1:{}{}",
            account(),
            self.port,
            path.display()
        )
    }

    /// Makes a key of the person's.
    pub fn make_key(&self, name: &str, passphrase: &str) -> PathBuf {
        let path = self.file(name);
        keygen(&path, passphrase);
        path
    }

    /// Lets a key in, and no other, to run whatever it is told or this command alone.
    pub fn allow(&self, key: &str, command: Option<&str>) {
        let public =
            std::fs::read_to_string(self.file(&format!("{key}.pub"))).expect("the key was made");
        let options = command.map_or_else(String::new, |command| {
            format!("command=\"{command}\",restrict ")
        });
        std::fs::write(self.file("authorized_keys"), options + &public)
            .expect("a list of keys can be written");
    }

    /// Lets a key in for `borg serve` below a folder alone.
    pub fn restrict(&self, key: &str, folder: &Path) {
        let serve = format!("borg serve --restrict-to-path {}", folder.display());
        self.allow(key, Some(&serve));
    }

    /// Gives the server another key, as after it was set up anew.
    pub fn change_host_key(&mut self) {
        self.stop();
        self.new_host_key();
        self.listen();
    }

    /// The fingerprint of its key, as ssh-keygen shows it.
    pub fn fingerprint(&self) -> String {
        let shown = Command::new("ssh-keygen")
            .arg("-lf")
            .arg(self.file("host.pub"))
            .output()
            .expect("ssh-keygen is installed");
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        let fingerprint = shown.split(' ').nth(1);
        fingerprint.expect("it has a fingerprint").to_owned()
    }

    /// Falls silent without closing a connection, as when a cable is pulled: every session of it stands still.
    pub fn freeze(&self) {
        self.signal_sessions(Signal::STOP);
    }

    /// Goes on after [`LoopbackServer::freeze`].
    pub fn thaw(&self) {
        self.signal_sessions(Signal::CONT);
    }

    /// Kills it with every connection to it; what ran at their ends sees that.
    pub fn cut(&mut self) {
        for session in self.sessions() {
            let name = format!("/proc/{}/comm", session.as_raw_pid());
            if std::fs::read_to_string(name).is_ok_and(|name| name.trim_end() == "sshd") {
                // Gone already, where the one before it was killed.
                _ = kill_process(session, Signal::KILL);
            }
        }
        self.stop();
    }

    /// Comes back after [`LoopbackServer::cut`], at the same port.
    pub fn come_back(&mut self) {
        self.listen();
    }

    /// Lets ssh know its key, as after a person approved it.
    pub fn introduce(&self) {
        let public = std::fs::read_to_string(self.file("host.pub")).expect("it has a key");
        let line = format!("[127.0.0.1]:{} {public}", self.port);
        std::fs::write(self.file("known_hosts"), line).expect("a list of hosts can be written");
    }

    fn signal_sessions(&self, signal: Signal) {
        for session in self.sessions() {
            // One that has ended meanwhile is as still as one that stands still.
            _ = kill_process(session, signal);
        }
    }

    /// The processes of its connections, those that began first before theirs.
    fn sessions(&self) -> Vec<Pid> {
        let mut found = Vec::new();
        let mut parents: Vec<u32> = self.sshd.iter().map(Child::id).collect();
        while let Some(parent) = parents.pop() {
            for child in children_of(parent) {
                found.push(child);
                parents.push(child.as_raw_nonzero().get().unsigned_abs());
            }
        }
        found
    }

    fn new_host_key(&self) {
        let path = self.file("host");
        for old in [path.clone(), path.with_extension("pub")] {
            _ = std::fs::remove_file(old);
        }
        keygen(&path, "");
    }

    fn listen(&mut self) {
        // The folder the system makes when it starts a server of its own; only root's server wants it.
        if rustix::process::geteuid().is_root() {
            _ = std::fs::create_dir_all("/run/sshd");
        }
        if self.port == 0 {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
            self.port = free.expect("a port is free").port();
        }
        let folder = self.folder.display();
        let config = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey \"{folder}/host\"\nPidFile none\nUsePAM no\nStrictModes no\n\
             AuthorizedKeysFile \"{folder}/authorized_keys\"\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nSetEnv HOME={folder}/home PATH={}\n",
            self.port, self.path
        );
        let file = self.file("sshd_config");
        std::fs::write(&file, config).expect("a configuration can be written");
        let log = std::fs::File::create(self.file("sshd.log")).expect("a log can be written");
        let sshd = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(file)
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("an ssh server is installed");
        self.sshd = Some(sshd);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                began.elapsed() < crate::PATIENCE,
                "the ssh server does not come up: {}",
                std::fs::read_to_string(self.file("sshd.log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(&mut self) {
        if let Some(mut sshd) = self.sshd.take() {
            _ = sshd.kill();
            _ = sshd.wait();
        }
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        // Also those that stand still, which else would stay so.
        self.signal_sessions(Signal::KILL);
        self.stop();
    }
}

fn keygen(path: &Path, passphrase: &str) {
    let made = Command::new("ssh-keygen")
        .args([
            "-q", "-t", "ed25519", "-C", "a test", "-N", passphrase, "-f",
        ])
        .arg(path)
        .stdin(Stdio::null())
        .status()
        .expect("ssh-keygen is installed");
    assert!(made.success(), "a key is made");
}

/// The processes a process has started and that run (proc(5), `children`).
fn children_of(process: u32) -> Vec<Pid> {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path).unwrap_or_default();
    children
        .split_whitespace()
        .filter_map(|id| Pid::from_raw(id.parse().ok()?))
        .collect()
}

/// The account the tests run in: the only one a server of theirs can log in to.
fn account() -> String {
    let name = Command::new("id")
        .arg("-un")
        .output()
        .expect("there is an id");
    String::from_utf8_lossy(&name.stdout).trim().to_owned()
}
