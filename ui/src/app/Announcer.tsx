import { useEffect, useRef, useSyncExternalStore } from "react";
import { hasEnded, jobName, jobPercent, PHASE_LABEL, STATUS_LABEL } from "../features/jobs/job";
import { useLiveJobs } from "../features/jobs/LiveProvider";
import { waitingOf } from "../features/jobs/waiting";
import { useRepositoryName } from "../features/plans/queries";
import type { Job, Status } from "../platform/bindings";
import { usePlatform } from "../platform/context";
import { announce, announceFailure, announcements } from "./announce";

interface Said {
  phase: Job["phase"];
  quarter: number;
  status: Status;
  waitingFor: Job["waiting_for"];
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
      const percent = jobPercent(job);
      const quarter = Math.min(3, Math.floor((percent ?? 0) / 25));
      const { phase, status, waiting_for: waitingFor } = job;
      said.current.set(job.id, { phase, quarter, status, waitingFor });
      // What was under way when the window opened is on the screen, not news.
      if (first.current || !before) continue;
      const repository = nameOf(job.repository);
      const name = jobName(job, repository);
      const now = platform.now().getTime();
      const waiting = before.waitingFor === waitingFor ? null : waitingOf(job, name, repository);
      if (job.status === "failed" && before.status !== "failed")
        announceFailure(`${name} failed. ${job.error_message ?? ""}`);
      else if (hasEnded(job) && before.phase !== "ended")
        announce(`${name}: ${STATUS_LABEL[job.status]}`, now, true);
      else if (waiting) announce(`${waiting.title}.`, now, true);
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
