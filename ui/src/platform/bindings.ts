// Made from crates/api by `cargo xtask bindings`. Do not edit: `cargo xtask lint` compares the two.

export type JobKind = "backup" | "prune" | "compact" | "check";

export type Status = "pending" | "running" | "completed" | "completed_with_warnings" | "failed" | "cancelled";

export type Phase = "waiting" | "preparing" | "hook_before" | "syncing_cache" | "backing_up" | "finishing" | "hook_after" | "pruning" | "compacting" | "checking" | "ended";

export type Maintenance = "running_prune" | "prune_completed" | "prune_failed" | "running_compact" | "compact_completed" | "compact_failed" | "running_check" | "check_completed" | "check_failed" | "maintenance_completed";

export type Trigger = "manual" | "schedule";

export type WaitingFor = "passphrase" | "host_key" | "question" | "lock" | "keyring";

export type KeepPassphrase = "keyring" | "session" | "never";

export type Level = "DEBUG" | "INFO" | "WARNING" | "ERROR";

export type ErrorCode = "not_found" | "bad_argument" | "in_use" | "already_ended" | "not_ended" | "borg_missing" | "borg_unsupported" | "repository_unknown" | "no_plan" | "source_missing" | "passphrase_needed" | "passphrase_wrong" | "key_missing" | "key_mismatch" | "repository_missing" | "not_a_repository" | "repository_exists" | "destination_not_empty" | "parent_missing" | "repository_locked" | "not_locked" | "confirmation_needed" | "repository_not_writable" | "repository_replaced" | "repository_relocated" | "repository_unconfirmed" | "repository_damaged" | "cache_damaged" | "connection_failed" | "connection_lost" | "host_key_unknown" | "host_key_changed" | "ssh_missing" | "path_not_allowed" | "disk_full" | "disk_failing" | "quota_exceeded" | "archive_exists" | "prune_refused" | "nothing_kept" | "plan_held" | "append_only" | "hook_failed" | "borg_rejected" | "borg_killed" | "borg_not_started" | "borg_failed" | "interrupted" | "keyring_locked" | "keyring_failed" | "file_failed" | "store_failed";

/**
 * A token that opens the HTTP door; the token itself is not in it.
 */
export type AccessToken = { 
/**
 * The token's number.
 */
id: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * When it was made, ISO 8601 UTC.
 */
created_at: string, };

/**
 * A token that was made. Has no `Debug`: this is the only time the token is shown.
 */
export type AccessTokenCreated = { 
/**
 * The token's number.
 */
id: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * When it was made, ISO 8601 UTC.
 */
created_at: string, 
/**
 * The token, 64 hexadecimal digits. Alcove keeps only its hash and cannot show it again.
 */
token: string, };

/**
 * The answer to `list_access_tokens`.
 */
export type AccessTokens = { 
/**
 * In the order they were made.
 */
tokens: Array<AccessToken>, };

/**
 * A repository to take over, with the plan that goes on with it.
 */
export type AdoptRepository = { 
/**
 * The person's own name for it.
 */
name: string, 
/**
 * Its location, as for `inspect_repository`.
 */
repository: string, 
/**
 * Its passphrase; left out for one without.
 */
passphrase?: string, 
/**
 * The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
 */
ssh_key?: string, 
/**
 * The Borg of its server; `borg` when left out.
 */
remote_path?: string, 
/**
 * The questions of Borg that the person answered with yes.
 */
confirm?: Array<Confirm>, 
/**
 * Name of the default plan; the name of the first folder when left out.
 */
plan_name?: string, 
/**
 * Absolute folders; those proposed when left out, no plan when empty.
 */
source_directories?: Array<string>, 
/**
 * Borg patterns of what is left out; those proposed when left out.
 */
exclude_patterns?: Array<string>, 
/**
 * Borg's name of the compression; the one proposed when left out.
 */
compression?: string, 
/**
 * How many archives of its own the plan keeps; left out: all of them.
 */
keep?: Keep, 
/**
 * Whether compact gives back the space after each prune; true when left out.
 */
compact?: boolean, 
/**
 * Whether to keep the passphrase in the system's keyring.
 */
remember_passphrase?: boolean, };

/**
 * Why an operation was not done. Holds no secret.
 */
export type ApiError = { 
/**
 * What a program reacts to.
 */
code: ErrorCode, 
/**
 * What happened and why, in plain words.
 */
message: string, 
/**
 * What to do, one sentence each.
 */
hints: Array<string>, 
/**
 * Whether the same call may succeed later.
 */
retryable: boolean, 
/**
 * The argument that is wrong, for `bad_argument`.
 */
field: string | null, };

/**
 * What becomes of an archive in a prune of a plan.
 */
export type ArchiveFate = "kept" | "goes" | "foreign";

/**
 * The answer to `list_archives`.
 */
export type ArchiveListing = { 
/**
 * What `borg list --json` prints, as a text; times are UTC.
 */
archives: string, };

/**
 * A job was told to stop.
 */
export type BackupCancelled = { 
/**
 * Always `Backup cancelled successfully`.
 */
message: string, 
/**
 * Whether a process was told to stop; false when there was none yet.
 */
process_terminated: boolean, };

/**
 * The answer to `list_backup_jobs`.
 */
export type BackupJobs = { 
/**
 * Newest first.
 */
jobs: Array<Job>, };

/**
 * A backup was accepted; its job has a record from now on.
 */
export type BackupStarted = { 
/**
 * The new job.
 */
job_id: number, 
/**
 * Always `pending`.
 */
status: Status, 
/**
 * Always `Backup job started`.
 */
message: string, };

/**
 * The answer to `get_backup_status`: the job, and a `logs` key that is always null.
 */
export type BackupStatus = { 
/**
 * Always null: `stream_backup_logs` has the lines.
 */
logs: null, 
/**
 * The job's number.
 */
id: number, 
/**
 * The repository's location as it was sent.
 */
repository: string, 
/**
 * How it stands.
 */
status: Status, 
/**
 * When it left the queue, ISO 8601 UTC.
 */
started_at: string | null, 
/**
 * When its status became terminal, ISO 8601 UTC.
 */
completed_at: string | null, 
/**
 * Whole percent of the backup, the floor of `progress_details.progress_percent`.
 */
progress: number, 
/**
 * What happened, why, what to do; of a job that waits for an answer, what it waits for.
 */
error_message: string | null, 
/**
 * Whether it has a log.
 */
has_logs: boolean, 
/**
 * Where its maintenance stands; null when none was asked for, or not yet.
 */
maintenance_status: Maintenance | null, 
/**
 * The schedule that started it.
 */
scheduled_job_id: number | null, 
/**
 * What started it.
 */
triggered_by: Trigger, 
/**
 * The archive it writes.
 */
archive_name: string | null, 
/**
 * How far it is.
 */
progress_details: ProgressDetails, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * What it is doing now.
 */
phase: Phase, 
/**
 * Percent of a maintenance phase, 0 to 100.
 */
phase_percent: number | null, 
/**
 * When each phase began, in order.
 */
phases: Array<PhaseBegan>, 
/**
 * True from preparing to ended; while it is, cancel works.
 */
active: boolean, 
/**
 * When it was asked for, ISO 8601 UTC.
 */
created_at: string, 
/**
 * When it stopped being active, ISO 8601 UTC.
 */
ended_at: string | null, 
/**
 * Which try inside this job, from 1.
 */
attempt: number, 
/**
 * Its place in the lane: 1 is next. Null unless it waits for its turn.
 */
queue_position: number | null, 
/**
 * What it waits for besides its turn.
 */
waiting_for: WaitingFor | null, 
/**
 * The error's code, when it failed or waits for an answer.
 */
error_code: ErrorCode | null, 
/**
 * The plan it runs.
 */
plan: number | null, 
/**
 * The plan's name when the job was made.
 */
plan_name: string | null, 
/**
 * The failed job this one tries again.
 */
retry_of: number | null, 
/**
 * Estimate of `nfiles` at the end, 0 while unknown.
 */
total_expected_files: number, 
/**
 * `estimated_time_remaining` may be so many seconds more or fewer.
 */
time_remaining_margin: number, 
/**
 * Exit code of Borg's `create`.
 */
borg_exit_code: number | null, 
/**
 * Warnings in the log of its last attempt.
 */
warnings: number, 
/**
 * When Borg last wrote a checkpoint, ISO 8601 UTC.
 */
kept_until: string | null, 
/**
 * What all of its attempts have stored up to their last checkpoints.
 */
kept_size: ByteCount, 
/**
 * When its next attempt begins, while it waits for that after its connection broke, ISO 8601 UTC.
 */
next_try_at: string | null, 
/**
 * Since when its Borg has said nothing, once that is a minute, ISO 8601 UTC.
 */
stalled_since: string | null, 
/**
 * Whether a stop was asked for and has not taken effect yet.
 */
cancelling: boolean, 
/**
 * How far that stop is; null while no Borg has been told.
 */
cancel_stage: CancelStage | null, 
/**
 * The Borg command of its backup, to paste into a shell; holds no secret.
 */
command: string | null, 
/**
 * Whether lines of its log were lost because the disk would not take them.
 */
log_incomplete: boolean, };

