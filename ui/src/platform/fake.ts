/**
 * The platform without a computer behind it: state in memory, a clock that can be moved, jobs that run when it
 * moves. For tests and for `npm run dev` in a plain browser. It says nothing of how Borg works.
 */
import type {
  Change,
  ErrorCode,
  Job,
  JobKind,
  LogPage,
  Maintenance,
  Phase,
  Plan,
  Repository,
} from "./bindings";
import { type AdoptOperations, adoptOperations } from "./fake/adopt";
import { type ConnectionOperations, connectionOperations } from "./fake/connection";
import { type HealthOperations, healthOperations } from "./fake/health";
import { commandOf, FAKE_NOW, job as newJob, repository as newRepository, phasesThrough } from "./fake/jobs";
import { type LogSource, logLine, logOf, longLog } from "./fake/log";
import { type MaintenanceOperations, maintenanceOperations } from "./fake/maintenance";
import { LEFT_OUT, type PlanOperations, planOperations } from "./fake/plans";
import { badArgument, type Handlers, refused } from "./fake/refusals";
import { type Scenario, withLastJobs } from "./fake/scenarios";
import { type SettingsOperations, settingsOperations } from "./fake/settings";
import {
  type Answer,
  type Args,
  type Drag,
  type OperationName,
  type Platform,
  PlatformError,
} from "./platform";

const TICK = 100;
/** Seconds each step of maintenance takes. */
const STEP = 3;
/** How long a job waits for a lock, in seconds, until the other program lets go. */
const LOCKED = 30;
const MEASURED: Record<string, number> = {
  Documents: 38.2e9,
  Pictures: 61.4e9,
  Projects: 24.7e9,
  Music: 11.9e9,
  Downloads: 52e9,
  ".config": 2.8e9,
};

export class FakePlatform implements Platform {
  /** Every call so far, for tests. */
  readonly calls: { name: OperationName; args: unknown }[] = [];
  /** What the system's folder dialog answers. */
  chosenFolder: string | null = "/home/marta/Letters";
  private time = FAKE_NOW.getTime();
  private readonly dragged = new Set<(drag: Drag) => void>();
  private readonly watchers = new Set<(change: Change) => void>();
  private readonly failures = new Map<OperationName, PlatformError>();
  private readonly tails = new Map<number, number>();
  private readonly phaseTimes = new Map<number, number>();

  private readonly operations: Handlers;

  constructor(readonly state: Scenario) {
    this.operations = {
      ...this.own,
      ...planOperations(
        state,
        () => this.tell({ type: "plans" }),
        () => this.now(),
      ),
      ...adoptOperations(
        state,
        () => this.tell({ type: "plans" }),
        () => this.now(),
      ),
      ...connectionOperations(),
      ...healthOperations(state, () => this.tell({ type: "plans" })),
      ...maintenanceOperations(
        state,
        (...asked) => this.startAlone(...asked),
        () => this.now(),
      ),
      ...settingsOperations(
        state,
        () => this.now(),
        () => this.tell({ type: "settings" }),
      ),
    };
  }

  now(): Date {
    return new Date(this.time);
  }

  /** Lets the clock run with the real one. */
  run(): void {
    setInterval(() => this.advance(TICK), TICK);
  }

  /** Moves the clock; running jobs go on meanwhile. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left -= TICK) {
      this.time += Math.min(TICK, left);
      for (const job of this.state.jobs) {
        if (job.active || job.waiting_for === "lock") this.step(job.id, Math.min(TICK, left) / 1000);
      }
    }
  }

  /** The next call of this operation fails. */
  failNext(name: OperationName, code: ErrorCode, message: string, hints: string[] = []): void {
    this.failures.set(name, new PlatformError({ code, message, hints, retryable: true, field: null }));
  }

  /** Changes a job as the engine would, notes a new phase, and tells of it. */
  change(id: number, part: Partial<Job>): void {
    const at = this.now().toISOString();
    this.state.jobs = this.state.jobs.map((job) =>
      job.id === id ? phasesThrough({ ...job, ...part }, at) : job,
    );
    this.state.plans = withLastJobs(this.state.plans, this.state.jobs);
    this.tell({ type: "job", job: this.find(id) });
  }

