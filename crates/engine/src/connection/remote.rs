//! The steps of a test for a repository on a server.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use super::key;
use super::{ShownKey, StepKind, StepState, Test};
use crate::error::Failure;
use crate::server::{Server, Settings, Survey, Transcript};
use crate::within::within;
use crate::words::{duration, size};

/// A name has an address within this time, or none.
const RESOLVE: Duration = Duration::from_secs(10);
/// An address answers within this time, and greets within it again.
const CONNECT: Duration = Duration::from_secs(10);
/// A login and a look around take this long at most.
const LOOK_AROUND: Duration = Duration::from_secs(30);
/// Measuring the speed takes this long at most, on a line that takes its time to drain.
const MEASURE: Duration = Duration::from_secs(15);
/// A greeting is one line (RFC 4253, section 4.2), after others that may come first.
const MOST_GREETING: u64 = 8 << 10;

impl Test<'_> {
    /// Tests a server.
    pub(super) fn remote(&mut self, server: &Server<'_>) -> Result<(), Failure> {
        let settings = match server.settings(self.within(RESOLVE))? {
            Ok(settings) => settings,
            Err(said) => {
                let sentence = format!("ssh cannot read its own configuration: {said}");
                let hint = "Correct it, and test again.";
                self.report.fail(StepKind::Address, sentence, hint);
                return Ok(());
            }
        };
        if !self.reach(server, &settings) {
            return Ok(());
        }
        let wanted = self.reach.remote_path.clone();
        let survey = server.survey(wanted.as_deref(), self.within(LOOK_AROUND))?;
        if !self.host_key(&settings, &survey.transcript) || !self.login(&settings, &survey) {
            return Ok(());
        }
        if !self.borg(&survey) {
            return Ok(());
        }
        self.restriction(&survey);
        self.open_repository(survey.folder);
        if !self.report.is_good() {
            return Ok(());
        }
        match survey.free {
            Some(free) => self.space(free),
            None => self.space_unknown(),
        }
        self.speed(server, &survey);
        Ok(())
    }

    /// Resolves the name and greets the port; false when there is nobody.
    fn reach(&mut self, server: &Server<'_>, settings: &Settings) -> bool {
        let alias = &server.location().host;
        let (host, port) = (settings.host.clone(), settings.port);
        if let Some(through) = &settings.through {
            let sentence = format!("{alias} is reached through {through}, as ssh is configured.");
            self.report
                .add(StepKind::Address, StepState::Good, sentence);
            return true;
        }
        let addresses = match resolve(host.clone(), port, self.within(RESOLVE)) {
            Ok(addresses) => addresses,
            Err(why) => {
                let sentence = format!("No address was found for {host}: {why}.");
                let hint = "Check how the name is written, and that this computer is online.";
                self.report.fail(StepKind::Address, sentence, hint);
                return false;
            }
        };
        let shown: Vec<String> = addresses
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        let shown = shown.join(", ");
        let sentence = if *alias == host && shown == host {
            format!("The address is {host}.")
        } else if *alias == host {
            format!("{host} has the address {shown}.")
        } else {
            format!("{alias} is {host} in ssh's configuration, with the address {shown}.")
        };
        self.report
            .add(StepKind::Address, StepState::Good, sentence);
        match greeting(&addresses, self.until) {
            Ok(software) => {
                let sentence = format!("An ssh server answers at port {port} ({software}).");
                self.report.add(StepKind::Port, StepState::Good, sentence);
                true
            }
            Err(silence) => {
                let (what, hint) = silence.explained();
                let sentence = format!("Port {port} of {alias} {what}.");
                self.report.fail(StepKind::Port, sentence, hint);
                false
            }
        }
    }

    /// Compares the server's key; false when it is not to be trusted.
    fn host_key(&mut self, settings: &Settings, transcript: &Transcript) -> bool {
        let Some(shown) = &transcript.host_key else {
            let said = transcript.complaint.clone().unwrap_or_default();
            let sentence = format!(
                "{} ended the connection before it showed its key. {said}",
                self.name
            );
            let hint = "Wait a moment and test again: some servers refuse who comes too often.";
            self.report.fail(StepKind::HostKey, sentence, hint);
            return false;
        };
        let expected = key::expected(transcript).map(|key| key.fingerprint);
        let objection = match transcript.method {
            // Let in, so the key was good.
            Some(_) => None,
            None => key::objection(&settings.host, transcript),
        };
        self.report.host_key = Some(ShownKey {
            kind: shown.kind.clone(),
            fingerprint: shown.fingerprint.clone(),
            known: objection.is_none(),
            expected,
        });
        if let Some(why) = objection {
            let hint = why.hints.first().cloned().unwrap_or_default();
            self.report.fail(StepKind::HostKey, why.message, &hint);
            return false;
        }
        let sentence = format!(
            "The server's key is the one this computer knows: {} {}.",
            shown.kind, shown.fingerprint
        );
        self.report
            .add(StepKind::HostKey, StepState::Good, sentence);
        true
    }

    /// Tells how the login went; false when there was none.
    fn login(&mut self, settings: &Settings, survey: &Survey) -> bool {
        let Transcript {
            accepted,
            method,
            offered,
            wants,
            complaint,
            ..
        } = &survey.transcript;
        let account = format!("{} at {}", settings.user, settings.host);
        if let Some(method) = method {
            let with = match accepted {
                Some(key) => format!("with the key {key}"),
                None => format!("by {method}"),
            };
            if let Some(noise) = &survey.noise {
                self.report.fail(
                    StepKind::Login,
                    format!("{account} lets this computer in {with}, but prints \"{noise}\" first, and Borg stumbles over it."),
                    "Keep the start files of the account's shell from printing when nobody sits there.",
                );
                return false;
            }
            let sentence = format!("{account} lets this computer in {with}.");
            self.report.add(StepKind::Login, StepState::Good, sentence);
            return true;
        }
        if survey.timed_out {
            let sentence = format!("{account} did not finish the login in time.");
            let hint = "Test again; a busy server or a slow line may need longer.";
            self.report.fail(StepKind::Login, sentence, hint);
            return false;
        }
        let Some(wants) = wants else {
            let said = complaint.clone().unwrap_or_default();
            let sentence = format!("{account} does not let this computer in. ssh said: {said}");
            self.report.fail(
                StepKind::Login,
                sentence,
                "Check the account's name and its ssh key.",
            );
            return false;
        };
        let locked: Vec<String> = key::private_keys(self.engine.world(), settings, &self.reach)
            .into_iter()
            .filter(|key| key.locked)
            .map(|key| key.path.display().to_string())
            .collect();
        let (tried, hint) = if !locked.is_empty() && (offered.is_empty() || accepted.is_some()) {
            (
                format!(
                    "{} is locked by a passphrase and in no ssh agent",
                    locked.join(", ")
                ),
                "Add the key to an ssh agent (ssh-add), or make one without a passphrase.",
            )
        } else if let Some(key) = accepted {
            (
                format!("it would take the key {key}, which could not be used here"),
                "Check the key and who may read it, or choose another.",
            )
        } else if offered.is_empty() {
            (
                "this computer has no ssh key to show".to_owned(),
                "Make an ssh key, and add its public part on the server.",
            )
        } else {
            (
                format!(
                    "it takes none of the keys of this computer: {}",
                    offered.join(", ")
                ),
                "Add the public part of one of them on the server, or choose another key.",
            )
        };
        let mut sentence = format!("{account} does not let this computer in: {tried}.");
        if !wants.contains("publickey") {
            sentence.push_str(" The server does not take keys at all.");
        }
        self.report.fail(StepKind::Login, sentence, hint);
        false
    }

    /// Finds a Borg that can serve; false when there is none.
    fn borg(&mut self, survey: &Survey) -> bool {
        let usable = survey
            .borgs
            .iter()
            .find(|(_, version)| (1..2).contains(&version.major));
        let wanted = self.reach.remote_path.as_deref().unwrap_or("borg");
        match usable {
            Some((name, version)) => {
                self.report.borg_version = Some(version.to_string());
                let mut sentence = format!("Borg {version} is there.");
                let mut state = StepState::Good;
                if name != wanted {
                    sentence = format!("Borg {version} is there as {name}, not as {wanted}.");
                    state = StepState::Attention;
                    self.report.remote_path = Some(name.clone());
                    self.reach.remote_path = Some(name.clone());
                }
                self.report.add(StepKind::Borg, state, sentence);
                if state == StepState::Attention {
                    self.report
                        .hint("Choose this name for the Borg of this repository.");
                }
                true
            }
            None if !survey.shell => {
                let sentence = "The server does not tell which Borg it runs.".to_owned();
                self.report
                    .add(StepKind::Borg, StepState::Unknown, sentence);
                true
            }
            None => {
                let sentence = match survey.borgs.first() {
                    Some((_, version)) => format!(
                        "The server has Borg {version}, which serves none of the repositories of Borg 1."
                    ),
                    None => format!(
                        "{} has no Borg: {wanted} was not found, nor any usual name of it.",
                        self.name
                    ),
                };
                let hint = "Install BorgBackup 1.2 or 1.4 on the server, or say where it is there.";
                self.report.fail(StepKind::Borg, sentence, hint);
                false
            }
        }
    }

    fn restriction(&mut self, survey: &Survey) {
        let sentence = if survey.shell {
            "This account may do more on the server than run Borg. A key restricted to borg serve is safer."
        } else if survey.forced_serve {
            "The server runs borg serve for this key and nothing else, as it should."
        } else {
            "The server runs only what it chooses itself."
        };
        self.report
            .add(StepKind::Restriction, StepState::Good, sentence.to_owned());
    }

    /// Measures how fast the server takes what is sent, and what that means for the first backup.
    fn speed(&mut self, server: &Server<'_>, survey: &Survey) {
        let measured = survey
            .shell
            .then(|| server.upload_speed(self.within(MEASURE)))
            .flatten();
        let Some(speed) = measured else {
            let sentence = if survey.shell {
                "How fast the server takes data could not be measured."
            } else {
                "The server takes nothing but Borg, so its speed shows with the first backup."
            };
            self.report
                .add(StepKind::Speed, StepState::Unknown, sentence.to_owned());
            return;
        };
        self.report.upload_speed = Some(speed);
        let mut sentence = format!("It takes {} a second.", size(speed));
        if let Some(bytes) = self.expected_bytes {
            let seconds = bytes / speed.max(1);
            self.report.first_backup = Some(seconds);
            let time = duration(seconds.max(1));
            let first = format!(
                " The first backup of {} takes at most about {time}.",
                size(bytes)
            );
            sentence.push_str(&first);
        }
        self.report.add(StepKind::Speed, StepState::Good, sentence);
    }
}

