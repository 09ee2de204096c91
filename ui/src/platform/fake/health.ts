/** What is known of one repository on the fake platform: free, growing a little every week, checked three days ago. */
import type {
  Job,
  Repository,
  RepositoryCheck,
  RepositoryHealth,
  RepositoryLock,
  RepositorySize,
  SizeSource,
} from "../bindings";
import { FAKE_NOW } from "./jobs";
import { badArgument, type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const DAY = 86_400_000;
const WEEKS = 26;
const GB = 1e9;
const FREE: RepositoryLock = { state: "free", host: null, process: null, exclusive: null, since: null };

export type HealthOperations = Pick<
  Handlers,
  | "get_repository"
  | "measure_repository"
  | "break_repository_lock"
  | "change_repository"
  | "forget_repository"
  | "move_repository"
  | "change_passphrase"
>;

function sizeBefore(days: number, source: SizeSource): RepositorySize {
  const grown = 1 - days / (WEEKS * 14);
  return {
    at: new Date(FAKE_NOW.getTime() - days * DAY).toISOString(),
    source,
    original_size: Math.round(9800 * GB * grown),
    compressed_size: Math.round(7400 * GB * grown),
    deduplicated_size: Math.round(139 * GB * grown),
  };
}

function checkOf(jobs: Job[], { path }: Repository): RepositoryCheck | null {
  const job = jobs.findLast(({ kind, repository }) => kind === "check" && repository === path);
  if (!job) return null;
  const good = job.phase === "ended" ? job.status === "completed" : null;
  return { job_id: job.id, at: job.ended_at ?? job.created_at, good, minutes: null };
}

export function healthOperations(state: Scenario, changed: () => void): HealthOperations {
  const find = (id: number): Repository => {
    const found = state.repositories.find((each) => each.id === id);
    if (!found) throw refused("not_found", `There is no repository ${id}.`);
    return found;
  };
  const handlers: HealthOperations = {
    get_repository: ({ repository_id }) => {
      const repository = find(repository_id);
      const weeks = Array.from({ length: WEEKS }, (_, week) => sizeBefore((WEEKS - week) * 7 - 6, "backup"));
      return {
        repository,
        lock: FREE,
        last_check: checkOf(state.jobs, repository) ?? {
          job_id: 1,
          at: new Date(FAKE_NOW.getTime() - 3 * DAY).toISOString(),
          good: true,
          minutes: null,
        },
        sizes: weeks,
        active_jobs: state.jobs
          .filter((job) => job.active && job.repository === repository.path)
          .map((job) => job.id),
        unplug: state.plans.find((plan) => plan.repository.id === repository_id)?.unplug ?? null,
        ...state.health[repository_id],
      };
    },
    measure_repository: ({ repository_id }) => {
      const known = handlers.get_repository({ repository_id }) as RepositoryHealth;
      const measured = sizeBefore(0, "asked");
      state.health[repository_id] = { ...state.health[repository_id], sizes: [...known.sizes, measured] };
      changed();
      return measured;
    },
    break_repository_lock: ({ repository_id, confirm }) => {
      const lock = state.health[repository_id]?.lock ?? FREE;
      const { name } = find(repository_id);
      if (lock.state === "free") throw refused("not_locked", `Nothing locks ${name}.`);
      if (lock.state !== "left_behind" && confirm !== name) {
        throw refused("confirmation_needed", `Alcove cannot see who needs the lock of ${name}.`);
      }
      state.health[repository_id] = { ...state.health[repository_id], lock: FREE };
      return {};
    },
    change_repository: ({ repository_id, name, append_only, check, keep_passphrase }) => {
      const known = find(repository_id);
      if (name !== undefined && name.trim() === "") throw badArgument("name", "A name is missing.");
      const repository = {
        ...known,
        ...(name && { name }),
        ...(append_only !== undefined && { append_only }),
        ...(check !== undefined && { check }),
        ...(keep_passphrase && { keep_passphrase }),
      };
      state.repositories = state.repositories.map((each) => (each.id === repository_id ? repository : each));
      state.plans = state.plans.map((each) =>
        each.repository.id === repository_id ? { ...each, repository } : each,
      );
      changed();
      return repository;
    },
    forget_repository: ({ repository_id }) => {
      const { name, path } = find(repository_id);
      if (state.jobs.some((job) => job.repository === path && job.phase !== "ended")) {
        throw refused("in_use", `A job of ${name} has not ended.`, ["Wait until it has ended."]);
      }
      state.repositories = state.repositories.filter((each) => each.id !== repository_id);
      state.plans = state.plans.filter((each) => each.repository.id !== repository_id);
      changed();
      return {};
    },
    move_repository: ({ repository_id, path }) => {
      if (path.endsWith("/other")) {
        throw refused("repository_replaced", `Another repository stands at ${path}.`, [
          "Nothing was changed.",
        ]);
      }
      const moved = { ...find(repository_id), path };
      state.repositories = state.repositories.map((each) => (each.id === repository_id ? moved : each));
      changed();
      return moved;
    },
    change_passphrase: ({ repository_id, passphrase, remember_passphrase = false }) => {
      const known = find(repository_id);
      if (passphrase === "wrong") {
        throw refused("passphrase_wrong", `The passphrase does not open ${known.name}.`, [
          "Enter the passphrase it was created with, or the one it was given since.",
        ]);
      }
      state.repositories = state.repositories.map((each) =>
        each.id === repository_id ? { ...each, key_exported_at: null } : each,
      );
      changed();
      return {
        passphrase_remembered: remember_passphrase,
        export_outdated: known.key_exported_at !== null,
        source_outdated: false,
      };
    },
  };
  return handlers;
}