/**
 * Borg as it was found.
 */
export type BorgFound = { 
/**
 * Its version, when one is usable.
 */
version: string | null, 
/**
 * Its path, when one is usable.
 */
path: string | null, 
/**
 * Why none is usable, and what to do.
 */
problem: string | null, 
/**
 * A command for a terminal that installs Borg on this system, where one is known.
 */
install_command: string | null, };

/**
 * A lock to remove.
 */
export type BreakLock = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * The repository's name, where the lock is not known to be left behind on this computer.
 */
confirm?: string, };

/**
 * A number of bytes. JSON numbers hold it exactly up to 2^53.
 */
export type ByteCount = number;

/**
 * How far the stopping of a Borg is.
 */
export type CancelStage = "asked" | "keeping" | "told" | "forced";

/**
 * One change. A new listener first hears of every job that has not ended.
 *
 * Progress of one job arrives at most ten times a second, the latest wins.
 */
export type Change = { "type": "job", 
/**
 * The job as it is now.
 */
job: Job, } | { "type": "plans" } | { "type": "settings" };

/**
 * How the desktop's HTTP door should be.
 */
export type ChangeHttpAccess = { 
/**
 * Whether it is open.
 */
enabled: boolean, 
/**
 * The port, 1024 to 65535; the one of before when left out.
 */
port?: number, };

/**
 * Another passphrase for a repository.
 */
export type ChangePassphrase = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * The passphrase in use; the one Alcove has when left out.
 */
passphrase?: string, 
/**
 * The one to use from now on, of one line.
 */
new_passphrase: string, 
/**
 * Whether to keep it in the system's keyring; where that has the old one, it gets the new one in any case.
 */
remember_passphrase?: boolean, };

/**
 * What is to be different in a plan. A job that runs goes on as it was begun.
 */
export type ChangePlan = { 
/**
 * The plan's number.
 */
plan: number, 
/**
 * The person's own name for it; the names of its archives stay.
 */
name?: string, 
/**
 * Absolute folders and files.
 */
source_directories?: Array<string>, 
/**
 * Borg patterns of what is left out.
 */
exclude_patterns?: Array<string>, 
/**
 * Borg's name of the compression.
 */
compression?: string, 
/**
 * Whether the log names every new and changed file.
 */
log_files?: boolean, 
/**
 * Which archives prune keeps; all zero: prune never runs.
 */
keep?: Keep, 
/**
 * Whether compact gives back the space after each prune.
 */
compact?: boolean, 
/**
 * Whether check follows each backup.
 */
check?: boolean, 
/**
 * Whether `start_backup` without a plan means this one.
 */
is_default?: boolean, 
/**
 * Whether it may run.
 */
enabled?: boolean, 
/**
 * When it runs by itself; null: when it is asked to.
 */
schedule?: NewSchedule | null, 
/**
 * What else runs with its backups, in this order.
 */
hooks?: Array<Hook>, 
/**
 * What must hold before it runs by itself.
 */
conditions?: Conditions, 
/**
 * A web address at which a service is told how its backups go, with `https://` or `http://`; null: nobody is told.
 */
ping_url?: string | null, };

/**
 * What to change of a repository; what is left out stays.
 */
export type ChangeRepository = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * The person's own name for it.
 */
name?: string, 
/**
 * Whether its server lets nothing be deleted from this computer.
 */
append_only?: boolean, 
/**
 * How it is checked by itself; null: when it is asked for.
 */
check?: CheckRhythm | null, 
/**
 * A command that prints its passphrase; empty: none. It is tried before it is saved.
 */
passcommand?: string, 
/**
 * How long its passphrase is kept; what is kept for longer is forgotten, in the keyring too.
 */
keep_passphrase?: KeepPassphrase, };

/**
 * What is to be different; what is left out stays.
 */
export type ChangeSettings = { 
/**
 * How the window looks.
 */
theme?: "system" | "light" | "dark", 
/**
 * Whether a person is told of a job that went well.
 */
notify_success?: boolean, 
/**
 * Whether a person is told of a job that ended with warnings.
 */
notify_warnings?: boolean, 
/**
 * When nobody is told of anything until it is over; null: never.
 */
quiet_hours?: QuietHours | null, 
/**
 * Whether Alcove goes on when its window is closed.
 */
background?: boolean, 
/**
 * Whether Alcove starts, without a window, when the person logs in.
 */
start_at_login?: boolean, 
/**
 * How many repositories are worked on at the same time, 1 to 16.
 */
lanes?: number, 
/**
 * How many minutes a job waits for another program that holds its repository, 0 to 1440.
 */
lock_wait_minutes?: number, 
/**
 * A full path; empty: the first usable Borg on the search path.
 */
borg_path?: string, 
/**
 * Whether the computer is kept from falling asleep by itself while a job runs; for jobs that begin later.
 */
stay_awake?: boolean, 
/**
 * Whether the Borg of a job lets other programs have processor and disk first; for one that begins later.
 */
low_priority?: boolean, 
/**
 * How many days the logs of jobs that went well are kept; 0: for ever.
 */
log_days?: number, 
/**
 * How many bytes all logs together may take; 0: as much as there is.
 */
log_bytes?: ByteCount, };

/**
 * How a repository is checked by itself.
 */
export type CheckRhythm = { 
/**
 * So many days after the last check, 1 to 366.
 */
days: number, 
/**
 * For so many minutes at most, 1 to 1440, going on from where the last one stopped; null: to its end.
 */
minutes: number | null, };

/**
 * How the folder dialog opens.
 */
export type ChooseFolder = { 
/**
 * The dialog's title.
 */
title: string, 
/**
 * Where it starts.
 */
start?: string, };

/**
 * The answer to `choose_folder`.
 */
export type ChosenFolder = { 
/**
 * The folder's absolute path; null when the dialog was closed.
 */
path: string | null, };

/**
 * What a backup can show of files.
 */
export type Collapse = "files_gone" | "nearly_all_changed";

/**
 * What a plan can wait for.
 */
export type Condition = "drive" | "server" | "answer" | "power" | "network";

/**
 * What must hold before a plan runs by itself. One that a person starts waits for none of it. That its repository's
 * drive is plugged in, or its server reachable, is no choice: no plan runs by itself before.
 */
export type Conditions = { 
/**
 * The computer runs on AC power.
 */
on_ac_power: boolean, 
/**
 * The network is not paid for by what is sent, by all the system can tell; of no effect where the repository is
 * on this computer.
 */
not_metered: boolean, };

