//! Health pings: a service of the person's is told when a backup begins and how it ends, so that it can alarm them
//! when it hears nothing.
//!
//! The shape is the one of <https://healthchecks.io/docs/http_api/>: a POST to the plan's address once the archive is
//! complete, to `/start` below it before, and to `/fail` when there is no archive or something that follows it fails.
//! The body is one sentence without any name. Pings are sent in their order by a thread beside the job, each twice at
//! most; what came of one is in the job's log, and changes nothing. The address is a secret, since who knows it can
//! speak for the plan: the log has its host alone. Leaves out jobs of maintenance, and a job that somebody stopped or
//! that Alcove was closed under: the service hears nothing of those, and says so in its time.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use alcove_store::{Job, JobKind, Level, PingUrl, Status};
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use super::run::{Run, TICK, Task};
use crate::engine::Inner;
use crate::error::{ErrorCode, Failure};
use crate::words::count;

/// No address of any service is longer, in bytes.
const LONGEST: usize = 2000;
/// Between a ping that was not heard and its second try.
const PAUSE: Duration = Duration::from_secs(1);
/// The end of a job waits no longer for what came of the last ones.
const LAST_PINGS: Duration = Duration::from_secs(15);

/// Reads an address that a person wrote, or says why it cannot be used.
pub(crate) fn check(url: &str) -> Result<PingUrl, Failure> {
    let refused = |reason: &str| Failure::bad_argument("ping_url", reason);
    let url: Uri = Some(url.trim())
        .filter(|url| url.len() <= LONGEST)
        .and_then(|url| url.parse().ok())
        .ok_or_else(|| refused("The address for health pings is no web address."))?;
    match (url.scheme_str(), url.host()) {
        (Some("https" | "http"), Some(host)) if !host.is_empty() => {
            Ok(PingUrl::new(url.to_string()))
        }
        _ => Err(refused(
            "The address for health pings begins with https:// or http://.",
        )),
    }
}

/// The host of an address: what of it may be said.
pub(crate) fn host(url: &PingUrl) -> String {
    let url: Option<Uri> = url.as_str().parse().ok();
    let host = url.as_ref().and_then(Uri::host);
    host.unwrap_or("an address that cannot be read").to_owned()
}

/// What a service is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ping {
    Start,
    Success,
    Failure,
}

impl Ping {
    /// What is to be told of a job as it is now.
    fn of(job: &Job) -> Option<Self> {
        let code = job.error_code.as_deref();
        match job.status {
            _ if code == Some(ErrorCode::Interrupted.as_str()) => None,
            Status::Failed => Some(Self::Failure),
            status if status.is_safe() && code.is_some() => Some(Self::Failure),
            status if status.is_safe() => Some(Self::Success),
            _ => None,
        }
    }

    /// Where it is told: at an address or below it, before what is asked there.
    fn url(self, url: &PingUrl) -> String {
        let below = match self {
            Self::Start => "/start",
            Self::Success => return url.as_str().to_owned(),
            Self::Failure => "/fail",
        };
        let (place, asked) = match url.as_str().split_once('?') {
            Some((place, asked)) => (place, format!("?{asked}")),
            None => (url.as_str(), String::new()),
        };
        format!("{}{below}{asked}", place.trim_end_matches('/'))
    }

    /// What happened, in the log.
    fn said(self) -> &'static str {
        match self {
            Self::Start => "has begun",
            Self::Success => "succeeded",
            Self::Failure => "failed",
        }
    }

    /// What the service may show: nothing that names a thing of the person's.
    fn sentence(self, job: &Job) -> String {
        let code = job.error_code.as_deref().unwrap_or_default();
        match self {
            Self::Start => "The backup has begun.".to_owned(),
            Self::Success if job.warnings > 0 => format!(
                "The backup is complete, with {}.",
                count(job.warnings, "warning")
            ),
            Self::Success => "The backup is complete.".to_owned(),
            Self::Failure if job.status.is_safe() => {
                format!("The backup is complete, but somebody has to look: {code}.")
            }
            Self::Failure => format!("The backup failed: {code}."),
        }
    }
}

/// Sends the pings of one turn of a job.
pub(super) struct Pinger {
    host: String,
    /// What to tell, and the sentence with it.
    tell: Sender<(Ping, String)>,
    /// What was told; why it could not be.
    told: Receiver<(Ping, Result<(), String>)>,
    /// How many are on their way.
    open: u32,
    last: Option<Ping>,
}

