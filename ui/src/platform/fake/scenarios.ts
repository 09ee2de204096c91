/** The states the fake platform can start in, chosen with `?scenario=` in a browser. */
import type {
  AccessToken,
  Drive,
  HttpAccess,
  Job,
  Plan,
  PlanHold,
  PlanWaiting,
  Recovery,
  Repository,
  RepositoryHealth,
  RepositoryLock,
  Settings,
  SuggestedFolder,
  System,
} from "../bindings";
import { at, commandOf, days, ended, FAKE_NOW, job, noProgress, phasesAt, plan, repository } from "./jobs";

export interface Scenario {
  system: System;
  settings: Settings;
  http: HttpAccess;
  tokens: AccessToken[];
  repositories: Repository[];
  plans: Plan[];
  /** Until when no plan runs by itself. */
  pausedUntil: string | null;
  /** What is known of a repository, by its number, where it is not the usual. */
  health: Record<number, Partial<RepositoryHealth>>;
  /** Newest last. */
  jobs: Job[];
  folders: SuggestedFolder[];
  drives: Drive[];
  /** Milliseconds before each answer. */
  delay: number;
  /** Lines in the log of one job, by its number. */
  longLogs: Record<number, number>;
}

const GB = 1e9;
const MB = 1e6;
const HOME = "/home/marta";

const system: System = {
  alcove_version: "0.1.0",
  borg: { version: "1.4.1", path: "/usr/bin/borg", problem: null, install_command: null },
  data_folder: `${HOME}/.local/share/alcove`,
  home_folder: HOME,
  platform: "linux",
  keyring: "GNOME keyring",
  recovery: null,
  plans_held: false,
};

const settings: Settings = {
  theme: "system",
  notify_success: true,
  notify_warnings: true,
  quiet_hours: null,
  background: false,
  start_at_login: false,
  lanes: 2,
  lock_wait_minutes: 10,
  borg_path: null,
  stay_awake: true,
  low_priority: true,
  log_days: 365,
  log_bytes: 2_000_000_000,
};

const recovery = (restored: string | null): Recovery => ({
  set_aside: `${HOME}/.local/share/alcove/alcove.sqlite3.broken-20260312T170001Z`,
  restored,
});

const http: HttpAccess = {
  enabled: false,
  address: "http://127.0.0.1:8751",
  port: 8751,
  problem: null,
  curl: "curl -H 'Authorization: Bearer TOKEN' http://127.0.0.1:8751/api/backup/jobs",
};

const folders: SuggestedFolder[] = [
  { name: "Documents", path: `${HOME}/Documents`, kind: "documents", chosen: true },
  { name: "Pictures", path: `${HOME}/Pictures`, kind: "pictures", chosen: true },
  { name: "Projects", path: `${HOME}/Projects`, kind: "other", chosen: true },
  { name: "Music", path: `${HOME}/Music`, kind: "music", chosen: true },
  { name: "Downloads", path: `${HOME}/Downloads`, kind: "downloads", chosen: false },
  { name: "App settings", path: `${HOME}/.config`, kind: "settings", chosen: true },
];

const drives: Drive[] = [
  { name: "Backup SSD", path: "/run/media/marta/Backup SSD", free: 931 * GB, size: 1000 * GB },
];

const ssd = repository(1, "Backup SSD", "/run/media/marta/Backup SSD/alcove");
const box = repository(2, "Storage Box", "ssh://u318429@u318429.your-storagebox.de:23/./backups/thinkpad");
const nas = repository(3, "Office NAS", "ssh://marta@nas.office.lan/srv/backups/office");

const CURRENT_FILE = `${HOME}/Pictures/2025/10 Lofoten, autumn trip with Jonas and Ida/Raw files, second camera/Day 04 Reinebringen/DSC_4187.NEF`;

function fourPlans(): { home: Plan; photos: Plan; work: Plan; configs: Plan } {
  return {
    home: plan(
      1,
      "Home folder",
      ssd,
      ["Documents", "Pictures", "Projects", "Music", ".config"].map((f) => `${HOME}/${f}`),
    ),
    photos: plan(2, "Photo library", box, ["/data/Photos"]),
    work: plan(3, "Work projects", nas, [`${HOME}/Projects/clients`, `${HOME}/Projects/notes`], {
      is_default: false,
    }),
    configs: plan(4, "Server configs", nas, ["/etc", "/srv/www", "/var/backups"]),
  };
}