/// Finds the addresses of a name.
fn resolve(host: String, port: u16, until: Instant) -> Result<Vec<SocketAddr>, String> {
    let search = move || {
        let found = (host.as_str(), port).to_socket_addrs();
        found.map(Iterator::collect::<Vec<_>>)
    };
    let patience = until.saturating_duration_since(Instant::now());
    match within(patience, "resolve", search).map_err(|error| error.to_string())? {
        Some(Ok(addresses)) if addresses.is_empty() => Err("it has none".to_owned()),
        Some(Ok(addresses)) => Ok(addresses),
        // "failed to lookup address information: Name or service not known"
        Some(Err(error)) => {
            let text = error.to_string();
            Err(text.rsplit(": ").next().unwrap_or(&text).to_lowercase())
        }
        None => Err("no answer in time".to_owned()),
    }
}

/// Why no ssh server greeted.
enum Silence {
    /// No connection was made.
    NoConnection(io::Error),
    /// A connection was made, and nothing came.
    Nothing,
    /// Something else than a greeting came.
    Other(String),
}

impl Silence {
    fn explained(&self) -> (String, &'static str) {
        match self {
            Self::NoConnection(error) if error.kind() == io::ErrorKind::ConnectionRefused => (
                "is closed: nothing listens there".to_owned(),
                "Check the port, and that the server's ssh is switched on.",
            ),
            Self::NoConnection(error) if error.kind() == io::ErrorKind::TimedOut => (
                "does not answer".to_owned(),
                "Check the address and the port; a firewall may be in between.",
            ),
            Self::NoConnection(error) => (
                format!("cannot be reached: {error}"),
                "Check that this computer and the server are online.",
            ),
            Self::Nothing => (
                "takes the connection but says nothing, as no ssh server does".to_owned(),
                "Check the port; the server may also be overloaded.",
            ),
            Self::Other(said) => (
                format!("is no ssh server: it says \"{said}\""),
                "Check the port.",
            ),
        }
    }
}