impl Pinger {
    /// The one of a backup whose plan has an address.
    pub(super) fn of(inner: &Inner, task: &Task) -> Option<Self> {
        let plan = task.plan.as_ref()?;
        let url = plan.ping_url.clone()?;
        if task.job.kind != JobKind::Backup {
            return None;
        }
        let (tell, to_tell) = channel::<(Ping, String)>();
        let (answer, told) = channel();
        let agent = agent(inner.world.ping_wait);
        let host = host(&url);
        let send = move || {
            for (ping, sentence) in to_tell {
                let sent = send(&agent, &ping.url(&url), &sentence);
                // Nobody listens to what comes after the end of the turn.
                _ = answer.send((ping, sent.map_err(|error| reason(&error))));
            }
        };
        let thread = std::thread::Builder::new().name(format!("alcove-ping-{}", task.job.id));
        if let Err(error) = thread.spawn(send) {
            log::error!("nobody tells how plan {} goes: {error}", plan.id);
            return None;
        }
        Some(Self {
            host,
            tell,
            told,
            open: 0,
            last: None,
        })
    }

    /// What came of a ping within so much time.
    fn hear(&mut self, patience: Duration) -> Option<(Ping, Result<(), String>)> {
        match self.told.recv_timeout(patience) {
            Ok(told) => {
                self.open -= 1;
                Some(told)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.open = 0;
                None
            }
        }
    }
}

impl Run<'_> {
    /// Tells that the backup has begun; once more when it goes on after an answer.
    pub(super) fn ping_start(&mut self) {
        self.ping(Ping::Start);
    }

    /// Tells how the backup ended, as far as that is known and news.
    pub(super) fn ping_outcome(&mut self) {
        if let Some(ping) = Ping::of(self.state.job()) {
            self.ping(ping);
        }
    }

    fn ping(&mut self, ping: Ping) {
        let sentence = ping.sentence(self.state.job());
        let pinger = self.pinger.as_mut();
        let Some(pinger) = pinger.filter(|pinger| pinger.last != Some(ping)) else {
            return;
        };
        pinger.last = Some(ping);
        if pinger.tell.send((ping, sentence)).is_ok() {
            pinger.open += 1;
        }
    }

    /// Says in the log what came of pings.
    pub(super) fn hear_pings(&mut self) {
        while self.hear_ping(Duration::ZERO) {}
    }

    /// Waits for what comes of the last pings, for so long at most and if nobody wishes the job to stop.
    pub(super) fn hear_last_pings(&mut self) {
        let until = self.at() + LAST_PINGS;
        let is_open = |pinger: &Pinger| pinger.open > 0;
        while self.pinger.as_ref().is_some_and(is_open) && !self.stopping() && self.at() < until {
            self.hear_ping(TICK);
        }
        self.hear_pings();
    }

    fn hear_ping(&mut self, patience: Duration) -> bool {
        let Some(pinger) = &mut self.pinger else {
            return false;
        };
        let Some((ping, told)) = pinger.hear(patience) else {
            return false;
        };
        let (host, said) = (&pinger.host, ping.said());
        let (level, text) = match told {
            Ok(()) => (
                Level::Info,
                format!("The health check at {host} was told that the backup {said}."),
            ),
            Err(why) => (
                Level::Warning,
                format!(
                    "The health check at {host} could not be told that the backup {said}: {why}."
                ),
            ),
        };
        self.note(level, &text);
        true
    }
}