/** What the four plans did in 45 days up to yesterday evening, and today without the evening. */
function history(plans: ReturnType<typeof fourPlans>): Job[] {
  const made: ((id: number) => Job)[] = [];
  const add = (p: Plan, e: Parameters<typeof ended>[2]) => made.push((id) => ended(id, p, e));
  const all = days(45);
  for (const [n, day] of all.entries()) {
    const back = all.length - 1 - n;
    const grow = 1 - back * 0.0004;
    if (day.getDay() === 0) {
      const warns = back === 4;
      add(plans.configs, {
        at: at(day, 2),
        seconds: 207,
        files: 24_518 - back * 3,
        original: 18.7 * GB * grow,
        added: 388 * MB - back * MB,
        ...(warns
          ? {
              status: "completed_with_warnings",
              part: { warnings: 2, borg_exit_code: 1, maintenance_status: "compact_failed" },
            }
          : {}),
      });
    }
    if (back > 0) {
      add(plans.photos, {
        at: at(day, 3),
        seconds: 7100 - back * 21,
        files: 161_067 - back * 131,
        original: 1.06e12 * grow,
        added: (2 + ((back * 7) % 5)) * GB,
      });
    } else {
      add(plans.photos, {
        at: at(day, 3),
        seconds: 2832,
        files: 61_204,
        original: 402 * GB,
        added: 3.91 * GB,
        status: "failed",
        part: {
          error_code: "connection_lost",
          error_message:
            "Storage Box closed the connection at 38%. This usually means the server restarted or the network dropped for a moment. Nothing already stored is damaged, and the data sent so far will be reused.",
          kept_until: at(day, 3, 30).toISOString(),
          warnings: 2,
          borg_exit_code: 80,
        },
      });
    }
    if (day.getDay() >= 1 && day.getDay() <= 5) {
      for (const hour of [10, 12, 14, 16, 17]) {
        add(plans.work, {
          at: at(day, hour),
          seconds: 38 + ((back + hour) % 9),
          files: 38_112 - back * 22 - (17 - hour) * 3,
          original: 6.41 * GB * grow,
          added: (4.2 + ((back * hour) % 28)) * MB,
          ...(hour === 12 ? { trigger: "manual" as const } : {}),
        });
      }
      if (back === 15) {
        add(plans.work, {
          at: at(day, 17, 30),
          seconds: 21,
          files: 9_120,
          original: 1.2 * GB,
          added: 1.1 * MB,
          status: "cancelled",
          trigger: "manual",
        });
      }
    }
    if (back === 0) {
      add(plans.home, {
        at: at(day, 14, 22),
        seconds: 130,
        files: 96_204,
        original: 38.2 * GB,
        added: 204 * MB,
        status: "cancelled",
        trigger: "manual",
      });
    } else if (back !== 8) {
      add(plans.home, {
        at: at(day, 18),
        seconds: 666 - back,
        files: 667_941 - back * 240,
        original: 139 * GB * grow,
        added: (2.04 - (back % 6) * 0.22) * GB,
        ...(back === 17
          ? { status: "completed_with_warnings" as const, part: { warnings: 1, borg_exit_code: 1 } }
          : {}),
      });
    }
  }
  return made
    .map((make) => make(0))
    .sort((a, b) => a.created_at.localeCompare(b.created_at))
    .map((j, i) => ({ ...j, id: 1270 + i }));
}

/** A backup in full run at 62%. */
export function runningJob(id: number, p: Plan, part: Partial<Job> = {}): Job {
  const began = new Date(FAKE_NOW.getTime() - 408_000);
  const start = began.toISOString();
  return job(id, p, {
    status: "running",
    phase: "backing_up",
    active: true,
    created_at: start,
    started_at: start,
    phases: phasesAt(began, [
      ["preparing", 0],
      ["syncing_cache", 1],
      ["backing_up", 19],
    ]),
    triggered_by: "schedule",
    archive_name: `${p.name.toLowerCase().replaceAll(" ", "-")}-2026-03-12T18:00:26`,
    command: commandOf(p),
    progress: 62,
    total_expected_files: 668_120,
    warnings: 1,
    progress_details: {
      original_size: 86.2 * GB,
      compressed_size: 61.7 * GB,
      deduplicated_size: 1.31 * GB,
      nfiles: 412_806,
      current_file: CURRENT_FILE,
      progress_percent: 62.01,
      backup_speed: 211,
      total_expected_size: 139 * GB,
      estimated_time_remaining: 250,
    },
    ...part,
  });
}

