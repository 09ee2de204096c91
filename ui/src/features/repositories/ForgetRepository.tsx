import { useRef, useState } from "react";
import { go } from "../../app/router";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import { counted } from "../../format/count";
import type { Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useForget } from "./queries";

/** Has Alcove forget a repository once its name is typed, after saying what stays. */
export function ForgetRepository({
  repository,
  plans,
  onClose,
}: {
  repository: Repository;
  /** How many plans write there, and go with it. */
  plans: number;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const forget = useForget(repository.id);
  const error = forget.error && PlatformError.from(forget.error);
  const matches = typed.trim() === repository.name;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Forget ${repository.name}?`}
      initialFocus={field}
      onSubmit={() =>
        matches &&
        !forget.isPending &&
        forget.mutate(undefined, {
          onSuccess: () => {
            toastDone(`Alcove has forgotten ${repository.name}`);
            go({ screen: "repositories", repository: null });
          },
        })
      }
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Keep repository
          </Button>
          <Button size="lg" kind="danger" type="submit" disabled={!matches || forget.isPending}>
            Forget repository
          </Button>
        </>
      }
    >
      <p>
        The repository at <span className="mono breaks">{repository.path}</span> stays as it is, with every
        archive in it. The history of its jobs stays too.
      </p>
      {plans > 0 && (
        <p>
          {counted(plans, "plan goes", "plans go")} with it: nothing is backed up there by Alcove any more.
        </p>
      )}
      <Field
        ref={field}
        label={`Type ${repository.name} to forget it`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && (
        <Problem live title={`${repository.name} is still known`} hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}