/**
 * A question of Borg that a person answered with yes. Borg remembers the answer.
 */
export type Confirm = "unencrypted" | "relocated";

/**
 * The answer to `test_connection`.
 */
export type ConnectionReport = { 
/**
 * Whether no step failed.
 */
good: boolean, 
/**
 * The steps, in order; after one that failed there are no more.
 */
steps: Array<ConnectionStep>, 
/**
 * The server's key, once it was shown.
 */
host_key: HostKey | null, 
/**
 * The name the server's Borg answers to, where it is not the one that was asked for: to be given to
 * `create_repository`.
 */
remote_path: string | null, 
/**
 * The version of the Borg that serves the repository.
 */
borg_version: string | null, 
/**
 * What stands at the place.
 */
found: FoundThere | null, 
/**
 * Free bytes.
 */
free: ByteCount | null, 
/**
 * Bytes a second.
 */
upload_speed: ByteCount | null, 
/**
 * Seconds the first backup takes at that speed, where its size was given.
 */
first_backup_seconds: number | null, };

/**
 * One step of a test.
 */
export type ConnectionStep = { 
/**
 * What it is about.
 */
kind: StepKind, 
/**
 * How it went.
 */
state: StepState, 
/**
 * What was found, in a sentence.
 */
sentence: string, 
/**
 * What to do, where something is to be done.
 */
hint: string | null, };

/**
 * A token to make.
 */
export type CreateAccessToken = { 
/**
 * What people call it.
 */
name: string, };

/**
 * A plan to make.
 */
export type CreatePlan = { 
/**
 * The repository's number.
 */
repository: number, 
/**
 * The person's own name for it.
 */
name: string, 
/**
 * Absolute folders and files.
 */
source_directories: Array<string>, 
/**
 * Borg patterns of what is left out; left out: what programs and people can make again.
 */
exclude_patterns?: Array<string>, 
/**
 * Borg's name of the compression; `zstd,3` when left out.
 */
compression?: string, 
/**
 * Whether the log names every new and changed file; false when left out.
 */
log_files?: boolean, 
/**
 * Which archives prune keeps; left out: all of them.
 */
keep?: Keep, 
/**
 * Whether compact gives back the space after each prune; false when left out.
 */
compact?: boolean, 
/**
 * Whether check follows each backup; false when left out.
 */
check?: boolean, 
/**
 * Whether `start_backup` without a plan means this one; true for the first plan of a repository when left out.
 */
is_default?: boolean, 
/**
 * When it runs by itself; left out: when it is asked to.
 */
schedule?: NewSchedule, 
/**
 * What else runs with its backups, in this order; nothing when left out.
 */
hooks?: Array<Hook>, 
/**
 * What must hold before it runs by itself; left out: nothing.
 */
conditions?: Conditions, 
/**
 * A web address at which a service is told how its backups go, with `https://` or `http://`; left out: nobody is
 * told.
 */
ping_url?: string, };

/**
 * A repository to create, with what its default plan backs up.
 */
export type CreateRepository = { 
/**
 * The person's own name for it.
 */
name: string, 
/**
 * Borg's location: an absolute path or `ssh://user@host:port/path`.
 */
path: string, 
/**
 * Borg's name of the encryption mode; `repokey-blake2` when left out.
 */
encryption?: string, 
/**
 * The passphrase; may be left out without encryption, or with a passcommand.
 */
passphrase?: string, 
/**
 * A command that prints the passphrase, for each job anew; no shell reads it.
 */
passcommand?: string, 
/**
 * Borg's name of the compression; `zstd,3` when left out.
 */
compression?: string, 
/**
 * Absolute folders; with them the default plan is made.
 */
source_directories?: Array<string>, 
/**
 * Borg patterns of what is left out.
 */
exclude_patterns?: Array<string>, 
/**
 * Name of the default plan; the name of the first folder when left out.
 */
plan_name?: string, 
/**
 * How many archives the default plan keeps; left out: all of them.
 */
keep?: Keep, 
/**
 * Whether compact gives back the space after each prune; true when left out.
 */
compact?: boolean, 
/**
 * Whether to keep the passphrase in the system's keyring.
 */
remember_passphrase?: boolean, 
/**
 * The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
 */
ssh_key?: string, 
/**
 * The Borg of its server; `borg` when left out.
 */
remote_path?: string, };

/**
 * The answer to `inspect_destination`.
 */
export type Destination = { 
/**
 * What stands there.
 */
state: DestinationState, 
/**
 * Free bytes of its file system, when that can be told.
 */
free: ByteCount | null, 
/**
 * Whether it is on the same file system as the home folder.
 */
same_drive_as_home: boolean, };

/**
 * What stands at a destination.
 */
export type DestinationState = "new" | "empty" | "repository" | "not_empty" | "not_a_folder" | "not_absolute" | "not_writable";

/**
 * What helps to find a fault.
 */
export type Diagnostics = { 
/**
 * Versions, settings, the shape of plans, the last jobs and the logs of those that did not go well; without
 * names, paths, hosts and secrets.
 */
text: string, };

/**
 * The answer to `save_diagnostics`.
 */
export type DiagnosticsSaved = { 
/**
 * The name of the file; null when the dialog was closed.
 */
file_name: string | null, };

/**
 * A drive that is plugged in.
 */
export type Drive = { 
/**
 * Its label.
 */
name: string, 
/**
 * Where it is mounted.
 */
path: string, 
/**
 * Free bytes.
 */
free: ByteCount, 
/**
 * Size in bytes.
 */
size: ByteCount, };

/**
 * The answer to `list_drives`.
 */
export type Drives = { 
/**
 * By name.
 */
drives: Array<Drive>, };

/**
 * What a suggested folder is, for its picture.
 */
export type FolderKind = "documents" | "pictures" | "music" | "videos" | "downloads" | "desktop" | "settings" | "other";

/**
 * What a folder holds.
 */
export type FolderMeasure = { 
/**
 * Its absolute path.
 */
path: string, 
/**
 * Bytes of file content, hard links once.
 */
bytes: ByteCount, 
/**
 * Regular files, hard links once.
 */
files: number, 
/**
 * False when the count was stopped: there is more than this.
 */
complete: boolean, };

/**
 * What stands at a place.
 */
export type FoundThere = "opened" | "closed" | "room" | "other_things";

/**
 * A program of the person's own that runs with a backup.
 */
export type Hook = { 
/**
 * When it runs.
 */
when: HookWhen, 
/**
 * What is run: a line for the shell, or a program and its arguments.
 */
command: HookCommand, 
/**
 * Seconds after which it is stopped, 1 to 86,400.
 */
time_limit: number, };

/**
 * What a hook runs.
 */
export type HookCommand = string | Array<string>;

/**
 * When a hook runs.
 */
export type HookWhen = "before" | "success" | "warning" | "failure" | "always";

/**
 * The key a server showed.
 */
export type HostKey = { 
/**
 * Its type, such as `ssh-ed25519`.
 */
kind: string, 
/**
 * `SHA256:` and its hash: what a person compares and `trust_host_key` takes.
 */
fingerprint: string, 
/**
 * Whether this computer knows it.
 */
known: boolean, 
/**
 * The fingerprint this computer knows instead: the key has changed, and cannot be approved here.
 */
expected: string | null, };

/**
 * The answer to `trust_host_key`.
 */
export type HostKeyTrusted = { 
/**
 * Whether it was written down now; false: ssh knew it already.
 */
written: boolean, };

/**
 * The desktop's HTTP door.
 */