function base(part: Partial<Scenario> = {}): Scenario {
  return {
    system,
    settings,
    http,
    tokens: [],
    repositories: [],
    plans: [],
    pausedUntil: null,
    health: {},
    jobs: [],
    folders,
    drives,
    delay: 0,
    longLogs: {},
    ...part,
  };
}

/** Plans know their last jobs; the lists are made from one history. */
export function withLastJobs(plans: Plan[], jobs: Job[]): Plan[] {
  return plans.map((p) => {
    const own = jobs.filter((j) => j.plan === p.id && j.kind === "backup");
    const good = own.filter((j) => j.status === "completed" || j.status === "completed_with_warnings");
    return { ...p, last_job: own.at(-1) ?? null, last_good: good.at(-1) ?? null };
  });
}

function full(
  change: (plans: ReturnType<typeof fourPlans>, jobs: Job[]) => Job[],
  part: Partial<Scenario> = {},
): Scenario {
  const plans = fourPlans();
  const jobs = change(plans, history(plans));
  return base({
    repositories: [ssd, box, nas],
    plans: withLastJobs(Object.values(plans), jobs),
    jobs,
    ...part,
  });
}

function onePlan(make: (p: Plan) => Job[], part: Partial<Scenario> = {}): Scenario {
  const p = fourPlans().home;
  const jobs = make(p);
  return base({ repositories: [ssd], plans: withLastJobs([p], jobs), jobs, ...part });
}

/** A backup that began and waits now, everything else being well. */
function waiting(part: Partial<Job>, which: "home" | "photos" = "home"): Scenario {
  return full((plans, jobs) => {
    const calm = mended(plans, jobs);
    const began = new Date(FAKE_NOW.getTime() - 14_000);
    const held = job(nextId(calm), plans[which], {
      created_at: began.toISOString(),
      started_at: began.toISOString(),
      command: commandOf(plans[which]),
      phases: phasesAt(began, [
        ["preparing", 0],
        ["waiting", 2],
      ]),
      ...part,
    });
    return [...calm, held];
  });
}

const nextId = (jobs: Job[]) => (jobs.at(-1)?.id ?? 0) + 1;

/** The evening run of yesterday's kind, and the failed one of this night mended. */
function mended(plans: ReturnType<typeof fourPlans>, jobs: Job[]): Job[] {
  return jobs.map((j) =>
    j.status === "failed"
      ? ended(j.id, plans.photos, {
          at: new Date(j.created_at),
          seconds: 7080,
          files: 161_080,
          original: 1.06e12,
          added: 6.22 * GB,
        })
      : j,
  );
}

/** Four plans: one failed, one running, one waiting, one with warnings. */
const overview = (): Scenario =>
  full((plans, jobs) => {
    const id = nextId(jobs);
    const waiting = job(id + 1, plans.work, {
      triggered_by: "schedule",
      queue_position: 1,
      created_at: at(FAKE_NOW, 18).toISOString(),
    });
    return [...jobs, runningJob(id, plans.home), waiting];
  });

const UNKNOWN_LOCK: RepositoryLock = {
  state: "unknown",
  host: null,
  process: null,
  exclusive: null,
  since: null,
};

const hoursAgo = (hours: number) => new Date(FAKE_NOW.getTime() - hours * 3_600_000).toISOString();

