import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { PassphraseField } from "../../components/PassphraseField";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { WANTS_PASSPHRASE } from "./health";
import { LocationField } from "./LocationField";
import { useMove } from "./queries";

/** Tells Alcove where a repository is now. It must be the same one. */
export function MoveRepository({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const [path, setPath] = useState(repository.path);
  const [passphrase, setPassphrase] = useState("");
  const [shown, setShown] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const move = useMove(() => ({
    repository_id: repository.id,
    path: path.trim(),
    ...(passphrase !== "" && { passphrase }),
  }));
  const error = move.error && PlatformError.from(move.error);
  const fault = error?.field === "path" ? error.message : null;
  const asksPassphrase = passphrase !== "" || (error !== null && WANTS_PASSPHRASE.includes(error.code));
  const same = path.trim() === repository.path || path.trim() === "";
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Where is ${repository.name} now?`}
      initialFocus={field}
      onSubmit={() =>
        !same &&
        !move.isPending &&
        move.mutate(undefined, {
          onSuccess: () => {
            toastDone(`${repository.name} is at its new place`);
            onClose();
          },
        })
      }
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Cancel
          </Button>
          <Button size="lg" kind="primary" type="submit" disabled={same || move.isPending}>
            {move.isPending ? "Looking there…" : "Use this place"}
          </Button>
        </>
      }
    >
      <p>
        Move the repository yourself first. Alcove looks whether the same one stands at the new place; its
        plans and its history stay.
      </p>
      <LocationField
        ref={field}
        label="New place"
        value={path}
        invalid={fault !== null}
        hint={fault ?? "A folder, or ssh://user@host/folder"}
        onChange={setPath}
      />
      {asksPassphrase && (
        <PassphraseField
          label="Passphrase"
          value={passphrase}
          shown={shown}
          onToggle={() => setShown(!shown)}
          onChange={(event) => setPassphrase(event.target.value)}
        />
      )}
      {error && !fault && (
        <Problem live title="Nothing was changed" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}