  watch(onChange: (change: Change) => void): () => void {
    this.watchers.add(onChange);
    for (const job of this.state.jobs) if (job.phase !== "ended") onChange({ type: "job", job });
    return () => this.watchers.delete(onChange);
  }

  watchDrags(onDrag: (drag: Drag) => void): () => void {
    this.dragged.add(onDrag);
    return () => this.dragged.delete(onDrag);
  }

  /** Someone drags from the desktop. */
  drag(drag: Drag): void {
    for (const heard of this.dragged) heard(drag);
  }

  async call<K extends OperationName>(name: K, args: Args<K>): Promise<Answer<K>> {
    this.calls.push({ name, args });
    // Never in the same turn, as a real answer never is.
    await new Promise((done) => setTimeout(done, this.state.delay));
    const failure = this.failures.get(name);
    if (failure) {
      this.failures.delete(name);
      throw failure;
    }
    return this.operations[name](args);
  }

  private readonly own: Omit<
    Handlers,
    | keyof ConnectionOperations
    | keyof AdoptOperations
    | keyof HealthOperations
    | keyof MaintenanceOperations
    | keyof PlanOperations
    | keyof SettingsOperations
  > = {
    start_backup: ({ repository, plan, retry_of }) => {
      const found = this.state.plans.find((p) =>
        plan ? p.id === plan : p.repository.path === repository && p.is_default,
      );
      if (!found) throw refused("no_plan", `There is no plan for ${repository}.`);
      return { job_id: this.start(found, retry_of).id, status: "pending", message: "Backup job started" };
    },
    list_backup_jobs: ({ limit = 200, scheduled_only, manual_only, repository, status, before_id }) => {
      const trigger = scheduled_only ? "schedule" : manual_only ? "manual" : null;
      const jobs = this.state.jobs
        .filter((j) => j.kind === "backup")
        .filter((j) => !trigger || j.triggered_by === trigger)
        .filter((j) => !repository || j.repository === repository)
        .filter((j) => !status || j.status === status)
        .filter((j) => !before_id || j.id < before_id);
      return { jobs: jobs.slice(-limit).reverse() };
    },
    get_backup_status: ({ job_id }) => ({ ...this.find(job_id), logs: null }),
    cancel_backup: ({ job_id }) => {
      const job = this.find(job_id);
      if (job.phase === "ended") throw refused("already_ended", "This job has ended already.");
      if (job.active) {
        this.change(job_id, { cancelling: true, cancel_stage: job.kind === "backup" ? "asked" : "told" });
        this.phaseTimes.set(job_id, 0);
      } else {
        this.end(job_id, { status: "cancelled" });
      }
      return { message: "Backup cancelled successfully", process_terminated: job.active };
    },
    move_job: ({ job_id, position }) => {
      const job = this.find(job_id);
      if (job.queue_position === null)
        throw badArgument(
          "job_id",
          `Job ${job_id} does not wait for its turn, so it has no place in the queue.`,
        );
      const others = this.queued(job.repository).filter((each) => each.id !== job_id);
      others.splice(position - 1, 0, job);
      this.number(others);
      return {};
    },
    stream_backup_logs: ({ job_id, offset = 0, limit = 1000 }): LogPage => {
      const job = this.find(job_id);
      const source = this.log(job);
      const start = new Date(job.started_at ?? job.created_at);
      const end = Math.min(offset + limit, source.total);
      const lines = Array.from({ length: Math.max(0, end - offset) }, (_, i) =>
        logLine(source, offset + i, start),
      );
      return { job_id, status: job.status, lines, total_lines: source.total, has_more: end < source.total };
    },
    list_running_jobs: () => {
      const jobs = this.state.jobs.filter((job) => job.phase !== "ended").map((job) => job.id);
      return { has_running_jobs: jobs.length > 0, jobs };
    },
    list_archives: () => ({ archives: JSON.stringify({ archives: [] }) }),
    list_repositories: () => ({ repositories: this.state.repositories }),
    create_repository: async (args) => {
      await new Promise((done) => setTimeout(done, this.state.delay > 0 ? 1500 : 0));
      const repository = newRepository(this.state.repositories.length + 1, args.name, args.path);
      this.state.repositories = [...this.state.repositories, repository];
      const { plan } = await this.operations.create_plan({
        repository: repository.id,
        name: args.plan_name ?? "Backup",
        source_directories: args.source_directories ?? [],
        ...(args.exclude_patterns && { exclude_patterns: args.exclude_patterns }),
        ...(args.keep && { keep: args.keep, compact: args.compact ?? true }),
      });
      return {
        success: true,
        repository,
        plan,
        passphrase_remembered: args.remember_passphrase ?? false,
      };
    },
    unlock_repository: ({ repository, passphrase }) => {
      if (passphrase === "wrong") {
        throw refused("passphrase_wrong", "This passphrase does not open the repository.", [
          "Look for a typing mistake.",
        ]);
      }
      for (const job of this.state.jobs) {
        if (job.repository === repository && ["passphrase", "keyring"].includes(job.waiting_for ?? "")) {
          this.begin(job.id);
        }
      }
      return {};
    },
    resume_backup: ({ job_id, confirm = false }) => {
      const job = this.find(job_id);
      if (job.phase === "ended") throw refused("already_ended", "This job has ended already.");
      if (job.waiting_for === "question" && !confirm) {
        throw badArgument("confirm", `Job ${job_id} waits for a yes. To answer no, cancel it.`);
      }
      if (job.waiting_for !== null && job.waiting_for !== "lock") this.begin(job_id);
      return {};
    },
    suggest_folders: () => ({
      folders: this.state.folders,
      exclude_patterns: LEFT_OUT,
    }),
    measure_folder: async ({ path }) => {
      const name = path.split("/").pop() ?? "";
      await new Promise((done) => setTimeout(done, (name.length % 5) * (this.state.delay > 0 ? 1500 : 40)));
      const bytes = MEASURED[name] ?? 12e9;
      return { path, bytes, files: Math.round(bytes / 210_000), complete: name in MEASURED };
    },
    list_drives: () => ({ drives: this.state.drives }),
    inspect_destination: ({ path }) => {
      if (!path.startsWith("/")) return { state: "not_absolute", free: null, same_drive_as_home: false };
      const same = !path.startsWith("/run/media/");
      if (path.endsWith("/old-backup")) return { state: "repository", free: 210e9, same_drive_as_home: same };
      if (path.endsWith("/Documents")) return { state: "not_empty", free: 210e9, same_drive_as_home: same };
      return { state: "new", free: same ? 210e9 : 931e9, same_drive_as_home: same };
    },
    choose_folder: () => ({ path: this.chosenFolder }),
    save_key: ({ repository, form }) => {
      const known = this.repository(repository);
      if (known.encryption === "none") throw refused("key_missing", `${known.name} has no key.`);
      const key_exported_at = this.now().toISOString();
      this.state.repositories = this.state.repositories.map((each) =>
        each.id === repository ? { ...each, key_exported_at } : each,
      );
      this.tell({ type: "plans" });
      return { file_name: form === "sheet" ? `${known.name} recovery sheet.html` : `${known.name} key.txt` };
    },
    verify_key: ({ repository, passphrase }) => {
      const { name } = this.repository(repository);
      if (passphrase === "wrong") throw refused("passphrase_wrong", "This passphrase does not open the key.");
      return { file_name: `${name} key.txt` };
    },
    quit: () => ({}),
    get_diagnostics: () => ({ text: "Alcove diagnostics\n" }),
    save_diagnostics: () => ({ file_name: "alcove-diagnostics.txt" }),
    save_backup_logs: ({ job_id }) => ({ file_name: `backup_job_${job_id}_logs.txt` }),
  };