export const scenarios = {
  overview,
  protected: () =>
    full((plans, jobs) => mended(plans, jobs).filter((j) => j.status !== "cancelled" || j.plan !== 1)),
  protected_running: () =>
    full((plans, jobs) => {
      const calm = mended(plans, jobs);
      return [...calm, runningJob(nextId(calm), plans.home)];
    }),
  /** The last job on a drive has ended. */
  drive_done: () => {
    const scenario = full((plans, jobs) => mended(plans, jobs));
    const unplug = "Backup SSD";
    return { ...scenario, plans: scenario.plans.map((p) => (p.id === 1 ? { ...p, unplug } : p)) };
  },
  /** The drive of a plan that is due is not plugged in. */
  drive_away: () => {
    const scenario = full((plans, jobs) => mended(plans, jobs));
    const waiting_for: PlanWaiting = {
      condition: "drive",
      message: "Waiting for Backup SSD to be plugged in.",
      since: at(FAKE_NOW, 18).toISOString(),
    };
    return { ...scenario, plans: scenario.plans.map((p) => (p.id === 1 ? { ...p, waiting_for } : p)) };
  },
  /** Half of a plan's files are gone since yesterday. */
  collapsed: () => {
    const message =
      "Home folder had 667,941 files and has 210,388 files now. The backup is kept, and no older archive is pruned until you have looked. If that is as it should be, say so in Alcove; if not, the older archives have the files.";
    const scenario = full((plans, jobs) => {
      const calm = mended(plans, jobs);
      return [
        ...calm,
        ended(nextId(calm), plans.home, {
          at: at(FAKE_NOW, 18),
          seconds: 214,
          files: 210_388,
          original: 51 * GB,
          added: 12 * MB,
          part: { error_code: "plan_held", error_message: message, maintenance_status: null },
        }),
      ];
    });
    const hold = (job_id: number): PlanHold => ({ job_id, collapse: "files_gone", message });
    const plans = scenario.plans.map((p) => (p.id === 1 ? { ...p, hold: hold(p.last_job?.id ?? 0) } : p));
    return { ...scenario, plans };
  },
  /** Repositories with something to do: a lock left behind, one held elsewhere, no size, no check, keys exported. */
  repositories: () =>
    full((plans, jobs) => mended(plans, jobs), {
      repositories: [
        ssd,
        { ...box, key_exported_at: new Date(2026, 1, 3, 9, 12).toISOString() },
        { ...nas, encryption: "none" },
        repository(4, "Old disk", "/mnt/old/borg"),
      ],
      health: {
        1: {
          lock: {
            state: "left_behind",
            host: "thinkpad",
            process: 4187,
            exclusive: true,
            since: hoursAgo(2),
          },
        },
        2: { lock: UNKNOWN_LOCK },
        3: { lock: UNKNOWN_LOCK, last_check: null },
        4: {
          lock: { state: "elsewhere", host: "attic", process: 77, exclusive: true, since: hoursAgo(30) },
          last_check: null,
          sizes: [],
        },
      },
    }),
  /** A repository whose last plan was removed. */
  no_plans: () => base({ repositories: [ssd] }),
  /** Nothing set up: the first run. */
  empty: () => base(),
  /** The records were damaged: a copy took their place, or there was none. */
  restored: () => {
    const scenario = full((plans, jobs) => mended(plans, jobs));
    const restored = recovery(at(FAKE_NOW, 9).toISOString());
    return { ...scenario, system: { ...scenario.system, recovery: restored, plans_held: true } };
  },
  begun_anew: () => base({ system: { ...system, recovery: recovery(null) } }),
  no_keyring: () => base({ system: { ...system, keyring: null } }),
  several_drives: () =>
    base({
      drives: [
        ...drives,
        { name: "Archive HDD", path: "/run/media/marta/Archive HDD", free: 2.4e12, size: 4e12 },
      ],
    }),
  no_drive: () => base({ drives: [] }),
  no_borg: () =>
    base({
      system: {
        ...system,
        borg: {
          version: null,
          path: null,
          problem: "Borg is not installed yet. Alcove uses BorgBackup 1.2 or newer to store your files.",
          install_command: "sudo apt install borgbackup",
        },
      },
    }),
  borg_gone: () =>
    full((_plans, jobs) => jobs, {
      system: {
        ...system,
        borg: {
          version: null,
          path: null,
          problem: "Borg is no longer at /usr/bin/borg.",
          install_command: "sudo apt install borgbackup",
        },
      },
    }),
  first_backup: () => onePlan((p) => [runningJob(1, p, { triggered_by: "manual", warnings: 0 })]),
  /** The total is unknown: counts only. */
  counting: () =>
    onePlan((p) => [
      runningJob(1, p, {
        triggered_by: "manual",
        progress: 0,
        total_expected_files: 0,
        warnings: 0,
        started_at: new Date(FAKE_NOW.getTime() - 9000).toISOString(),
        progress_details: {
          ...noProgress,
          nfiles: 184_302,
          original_size: 61.2 * GB,
          compressed_size: 40 * GB,
          deduplicated_size: 39.1 * GB,
          backup_speed: 190,
          current_file: `${HOME}/Projects/kestrel-bikes/site/assets`,
        },
      }),
    ]),
  pruning: () =>
    full((plans, jobs) => {
      const id = nextId(jobs);
      const safe = new Date(FAKE_NOW.getTime() - 20_000).toISOString();
      const done = ended(id, plans.home, {
        at: new Date(FAKE_NOW.getTime() - 640_000),
        seconds: 620,
        files: 668_120,
        original: 139 * GB,
        added: 1.94 * GB,
      });
      return [
        ...mended(plans, jobs),
        {
          ...done,
          active: true,
          phase: "pruning",
          phase_percent: 40,
          maintenance_status: "running_prune",
          phases: done.phases.filter(({ phase }) => phase !== "compacting" && phase !== "ended"),
          ended_at: null,
          completed_at: safe,
        },
      ];
    }),
  cancelling: () =>
    full((plans, jobs) => [
      ...jobs,
      runningJob(nextId(jobs), plans.home, { cancelling: true, cancel_stage: "keeping" }),
    ]),
  retrying: () =>
    full((plans, jobs) => [
      ...mended(plans, jobs),
      runningJob(nextId(jobs), plans.home, {
        attempt: 2,
        phase: "waiting",
        active: true,
        phases: phasesAt(new Date(FAKE_NOW.getTime() - 408_000), [
          ["preparing", 0],
          ["syncing_cache", 1],
          ["backing_up", 19],
          ["waiting", 380],
        ]),
        kept_until: at(FAKE_NOW, 18, 3).toISOString(),
      }),
    ]),
  passphrase: () =>
    full((plans, jobs) => [
      ...mended(plans, jobs),
      job(nextId(jobs), plans.home, {
        waiting_for: "passphrase",
        created_at: new Date(FAKE_NOW.getTime() - 4000).toISOString(),
      }),
    ]),
  moved: () =>
    waiting({
      waiting_for: "question",
      error_code: "repository_relocated",
      error_message:
        "Borg knows Backup SSD from another location. If you moved it yourself, say yes; if not, find out who did before you back up.",
    }),
  unknown_unencrypted: () =>
    waiting({
      waiting_for: "question",
      error_code: "repository_unconfirmed",
      error_message:
        "Backup SSD is not encrypted and Borg has not seen it on this computer before. If you expected that, say yes; if not, find out whose repository it is before you back up.",
    }),
  locked: () =>
    waiting({
      waiting_for: "lock",
      error_code: "repository_locked",
      error_message:
        "Backup SSD is locked. Held by process 4211 on attic, since 17:42 (18 minutes). The lock is /run/media/marta/Backup SSD/alcove/lock.exclusive. If no other backup runs there, one was broken off and left its lock behind.",
    }),
  keyring: () =>
    waiting({
      waiting_for: "keyring",
      error_code: "keyring_locked",
      error_message:
        "The passphrase of Backup SSD is in the Secret Service keyring, which is locked. Unlock the keyring, or enter the passphrase.",
    }),
  host_key: () =>
    waiting(
      {
        waiting_for: "host_key",
        error_code: "host_key_unknown",
        error_message: "This computer does not know the key of the server of Storage Box yet.",
      },
      "photos",
    ),
  wrong_passphrase: () =>
    onePlan((p) => [
      ended(1, p, {
        at: at(FAKE_NOW, 17, 58),
        seconds: 4,
        files: 0,
        original: 0,
        added: 0,
        status: "failed",
        trigger: "manual",
        part: {
          progress: 0,
          progress_details: noProgress,
          error_code: "passphrase_wrong",
          error_message:
            "The passphrase does not open Backup SSD. It was changed or belongs to another repository.",
        },
      }),
    ]),
  huge_log: () =>
    onePlan(
      (p) => [
        ended(1, p, {
          at: at(FAKE_NOW, 12),
          seconds: 4000,
          files: 1_000_000,
          original: 139 * GB,
          added: 9 * GB,
          status: "completed_with_warnings",
          part: { warnings: 100 },
        }),
      ],
      { longLogs: { 1: 1_000_000 } },
    ),
  slow: () => ({ ...overview(), delay: 2500 }),
  many_jobs: () =>
    onePlan((p) =>
      Array.from({ length: 5000 }, (_, n) =>
        ended(n + 1, p, {
          at: new Date(FAKE_NOW.getTime() - (5000 - n) * 3_600_000),
          seconds: 40 + (n % 50),
          files: 1000 + n,
          original: GB + n,
          added: MB * (1 + (n % 40)),
          status: n % 97 === 0 ? "failed" : "completed",
        }),
      ),
    ),
} satisfies Record<string, () => Scenario>;

export type ScenarioName = keyof typeof scenarios;

export function scenarioFromUrl(search: string): Scenario {
  const name = new URLSearchParams(search).get("scenario") ?? "overview";
  return name in scenarios ? scenarios[name as ScenarioName]() : scenarios.overview();
}