export type HttpAccess = { 
/**
 * Whether the person turned it on; false at first.
 */
enabled: boolean, 
/**
 * The address programs call, such as `http://127.0.0.1:8751`.
 */
address: string, 
/**
 * The port in it.
 */
port: number, 
/**
 * Why nothing can be called although it is turned on, and what to do.
 */
problem: string | null, 
/**
 * A command for a terminal that lists the jobs, with `TOKEN` where a token goes.
 */
curl: string, };

/**
 * A local folder for a new repository.
 */
export type InspectDestination = { 
/**
 * Its absolute path.
 */
path: string, };

/**
 * A repository to look at.
 */
export type InspectRepository = { 
/**
 * Its location: an absolute path, `ssh://user@host:port/path`, or `user@host:path`.
 */
repository: string, 
/**
 * Its passphrase; left out for one without.
 */
passphrase?: string, 
/**
 * The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
 */
ssh_key?: string, 
/**
 * The Borg of its server; `borg` when left out.
 */
remote_path?: string, 
/**
 * The questions of Borg that the person answered with yes.
 */
confirm?: Array<Confirm>, };

/**
 * The answer to `inspect_repository`.
 */
export type InspectedRepository = { 
/**
 * Its location in the form Alcove keeps.
 */
path: string, 
/**
 * Borg's repository id.
 */
borg_id: string, 
/**
 * Borg's name of the encryption mode.
 */
encryption: string, 
/**
 * How many archives it has, without checkpoints.
 */
archives: number, 
/**
 * When the oldest backup began, ISO 8601 UTC.
 */
oldest: string | null, 
/**
 * When the newest whole backup ended, ISO 8601 UTC.
 */
last_good: string | null, 
/**
 * Whether the first run can skip files that did not change since; else it reads all of them once.
 */
files_remembered: boolean, 
/**
 * The plan that would go on with the newest series; null without an archive of files.
 */
plan: ProposedPlan | null, 
/**
 * What the person calls it, when Alcove knows it already: it cannot be adopted again.
 */
known_as: string | null, 
/**
 * What Alcove does with the archives that are there, in a sentence.
 */
note: string, };

/**
 * A job, with the fields of the backup API page and those Alcove adds after them.
 */
export type Job = { 
/**
 * The job's number.
 */
id: number, 
/**
 * The repository's location as it was sent.
 */
repository: string, 
/**
 * How it stands.
 */
status: Status, 
/**
 * When it left the queue, ISO 8601 UTC.
 */
started_at: string | null, 
/**
 * When its status became terminal, ISO 8601 UTC.
 */
completed_at: string | null, 
/**
 * Whole percent of the backup, the floor of `progress_details.progress_percent`.
 */
progress: number, 
/**
 * What happened, why, what to do; of a job that waits for an answer, what it waits for.
 */
error_message: string | null, 
/**
 * Whether it has a log.
 */
has_logs: boolean, 
/**
 * Where its maintenance stands; null when none was asked for, or not yet.
 */
maintenance_status: Maintenance | null, 
/**
 * The schedule that started it.
 */
scheduled_job_id: number | null, 
/**
 * What started it.
 */
triggered_by: Trigger, 
/**
 * The archive it writes.
 */
archive_name: string | null, 
/**
 * How far it is.
 */
progress_details: ProgressDetails, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * What it is doing now.
 */
phase: Phase, 
/**
 * Percent of a maintenance phase, 0 to 100.
 */
phase_percent: number | null, 
/**
 * When each phase began, in order.
 */
phases: Array<PhaseBegan>, 
/**
 * True from preparing to ended; while it is, cancel works.
 */
active: boolean, 
/**
 * When it was asked for, ISO 8601 UTC.
 */
created_at: string, 
/**
 * When it stopped being active, ISO 8601 UTC.
 */
ended_at: string | null, 
/**
 * Which try inside this job, from 1.
 */
attempt: number, 
/**
 * Its place in the lane: 1 is next. Null unless it waits for its turn.
 */
queue_position: number | null, 
/**
 * What it waits for besides its turn.
 */
waiting_for: WaitingFor | null, 
/**
 * The error's code, when it failed or waits for an answer.
 */
error_code: ErrorCode | null, 
/**
 * The plan it runs.
 */
plan: number | null, 
/**
 * The plan's name when the job was made.
 */
plan_name: string | null, 
/**
 * The failed job this one tries again.
 */
retry_of: number | null, 
/**
 * Estimate of `nfiles` at the end, 0 while unknown.
 */
total_expected_files: number, 
/**
 * `estimated_time_remaining` may be so many seconds more or fewer.
 */
time_remaining_margin: number, 
/**
 * Exit code of Borg's `create`.
 */
borg_exit_code: number | null, 
/**
 * Warnings in the log of its last attempt.
 */
warnings: number, 
/**
 * When Borg last wrote a checkpoint, ISO 8601 UTC.
 */
kept_until: string | null, 
/**
 * What all of its attempts have stored up to their last checkpoints.
 */
kept_size: ByteCount, 
/**
 * When its next attempt begins, while it waits for that after its connection broke, ISO 8601 UTC.
 */
next_try_at: string | null, 
/**
 * Since when its Borg has said nothing, once that is a minute, ISO 8601 UTC.
 */
stalled_since: string | null, 
/**
 * Whether a stop was asked for and has not taken effect yet.
 */
cancelling: boolean, 
/**
 * How far that stop is; null while no Borg has been told.
 */
cancel_stage: CancelStage | null, 
/**
 * The Borg command of its backup, to paste into a shell; holds no secret.
 */
command: string | null, 
/**
 * Whether lines of its log were lost because the disk would not take them.
 */
log_incomplete: boolean, };

/**
 * One job.
 */
export type JobId = { 
/**
 * The job's number.
 */
job_id: number, };

/**
 * The answer to `list_jobs`.
 */
export type Jobs = { 
/**
 * Newest first.
 */
jobs: Array<Job>, };

/**
 * Which archives prune keeps; 0 leaves a rule out.
 */
export type Keep = { 
/**
 * All of the last so many hours.
 */
within: number, 
/**
 * The newest.
 */
last: number, 
/**
 * The newest of each hour.
 */
hourly: number, 
/**
 * The newest of each day.
 */
daily: number, 
/**
 * The newest of each week.
 */
weekly: number, 
/**
 * The newest of each month.
 */
monthly: number, 
/**
 * The newest of each year.
 */
yearly: number, };

/**
 * A reason to keep an archive.
 */
export type KeepRule = "checkpoint" | "within" | "last" | "hourly" | "daily" | "weekly" | "monthly" | "yearly";

/**
 * Why an archive is kept. Borg counts what each rule keeps; an archive is kept by one.
 */
export type KeptBy = { 
/**
 * By which rule.
 */
rule: KeepRule, 
/**
 * The how manieth this rule keeps; the newest is 1.
 */
number: number, 
/**
 * Whether it is kept as the oldest there is, since the rule found fewer than it may keep.
 */
oldest: boolean, };

/**
 * What an exported key looks like.
 */
export type KeyForm = "file" | "sheet";

/**
 * The answer to `save_key`.
 */
export type KeySaved = { 
/**
 * The name of the file; null when the dialog was closed.
 */
file_name: string | null, };

/**
 * The answer to `verify_key`: the repository was opened with the key.
 */
export type KeyVerified = { 
/**
 * The name of the file; null when the dialog was closed and nothing was tried.
 */
file_name: string | null, };

/**
 * Whose archives to list.
 */
export type ListArchives = { 
/**
 * The repository's location; a trailing slash does not matter.
 */
repository: string, };

/**
 * Which jobs to list, newest first.
 */
export type ListBackupJobs = { 
/**
 * At most this many, 1 to 1000; 200 when left out.
 */
limit?: number, 
/**
 * Only jobs a schedule started; wins over `manual_only`.
 */
scheduled_only?: boolean, 
/**
 * Only jobs a person started.
 */
manual_only?: boolean, 
/**
 * Only jobs of the repository at this location.
 */
repository?: string, 
/**
 * Only jobs of this status.
 */
status?: Status, 
/**
 * Only jobs older than this one, for the next page.
 */
before_id?: number, };

