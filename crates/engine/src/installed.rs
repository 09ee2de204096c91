//! Which Borg is installed, without asking it each time: that takes longer than all else that is done before a backup.

use alcove_borg::{Borg, Sighting, Unusable};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::engine::Inner;

/// Its name among the settings.
const KEY: &str = "borg_seen";
/// For so long what was seen is believed: a program that starts another one looks the same when that is replaced.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize, Deserialize)]
struct Seen {
    at: Timestamp,
    borg: Sighting,
}

impl Inner {
    /// Finds the Borg to use, as it was seen within a day where its file is the same.
    pub(crate) fn borg(&self) -> Result<Borg, Unusable> {
        let chosen = self
            .world
            .borg
            .clone()
            .or_else(|| self.settings().borg.clone());
        let chosen = chosen.as_deref();
        let now = self.world.clock.now();
        let is_fresh = |seen: &Seen| {
            let age = now.duration_since(seen.at);
            !age.is_negative() && age < A_DAY
        };
        let known = self.seen().filter(is_fresh);
        if let Some(borg) = known.and_then(|seen| seen.borg.recall(chosen, &self.environment)) {
            return Ok(borg);
        }
        let borg = alcove_borg::find(chosen, &self.environment)?;
        if let Some(sighting) = Sighting::note(&borg, chosen, &self.environment) {
            self.note(Some(Seen {
                at: now,
                borg: sighting,
            }));
        }
        Ok(borg)
    }

    /// Asks Borg itself the next time: it did not do what it should.
    pub(crate) fn doubt_borg(&self) {
        if self.seen().is_some() {
            self.note(None);
        }
    }

    fn seen(&self) -> Option<Seen> {
        let text = self.store.setting(KEY).ok().flatten()?;
        serde_json::from_str(&text).ok()
    }

    /// What cannot be noted is asked again.
    fn note(&self, seen: Option<Seen>) {
        let text = seen.and_then(|seen| serde_json::to_string(&seen).ok());
        if let Err(error) = self.store.set_setting(KEY, text.as_deref()) {
            log::warn!("the Borg that was found is not noted: {error}");
        }
    }
}
