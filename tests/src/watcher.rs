//! Somebody who watches a job, as a window does.

use std::time::Duration;

use alcove_api::Api;
use alcove_api::types::{JobId, StreamBackupLogs};

/// How often the log is looked at while no change of the job comes.
const LOOK: Duration = Duration::from_millis(20);

/// Shows every line of a job's log as soon as it can be had, until the job has ended or Alcove is closed.
pub async fn watch_log(api: Api, job_id: i64, mut show: impl FnMut(String)) {
    let mut changes = api.watch();
    let mut shown = 0;
    loop {
        let status = api.get_backup_status(JobId { job_id }).await;
        let more = StreamBackupLogs {
            job_id,
            offset: Some(shown),
            limit: Some(10_000),
        };
        let (Ok(status), Ok(page)) = (status, api.stream_backup_logs(more).await) else {
            return;
        };
        for line in page.lines {
            show(line.content);
            shown += 1;
        }
        if status.job.ended_at.is_some() && !page.has_more {
            return;
        }
        // Either is a reason to look again.
        let _ = tokio::time::timeout(LOOK, changes.next()).await;
    }
}
