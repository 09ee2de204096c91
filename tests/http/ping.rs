//! Health pings over TLS: which services are believed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use alcove_testkit::Scratch;
use serde_json::json;

use crate::site::Site;

/// Says its port, then answers every POST well.
const SERVER: &str = r#"
import http.server, ssl, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
"#;

/// A service that answers over TLS, with a certificate that nobody but the test holds for good.
struct Service {
    server: Child,
    port: u16,
    certificate: PathBuf,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
        let made = Command::new("openssl")
            .args("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost".split(' '))
            .args(["-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=CA:FALSE"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        let mut server = Command::new("/usr/bin/python3")
            .args(["-c", SERVER])
            .args([&certificate, &key])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        Self {
            server,
            port: port.trim().parse().unwrap(),
            certificate,
        }
    }

    fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/4f0c9a1e", self.port)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What the log of a backup says of its pings.
fn pings(site: &Site) -> String {
    let job = site.back_up();
    let log = site.log(job["id"].as_i64().unwrap());
    assert!(!log.contains("4f0c9a1e"), "{log}");
    let lines = log.lines().filter(|line| line.contains("health check"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn a_service_is_told_over_tls_when_the_computer_holds_its_certificate_for_good_and_not_otherwise() {
    let folder = Scratch::new();
    let service = Service::start(folder.path());
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 1);
    let mut new = site.new_repository(&[&source]);
    new["encryption"] = json!("none");
    new["passphrase"] = json!(null);
    site.create_from(&new);
    let ping = |site: &Site, url: &str| {
        let change = json!({"plan": 1, "ping_url": url});
        let path = "/api/operations/change_plan";
        assert_eq!(site.client.post(path, &change).json()["plan"], 1);
    };
    ping(&site, &service.url("127.0.0.1"));
    let said = pings(&site);
    assert!(
        said.contains("could not be told that the backup succeeded: invalid peer certificate"),
        "{said}"
    );
    let trusted = ("SSL_CERT_FILE", service.certificate.as_path());
    let site = Site::start_with(site.stop().1.scratch, trusted);
    let said = pings(&site);
    assert!(
        said.contains("at 127.0.0.1 was told that the backup succeeded."),
        "{said}"
    );
    // The certificate is of that name alone.
    ping(&site, &service.url("localhost"));
    let said = pings(&site);
    assert!(said.contains("not valid for name"), "{said}");
}
