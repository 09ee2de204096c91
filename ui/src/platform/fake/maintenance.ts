/** Maintenance by itself on the fake platform, and what would happen before it does. */
import type { Job, JobKind, Plan, Repository } from "../bindings";
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

export function maintenanceOperations(state: Scenario, start: StartMaintenance): MaintenanceOperations {
  const repository = (id: number): Repository => {
    const found = state.repositories.find((each) => each.id === id);
    if (!found) throw refused("not_found", `There is no repository ${id}.`);
    return found;
  };
  const toPrune = (of: Repository, id: number | undefined): Plan => {
    refuseAppendOnly(of);
    const plan = state.plans.find((each) =>
      id ? each.id === id : each.repository.id === of.id && each.is_default,
    );
    if (!plan) throw refused("no_plan", `${of.name} has no plan, so there is nothing to back up.`);
    if (Object.values(plan.keep).every((n) => n === 0)) {
      throw badArgument("plan", `${plan.name} keeps every archive, so none is pruned.`);
    }
    return plan;
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
    preview_prune: ({ repository_id, plan: id }) => {
      const plan = toPrune(repository(repository_id), id);
      const made = (day: number) => new Date(FAKE_NOW.getTime() - day * DAY);
      const archives = Array.from({ length: 24 }, (_, day) => {
        const kept =
          day < plan.keep.daily
            ? `daily #${day + 1}`
            : day % 7 === 0 && day / 7 < plan.keep.weekly + 1
              ? `weekly #${day / 7}`
              : null;
        return {
          name: `${plan.archive_prefix}${made(day).toISOString().slice(0, 19)}`,
          made_at: made(day).toISOString(),
          deleted: kept === null,
          rule: kept,
        };
      });
      return { plan: plan.id, archives };
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

function refuseAppendOnly(repository: Repository): void {
  if (!repository.append_only) return;
  throw refused(
    "append_only",
    `${repository.name} is append-only: from this computer nothing can be deleted there.`,
  );
}