/**
 * Which jobs of every kind to list, newest first.
 */
export type ListJobs = { 
/**
 * At most this many, 1 to 1000; 200 when left out.
 */
limit?: number, 
/**
 * Only jobs of this kind.
 */
kind?: JobKind, 
/**
 * Only jobs of the repository at this location.
 */
repository?: string, 
/**
 * Only jobs of this status.
 */
status?: Status, 
/**
 * Only jobs older than this one, for the next page.
 */
before_id?: number, };

/**
 * Who holds a repository.
 */
export type LockState = "free" | "unknown" | "held" | "left_behind" | "elsewhere";

/**
 * One line of a log.
 */
export type LogLine = { 
/**
 * From 1; never changes.
 */
line_number: number, 
/**
 * The line as it is on disk.
 */
content: string, 
/**
 * When it was written, ISO 8601 UTC.
 */
time: string, 
/**
 * How serious it is.
 */
level: Level, 
/**
 * What it says, with its newlines.
 */
text: string, };

/**
 * Some lines of a log.
 */
export type LogPage = { 
/**
 * The job's number.
 */
job_id: number, 
/**
 * How the job stands.
 */
status: Status, 
/**
 * The lines asked for.
 */
lines: Array<LogLine>, 
/**
 * How many lines there are now.
 */
total_lines: number, 
/**
 * Whether lines follow the last one here.
 */
has_more: boolean, };

/**
 * The answer to `save_backup_logs`.
 */
export type LogSaved = { 
/**
 * The name of the file that was written; null when the dialog was closed.
 */
file_name: string | null, };

/**
 * A job was accepted; it has a record from now on.
 */
export type MaintenanceStarted = { 
/**
 * The new job.
 */
job_id: number, };

/**
 * A key to make.
 */
export type MakeSshKey = { 
/**
 * What to note in it; `Alcove on HOST` when left out.
 */
comment?: string, };

/**
 * A folder to add up.
 */
export type MeasureFolder = { 
/**
 * Its absolute path.
 */
path: string, 
/**
 * Borg patterns of what is left out.
 */
exclude_patterns?: Array<string>, };

/**
 * A job that waits for its turn, and where it should stand.
 */
export type MoveJob = { 
/**
 * The job's number.
 */
job_id: number, 
/**
 * Its new place in the queue of its repository: 1 is next; what is beyond the last is the last.
 */
position: number, };

/**
 * A repository that is at another location now.
 */
export type MoveRepository = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * Where it is now.
 */
path: string, 
/**
 * Its passphrase; the one Alcove has when left out.
 */
passphrase?: string, };

/**
 * When a plan is to run by itself.
 */
export type NewSchedule = { 
/**
 * A cron line of five fields.
 */
cron: string, 
/**
 * The IANA name of a time zone; left out: the one of this computer.
 */
time_zone?: string, };

/**
 * No arguments, or no answer beyond success.
 */
export type Nothing = Record<string, never>;

/**
 * The answer to `change_passphrase`: the repository was opened with the new passphrase.
 */
export type PassphraseChanged = { 
/**
 * Whether the new passphrase is in the keyring; false: it is asked for after a restart.
 */
passphrase_remembered: boolean, 
/**
 * Whether the key was exported before: that export is locked by the old passphrase, so it counts no more.
 */
export_outdated: boolean, 
/**
 * Whether a passcommand or a credential of systemd is to give its passphrase, and still gives the old one.
 */
source_outdated: boolean, };

/**
 * For how long no plan is to start by itself.
 */
export type PauseSchedules = { 
/**
 * `hour`, or `until_tomorrow`: until six in the morning.
 */
length: "hour" | "until_tomorrow", };

/**
 * A phase and when it began.
 */
export type PhaseBegan = { 
/**
 * What the job was doing from then on.
 */
phase: Phase, 
/**
 * When, ISO 8601 UTC.
 */
at: string, };

/**
 * What to back up, where, and what to keep.
 */
export type Plan = { 
/**
 * The plan's number.
 */
id: number, 
/**
 * The person's own name for it.
 */
name: string, 
/**
 * Where it writes to.
 */
repository: Repository, 
/**
 * Absolute folders and files.
 */
sources: Array<string>, 
/**
 * Borg patterns of what is left out.
 */
excludes: Array<string>, 
/**
 * Borg's name of the compression.
 */
compression: string, 
/**
 * Whether the log names every new and changed file.
 */
log_files: boolean, 
/**
 * Which archives prune keeps; all zero: prune never runs.
 */
keep: Keep, 
/**
 * Whether compact follows.
 */
compact: boolean, 
/**
 * Whether check follows: every piece of the repository is read and compared with its checksum.
 */
check: boolean, 
/**
 * The beginning of the name of every archive this computer makes for it.
 */
archive_prefix: string, 
/**
 * Whether `start_backup` without a plan means this one.
 */
is_default: boolean, 
/**
 * Whether it may run.
 */
enabled: boolean, 
/**
 * When it runs by itself; null: when it is asked to.
 */
schedule: Schedule | null, 
/**
 * What else runs with its backups, in this order.
 */
hooks: Array<Hook>, 
/**
 * What must hold before it runs by itself.
 */
conditions: Conditions, 
/**
 * A web address at which a service is told how its backups go; null: nobody is told. Who knows it can speak for
 * the plan.
 */
ping_url: string | null, 
/**
 * What it waits for, now that it is due; null: it is not due, or does not wait.
 */
waiting_for: PlanWaiting | null, 
/**
 * What the drive of its repository is called, now that it can be unplugged; null at other times.
 */
unplug: string | null, 
/**
 * Why its archives are not pruned at present.
 */
hold: PlanHold | null, 
/**
 * When it was made, ISO 8601 UTC.
 */
created_at: string, 
/**
 * Its newest job.
 */
last_job: Job | null, 
/**
 * Its newest job whose archive is safe.
 */
last_good: Job | null, 
/**
 * Until when that job counts, ISO 8601 UTC: the second time of its schedule after it. Overdue from then on; null
 * without such a job, and for a plan that does not run by itself.
 */
protected_until: string | null, };

/**
 * A backup showed that something happened to a plan's files, so no archive is pruned until a person has looked.
 */
export type PlanHold = { 
/**
 * The backup that showed it.
 */
job_id: number, 
/**
 * What it showed.
 */
collapse: Collapse, 
/**
 * What happened and what to do, in plain words.
 */
message: string, };

/**
 * The answer to `create_plan` and `change_plan`.
 */
export type PlanSaved = { 
/**
 * The plan's number.
 */
plan: number, };

/**
 * A plan is due and waits. It starts by itself as soon as it need not any more.
 */
export type PlanWaiting = { 
/**
 * What for.
 */
condition: Condition, 
/**
 * The same in plain words.
 */
message: string, 
/**
 * Since when it is due, ISO 8601 UTC: the first time that was missed.
 */
since: string, };

/**
 * The answer to `list_plans`.
 */
export type Plans = { 
/**
 * In the order they were made.
 */
plans: Array<Plan>, 
/**
 * Until when none of them starts by itself, ISO 8601 UTC; null: they do.
 */
paused_until: string | null, };

/**
 * Of which plan a prune is to be foreseen, and by which rules.
 */
export type PreviewPrune = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * The plan, where the repository has several.
 */
plan?: number, 
/**
 * Rules to try; those of the plan when left out.
 */
keep?: Keep, 
/**
 * Whether Borg lists the archives again; when left out, a list is used that was read since the repository's last
 * job, if there is one.
 */
refresh?: boolean, };