  private find(id: number): Job {
    const job = this.state.jobs.find((j) => j.id === id);
    if (!job) throw refused("not_found", `There is no job ${id}.`);
    return job;
  }

  private repository(id: number): Repository {
    const repository = this.state.repositories.find((each) => each.id === id);
    if (!repository) throw refused("not_found", `There is no repository ${id}.`);
    return repository;
  }

  private tell(change: Change): void {
    for (const watcher of this.watchers) watcher(change);
  }

  private log(job: Job): LogSource {
    const long = this.state.longLogs[job.id];
    if (long) return longLog(long);
    const source = logOf(job);
    // While a job runs its log grows by one line a second.
    const grown = job.active
      ? Math.floor((this.time - new Date(job.started_at ?? job.created_at).getTime()) / 1000)
      : 0;
    const tail = Math.max(this.tails.get(job.id) ?? 0, grown);
    this.tails.set(job.id, tail);
    if (tail === 0) return source;
    return {
      total: source.total + tail,
      line: (i) =>
        i < 3
          ? source.line(i)
          : i < source.total + tail - (source.total - 3)
            ? longLog(1).line(i)
            : source.line(i - tail),
    };
  }

  private startAlone(kind: JobKind, repository: Repository, plan: Plan | null, retryOf?: number): Job {
    const about = plan ?? { id: 0, name: "", repository };
    const named = { plan: plan?.id ?? null, plan_name: plan?.name ?? null };
    return this.queue(about, { kind, ...named, retry_of: retryOf ?? null });
  }

