/** What is known of one repository on the fake platform: free, growing a little every week, checked three days ago. */
import type { Repository, RepositoryHealth, RepositoryLock, RepositorySize, SizeSource } from "../bindings";
import { FAKE_NOW } from "./jobs";
import { type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const DAY = 86_400_000;
const WEEKS = 26;
const GB = 1e9;
const FREE: RepositoryLock = { state: "free", host: null, process: null, exclusive: null };

export type HealthOperations = Pick<
  Handlers,
  "get_repository" | "measure_repository" | "break_repository_lock" | "move_repository"
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
        last_check: { job_id: 1, at: new Date(FAKE_NOW.getTime() - 3 * DAY).toISOString(), good: true },
        sizes: weeks,
        active_jobs: state.jobs
          .filter((job) => job.active && job.repository === repository.path)
          .map((job) => job.id),
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
    break_repository_lock: ({ repository_id }) => {
      const lock = state.health[repository_id]?.lock ?? FREE;
      if (lock.state === "free") throw refused("not_locked", `Nothing locks ${find(repository_id).name}.`);
      state.health[repository_id] = { ...state.health[repository_id], lock: FREE };
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
  };
  return handlers;
}