/**
 * How far a backup is; every key is always there.
 */
export type ProgressDetails = { 
/**
 * Bytes read so far, before compression.
 */
original_size: ByteCount, 
/**
 * Bytes after compression.
 */
compressed_size: ByteCount, 
/**
 * Bytes of new storage used after deduplication.
 */
deduplicated_size: ByteCount, 
/**
 * Files processed.
 */
nfiles: number, 
/**
 * The file being processed, empty when none.
 */
current_file: string, 
/**
 * Percent of the backup, 0 to 100; 100 exactly when the archive is safe.
 */
progress_percent: number, 
/**
 * Recent speed in MB/s (10^6 bytes a second).
 */
backup_speed: number, 
/**
 * Estimate of `original_size` at the end, 0 while unknown.
 */
total_expected_size: ByteCount, 
/**
 * Seconds left, 0 when unknown or done.
 */
estimated_time_remaining: number, };

/**
 * A plan like the backup that made the newest archive.
 */
export type ProposedPlan = { 
/**
 * The name of that archive.
 */
archive: string, 
/**
 * What the names of its series begin with.
 */
series_prefix: string, 
/**
 * What follows: a placeholder of Borg such as `{now}`, or how the newest name ends.
 */
series_rest: string, 
/**
 * How many archives the series has.
 */
series_archives: number, 
/**
 * Absolute folders and files that are there.
 */
source_directories: Array<string>, 
/**
 * Borg patterns of what is left out.
 */
exclude_patterns: Array<string>, 
/**
 * Borg's name of the compression.
 */
compression: string, 
/**
 * How files are cut into chunks, where it is not Borg's own way; kept by the plan.
 */
chunker_params: string | null, 
/**
 * Whether Borg stays on the file systems of the folders; kept by the plan.
 */
one_file_system: boolean, 
/**
 * What of that backup the plan does otherwise, a sentence each.
 */
differences: Array<string>, };

/**
 * What a prune would do now. A prune asks Borg when it runs.
 */
export type PrunePreview = { 
/**
 * The plan whose archives were looked at.
 */
plan: number, 
/**
 * When Borg listed the archives, ISO 8601 UTC.
 */
read_at: string, 
/**
 * Each archive of the repository, newest first.
 */
archives: Array<PrunedArchive>, };

/**
 * What would become of one archive.
 */
export type PrunedArchive = { 
/**
 * Its name.
 */
name: string, 
/**
 * When its backup began, ISO 8601 UTC.
 */
made_at: string, 
/**
 * What would become of it.
 */
fate: ArchiveFate, 
/**
 * Why it is kept; null for what is not.
 */
kept: KeptBy | null, };

/**
 * From one time of the day until another; over midnight where it begins later than it ends.
 */
export type QuietHours = { 
/**
 * When they begin, `22:00`.
 */
from: string, 
/**
 * When they end.
 */
until: string, };

/**
 * A damaged database was replaced when Alcove started. The logs of jobs are not part of it.
 */
export type Recovery = { 
/**
 * Where the damaged file is now; null when there was none any more.
 */
set_aside: string | null, 
/**
 * From when the records are that took its place, without their access tokens; null when they begin anew.
 */
restored: string | null, };

/**
 * Which plans are right as they are.
 */
export type ReleasePlans = { 
/**
 * The plan whose files are as they should be; left out: all plans that came back with restored records.
 */
plan?: number, };

/**
 * A plan to remove.
 */
export type RemovePlan = { 
/**
 * The plan's number.
 */
plan: number, };

/**
 * The answer to `list_repositories`.
 */
export type Repositories = { 
/**
 * In the order they were added.
 */
repositories: Array<Repository>, };

/**
 * A repository Alcove knows.
 */
export type Repository = { 
/**
 * The repository's number.
 */
id: number, 
/**
 * The person's own name for it.
 */
name: string, 
/**
 * Borg's location.
 */
path: string, 
/**
 * Borg's name of the encryption mode.
 */
encryption: string, 
/**
 * Borg's repository id.
 */
borg_id: string | null, 
/**
 * The private key ssh logs in with; null: those ssh finds by itself.
 */
ssh_key: string | null, 
/**
 * The Borg of its server; null: `borg`.
 */
remote_path: string | null, 
/**
 * Its server lets nothing be deleted from this computer: no prune and no compact here.
 */
append_only: boolean, 
/**
 * How it is checked by itself; null: when it is asked for.
 */
check: CheckRhythm | null, 
/**
 * How long its passphrase is kept: `keyring`, `session`, until Alcove is closed, or `never`, for one job.
 */
keep_passphrase: KeepPassphrase, 
/**
 * When its key was last exported, ISO 8601 UTC; null: never.
 */
key_exported_at: string | null, };

/**
 * The last check of a repository.
 */
export type RepositoryCheck = { 
/**
 * The job that did it.
 */
job_id: number, 
/**
 * When it began, ISO 8601 UTC.
 */
at: string, 
/**
 * Whether nothing was found; null while it runs.
 */
good: boolean | null, 
/**
 * For how many minutes it read at most; null: all of the repository.
 */
minutes: number | null, };

/**
 * The answer to `create_repository` and `adopt_repository`.
 */
export type RepositoryCreated = { 
/**
 * Always true.
 */
success: boolean, 
/**
 * The new repository.
 */
repository: Repository, 
/**
 * Its default plan.
 */
plan: number | null, 
/**
 * Whether the passphrase is in the keyring; false: it is asked for after a restart.
 */
passphrase_remembered: boolean, };

/**
 * The answer to `get_repository`.
 */
export type RepositoryHealth = { 
/**
 * The repository.
 */
repository: Repository, 
/**
 * Its lock.
 */
lock: RepositoryLock, 
/**
 * Its last check; null: never by Alcove.
 */
last_check: RepositoryCheck | null, 
/**
 * How large it was, the oldest first; the last one is the newest that is known.
 */
sizes: Array<RepositorySize>, 
/**
 * The jobs that use it at the moment.
 */
active_jobs: Array<number>, 
/**
 * What its drive is called, now that it can be unplugged: no job needs it, and all that was written is on it. Null
 * at other times, and where it is not one to be taken away.
 */
unplug: string | null, };

/**
 * One repository.
 */
export type RepositoryId = { 
/**
 * The repository's number.
 */
repository_id: number, };

/**
 * The lock of a repository.
 */
export type RepositoryLock = { 
/**
 * Who holds it.
 */
state: LockState, 
/**
 * The name of the holder's computer.
 */
host: string | null, 
/**
 * The process number there.
 */
process: number | null, 
/**
 * Whether it keeps everyone else out; else it keeps out those who write.
 */
exclusive: boolean | null, 
/**
 * When it was taken, ISO 8601 UTC.
 */
since: string | null, };

/**
 * How large a repository was.
 */
export type RepositorySize = { 
/**
 * When, ISO 8601 UTC.
 */
at: string, 
/**
 * On what occasion.
 */
source: SizeSource, 
/**
 * What all archives hold, as if each were alone.
 */
original_size: ByteCount, 
/**
 * The same after compression.
 */
compressed_size: ByteCount, 
/**
 * What is stored. Space that compact has not given back yet is not in it.
 */
deduplicated_size: ByteCount, };

/**
 * Which job may go on.
 */
export type ResumeBackup = { 
/**
 * The job's number.
 */
job_id: number, 
/**
 * Answers yes to what Borg asks; a job that waits for `question` needs it.
 */
confirm?: boolean, };

/**
 * A token to make useless.
 */
export type RevokeAccessToken = { 
/**
 * The token's number.
 */
id: number, };

/**
 * The answer to `list_running_jobs`.
 */
export type RunningJobs = { 
/**
 * Whether there is any.
 */
has_running_jobs: boolean, 
/**
 * The jobs that hold the repository's lane.
 */
jobs: Array<number>, };

