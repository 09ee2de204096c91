import { useEffect, useRef } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import type { Repository } from "../../platform/bindings";
import { ConnectionSteps } from "./ConnectionSteps";
import { useConnectionTest } from "./useConnectionTest";

/** Tests the way to a repository when it opens, and again when asked. */
export function TestConnection({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const test = useConnectionTest(() => ({ repository: repository.path }));
  const close = useRef<HTMLButtonElement>(null);
  const { run } = test;
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    run();
  }, [run]);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`The way to ${repository.name}`}
      initialFocus={close}
      onSubmit={() => undefined}
      foot={
        <>
          <Button size="lg" disabled={test.running || test.approving} onClick={run}>
            Test again
          </Button>
          <Button ref={close} size="lg" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <p className="mono breaks">{repository.path}</p>
      <ConnectionSteps test={test} />
    </FormDialog>
  );
}
