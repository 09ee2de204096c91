/** What is known of one repository on the fake platform: free, growing a little every week, checked three days ago. */
import type { Repository, RepositorySize, SizeSource } from "../bindings";
import { FAKE_NOW } from "./jobs";
import { type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const DAY = 86_400_000;
const WEEKS = 26;
const GB = 1e9;

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
  return {
    get_repository: ({ repository_id }) => {
      const repository = find(repository_id);
      const weeks = Array.from({ length: WEEKS }, (_, week) => sizeBefore((WEEKS - week) * 7 - 6, "backup"));
      return {
        repository,
        lock: { state: "free", host: null, process: null, exclusive: null },
        last_check: { job_id: 1, at: new Date(FAKE_NOW.getTime() - 3 * DAY).toISOString(), good: true },
        sizes: weeks,
        active_jobs: state.jobs
          .filter((job) => job.active && job.repository === repository.path)
          .map((job) => job.id),
      };
    },
    measure_repository: ({ repository_id }) => {
      find(repository_id);
      return sizeBefore(0, "asked");
    },
    break_repository_lock: ({ repository_id }) => {
      throw refused("not_locked", `Nothing locks ${find(repository_id).name}.`);
    },
    move_repository: ({ repository_id, path }) => {
      const moved = { ...find(repository_id), path };
      state.repositories = state.repositories.map((each) => (each.id === repository_id ? moved : each));
      changed();
      return moved;
    },
  };
}
