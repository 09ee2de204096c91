import { useEffect, useRef } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { ChangedKey } from "../../components/ChangedKey";
import { CommandLine } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import { Problem } from "../../components/Problem";
import type { ConnectionStep, HostKey, Status, StepKind, StepState } from "../../platform/bindings";
import type { ConnectionTest } from "./useConnectionTest";
import "../../components/status.css";
import "./steps.css";

const TONE: Record<StepState, Status> = {
  good: "completed",
  attention: "completed_with_warnings",
  failed: "failed",
  unknown: "pending",
};
const ICON = {
  good: "st-completed",
  attention: "st-warnings",
  failed: "st-failed",
  unknown: "st-pending",
} as const;
const WORD: Record<StepState, string> = {
  good: "Good",
  attention: "Needs attention",
  failed: "Failed",
  unknown: "Could not be told",
};

/** What is worth reading of a way that works. */
const TELLING: readonly StepKind[] = ["borg", "space", "speed"];

/**
 * How a test went, step by step; a key nobody has approved yet can be approved here. In `short` only what a person
 * acts on or wants to know is left.
 */
export function ConnectionSteps({ test, short = false }: { test: ConnectionTest; short?: boolean }) {
  const { report, error } = test;
  const key = report?.host_key;
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (report || error) answer.current?.scrollIntoView({ block: "end" });
  }, [report, error]);
  const asked = key !== null && key !== undefined && !key.known;
  const shown = (step: ConnectionStep) => {
    if (!short) return true;
    if (step.kind === "host_key" && asked) return false;
    return step.state !== "good" || (report?.good === true && TELLING.includes(step.kind));
  };
  return (
    <div className="conn-answer" ref={answer}>
      <p className="sr" role="status">
        {test.running
          ? "Testing the connection…"
          : report
            ? report.good
              ? "It works."
              : "It does not work yet."
            : ""}
      </p>
      {test.running && <p aria-hidden="true">Testing, step by step. This can take a minute…</p>}
      {report?.steps.some(shown) && (
        <ol className="conn-steps" aria-label="Steps of the test">
          {report.steps.filter(shown).map((step) => (
            <Step key={step.kind} step={step} />
          ))}
        </ol>
      )}
      {key?.expected && <ChangedKey shown={key.fingerprint} expected={key.expected} />}
      {key && !key.known && !key.expected && <UnknownKey hostKey={key} test={test} />}
      {error && (
        <Problem live title="That did not work" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </div>
  );
}

function Step({ step }: { step: ConnectionStep }) {
  return (
    <li data-status={TONE[step.state]}>
      <Icon name={ICON[step.state]} size={14} />
      <span>
        <span className="sr">{WORD[step.state]}: </span>
        {step.sentence}
        {step.hint && <span className="hint block">{step.hint}</span>}
      </span>
    </li>
  );
}

function UnknownKey({ hostKey, test }: { hostKey: HostKey; test: ConnectionTest }) {
  return (
    <Callout icon="key" tone="pending" title="Is this the key of your server?">
      <p>
        It shows this key ({hostKey.kind}). Compare it with the one your provider or the server’s owner names;
        if they differ, do not approve it.
      </p>
      <CommandLine command={hostKey.fingerprint} label="Copy fingerprint" />
      <Button size="sm" disabled={test.approving} onClick={() => test.approve(hostKey.fingerprint)}>
        {test.approving ? "Approving…" : "Approve this key"}
      </Button>
    </Callout>
  );
}
