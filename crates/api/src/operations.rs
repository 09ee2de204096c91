// The one list of operations. It is included, not imported: each reader defines `operations!` as it
// needs (bindings here, permissions in the desktop's build script, handlers in the desktop), so a
// name that is missing anywhere does not compile.
//
// `every_door` runs in the engine and is offered by every door under the same name; `desktop` needs
// a native dialog, a stream of the window, or the running program itself.
operations! {
    every_door {
        /// Starts a plan of the repository at this location.
        start_backup(StartBackup) -> BackupStarted,
        /// Lists backup jobs, newest first.
        list_backup_jobs(ListBackupJobs) -> BackupJobs,
        /// Starts a check, a compact or a prune of a repository.
        start_maintenance(StartMaintenance) -> MaintenanceStarted,
        /// Lists jobs of every kind, newest first.
        list_jobs(ListJobs) -> Jobs,
        /// Tells which archives a prune would delete now, and why the others stay.
        preview_prune(PreviewPrune) -> PrunePreview,
        /// Returns one job as it is now.
        get_backup_status(JobId) -> BackupStatus,
        /// Stops a job, or its maintenance once the archive is safe.
        cancel_backup(JobId) -> BackupCancelled,
        /// Returns lines of a job's log; works while the job runs.
        stream_backup_logs(StreamBackupLogs) -> LogPage,
        /// Lists the repositories Alcove knows.
        list_repositories(Nothing) -> Repositories,
        /// Creates a Borg repository and the default plan that fills it.
        create_repository(CreateRepository) -> RepositoryCreated,
        /// Tells what is known of a repository: its lock, its last check, how large it was over time.
        get_repository(RepositoryId) -> RepositoryHealth,
        /// Asks Borg how large a repository is, and notes it.
        measure_repository(RepositoryId) -> RepositorySize,
        /// Removes a lock of a repository that was left behind.
        break_repository_lock(BreakLock) -> Nothing,
        /// Changes what a person chose of a repository; what is left out stays.
        change_repository(ChangeRepository) -> Repository,
        /// Removes a repository from Alcove with its plans; the repository itself and the history of its jobs stay.
        forget_repository(RepositoryId) -> Nothing,
        /// Notes that a repository is at another location now.
        move_repository(MoveRepository) -> Repository,
        /// Looks at a repository that another program made, and proposes a plan like its newest backup.
        inspect_repository(InspectRepository) -> InspectedRepository,
        /// Takes a repository over that another program made, with a plan that goes on with it.
        adopt_repository(AdoptRepository) -> RepositoryCreated,
        /// Hands over a repository's passphrase; jobs that wait for it go on.
        unlock_repository(UnlockRepository) -> Nothing,
        /// Gives a repository another passphrase. Its exported key stays locked by the old one.
        change_passphrase(ChangePassphrase) -> PassphraseChanged,
        /// Lets a job that waits for an answer go on.
        resume_backup(ResumeBackup) -> Nothing,
        /// Gives a job that waits for its turn another place in the queue of its repository.
        move_job(MoveJob) -> Nothing,
        /// Lists the jobs that a repository is busy with.
        list_running_jobs(RepositoryId) -> RunningJobs,
        /// Lists the archives of a repository as Borg does, without checkpoints.
        list_archives(ListArchives) -> ArchiveListing,
        /// Lists the plans with their last results.
        list_plans(Nothing) -> Plans,
        /// Makes a plan for a repository.
        create_plan(CreatePlan) -> PlanSaved,
        /// Changes a plan; what is left out stays.
        change_plan(ChangePlan) -> PlanSaved,
        /// Says in words when a plan of this schedule would run, and its next times.
        preview_schedule(NewSchedule) -> Schedule,
        /// Has no plan start by itself for an hour, or until tomorrow.
        pause_schedules(PauseSchedules) -> SchedulesPaused,
        /// Ends a pause of the schedules; what came due meanwhile starts.
        resume_schedules(Nothing) -> Nothing,
        /// Removes a plan; its archives and its jobs stay.
        remove_plan(RemovePlan) -> Nothing,
        /// Tells what a backup of these folders would take, without reading a file.
        test_plan(TestPlan) -> TestRun,
        /// Returns what is set for all of Alcove.
        get_settings(Nothing) -> Settings,
        /// Changes what is set for all of Alcove; what is left out stays.
        change_settings(ChangeSettings) -> Settings,
        /// Tells which Borg is used, where Alcove keeps its files, and what this computer offers.
        get_system(Nothing) -> System,
        /// Notes that a person has looked at a plan that is held, or at those that came back with restored records.
        release_plans(ReleasePlans) -> Nothing,
        /// Collects what helps to find a fault, without names, paths, hosts and secrets.
        get_diagnostics(Nothing) -> Diagnostics,
        /// Names the folders of this person that are worth a backup.
        suggest_folders(Nothing) -> SuggestedFolders,
        /// Adds up a folder as Borg would; stops early on a very large one.
        measure_folder(MeasureFolder) -> FolderMeasure,
        /// Lists drives that are plugged in and can take a repository.
        list_drives(Nothing) -> Drives,
        /// Tells whether a new repository can be made in a local folder.
        inspect_destination(InspectDestination) -> Destination,
        /// Lists the tokens that open the HTTP door.
        list_access_tokens(Nothing) -> AccessTokens,
        /// Makes a token for the HTTP door; the answer is the only place it is shown.
        create_access_token(CreateAccessToken) -> AccessTokenCreated,
        /// Makes a token useless from now on.
        revoke_access_token(RevokeAccessToken) -> Nothing,
        /// Tests the way to a repository step by step, and says which step fails and why.
        test_connection(TestConnection) -> ConnectionReport,
        /// Writes down the key of a server that a person compared and approved.
        trust_host_key(TrustHostKey) -> HostKeyTrusted,
        /// Lists the private ssh keys of this person.
        list_ssh_keys(Nothing) -> SshKeys,
        /// Makes an Ed25519 ssh key under a name that is free.
        make_ssh_key(MakeSshKey) -> SshKey,
    }
    desktop {
        /// Asks for a folder with the system's dialog.
        choose_folder(ChooseFolder) -> ChosenFolder,
        /// Asks where to save a job's log with the system's dialog, and saves it.
        save_backup_logs(JobId) -> LogSaved,
        /// Asks where to save a repository's key with the system's dialog, and exports it there.
        save_key(SaveKey) -> KeySaved,
        /// Asks for an exported key with the system's dialog, and opens the repository with it.
        verify_key(VerifyKey) -> KeyVerified,
        /// Asks where to save the diagnostics with the system's dialog, and saves them.
        save_diagnostics(Nothing) -> DiagnosticsSaved,
        /// Tells whether the desktop's HTTP door is open, and how to use it.
        get_http_access(Nothing) -> HttpAccess,
        /// Opens or closes the desktop's HTTP door, at once and for the next start.
        change_http_access(ChangeHttpAccess) -> HttpAccess,
        /// Ends the program; asks before it stops a job.
        quit(Nothing) -> Nothing,
    }
}
