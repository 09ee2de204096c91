import { useEffect, useId, useRef } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Problem } from "../../components/Problem";
import { Progress } from "../../components/Progress";
import { count, counted } from "../../format/count";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import type { TestRun } from "../../platform/bindings";
import { Lines } from "./Lines";
import type { TestRunState } from "./useTestRun";
import "./test-run.css";

/** What a backup would take, once somebody asked: below the fields it depends on, and marked when they change. The screen goes there when it begins. */
export function TestRunSection({ test }: { test: TestRunState }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const { pending, result, error, outdated, folders } = test;
  const answered = result !== null || error !== null;
  useEffect(() => {
    if (pending) heading.current?.focus({ preventScroll: true });
    // Who went on with the form meanwhile stays there when the answer comes.
    const here = heading.current === document.activeElement;
    if (here && (pending || answered)) heading.current?.scrollIntoView({ block: "start" });
  }, [pending, answered]);
  if (!pending && !result && !error) return null;
  return (
    <section className="group" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        Test run
      </h2>
      <p className="hint" role="status">
        {pending
          ? `Walking through ${counted(folders, "folder")} as a backup would. Large ones take minutes.`
          : result && !outdated
            ? "What a backup would take now. Nothing was written, and no file was read."
            : ""}
      </p>
      {pending && <Progress percent={null} label="Test run" />}
      {result && outdated && (
        <div className="test-outdated">
          <Callout icon="info" role="status" title="This is out of date">
            The folders or what is left out changed after the test run.
            <div className="row callout-actions">
              <Button size="sm" icon="play" onClick={test.run}>
                Test again
              </Button>
            </div>
          </Callout>
        </div>
      )}
      {error && (
        <Problem
          live
          title="The test run did not end"
          hints={error.hints}
          actions={
            <Button size="sm" onClick={test.run}>
              Try again
            </Button>
          }
        >
          {error.message} Nothing was written.
        </Problem>
      )}
      {result && <Result result={result} outdated={outdated} />}
    </section>
  );
}

/** Begins a test run; it stands in the foot bar, whatever part of the form is in sight. */
export function TestButton({ test: { run, pending } }: { test: TestRunState }) {
  return (
    <div className="test-start">
      <Button icon="play" disabled={pending} onClick={run}>
        {pending ? "Testing…" : "Test run"}
      </Button>
      <span className="hint trunc">Walks through everything, writes nothing</span>
    </div>
  );
}

function Result({ result, outdated }: { result: TestRun; outdated: boolean }) {
  const { files, bytes, others, left_out, left_out_paths, warnings } = result;
  const facts = [
    ["Files", count(files)],
    ["To back up", size(bytes)],
    ["Folders and links", count(others)],
    ["Left out", left_out === 0 ? NONE : count(left_out)],
    ["Warnings", warnings.length === 0 ? NONE : count(warnings.length)],
  ] as const;
  return (
    <div className="card test-run" data-outdated={outdated || undefined}>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {warnings.length > 0 && (
        <Lines title="Warnings" search="Search warnings" lines={warnings} total={warnings.length} />
      )}
      {left_out_paths.length > 0 && (
        <Lines
          title="Left out"
          search="Search what is left out"
          hint="What is below a folder here is left out too, and not counted."
          lines={left_out_paths}
          total={left_out}
        />
      )}
    </div>
  );
}
