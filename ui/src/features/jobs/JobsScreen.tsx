import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { go } from "../../app/router";
import { Button } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { Filter } from "../../components/Filter";
import { Icon } from "../../components/Icon";
import { Menu, MenuItem } from "../../components/Menu";
import { Problem } from "../../components/Problem";
import { SearchField } from "../../components/SearchField";
import { counted } from "../../format/count";
import type { Job } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { usePlans, useRepositories, useRepositoryName } from "../plans/queries";
import { JobPanel } from "./JobPanel";
import { JobTable } from "./JobTable";
import { hasEnded, KIND_LABEL, STATUS_LABEL } from "./job";
import { type JobFilter, useJobs, useStartBackup } from "./queries";
import { hasWords } from "./rows";
import "./jobs.css";

const NO_FILTER: JobFilter = { kind: null, status: null, trigger: null, repository: null };
const STATUSES = Object.entries(STATUS_LABEL) as [Job["status"], string][];
const KINDS = Object.entries(KIND_LABEL) as [Job["kind"], string][];
const TRIGGERS = [
  ["manual", "Manual"],
  ["schedule", "Scheduled"],
] as const;
/** What is looked for in the window (words, a trigger) reads on until it has a screenful, so that it never ends with what happened to be loaded. */
const ENOUGH_FOUND = 50;

