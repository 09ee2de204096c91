import { useRef } from "react";
import { Button } from "../../components/Button";
import { QuestionDialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Repository, RepositoryLock } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useBreakLock } from "./queries";

/** Asks, with what is known of the lock's holder, before the lock goes. */
export function BreakLock({
  repository,
  lock,
  onClose,
}: {
  repository: Repository;
  lock: RepositoryLock;
  onClose: () => void;
}) {
  const keep = useRef<HTMLButtonElement>(null);
  const breaking = useBreakLock(repository.id);
  const error = breaking.error && PlatformError.from(breaking.error);
  return (
    <QuestionDialog
      open
      onClose={onClose}
      title={`Break the lock of ${repository.name}?`}
      initialFocus={keep}
      foot={
        <>
          <Button ref={keep} size="lg" onClick={onClose}>
            Keep lock
          </Button>
          <Button
            size="lg"
            kind="danger"
            disabled={breaking.isPending}
            onClick={() =>
              breaking.mutate(undefined, {
                onSuccess: () => {
                  toastDone(`${repository.name} is no longer locked`);
                  onClose();
                },
              })
            }
          >
            {breaking.isPending ? "Breaking…" : "Break lock"}
          </Button>
        </>
      }
    >
      <p>{holder(lock)}</p>
      <p>
        A lock keeps two programs from writing at the same time. Broken while one still writes, it can damage
        the repository and every archive in it.
      </p>
      {error && (
        <Problem live title="The lock was not broken" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </QuestionDialog>
  );
}

function holder({ state, host, process }: RepositoryLock): string {
  switch (state) {
    case "left_behind":
      return `It was left behind by process ${process} of this computer, which no longer runs.`;
    case "elsewhere":
      return `Process ${process} on ${host} holds it. Alcove cannot see whether it still runs: look on ${host} first.`;
    default:
      return "Over ssh Borg does not say who holds it. Make sure that no other computer backs up there now.";
  }
}
