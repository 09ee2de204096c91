import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { go } from "../../app/router";
import { useNow } from "../../app/useNow";
import { Icon } from "../../components/Icon";
import { count } from "../../format/count";
import { clockDuration } from "../../format/duration";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { clockTime } from "../../format/time";
import type { Job, Plan } from "../../platform/bindings";
import { usePlans, useRepositoryName } from "../plans/queries";
import {
  elapsed,
  hasEnded,
  isBackup,
  isSafe,
  jobName,
  jobPercent,
  KIND_ICON,
  maintenanceFailed,
  maintenanceLabel,
  STATUS_LABEL,
  TRIGGER_LABEL,
} from "./job";
import { rowsOf } from "./rows";
import { Status } from "./Status";
import { waitingOf } from "./waiting";

const ROW = 34;
const DAY = 32;
const HEAD = 30;

/**
 * The history as a grid with one tab stop. Only the rows in sight exist; what the engine has not been asked for
 * yet is asked for when its place comes near.
 */
export function JobTable({
  jobs,
  selected,
  complete,
  onOpen,
  onEnd,
}: {
  jobs: Job[];
  selected: number | null;
  complete: boolean;
  onOpen: (job: number, byKey: boolean) => void;
  onEnd: () => void;
}) {
  const now = useNow(jobs.some((job) => job.active));
  const today = now.toDateString();
  const rows = useMemo(() => rowsOf(jobs, new Date(today)), [jobs, today]);
  const plans = usePlans();
  const nameOf = useRepositoryName();
  const pane = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const focusNext = useRef(false);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: (n) => (rows[n] && "job" in rows[n] ? ROW : DAY),
    getItemKey: (n) => rows[n]?.key ?? n,
    overscan: 12,
    useFlushSync: false,
    scrollPaddingStart: HEAD,
  });
  const items = virtual.getVirtualItems();

  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 30) onEnd();
  }, [last, rows.length, onEnd]);

  useLayoutEffect(() => {
    const root = document.documentElement;
    // 16 picture + 6 gap + 24 and 8 padding of the first cell.
    root.style.setProperty(
      "--status-width",
      `${textWidth(STATUS_LABEL.completed_with_warnings, "status") + 55}px`,
    );
    // 8 padding on both sides and one to spare; the heading has an arrow.
    const clock = textWidth(clockTime(new Date(2026, 0, 1, 22, 48).toISOString()), "num") + 18;
    root.style.setProperty("--started-width", `${Math.max(clock, textWidth("Started", "strong") + 34)}px`);
  }, []);

  // The one row Tab reaches: where the person was, else the open one, else the first.
  const tabStop =
    rows.find((row) => row.key === current)?.key ??
    rows.find((row) => "job" in row && row.job.id === selected)?.key ??
    rows.find((row) => "job" in row)?.key;

  const move = (to: (n: number) => number) => {
    const jobRows = rows.flatMap((row, n) => ("job" in row ? [n] : []));
    const here = jobRows.findIndex((n) => rows[n]?.key === tabStop);
    const target = jobRows[Math.min(jobRows.length - 1, Math.max(0, to(here)))];
    const row = target === undefined ? undefined : rows[target];
    if (!row || target === undefined) return;
    focusNext.current = true;
    setCurrent(row.key);
    virtual.scrollToIndex(target);
  };

  const onKey = (event: KeyboardEvent) => {
    const screenful = Math.max(1, Math.floor((pane.current?.clientHeight ?? 0) / ROW) - 2);
    const step = stepFor(event.key, screenful, rows.length);
    if (step) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter") {
      const row = rows.find((each) => each.key === tabStop);
      if (!row || !("job" in row)) return;
      event.preventDefault();
      onOpen(row.job.id, true);
    } else if (event.key === "Escape" && selected !== null) {
      go({ screen: "jobs", job: null });
    }
  };

  return (
    <div className="list-pane" ref={pane}>
      <div
        className="table"
        role="grid"
        aria-label="Job history"
        aria-rowcount={complete ? rows.length + 1 : -1}
        onKeyDown={onKey}
      >
        <div className="tr head" role="row" aria-rowindex={1}>
          <Head />
        </div>
        <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const style = { transform: `translateY(${item.start}px)` };
            if (!("job" in row)) {
              return (
                <div
                  key={row.key}
                  className="tr group"
                  role="row"
                  aria-rowindex={item.index + 2}
                  style={style}
                >
                  <div role="gridcell">
                    {row.day} <span>{row.detail}</span>
                  </div>
                </div>
              );
            }
            return (
              <div
                key={row.key}
                ref={(element) => {
                  if (element && focusNext.current && row.key === current) {
                    focusNext.current = false;
                    element.focus({ preventScroll: true });
                  }
                }}
                className="tr"
                role="row"
                data-testid="job-row"
                data-job={row.job.id}
                aria-rowindex={item.index + 2}
                aria-selected={row.job.id === selected}
                tabIndex={row.key === tabStop ? 0 : -1}
                style={style}
                onFocus={() => setCurrent(row.key)}
                onClick={() => onOpen(row.job.id, false)}
              >
                <Cells
                  job={row.job}
                  plan={plans.find((plan) => plan.id === row.job.plan)}
                  repository={nameOf(row.job.repository)}
                  now={now}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Where a key leads from the n-th job. */
function stepFor(key: string, screenful: number, end: number): ((n: number) => number) | null {
  switch (key) {
    case "ArrowDown":
      return (n) => n + 1;
    case "ArrowUp":
      return (n) => n - 1;
    case "PageDown":
      return (n) => n + screenful;
    case "PageUp":
      return (n) => n - screenful;
    case "Home":
      return () => 0;
    case "End":
      return () => end;
    default:
      return null;
  }
}

/** How wide a text is in the person's font: measured once, columns are as wide as their longest text. */
function textWidth(text: string, className: string): number {
  const probe = document.createElement("span");
  probe.className = `${className} probe`;
  probe.textContent = text;
  document.body.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return Math.ceil(width);
}

function Head() {
  return (
    <>
      <div className="c-status" role="columnheader">
        Status
      </div>
      <div className="c-plan" role="columnheader">
        Job
      </div>
      <div className="c-repo" role="columnheader">
        Repository
      </div>
      <div className="c-trigger" role="columnheader">
        Trigger
      </div>
      <div className="c-started" role="columnheader" aria-sort="descending">
        <span className="th-sort">
          Started
          <Icon name="sort-d" size={12} />
        </span>
      </div>
      <div className="c-dur r" role="columnheader">
        Duration
      </div>
      <div className="c-files r" role="columnheader">
        Files
      </div>
      <div className="c-size r" role="columnheader">
        <span className="only-wide">Original → deduplicated</span>
        <span className="only-narrow">New data</span>
      </div>
      <div className="c-maint" role="columnheader">
        Maintenance
      </div>
    </>
  );
}

const muted = <span className="muted">{NONE}</span>;

function Cells({
  job,
  plan,
  repository,
  now,
}: {
  job: Job;
  plan: Plan | undefined;
  repository: string;
  now: Date;
}) {
  const p = job.progress_details;
  const seconds = elapsed(job, now);
  const percent = jobPercent(job);
  const waiting = waitingOf(job, jobName(job, repository), repository);
  const maintenance = maintenanceLabel(job, plan);
  const figures = isBackup(job) && (p.nfiles > 0 || p.original_size > 0);
  return (
    <>
      <div className="c-status" role="gridcell">
        <Status job={job} />
        {waiting && (
          <span className="hint trunc waits" title={waiting.title}>
            {waiting.word}
          </span>
        )}
        {job.status === "running" && percent !== null && (
          <>
            <span className="mini">
              <i style={{ width: `${percent}%` }} />
            </span>
            <span className="num running-text">{percent}%</span>
          </>
        )}
      </div>
      <div className="c-plan strong" role="gridcell" title={jobName(job, repository)}>
        {job.kind !== "backup" && <Icon name={KIND_ICON[job.kind]} size={14} />}
        {jobName(job, repository)}
      </div>
      <div className="c-repo" role="gridcell" title={job.repository}>
        {repository}
      </div>
      <div className="c-trigger" role="gridcell">
        {TRIGGER_LABEL[job.triggered_by]}
      </div>
      <div className="c-started num" role="gridcell">
        {clockTime(job.started_at ?? job.created_at)}
      </div>
      <div className="c-dur r num" role="gridcell">
        {seconds === null ? muted : clockDuration(seconds)}
      </div>
      <div className="c-files r num" role="gridcell">
        {figures ? count(p.nfiles) : muted}
      </div>
      <div className="c-size r num" role="gridcell">
        {figures ? (
          <>
            <span className="only-wide">
              {size(p.original_size)} <span className="muted">→</span>{" "}
            </span>
            <span className="strong">{size(p.deduplicated_size)}</span>
          </>
        ) : (
          muted
        )}
      </div>
      <div className="c-maint" role="gridcell">
        {maintenance === null ? (
          muted
        ) : maintenanceFailed(job.maintenance_status) ? (
          <span className="status" data-status="completed_with_warnings">
            <Icon name="st-warnings" size={14} />
            {maintenance}
          </span>
        ) : (
          <span className={isSafe(job) && hasEnded(job) ? undefined : "muted"}>{maintenance}</span>
        )}
      </div>
    </>
  );
}