export function JobsScreen({ selected }: { selected: number | null }) {
  const [filter, setFilter] = useState(NO_FILTER);
  const [words, setWords] = useState("");
  const searched = useDeferredValue(words.trim());
  const nameOf = useRepositoryName();
  const { jobs, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useJobs(filter);
  const shown = useMemo(
    () => (searched === "" ? jobs : jobs.filter((job) => hasWords(job, nameOf(job.repository), searched))),
    [jobs, searched, nameOf],
  );
  const search = useRef<HTMLInputElement>(null);
  /** The job whose details were opened by a key: the focus goes there. */
  const [followed, setFollowed] = useState<{ job: number } | null>(null);
  const open = (job: number, byKey: boolean) => {
    setFollowed(byKey ? { job } : null);
    go({ screen: "jobs", job });
  };

  const sifted = searched !== "" || filter.trigger !== null;
  useEffect(() => {
    if (sifted && shown.length < ENOUGH_FOUND && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [sifted, shown.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey)) return;
      // The log has a search of its own.
      if (document.activeElement?.closest(".logview")) return;
      event.preventDefault();
      search.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const filtered = searched !== "" || Object.values(filter).some((chosen) => chosen !== null);
  const clear = () => {
    setFilter(NO_FILTER);
    setWords("");
  };
  return (
    <div className={selected === null ? "split" : "split has-panel"}>
      <div className="list-col" data-region="jobs">
        <header className="page-head">
          <h1>Jobs</h1>
          <span className="hint num" role="status">
            {summary(shown.length, hasNextPage, searched, jobs.length)}
          </span>
          <div className="actions">
            <BackUpNow quiet={selected !== null} />
          </div>
        </header>
        <Filters filter={filter} onFilter={setFilter} words={words} onWords={setWords} searchRef={search} />
        {error ? (
          <div className="list-problem">
            <Problem
              live
              title="The job history could not be read"
              hints={PlatformError.from(error).hints}
              actions={
                <Button size="sm" onClick={() => void refetch()}>
                  Try again
                </Button>
              }
            >
              {PlatformError.from(error).message}
            </Problem>
          </div>
        ) : isPending ? (
          <Loading />
        ) : shown.length === 0 && !isFetchingNextPage ? (
          filtered ? (
            <Empty
              icon="filter"
              title="No jobs match"
              action={<Button onClick={clear}>Clear filters</Button>}
            >
              {filterSentence(filter, searched, nameOf)}
            </Empty>
          ) : (
            <Empty icon="jobs" title="No jobs yet">
              Every backup, check, compact and prune leaves a record here, with its log.
            </Empty>
          )
        ) : (
          <JobTable
            jobs={shown}
            selected={selected}
            complete={!hasNextPage}
            onOpen={open}
            onEnd={() => {
              if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
            }}
          />
        )}
      </div>
      {selected !== null && (
        <JobPanel key={selected} id={selected} followed={followed?.job === selected ? followed : null} />
      )}
    </div>
  );
}

function summary(shown: number, more: boolean, words: string, looked: number): string {
  if (shown === 0) return "";
  if (words !== "")
    return more
      ? `${counted(shown, "match", "matches")} in the last ${looked}`
      : counted(shown, "match", "matches");
  return more ? `Latest ${shown}` : counted(shown, "job");
}

function filterSentence(filter: JobFilter, words: string, nameOf: (location: string) => string): string {
  const what = [
    filter.kind && KIND_LABEL[filter.kind].toLowerCase(),
    filter.status && STATUS_LABEL[filter.status].toLowerCase(),
    filter.trigger && (filter.trigger === "manual" ? "manual" : "scheduled"),
  ].filter(Boolean);
  const where = filter.repository ? ` for ${nameOf(filter.repository)}` : "";
  const named = words ? ` with “${words}”` : "";
  return `No ${[...what, "jobs"].join(" ")}${where}${named}.`;
}

function Filters({
  filter,
  onFilter,
  words,
  onWords,
  searchRef,
}: {
  filter: JobFilter;
  onFilter: (filter: JobFilter) => void;
  words: string;
  onWords: (words: string) => void;
  searchRef: React.Ref<HTMLInputElement>;
}) {
  const repositories = useRepositories().data ?? [];
  return (
    <div role="search" className="filterbar">
      <SearchField ref={searchRef} label="Search" value={words} onChange={onWords} />
      <Filter
        name="Kind"
        all="All kinds"
        value={filter.kind}
        choices={KINDS}
        onChange={(kind) => onFilter({ ...filter, kind })}
      />
      <Filter
        name="Status"
        all="All statuses"
        value={filter.status}
        choices={STATUSES}
        onChange={(status) => onFilter({ ...filter, status })}
      />
      <Filter
        name="Trigger"
        all="All triggers"
        value={filter.trigger}
        choices={TRIGGERS}
        onChange={(trigger) => onFilter({ ...filter, trigger })}
      />
      {repositories.length > 1 && (
        <Filter
          name="Repository"
          all="All repositories"
          value={filter.repository}
          choices={repositories.map((repository) => [repository.path, repository.name] as const)}
          onChange={(repository) => onFilter({ ...filter, repository })}
        />
      )}
    </div>
  );
}

/** Starts the one plan, or asks which. It steps back while an open panel has the next step. */
function BackUpNow({ quiet }: { quiet: boolean }) {
  const plans = usePlans().filter((plan) => plan.enabled);
  const start = useStartBackup();
  const kind = quiet ? "default" : "primary";
  const [only] = plans;
  if (!only) return null;
  if (plans.length === 1) {
    const busy = only.last_job !== null && !hasEnded(only.last_job);
    return (
      <Button
        kind={kind}
        icon="play"
        disabled={busy || start.isPending}
        onClick={() => start.mutate({ plan: only })}
      >
        Back up now
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button kind={kind} icon="play">
          Back up now
          <Icon name="chev-d" size={14} />
        </Button>
      }
    >
      {plans.map((plan) => {
        const busy = plan.last_job !== null && !hasEnded(plan.last_job);
        return (
          <MenuItem
            key={plan.id}
            disabled={busy}
            hint={busy && plan.last_job ? STATUS_LABEL[plan.last_job.status] : plan.repository.name}
            onClick={() =>
              start.mutate({ plan }, { onSuccess: ({ job_id }) => go({ screen: "jobs", job: job_id }) })
            }
          >
            {plan.name}
          </MenuItem>
        );
      })}
    </Menu>
  );
}

const SHAPES = [72, 96, 64, 116, 84];

/** Rows to come; shown only when the first answer takes its time (a delay in the style sheet). */
function Loading() {
  return (
    <div className="loading" aria-busy="true" role="status" aria-label="Loading jobs">
      {SHAPES.map((width) => (
        <div key={width} className="loading-row">
          <i className="skel dot" />
          <i className="skel" style={{ width }} />
          <i className="skel" style={{ width: width + 20 }} />
          <i className="skel end" style={{ width: 56 }} />
        </div>
      ))}
    </div>
  );
}
