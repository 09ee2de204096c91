import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { toastDone, toastError } from "../../components/toasts";
import type { Repository, RepositoryLock } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { holder } from "./health";
import { useBreakLock } from "./queries";

/** Asks for the repository's name before a lock goes of which only a person can know whether anybody needs it. */
export function BreakLock({
  repository,
  lock,
  now,
  onClose,
}: {
  repository: Repository;
  lock: RepositoryLock;
  now: Date;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const breaking = useBreakLock(repository.id);
  const error = breaking.error && PlatformError.from(breaking.error);
  const ready = !breaking.isPending && typed.trim() === repository.name;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Break the lock of ${repository.name}?`}
      initialFocus={field}
      onSubmit={() =>
        ready &&
        breaking.mutate(repository.name, {
          onSuccess: () => {
            toastDone(unlocked(repository));
            onClose();
          },
        })
      }
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Keep lock
          </Button>
          <Button size="lg" kind="danger" type="submit" disabled={!ready}>
            {breaking.isPending ? "Breaking…" : "Break lock"}
          </Button>
        </>
      }
    >
      <p>{whose(lock, now)}</p>
      <p>
        A lock keeps two programs from writing at the same time. Broken while one still writes, it can damage
        the repository and every archive in it.
      </p>
      <Field
        ref={field}
        label={`Type ${repository.name} to break its lock`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && (
        <Problem live title={NOT_BROKEN} hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}

function whose(lock: RepositoryLock, now: Date): string {
  if (lock.state === "elsewhere") {
    return `Held by ${holder(lock, now)}. Alcove cannot see whether it still runs: look on ${lock.host} first.`;
  }
  return "Over ssh Borg does not say who holds it. Make sure that no other computer backs up there now.";
}

const NOT_BROKEN = "The lock was not broken";
const unlocked = (repository: Repository) => `${repository.name} is no longer locked`;

/** Breaks a lock whose process is gone from this computer: nobody needs it, so nothing is asked. */
export function useBreakLeftBehind(repository: Repository): { breakIt: () => void; pending: boolean } {
  const breaking = useBreakLock(repository.id);
  const breakIt = () =>
    breaking.mutate(undefined, {
      onSuccess: () => toastDone(unlocked(repository)),
      onError: (error) => toastError(NOT_BROKEN, PlatformError.from(error)),
    });
  return { breakIt, pending: breaking.isPending };
}
