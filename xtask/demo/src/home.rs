//! The files of a made-up person: texts that change, and pictures and films that only fill space.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use fs_err as fs;

/// The person's texts, below the home folder.
const TEXTS: &[(&str, &str)] = &[
    (
        "Documents/Garden/Spring plan.txt",
        "Peas along the fence, two rows.\nMove the rhubarb before March.\nAsk Ines about the cuttings.\n",
    ),
    (
        "Documents/Garden/Seeds.csv",
        "kind,sown,seen\nchard,12 April,20 April\nleek,15 April,3 May\ncornflower,1 May,9 May\n",
    ),
    (
        "Documents/House/Insurance.txt",
        "Policy and claims are in the blue folder.\nRenewal in October, call before the 15th.\n",
    ),
    (
        "Documents/House/Meter readings.csv",
        "month,electricity,water\nJuly,18231,402\nAugust,18377,409\nSeptember,18544,415\n",
    ),
    (
        "Documents/Letters/To the choir.txt",
        "Dear all,\n\nthe hall is ours on Thursdays until the summer. Bring a chair if you can.\n",
    ),
    (
        "Documents/Recipes/Plum cake.txt",
        "A kilo of plums, 200 g of flour, 120 g of butter, 90 g of sugar, two eggs.\n40 minutes.\n",
    ),
    (
        "Documents/Recipes/Lentil soup.txt",
        "Onion, carrot, a bay leaf, 250 g of lentils. Vinegar at the very end.\n",
    ),
    (
        "Projects/bird-counter/README.md",
        "# Bird counter\n\nCounts who visits the feeder, by weight.\n",
    ),
    (
        "Projects/bird-counter/counter.py",
        "def kind(grams):\n    return \"tit\" if grams < 25 else \"jay\"\n",
    ),
    (
        "Projects/bird-counter/visits.csv",
        "day,tits,jays\nMonday,41,2\nTuesday,38,0\n",
    ),
];

/// Bytes of the mailbox: enough that it changes while Borg reads it.
const MAILBOX: usize = 6_000_000;

/// Bytes of a film that takes long.
const LONG: u64 = 200_000_000;
const LONG_FILMS: u32 = 12;

/// How often mail arrives while it does.
const ARRIVES: Duration = Duration::from_micros(100);

/// The home folder of the demo.
pub(crate) struct Home {
    path: PathBuf,
    seed: u64,
}

impl Home {
    /// Makes the folder and what is in it on the first day.
    pub(crate) fn new(path: PathBuf) -> Result<Self> {
        let mut home = Self { path, seed: 1 };
        for (name, text) in TEXTS {
            home.write(name, text.as_bytes())?;
        }
        home.pictures("2025 By the lake", 24)?;
        home.pictures("2026 Garden", 12)?;
        for scan in ["Lease", "Birth certificates", "Choir statutes"] {
            home.fill(&format!("Documents/Scans/{scan}.pdf"), 900_000)?;
        }
        home.fill("Mail/Inbox.mbox", MAILBOX)?;
        home.fill("Videos/Choir rehearsal.mp4", 9_000_000)?;
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path below the home folder as text.
    pub(crate) fn at(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    /// Adds a folder of pictures.
    pub(crate) fn pictures(&mut self, folder: &str, count: u32) -> Result<()> {
        for number in 1..=count {
            let bytes = 200_000 + self.random() as usize % 400_000;
            self.fill(&format!("Pictures/{folder}/{number:03}.jpg"), bytes)?;
        }
        Ok(())
    }

    /// Adds films, all of them about as large.
    pub(crate) fn films(&mut self, folder: &str, count: u32) -> Result<()> {
        for number in 1..=count {
            self.fill(&format!("Videos/{folder}/Film {number}.mp4"), 16_000_000)?;
        }
        Ok(())
    }

    /// Adds films that Borg reads for seconds and that take no room. Several, since a Borg that is stopped reads the file
    /// to its end.
    pub(crate) fn long_films(&self, folder: &str) -> Result<()> {
        let folder = self.path.join("Videos").join(folder);
        for number in 1..=LONG_FILMS {
            fs::File::create(folder.join(format!("Evening {number}.mp4")))?.set_len(LONG)?;
        }
        Ok(())
    }

    /// Adds a line to a text.
    pub(crate) fn note(&self, name: &str, line: &str) -> Result<()> {
        let path = self.path.join(name);
        let mut file = fs::OpenOptions::new().append(true).open(path)?;
        Ok(writeln!(file, "{line}")?)
    }

    /// Does something while mail arrives all the time, so that Borg finds the mailbox changed while it read it.
    pub(crate) fn while_mail_arrives<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let arriving = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    self.note("Mail/Inbox.mbox", "Subject: Rehearsal moved to Thursday")?;
                    std::thread::sleep(ARRIVES);
                }
                Ok(())
            });
            let done = work();
            over.store(true, Ordering::Relaxed);
            arriving
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("the mail stopped arriving")))?;
            Ok(done)
        })
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(path, content)?)
    }

    /// Writes a file whose bytes neither compress nor repeat.
    fn fill(&mut self, name: &str, bytes: usize) -> Result<()> {
        let mut content = Vec::with_capacity(bytes + 8);
        while content.len() < bytes {
            content.extend_from_slice(&self.random().to_le_bytes());
        }
        content.truncate(bytes);
        self.write(name, &content)
    }

    /// Steps a splitmix64 generator (Steele, Lea and Flood 2014).
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
