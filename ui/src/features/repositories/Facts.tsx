import type { ReactNode } from "react";
import { hrefOf } from "../../app/router";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/icons";
import type { Repository, RepositoryHealth, Status } from "../../platform/bindings";
import { checkFact, encryptionFact, type Fact, hasKey, keyFact, lockFact } from "./health";
import "../../components/status.css";

const TONE_ICON: Partial<Record<Status, IconName>> = {
  completed: "st-completed",
  completed_with_warnings: "st-warnings",
  failed: "st-failed",
};

/** Four facts that say whether a repository can be relied on. */
export function Facts({
  repository,
  health,
  met,
  now,
  onVerify,
  onPassphrase,
  breakLock,
}: {
  repository: Repository;
  health: RepositoryHealth;
  /** Whether a job met a lock there. */
  met: boolean;
  now: Date;
  onVerify: () => void;
  onPassphrase: () => void;
  /** Given when there is a lock that may be broken; whether more is asked before it goes. */
  breakLock?: { onClick: () => void; asks: boolean; pending: boolean };
}) {
  return (
    <dl className="card repo-facts">
      <Cell icon="shield-check" label="Last check" fact={checkFact(health.last_check, now)}>
        {health.last_check && (
          <a className="link" href={hrefOf({ screen: "jobs", job: health.last_check.job_id })}>
            Show its job
          </a>
        )}
      </Cell>
      <Cell icon="shield" label="Encryption" fact={encryptionFact(repository)}>
        {hasKey(repository) && (
          <Button size="sm" onClick={onPassphrase}>
            Change passphrase…
          </Button>
        )}
      </Cell>
      <Cell icon="key" label="Key export" fact={keyFact(repository, now)}>
        {hasKey(repository) && (
          <Button size="sm" onClick={onVerify}>
            Verify an exported key…
          </Button>
        )}
      </Cell>
      <Cell icon="lock" label="Lock" fact={lockFact(health.lock, met, now)}>
        {breakLock && (
          <Button size="sm" disabled={breakLock.pending} onClick={breakLock.onClick}>
            {breakLock.asks ? "Break lock…" : "Break lock"}
          </Button>
        )}
      </Cell>
    </dl>
  );
}

function Cell({
  icon,
  label,
  fact,
  children,
}: {
  icon: IconName;
  label: string;
  fact: Fact;
  children?: ReactNode;
}) {
  const mark = fact.tone && TONE_ICON[fact.tone];
  return (
    <div>
      <dt>
        <Icon name={icon} size={14} />
        {label}
      </dt>
      <dd className={fact.tone ? "status" : undefined} data-status={fact.tone}>
        {mark && <Icon name={mark} size={14} />}
        <span className="trunc" title={fact.value}>
          {fact.value}
        </span>
      </dd>
      <dd className="hint">{fact.hint}</dd>
      {children && <dd className="fact-action">{children}</dd>}
    </div>
  );
}
