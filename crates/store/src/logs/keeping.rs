//! How long logs are kept: by age and by what all of them take.
//!
//! A log is needed most when something went wrong, so the log of a job that failed outlives the others: its age
//! removes it never, only a full allowance that nothing else can make room in. The record of a job stays in any case.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::folder::Folder;
use crate::store::Store;

/// How long logs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogKeeping {
    /// Logs of jobs that went well, for so many days after their end; 0: for ever.
    pub days: u32,
    /// All logs together, in bytes; 0: as much as there is.
    pub bytes: u64,
}

/// A log on disk of a job that has ended.
struct Kept {
    job: i64,
    ended_at: Timestamp,
    went_wrong: bool,
    bytes: u64,
}

impl Store {
    /// Removes the logs that need not be kept at `now`, oldest first, and returns of how many jobs. A log that is in
    /// use stays; so does that of a job that has not ended.
    pub fn trim_logs(&self, keeping: LogKeeping, now: Timestamp) -> Result<usize, StoreError> {
        let mut kept = self.logs_of_ended_jobs()?;
        let mut total: u64 = kept.iter().map(|log| log.bytes).sum();
        let oldest = now - SignedDuration::from_hours(24 * i64::from(keeping.days));
        let mut removed = 0;
        kept.retain(|log| {
            let due = keeping.days > 0 && !log.went_wrong && log.ended_at < oldest;
            let goes = due && self.remove_log(log.job);
            if goes {
                total -= log.bytes;
                removed += 1;
            }
            !goes
        });
        kept.sort_by_key(|log| (log.went_wrong, log.ended_at));
        for log in kept {
            if keeping.bytes == 0 || total <= keeping.bytes {
                break;
            }
            if self.remove_log(log.job) {
                total -= log.bytes;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn logs_of_ended_jobs(&self) -> Result<Vec<Kept>, StoreError> {
        let on_disk = self
            .logs_on_disk()
            .map_err(StoreError::file("list the logs"))?;
        let ended = self.ended_jobs()?;
        Ok(ended
            .into_iter()
            .filter_map(|ended| {
                Some(Kept {
                    bytes: *on_disk.get(&ended.id)?,
                    job: ended.id,
                    ended_at: ended.ended_at,
                    went_wrong: ended.went_wrong,
                })
            })
            .collect())
    }

    /// The bytes each job's log takes, its index with it.
    fn logs_on_disk(&self) -> std::io::Result<BTreeMap<i64, u64>> {
        let mut bytes = BTreeMap::new();
        for entry in fs_err::read_dir(self.folder().logs())? {
            let entry = entry?;
            if let Some(job) = entry.file_name().to_str().and_then(Folder::job_of_log) {
                let index = self.folder().log_index(job).metadata();
                let index = index.map_or(0, |index| index.len());
                bytes.insert(job, entry.metadata()?.len() + index);
            }
        }
        Ok(bytes)
    }

    /// Removes a log nobody uses; false when it is still there.
    fn remove_log(&self, job: i64) -> bool {
        if self.shelf().is_used(job) {
            return false;
        }
        if let Err(error) = fs_err::remove_file(self.folder().log(job)) {
            log::warn!("an old log stays: {error}");
            return false;
        }
        // Without its log an index says nothing; one that was never made is no loss.
        let _ = fs_err::remove_file(self.folder().log_index(job));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, new_job, time};
    use crate::{Level, Maintenance, Phase, Status};

    const DAY: i64 = 24 * 60 * 60;

    /// Adds an ended job with a log of about `bytes` bytes.
    fn ended(store: &Store, day: i64, status: Status, bytes: usize) -> i64 {
        let mut job = store.insert_job(new_job("/r")).unwrap();
        let mut log = store.log_writer(job.id).unwrap();
        log.write(time(0), Level::Info, &"x".repeat(bytes));
        job.status = status;
        job.phase = Phase::Ended;
        job.ended_at = Some(time(day * DAY));
        store.save_job(&job).unwrap();
        job.id
    }

    fn left(store: &Store, jobs: &[i64]) -> Vec<bool> {
        jobs.iter().map(|job| store.has_log(*job)).collect()
    }

    #[test]
    fn logs_go_by_age_but_not_of_jobs_that_went_wrong() {
        let place = Place::new();
        let store = place.open();
        let mut jobs: Vec<i64> = [Status::Completed, Status::Cancelled, Status::Failed]
            .map(|status| ended(&store, 0, status, 10))
            .into();
        jobs.push(ended(&store, 0, Status::Completed, 10));
        let mut pruned = store.job(jobs[3]).unwrap().unwrap();
        pruned.maintenance = Some(Maintenance::PruneFailed);
        store.save_job(&pruned).unwrap();
        jobs.push(ended(&store, 5, Status::Completed, 10));
        jobs.push(store.insert_job(new_job("/r")).unwrap().id);
        store
            .log_writer(jobs[5])
            .unwrap()
            .write(time(0), Level::Info, "runs");
        let keeping = LogKeeping { days: 7, bytes: 0 };

        assert_eq!(store.trim_logs(keeping, time(7 * DAY)).unwrap(), 0);
        assert_eq!(store.trim_logs(keeping, time(8 * DAY)).unwrap(), 2);
        assert_eq!(left(&store, &jobs), [false, false, true, true, true, true]);
        assert!(store.job(jobs[0]).unwrap().is_some(), "the record stays");
        let forever = LogKeeping { days: 0, bytes: 0 };
        assert_eq!(store.trim_logs(forever, time(9_999 * DAY)).unwrap(), 0);
    }

    #[test]
    fn logs_that_take_too_much_go_oldest_first_and_failures_last() {
        let place = Place::new();
        let store = place.open();
        let jobs = [
            ended(&store, 1, Status::Failed, 1_000),
            ended(&store, 2, Status::Completed, 1_000),
            ended(&store, 3, Status::Completed, 1_000),
            ended(&store, 4, Status::Failed, 1_000),
        ];
        let trim = |bytes| store.trim_logs(LogKeeping { days: 365, bytes }, time(5 * DAY));
        assert_eq!(trim(3_500).unwrap(), 1);
        assert_eq!(left(&store, &jobs), [true, false, true, true]);
        assert_eq!(trim(1_500).unwrap(), 2);
        assert_eq!(left(&store, &jobs), [false, false, false, true]);
    }

    #[test]
    fn a_log_somebody_reads_stays() {
        let place = Place::new();
        let store = place.open();
        let job = ended(&store, 0, Status::Completed, 100);
        let reader = store.log_reader(job).unwrap().unwrap();
        let nothing = LogKeeping { days: 1, bytes: 1 };
        assert_eq!(store.trim_logs(nothing, time(9 * DAY)).unwrap(), 0);
        assert_eq!(reader.page(0, 10).unwrap().total_lines, 1);
        drop(reader);
        assert_eq!(store.trim_logs(nothing, time(9 * DAY)).unwrap(), 1);
    }
}