/// What sends: over TLS, where the address says so, with the certificates this computer holds for good.
fn agent(patience: Duration) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(patience))
        .user_agent(concat!("Alcove/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

/// Sends a ping, and once more where that may help.
fn send(agent: &Agent, url: &str, sentence: &str) -> Result<(), Error> {
    let post = || agent.post(url).content_type("text/plain").send(sentence);
    let sent = match post() {
        // What the service does not take now it does not take later.
        Err(error) if !matches!(error, Error::StatusCode(400..=499)) => {
            std::thread::sleep(PAUSE);
            post()
        }
        sent => sent,
    };
    sent.map(|_| ())
}

/// Why a ping was not heard, without the address: an error may hold it.
fn reason(error: &Error) -> String {
    match error {
        Error::StatusCode(code) => format!("it answered {code}"),
        Error::Timeout(_) => "it did not answer in time".to_owned(),
        Error::HostNotFound => "there is no such host".to_owned(),
        Error::Io(error) => error.to_string(),
        Error::Rustls(error) => error.to_string(),
        _ => "the request failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::{NewJob, Trigger};

    use super::*;

    fn job(status: Status, code: Option<ErrorCode>) -> Job {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/r".into(),
            plan: Some(1),
            plan_name: Some("Home folder".into()),
            trigger: Trigger::Schedule,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Job {
            status,
            error_code: code.map(|code| code.as_str().to_owned()),
            error_message: Some("/home/ada/Tax returns is not there.".into()),
            ..Job::pending(7, new)
        }
    }

    #[test]
    fn what_is_told_of_which_end() {
        use Status::{Cancelled, Completed, CompletedWithWarnings, Failed, Pending, Running};
        let full = Some(ErrorCode::DiskFull);
        let left = Some(ErrorCode::Interrupted);
        for (status, code, told) in [
            (Pending, None, None),
            (Pending, Some(ErrorCode::HostKeyUnknown), None),
            (Running, None, None),
            (Completed, None, Some(Ping::Success)),
            (CompletedWithWarnings, None, Some(Ping::Success)),
            (Completed, full, Some(Ping::Failure)),
            (Failed, full, Some(Ping::Failure)),
            (Cancelled, None, None),
            (Failed, left, None),
            (Completed, left, None),
        ] {
            assert_eq!(Ping::of(&job(status, code)), told, "{status} {code:?}");
        }
    }

    #[test]
    fn what_a_service_may_show_names_nothing_of_the_persons() {
        let with_warnings = Job {
            warnings: 3,
            ..job(Status::CompletedWithWarnings, None)
        };
        let full = Some(ErrorCode::DiskFull);
        for (ping, job, sentence) in [
            (
                Ping::Start,
                job(Status::Pending, None),
                "The backup has begun.",
            ),
            (
                Ping::Success,
                with_warnings,
                "The backup is complete, with 3 warnings.",
            ),
            (
                Ping::Failure,
                job(Status::Failed, full),
                "The backup failed: disk_full.",
            ),
            (
                Ping::Failure,
                job(Status::Completed, full),
                "The backup is complete, but somebody has to look: disk_full.",
            ),
        ] {
            assert_eq!(ping.sentence(&job), sentence);
        }
    }

    #[test]
    fn what_is_told_below_an_address_comes_before_what_is_asked_there() {
        for (url, start, success) in [
            (
                "https://h.example/4f0c",
                "https://h.example/4f0c/start",
                "https://h.example/4f0c",
            ),
            (
                "https://h.example/4f0c/",
                "https://h.example/4f0c/start",
                "https://h.example/4f0c/",
            ),
            (
                " http://ada:key@[::1]:8000/ping/home?create=1&x=/#end ",
                "http://ada:key@[::1]:8000/ping/home/start?create=1&x=/",
                "http://ada:key@[::1]:8000/ping/home?create=1&x=/",
            ),
        ] {
            let url = check(url).unwrap();
            assert_eq!(Ping::Start.url(&url), start);
            assert_eq!(Ping::Success.url(&url), success);
            assert_eq!(Ping::Failure.url(&url), start.replace("/start", "/fail"));
        }
    }

    #[test]
    fn of_an_address_its_host_alone_is_said() {
        let url = check("https://ada:key@Ping.example:8443/4f0c?x=secret").unwrap();
        assert_eq!(host(&url), "Ping.example");
        assert_eq!(format!("{url:?}"), "PingUrl");
    }

    #[test]
    fn what_is_no_web_address_is_refused_by_its_field() {
        let long = format!("https://ping.example/{}", "x".repeat(LONGEST));
        for (url, reason) in [
            ("", "no web address"),
            ("https://", "no web address"),
            ("https://ping.example/a b", "no web address"),
            ("https://ping.example/a\nb", "no web address"),
            (&long, "no web address"),
            ("ping.example", "begins with https://"),
            ("/start", "begins with https://"),
            ("ftp://ping.example/4f0c", "begins with https://"),
            ("file:///etc/passwd", "no web address"),
        ] {
            let failure = check(url).unwrap_err();
            assert_eq!(failure.field.as_deref(), Some("ping_url"), "{url}");
            assert!(
                failure.message.contains(reason),
                "{url}: {}",
                failure.message
            );
            assert!(!failure.message.contains("4f0c"), "{}", failure.message);
        }
    }
}
