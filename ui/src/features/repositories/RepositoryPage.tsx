import { useState } from "react";
import { useQueue } from "../../app/queue";
import { hrefOf } from "../../app/router";
import { useNow } from "../../app/useNow";
import { Button, LinkButton } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { Problem } from "../../components/Problem";
import { counted } from "../../format/count";
import type { Repository, RepositoryHealth, RepositoryLock } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { isBackup, jobName } from "../jobs/job";
import { useJobsOutline } from "../jobs/LiveProvider";
import { usePlans, useRepositories } from "../plans/queries";
import { BreakLock, useBreakLeftBehind } from "./BreakLock";
import { ChangePassphrase } from "./ChangePassphrase";
import { ExportKey } from "./ExportKey";
import { Facts } from "./Facts";
import { ForgetRepository } from "./ForgetRepository";
import { canBreak, hasKey, metLock, needsWord } from "./health";
import { JobsHere } from "./JobsHere";
import { MaintenanceButtons } from "./MaintenanceButtons";
import { MoveRepository } from "./MoveRepository";
import { PlansHere } from "./PlansHere";
import { Prune } from "./Prune";
import { useHealth } from "./queries";
import { RenameRepository } from "./RenameRepository";
import { RepositorySettings } from "./RepositorySettings";
import { Storage } from "./Storage";
import { TestConnection } from "./TestConnection";
import { APPEND_ONLY } from "./upkeep";
import { VerifyKey } from "./VerifyKey";
import "./repositories.css";

type Asking =
  | "export"
  | "verify"
  | "test"
  | "move"
  | "lock"
  | "prune"
  | "rename"
  | "forget"
  | "passphrase"
  | null;

/** One repository: how it is, how large, what fills it, and what can be done with it. */
export function RepositoryPage({ id }: { id: number }) {
  const known = useRepositories().data;
  const { data, error, refetch } = useHealth(id);
  const repository = known?.find((each) => each.id === id) ?? data?.repository;
  if (known && !repository) {
    return (
      <Empty
        icon="repositories"
        title={`There is no repository ${id}`}
        action={
          <LinkButton href={hrefOf({ screen: "repositories", repository: null })}>
            Show all repositories
          </LinkButton>
        }
      >
        Alcove does not know it.
      </Empty>
    );
  }
  if (!repository) return <div className="scroll" aria-busy="true" />;
  return (
    <Page
      repository={repository}
      health={data ?? null}
      error={error ? PlatformError.from(error) : null}
      onRetry={() => void refetch()}
    />
  );
}

function Page({
  repository,
  health,
  error,
  onRetry,
}: {
  repository: Repository;
  health: RepositoryHealth | null;
  error: PlatformError | null;
  onRetry: () => void;
}) {
  const [asking, setAsking] = useState<Asking>(null);
  const now = useNow(false);
  const plans = usePlans().filter((plan) => plan.repository.id === repository.id);
  const live = useJobsOutline();
  const met = metLock([
    ...plans.map((plan) => plan.last_job),
    ...[...live.values()].filter((job) => job.repository === repository.path),
  ]);
  const leftBehind = useBreakLeftBehind(repository);
  const breakLock = (lock: RepositoryLock) =>
    needsWord(lock)
      ? { asks: true, pending: false, onClick: () => setAsking("lock") }
      : { asks: false, pending: leftBehind.pending, onClick: leftBehind.breakIt };
  const close = () => setAsking(null);
  const neverExported = hasKey(repository) && repository.key_exported_at === null;
  const { running, waiting } = useQueue();
  const jobs = [...running, ...waiting].filter((job) => job.repository === repository.path);
  const [first] = jobs;
  const name = first && jobName(first, repository.name);
  const busy = first && (isBackup(first) ? `The backup of ${name}` : name);
  return (
    <>
      <header className="page-head">
        <nav className="crumbs" aria-label="Breadcrumb">
          <a href={hrefOf({ screen: "repositories", repository: null })}>Repositories</a>
          <Icon name="chev-r" size={12} />
        </nav>
        <h1 className="trunc">{repository.name}</h1>
        <div className="actions">
          <MaintenanceButtons
            repository={repository}
            plans={plans}
            busy={busy}
            onPrune={() => setAsking("prune")}
          />
          {hasKey(repository) && (
            <Button
              kind={neverExported ? "primary" : "default"}
              icon="key"
              onClick={() => setAsking("export")}
            >
              Export key…
            </Button>
          )}
        </div>
      </header>
      <div className="scroll">
        <div className="content repo-page">
          <div className="repo-place">
            <span className="mono breaks">{repository.path}</span>
            <CopyButton label="Copy the repository’s place" text={repository.path} />
            {repository.append_only && (
              <span className="badge" title={APPEND_ONLY}>
                <Icon name="lock" size={14} />
                Append-only
              </span>
            )}
            {health?.unplug && (
              <span className="badge" data-status="completed" role="status">
                <Icon name="usb" size={14} />
                You can unplug {health.unplug} now
              </span>
            )}
            {plans.length > 0 && (
              <span className="end hint nowrap">Used by {counted(plans.length, "plan")}</span>
            )}
          </div>
          <JobsHere jobs={jobs} repository={repository.name} />
          {error && (
            <Problem
              live
              title={`What Alcove knows of ${repository.name} could not be read`}
              hints={error.hints}
              actions={
                <Button size="sm" onClick={onRetry}>
                  Try again
                </Button>
              }
            >
              {error.message}
            </Problem>
          )}
          {health && (
            <>
              <Facts
                health={health}
                repository={repository}
                met={met}
                now={now}
                onVerify={() => setAsking("verify")}
                onPassphrase={() => setAsking("passphrase")}
                {...(canBreak(health.lock, met) && { breakLock: breakLock(health.lock) })}
              />
              <Storage repository={repository} sizes={health.sizes} now={now} />
            </>
          )}
          <PlansHere repository={repository.id} plans={plans} now={now} />
          <RepositorySettings repository={repository} busy={busy} onAsk={setAsking} />
        </div>
      </div>
      {asking === "export" && <ExportKey repository={repository} onClose={close} />}
      {asking === "passphrase" && (
        <ChangePassphrase repository={repository} onClose={close} onExport={() => setAsking("export")} />
      )}
      {asking === "verify" && <VerifyKey repository={repository} onClose={close} />}
      {asking === "test" && <TestConnection repository={repository} onClose={close} />}
      {asking === "move" && <MoveRepository repository={repository} onClose={close} />}
      {asking === "prune" && <Prune repository={repository} plans={plans} onClose={close} />}
      {asking === "rename" && <RenameRepository repository={repository} onClose={close} />}
      {asking === "forget" && (
        <ForgetRepository repository={repository} plans={plans.length} onClose={close} />
      )}
      {asking === "lock" && health && (
        <BreakLock repository={repository} lock={health.lock} now={now} onClose={close} />
      )}
    </>
  );
}
