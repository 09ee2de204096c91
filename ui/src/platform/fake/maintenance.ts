/** Maintenance by itself on the fake platform, and what would happen before it does. */
import type { Job, JobKind, Keep, KeptBy, Plan, PrunedArchive, Repository } from "../bindings";
import { FAKE_NOW } from "./jobs";
import { badArgument, type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const DAY = 86_400_000;

export type MaintenanceOperations = Pick<
  Handlers,
  "start_maintenance" | "list_jobs" | "preview_prune" | "test_plan"
>;

/** Where a job of this kind begins and what its plan has to say. */
export type StartMaintenance = (
  kind: JobKind,
  repository: Repository,
  plan: Plan | null,
  retryOf: number | undefined,
) => Job;

export function maintenanceOperations(
  state: Scenario,
  start: StartMaintenance,
  now: () => Date,
): MaintenanceOperations {
  /** When the archives of each repository were read. */
  const listed = new Map<number, string>();
  const repository = (id: number): Repository => {
    const found = state.repositories.find((each) => each.id === id);
    if (!found) throw refused("not_found", `There is no repository ${id}.`);
    return found;
  };
  const toPrune = (of: Repository, id: number | undefined, tried?: Keep): Plan => {
    refuseAppendOnly(of);
    const plan = state.plans.find((each) =>
      id ? each.id === id : each.repository.id === of.id && each.is_default,
    );
    if (!plan) throw refused("no_plan", `${of.name} has no plan, so there is nothing to back up.`);
    const keep = tried ?? plan.keep;
    if (Object.values(keep).every((n) => n === 0)) {
      throw badArgument("plan", `${plan.name} keeps every archive, so none is pruned.`);
    }
    refuseToKeepNothing(keep);
    return { ...plan, keep };
  };
  return {
    start_maintenance: ({ repository_id, kind, plan, retry_of }) => {
      const of = repository(repository_id);
      if (kind === "compact") refuseAppendOnly(of);
      return { job_id: start(kind, of, kind === "prune" ? toPrune(of, plan) : null, retry_of).id };
    },
    list_jobs: ({ limit = 200, kind, repository, status, before_id }) => {
      const jobs = state.jobs
        .filter((j) => !kind || j.kind === kind)
        .filter((j) => !repository || j.repository === repository)
        .filter((j) => !status || j.status === status)
        .filter((j) => !before_id || j.id < before_id);
      return { jobs: jobs.slice(-limit).reverse() };
    },
    preview_prune: ({ repository_id, plan: id, keep: tried, refresh }) => {
      const plan = toPrune(repository(repository_id), id, tried);
      if (refresh || !listed.has(repository_id)) listed.set(repository_id, now().toISOString());
      const made = (day: number) => new Date(FAKE_NOW.getTime() - day * DAY).toISOString();
      const archives = plan.last_good === null ? [] : keptOf(plan, made);
      const foreign: PrunedArchive = {
        name: "before-the-move",
        made_at: made(40),
        fate: "foreign",
        kept: null,
      };
      return { plan: plan.id, read_at: listed.get(repository_id) ?? "", archives: [...archives, foreign] };
    },
    test_plan: ({ source_directories, exclude_patterns = [] }) => {
      if (source_directories.length === 0) {
        throw badArgument("source_directories", "Choose at least one folder to back up.");
      }
      const left_out = exclude_patterns.flatMap((pattern, i) => {
        const source = source_directories[i % source_directories.length];
        const name = pattern
          .replace(/^\w\w:/, "")
          .replaceAll("*", "")
          .replace(/^\/+/, "");
        return Array.from({ length: 60 }, (_, n) => `${source}/Project ${n + 1}/${name}`);
      });
      return {
        files: 51_204 * source_directories.length,
        bytes: 12.4e9 * source_directories.length,
        others: 3_120 * source_directories.length,
        left_out: left_out.length,
        left_out_paths: left_out.slice(0, 1000),
        warnings: source_directories.map((source) => `${source}/locked: Permission denied`),
      };
    },
  };
}

/** A backup on each of 24 days, and why each stays by the age, the number, the days and the weeks of a plan. */
function keptOf(plan: Plan, made: (day: number) => string): PrunedArchive[] {
  const { within, last, daily, weekly } = plan.keep;
  const recent = Math.ceil(within / 24);
  const reason = (day: number): KeptBy | null => {
    const by = (rule: KeptBy["rule"], number: number): KeptBy => ({ rule, number, oldest: false });
    if (day < recent) return by("within", day + 1);
    if (day < recent + last) return by("last", day - recent + 1);
    if (day < recent + last + daily) return by("daily", day - recent - last + 1);
    return day % 7 === 0 && day / 7 < weekly + 1 ? by("weekly", day / 7) : null;
  };
  return Array.from({ length: 24 }, (_, day) => {
    const kept = reason(day);
    const at = made(day);
    return {
      name: `${plan.archive_prefix}${at.slice(0, 19)}`,
      made_at: at,
      fate: kept ? "kept" : "goes",
      kept,
    };
  });
}

/** As the engine does it for every plan that is saved. */
export function refuseToKeepNothing(keep: Keep): void {
  const { within, ...rest } = keep;
  if (within === 0 || Object.values(rest).some((n) => n > 0)) return;
  throw refused(
    "nothing_kept",
    "By their age alone every archive would be deleted once no backup was made for that long. Keep the newest too.",
    [],
    "keep",
  );
}

function refuseAppendOnly(repository: Repository): void {
  if (!repository.append_only) return;
  throw refused(
    "append_only",
    `${repository.name} is append-only: from this computer nothing can be deleted there.`,
  );
}
