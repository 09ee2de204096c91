import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Repository, RepositoryLock } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { holder, needsWord } from "./health";
import { useBreakLock } from "./queries";

/** Asks, with what is known of the lock's holder, before the lock goes; for the name where only a person can know. */
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
  const keep = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const breaking = useBreakLock(repository.id);
  const error = breaking.error && PlatformError.from(breaking.error);
  const asks = needsWord(lock);
  const ready = !breaking.isPending && (!asks || typed.trim() === repository.name);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Break the lock of ${repository.name}?`}
      initialFocus={asks ? field : keep}
      onSubmit={() =>
        ready &&
        breaking.mutate(asks ? repository.name : undefined, {
          onSuccess: () => {
            toastDone(`${repository.name} is no longer locked`);
            onClose();
          },
        })
      }
      foot={
        <>
          <Button ref={keep} size="lg" onClick={onClose}>
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
      {asks && (
        <Field
          ref={field}
          label={`Type ${repository.name} to break its lock`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {error && (
        <Problem live title="The lock was not broken" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}

function whose(lock: RepositoryLock, now: Date): string {
  switch (lock.state) {
    case "left_behind":
      return `It was left behind by ${holder(lock, now)}, which no longer runs.`;
    case "elsewhere":
      return `Held by ${holder(lock, now)}. Alcove cannot see whether it still runs: look on ${lock.host} first.`;
    default:
      return "Over ssh Borg does not say who holds it. Make sure that no other computer backs up there now.";
  }
}
