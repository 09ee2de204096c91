import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useChangeRepository } from "./queries";

/** Gives a repository another name. Nothing of it is touched: the name is Alcove's alone. */
export function RenameRepository({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const [name, setName] = useState(repository.name);
  const field = useRef<HTMLInputElement>(null);
  const change = useChangeRepository(repository.id);
  const error = change.error && PlatformError.from(change.error);
  const fault = error?.field === "name" ? error.message : null;
  const same = name.trim() === repository.name || name.trim() === "";
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Rename ${repository.name}`}
      initialFocus={field}
      onSubmit={() =>
        !same &&
        !change.isPending &&
        change.mutate(
          { name: name.trim() },
          {
            onSuccess: () => {
              toastDone(`It is called ${name.trim()} now`);
              onClose();
            },
          },
        )
      }
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Keep name
          </Button>
          <Button size="lg" kind="primary" type="submit" disabled={same || change.isPending}>
            Rename
          </Button>
        </>
      }
    >
      <Field
        ref={field}
        label="Name"
        value={name}
        invalid={fault !== null}
        hint={fault ?? "The repository and its archives keep their names on disk."}
        onChange={(event) => setName(event.target.value)}
      />
      {error && !fault && (
        <Problem live title="The name was not changed" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}
