//! The way to a server, and the keys that open it.

use std::time::Duration;

use alcove_engine::ConnectionTest;

use super::{Api, within};
use crate::error::ApiError;
use crate::types::{
    ConnectionReport, HostKeyTrusted, MakeSshKey, Nothing, SshKey, SshKeys, TestConnection,
    TrustHostKey,
};

/// How long a server's key is fetched.
const TRUST_FOR: Duration = Duration::from_mins(1);

impl Api {
    /// Tests the way to a repository step by step, and says which step fails and why.
    pub async fn test_connection(
        &self,
        args: TestConnection,
    ) -> Result<ConnectionReport, ApiError> {
        let seconds = within("time_limit", args.time_limit, 90, 5, 300)?;
        self.blocking(move |engine| {
            let report = engine.test_connection(ConnectionTest {
                location: args.repository,
                passphrase: args.passphrase,
                ssh_key: args.ssh_key,
                remote_path: args.remote_path,
                expected_bytes: args.expected_bytes.map(|bytes| bytes.0),
                time_limit: Duration::from_secs(seconds),
            })?;
            Ok(report.into())
        })
        .await
    }

    /// Writes down the key of a server that a person compared and approved.
    pub async fn trust_host_key(&self, args: TrustHostKey) -> Result<HostKeyTrusted, ApiError> {
        self.blocking(move |engine| {
            let written = engine.trust_host_key(&args.repository, &args.fingerprint, TRUST_FOR)?;
            Ok(HostKeyTrusted { written })
        })
        .await
    }

    /// Lists the private ssh keys of this person.
    pub async fn list_ssh_keys(&self, _: Nothing) -> Result<SshKeys, ApiError> {
        self.blocking(|engine| {
            let keys = engine.ssh_keys().into_iter().map(Into::into).collect();
            Ok(SshKeys { keys })
        })
        .await
    }

    /// Makes an Ed25519 ssh key under a name that is free.
    pub async fn make_ssh_key(&self, args: MakeSshKey) -> Result<SshKey, ApiError> {
        self.blocking(move |engine| {
            let comment = args
                .comment
                .unwrap_or_else(|| format!("Alcove on {}", engine.world().host));
            Ok(engine.make_ssh_key(&comment)?.into())
        })
        .await
    }
}