/// Connects to the first address that takes it and reads the ssh server's greeting: its software.
fn greeting(addresses: &[SocketAddr], until: Instant) -> Result<String, Silence> {
    let left = || {
        let left = until.saturating_duration_since(Instant::now());
        left.clamp(Duration::from_millis(1), CONNECT)
    };
    let mut connected = Err(io::Error::from(io::ErrorKind::AddrNotAvailable));
    for address in addresses {
        connected = TcpStream::connect_timeout(address, left());
        if connected.is_ok() {
            break;
        }
    }
    let stream = connected.map_err(Silence::NoConnection)?;
    stream
        .set_read_timeout(Some(left()))
        .map_err(Silence::NoConnection)?;
    let mut lines = BufReader::new(stream.take(MOST_GREETING));
    let mut first = None;
    let end = Instant::now() + left();
    while Instant::now() < end {
        let mut line = Vec::new();
        match lines.read_until(b'\n', &mut line) {
            Ok(1..) => {}
            _ => break,
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if let Some(software) = line
            .strip_prefix("SSH-2.0-")
            .or_else(|| line.strip_prefix("SSH-1.99-"))
        {
            return Ok(software.to_owned());
        }
        first.get_or_insert(line);
    }
    Err(first.map_or(Silence::Nothing, |line| {
        Silence::Other(line.chars().filter(|c| !c.is_control()).take(80).collect())
    }))
}