/**
 * A key to export.
 */
export type SaveKey = { 
/**
 * The repository's number.
 */
repository: number, 
/**
 * What it is to look like.
 */
form: KeyForm, };

/**
 * When a plan runs by itself.
 */
export type Schedule = { 
/**
 * A cron line of five fields: minute, hour, day of the month (`L` is the last), month, day of the week.
 */
cron: string, 
/**
 * The IANA name of the time zone it is meant in.
 */
time_zone: string, 
/**
 * The line in English words.
 */
words: string, 
/**
 * The next three times, ISO 8601 UTC.
 */
next_runs: Array<string>, };

/**
 * The answer to `pause_schedules`.
 */
export type SchedulesPaused = { 
/**
 * ISO 8601 UTC.
 */
paused_until: string, };

/**
 * What is set for all of Alcove.
 */
export type Settings = { 
/**
 * How the window looks.
 */
theme: "system" | "light" | "dark", 
/**
 * Whether a person is told of a job that went well.
 */
notify_success: boolean, 
/**
 * Whether a person is told of a job that ended with warnings. Of one that failed they always are.
 */
notify_warnings: boolean, 
/**
 * When nobody is told of anything until it is over; null: never.
 */
quiet_hours: QuietHours | null, 
/**
 * Whether Alcove goes on when its window is closed; as long as nobody has chosen, once a plan runs by itself.
 */
background: boolean, 
/**
 * Whether Alcove starts, without a window, when the person logs in; as long as nobody has chosen, once a plan runs
 * by itself.
 */
start_at_login: boolean, 
/**
 * How many repositories are worked on at the same time, 1 to 16.
 */
lanes: number, 
/**
 * How many minutes a job waits for another program that holds its repository, 0 to 1440.
 */
lock_wait_minutes: number, 
/**
 * The Borg to use; null: the first usable one on the search path.
 */
borg_path: string | null, 
/**
 * Whether the computer is kept from falling asleep by itself while a job runs.
 */
stay_awake: boolean, 
/**
 * Whether the Borg of a job lets other programs have processor and disk first.
 */
low_priority: boolean, 
/**
 * How many days the logs of jobs that went well are kept; 0: for ever.
 */
log_days: number, 
/**
 * How many bytes all logs together may take; 0: as much as there is. Those of failed jobs go last.
 */
log_bytes: ByteCount, };

/**
 * On what occasion Borg said how large a repository is.
 */
export type SizeSource = "backup" | "asked";

/**
 * A private key in the person's `.ssh`.
 */
export type SshKey = { 
/**
 * Its file's absolute path.
 */
path: string, 
/**
 * Its type, such as `ssh-ed25519`; null when only its passphrase would tell.
 */
kind: string | null, 
/**
 * What its maker noted in it.
 */
comment: string, 
/**
 * `SHA256:` and the hash of its public part.
 */
fingerprint: string | null, 
/**
 * Whether a passphrase locks it: ssh can use it only from an agent then.
 */
locked: boolean, 
/**
 * Its public part, one line, to add on a server.
 */
public: string | null, };

/**
 * The answer to `list_ssh_keys`.
 */
export type SshKeys = { 
/**
 * By path.
 */
keys: Array<SshKey>, };

/**
 * Which backup to start.
 */
export type StartBackup = { 
/**
 * The repository's location; a trailing slash does not matter.
 */
repository: string, 
/**
 * The plan, where the repository has several.
 */
plan?: number, 
/**
 * The job this one tries again.
 */
retry_of?: number, };

/**
 * Which maintenance to start.
 */
export type StartMaintenance = { 
/**
 * The repository's number.
 */
repository_id: number, 
/**
 * `check`, `compact` or `prune`.
 */
kind: JobKind, 
/**
 * The plan whose archives are pruned, where the repository has several.
 */
plan?: number, 
/**
 * The job this one tries again.
 */
retry_of?: number, };

/**
 * What a step is about.
 */
export type StepKind = "address" | "port" | "host_key" | "login" | "borg" | "restriction" | "folder" | "repository" | "space" | "speed";

/**
 * How a step went.
 */
export type StepState = "good" | "attention" | "failed" | "unknown";

/**
 * Which lines of a log.
 */
export type StreamBackupLogs = { 
/**
 * The job's number.
 */
job_id: number, 
/**
 * The first line, from 0.
 */
offset?: number, 
/**
 * At most this many, 1 to 10000; 1000 when left out.
 */
limit?: number, };

/**
 * A folder worth a backup.
 */
export type SuggestedFolder = { 
/**
 * Its name for people.
 */
name: string, 
/**
 * Its absolute path.
 */
path: string, 
/**
 * What it is.
 */
kind: FolderKind, 
/**
 * Whether it should be chosen at first.
 */
chosen: boolean, };

/**
 * The answer to `suggest_folders`.
 */
export type SuggestedFolders = { 
/**
 * In the order to show.
 */
folders: Array<SuggestedFolder>, 
/**
 * Borg patterns of what a default plan leaves out: caches, trash, build output.
 */
exclude_patterns: Array<string>, };

/**
 * What Alcove runs on.
 */
export type System = { 
/**
 * Alcove's version.
 */
alcove_version: string, 
/**
 * The Borg in use, or why there is none.
 */
borg: BorgFound, 
/**
 * The folder of the database and the logs.
 */
data_folder: string, 
/**
 * The person's home folder.
 */
home_folder: string, 
/**
 * `linux`, `macos`, `windows`.
 */
platform: string, 
/**
 * Name of the system's keyring; null when there is none to remember passphrases in.
 */
keyring: string | null, 
/**
 * What was done about damaged records at the start, if they were.
 */
recovery: Recovery | null, 
/**
 * Whether plans came back with restored records and nobody has looked at them: no backup prunes or frees space.
 */
plans_held: boolean, };

/**
 * A connection to test.
 */
export type TestConnection = { 
/**
 * The repository's location, known to Alcove or not: an absolute path, `ssh://user@host:port/path`, or
 * `user@host:path`.
 */
repository: string, 
/**
 * Its passphrase; the one Alcove has when left out.
 */
passphrase?: string, 
/**
 * The private key ssh logs in with, an absolute path; that of the known repository when left out.
 */
ssh_key?: string, 
/**
 * The Borg of its server; that of the known repository when left out.
 */
remote_path?: string, 
/**
 * How many bytes the first backup will read, where that is known.
 */
expected_bytes?: ByteCount, 
/**
 * Seconds after which the test ends, 5 to 300; 90 when left out.
 */
time_limit?: number, };

/**
 * What to walk through as a backup would.
 */
export type TestPlan = { 
/**
 * Absolute folders and files.
 */
source_directories: Array<string>, 
/**
 * Borg patterns of what is left out.
 */
exclude_patterns?: Array<string>, 
/**
 * The plan this is about: what it says of file systems holds here too.
 */
plan?: number, };

/**
 * What a backup would take now. No file was read.
 */
export type TestRun = { 
/**
 * Files; of hard links one.
 */
files: number, 
/**
 * Bytes of their content.
 */
bytes: ByteCount, 
/**
 * Folders, links and other things without content.
 */
others: number, 
/**
 * How many paths are left out; what is below a folder that is left out is not counted.
 */
left_out: number, 
/**
 * The first 1000 of them.
 */
left_out_paths: Array<string>, 
/**
 * What Borg complained of, the first 1000 lines.
 */
warnings: Array<string>, };

/**
 * A server's key that a person approved.
 */
export type TrustHostKey = { 
/**
 * The repository's location.
 */
repository: string, 
/**
 * The fingerprint that was shown, `SHA256:…`.
 */
fingerprint: string, };

/**
 * A passphrase for a repository.
 */