  private start(plan: Plan, retryOf?: number): Job {
    return this.queue(plan, { command: commandOf(plan), retry_of: retryOf ?? null });
  }

  private queue(plan: Pick<Plan, "id" | "name" | "repository">, part: Partial<Job>): Job {
    const id = Math.max(0, ...this.state.jobs.map((j) => j.id)) + 1;
    const busy = this.state.jobs.some((j) => j.repository === plan.repository.path && j.phase !== "ended");
    const job = newJob(id, plan, {
      created_at: this.now().toISOString(),
      queue_position: busy ? this.queued(plan.repository.path).length + 1 : null,
      ...part,
    });
    this.state.jobs = [...this.state.jobs, job];
    this.tell({ type: "job", job });
    if (busy) this.change(id, {});
    else this.begin(id);
    return job;
  }

  private begin(id: number): void {
    const now = this.now().toISOString();
    this.change(id, {
      status: "running",
      phase: "preparing",
      active: true,
      started_at: this.find(id).started_at ?? now,
      waiting_for: null,
      error_code: null,
      error_message: null,
      queue_position: null,
      ...(this.find(id).kind === "backup" && { archive_name: `backup-${now.slice(0, 19)}` }),
    });
    this.phaseTimes.set(id, 0);
  }

  private end(id: number, part: Partial<Job>): void {
    const now = this.now().toISOString();
    const job = this.find(id);
    this.change(id, {
      phase: "ended",
      phase_percent: null,
      active: false,
      cancelling: false,
      cancel_stage: null,
      queue_position: null,
      waiting_for: null,
      completed_at: job.completed_at ?? now,
      ended_at: now,
      progress_details: {
        ...job.progress_details,
        current_file: "",
        backup_speed: 0,
        estimated_time_remaining: 0,
      },
      ...part,
    });
    const [next, ...rest] = this.queued(job.repository);
    if (job.active && next) {
      this.begin(next.id);
      this.number(rest);
    } else if (next) this.number([next, ...rest]);
  }

  /** The jobs of a repository that wait for their turn, the next one first. */
  private queued(repository: string): Job[] {
    return this.state.jobs
      .filter((each) => each.repository === repository && each.queue_position !== null)
      .sort((a, b) => (a.queue_position ?? 0) - (b.queue_position ?? 0));
  }

  private number(queue: Job[]): void {
    for (const [before, job] of queue.entries()) this.change(job.id, { queue_position: before + 1 });
  }

