import { useEffect, useRef, useSyncExternalStore } from "react";
import { backupPercent, hasEnded, jobName, PHASE_LABEL, STATUS_LABEL } from "../features/jobs/job";
import { useLiveJobs } from "../features/jobs/LiveProvider";
import { useRepositoryName } from "../features/plans/queries";
import type { Job, Status } from "../platform/bindings";
import { usePlatform } from "../platform/context";
import { announce, announceFailure, announcements } from "./announce";

interface Said {
  phase: Job["phase"];
  quarter: number;
  status: Status;
}

/** Tells screen readers how jobs go: each phase, each quarter, each end. */
export function Announcer() {
  const live = useLiveJobs();
  const platform = usePlatform();
  const nameOf = useRepositoryName();
  const said = useRef(new Map<number, Said>());
  const first = useRef(true);
  const spoken = useSyncExternalStore(announcements.subscribe, announcements.snapshot);

  useEffect(() => {
    for (const job of live.values()) {
      const before = said.current.get(job.id);
      const percent = backupPercent(job);
      const quarter = Math.min(3, Math.floor((percent ?? 0) / 25));
      said.current.set(job.id, { phase: job.phase, quarter, status: job.status });
      // What was under way when the window opened is on the screen, not news.
      if (first.current || !before) continue;
      const name = jobName(job, nameOf(job.repository));
      const now = platform.now().getTime();
      if (job.status === "failed" && before.status !== "failed")
        announceFailure(`${name} failed. ${job.error_message ?? ""}`);
      else if (hasEnded(job) && before.phase !== "ended")
        announce(`${name}: ${STATUS_LABEL[job.status]}`, now, true);
      else if (job.phase !== before.phase) announce(`${name}: ${PHASE_LABEL[job.phase]}`, now);
      else if (quarter > before.quarter) announce(`${name}: ${quarter * 25} percent`, now);
    }
    first.current = false;
  }, [live, nameOf, platform]);

  return (
    <>
      <div className="sr" role="status">
        {spoken.polite}
      </div>
      <div className="sr" role="alert">
        {spoken.assertive}
      </div>
    </>
  );
}