export type UnlockRepository = { 
/**
 * The repository's location.
 */
repository: string, 
/**
 * The passphrase.
 */
passphrase: string, 
/**
 * Whether to keep it in the system's keyring; as the repository says when left out.
 */
remember_passphrase?: boolean, };

/**
 * An exported key to try.
 */
export type VerifyKey = { 
/**
 * The repository's number.
 */
repository: number, 
/**
 * Its passphrase; the one Alcove has when left out.
 */
passphrase?: string, };

/** Every operation: its arguments and its answer. */
export interface Operations {
  /** Starts a plan of the repository at this location. */
  start_backup: { args: StartBackup; answer: BackupStarted };
  /** Lists backup jobs, newest first. */
  list_backup_jobs: { args: ListBackupJobs; answer: BackupJobs };
  /** Starts a check, a compact or a prune of a repository. */
  start_maintenance: { args: StartMaintenance; answer: MaintenanceStarted };
  /** Lists jobs of every kind, newest first. */
  list_jobs: { args: ListJobs; answer: Jobs };
  /** Tells which archives a prune would delete now, and why the others stay. */
  preview_prune: { args: PreviewPrune; answer: PrunePreview };
  /** Returns one job as it is now. */
  get_backup_status: { args: JobId; answer: BackupStatus };
  /** Stops a job, or its maintenance once the archive is safe. */
  cancel_backup: { args: JobId; answer: BackupCancelled };
  /** Returns lines of a job's log; works while the job runs. */
  stream_backup_logs: { args: StreamBackupLogs; answer: LogPage };
  /** Lists the repositories Alcove knows. */
  list_repositories: { args: Nothing; answer: Repositories };
  /** Creates a Borg repository and the default plan that fills it. */
  create_repository: { args: CreateRepository; answer: RepositoryCreated };
  /** Tells what is known of a repository: its lock, its last check, how large it was over time. */
  get_repository: { args: RepositoryId; answer: RepositoryHealth };
  /** Asks Borg how large a repository is, and notes it. */
  measure_repository: { args: RepositoryId; answer: RepositorySize };
  /** Removes a lock of a repository that was left behind. */
  break_repository_lock: { args: BreakLock; answer: Nothing };
  /** Changes what a person chose of a repository; what is left out stays. */
  change_repository: { args: ChangeRepository; answer: Repository };
  /** Removes a repository from Alcove with its plans; the repository itself and the history of its jobs stay. */
  forget_repository: { args: RepositoryId; answer: Nothing };
  /** Notes that a repository is at another location now. */
  move_repository: { args: MoveRepository; answer: Repository };
  /** Looks at a repository that another program made, and proposes a plan like its newest backup. */
  inspect_repository: { args: InspectRepository; answer: InspectedRepository };
  /** Takes a repository over that another program made, with a plan that goes on with it. */
  adopt_repository: { args: AdoptRepository; answer: RepositoryCreated };
  /** Hands over a repository's passphrase; jobs that wait for it go on. */
  unlock_repository: { args: UnlockRepository; answer: Nothing };
  /** Gives a repository another passphrase. Its exported key stays locked by the old one. */
  change_passphrase: { args: ChangePassphrase; answer: PassphraseChanged };
  /** Lets a job that waits for an answer go on. */
  resume_backup: { args: ResumeBackup; answer: Nothing };
  /** Gives a job that waits for its turn another place in the queue of its repository. */
  move_job: { args: MoveJob; answer: Nothing };
  /** Lists the jobs that a repository is busy with. */
  list_running_jobs: { args: RepositoryId; answer: RunningJobs };
  /** Lists the archives of a repository as Borg does, without checkpoints. */
  list_archives: { args: ListArchives; answer: ArchiveListing };
  /** Lists the plans with their last results. */
  list_plans: { args: Nothing; answer: Plans };
  /** Makes a plan for a repository. */
  create_plan: { args: CreatePlan; answer: PlanSaved };
  /** Changes a plan; what is left out stays. */
  change_plan: { args: ChangePlan; answer: PlanSaved };
  /** Says in words when a plan of this schedule would run, and its next times. */
  preview_schedule: { args: NewSchedule; answer: Schedule };
  /** Has no plan start by itself for an hour, or until tomorrow. */
  pause_schedules: { args: PauseSchedules; answer: SchedulesPaused };
  /** Ends a pause of the schedules; what came due meanwhile starts. */
  resume_schedules: { args: Nothing; answer: Nothing };
  /** Removes a plan; its archives and its jobs stay. */
  remove_plan: { args: RemovePlan; answer: Nothing };
  /** Tells what a backup of these folders would take, without reading a file. */
  test_plan: { args: TestPlan; answer: TestRun };
  /** Returns what is set for all of Alcove. */
  get_settings: { args: Nothing; answer: Settings };
  /** Changes what is set for all of Alcove; what is left out stays. */
  change_settings: { args: ChangeSettings; answer: Settings };
  /** Tells which Borg is used, where Alcove keeps its files, and what this computer offers. */
  get_system: { args: Nothing; answer: System };
  /** Notes that a person has looked at a plan that is held, or at those that came back with restored records. */
  release_plans: { args: ReleasePlans; answer: Nothing };
  /** Collects what helps to find a fault, without names, paths, hosts and secrets. */
  get_diagnostics: { args: Nothing; answer: Diagnostics };
  /** Names the folders of this person that are worth a backup. */
  suggest_folders: { args: Nothing; answer: SuggestedFolders };
  /** Adds up a folder as Borg would; stops early on a very large one. */
  measure_folder: { args: MeasureFolder; answer: FolderMeasure };
  /** Lists drives that are plugged in and can take a repository. */
  list_drives: { args: Nothing; answer: Drives };
  /** Tells whether a new repository can be made in a local folder. */
  inspect_destination: { args: InspectDestination; answer: Destination };
  /** Lists the tokens that open the HTTP door. */
  list_access_tokens: { args: Nothing; answer: AccessTokens };
  /** Makes a token for the HTTP door; the answer is the only place it is shown. */
  create_access_token: { args: CreateAccessToken; answer: AccessTokenCreated };
  /** Makes a token useless from now on. */
  revoke_access_token: { args: RevokeAccessToken; answer: Nothing };
  /** Tests the way to a repository step by step, and says which step fails and why. */
  test_connection: { args: TestConnection; answer: ConnectionReport };
  /** Writes down the key of a server that a person compared and approved. */
  trust_host_key: { args: TrustHostKey; answer: HostKeyTrusted };
  /** Lists the private ssh keys of this person. */
  list_ssh_keys: { args: Nothing; answer: SshKeys };
  /** Makes an Ed25519 ssh key under a name that is free. */
  make_ssh_key: { args: MakeSshKey; answer: SshKey };
  /** Asks for a folder with the system's dialog. */
  choose_folder: { args: ChooseFolder; answer: ChosenFolder };
  /** Asks where to save a job's log with the system's dialog, and saves it. */
  save_backup_logs: { args: JobId; answer: LogSaved };
  /** Asks where to save a repository's key with the system's dialog, and exports it there. */
  save_key: { args: SaveKey; answer: KeySaved };
  /** Asks for an exported key with the system's dialog, and opens the repository with it. */
  verify_key: { args: VerifyKey; answer: KeyVerified };
  /** Asks where to save the diagnostics with the system's dialog, and saves them. */
  save_diagnostics: { args: Nothing; answer: DiagnosticsSaved };
  /** Tells whether the desktop's HTTP door is open, and how to use it. */
  get_http_access: { args: Nothing; answer: HttpAccess };
  /** Opens or closes the desktop's HTTP door, at once and for the next start. */
  change_http_access: { args: ChangeHttpAccess; answer: HttpAccess };
  /** Ends the program; asks before it stops a job. */
  quit: { args: Nothing; answer: Nothing };
}