  /** A tenth of a second in the life of a job. */
  private step(id: number, seconds: number): void {
    const job = this.find(id);
    const inPhase = (this.phaseTimes.get(id) ?? 0) + seconds;
    this.phaseTimes.set(id, inPhase);
    const next = (part: Partial<Job>) => {
      this.phaseTimes.set(id, 0);
      this.change(id, part);
    };
    if (job.waiting_for === "lock") {
      if (inPhase >= LOCKED) this.begin(id);
      return;
    }
    if (job.cancelling) {
      const keeps = job.kind === "backup" && !job.completed_at;
      if (keeps && inPhase >= 0.7 && job.cancel_stage === "asked")
        this.change(id, { cancel_stage: "keeping" });
      if (inPhase >= 2)
        this.end(id, job.completed_at ? { maintenance_status: "prune_failed" } : { status: "cancelled" });
      return;
    }
    const p = job.progress_details;
    switch (job.phase) {
      case "preparing":
        if (job.kind !== "backup") {
          if (inPhase >= 0.5) this.maintain(id);
        } else if (inPhase >= 0.5) next({ phase: "syncing_cache" });
        return;
      case "syncing_cache":
        if (inPhase >= 0.5)
          next({
            phase: "backing_up",
            total_expected_files: 51_000,
            progress_details: { ...p, total_expected_size: 12e9, backup_speed: 211 },
          });
        return;
      case "backing_up":
        if (p.total_expected_size > 0 && p.original_size >= p.total_expected_size)
          next({ phase: "finishing" });
        else this.change(id, moved(job, seconds));
        return;
      case "finishing":
        if (inPhase >= 1) {
          next({
            status: job.warnings > 0 ? "completed_with_warnings" : "completed",
            completed_at: this.now().toISOString(),
            progress: 100,
            progress_details: {
              ...p,
              progress_percent: 100,
              backup_speed: 0,
              estimated_time_remaining: 0,
              current_file: "",
            },
          });
          this.maintain(id);
        }
        return;
      case "pruning":
      case "compacting":
      case "checking":
        if (inPhase >= STEP) this.maintain(id);
        else this.change(id, { phase_percent: Math.min(99, Math.round((inPhase / STEP) * 100)) });
        return;
      default:
    }
  }

  /** Begins the next step of the plan's maintenance, or ends the job after the last. */
  private maintain(id: number): void {
    const job = this.find(id);
    const plan = this.state.plans.find((each) => each.id === job.plan);
    const steps: [Phase, Maintenance][] = [];
    const alone = job.kind !== "backup";
    const prunes = plan && Object.values(plan.keep).some((n) => n > 0);
    if (alone ? job.kind === "prune" : prunes) steps.push(["pruning", "running_prune"]);
    if (job.kind === "compact" || plan?.compact) steps.push(["compacting", "running_compact"]);
    if (job.kind === "check" || (plan?.check && !alone)) steps.push(["checking", "running_check"]);
    const next = steps[steps.findIndex(([phase]) => phase === job.phase) + 1];
    this.phaseTimes.set(id, 0);
    if (next) this.change(id, { phase: next[0], phase_percent: 0, maintenance_status: next[1] });
    else
      this.end(id, {
        ...(steps.length > 0 && { maintenance_status: "maintenance_completed" }),
        ...(alone && { status: "completed" }),
      });
  }
}

/** The job after `seconds` more of reading at its speed. */
function moved(job: Job, seconds: number): Partial<Job> {
  const p = job.progress_details;
  const read = p.backup_speed * 1e6 * seconds;
  const original =
    p.total_expected_size > 0
      ? Math.min(p.original_size + read, p.total_expected_size)
      : p.original_size + read;
  const percent = p.total_expected_size > 0 ? Math.min(99.9, (original / p.total_expected_size) * 100) : 0;
  const files = job.total_expected_files;
  return {
    progress: Math.floor(percent),
    progress_details: {
      ...p,
      original_size: original,
      compressed_size: p.compressed_size + read * 0.7,
      deduplicated_size: p.deduplicated_size + read * 0.02,
      nfiles: files > 0 ? Math.round((files * percent) / 100) : p.nfiles + Math.round(read / 300_000),
      progress_percent: percent,
      estimated_time_remaining:
        p.total_expected_size > 0 ? Math.ceil((p.total_expected_size - original) / 1e6 / p.backup_speed) : 0,
      current_file: p.current_file || "/home/marta/Documents/Letters/2026/To the landlord.odt",
    },
  };
}
