import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { KeyForm, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { KeyFormChoice } from "./KeyFormChoice";
import { useSaveKey } from "./queries";

/** Writes a repository's key where the person says. */
export function ExportKey({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const [form, setForm] = useState<KeyForm>("sheet");
  const first = useRef<HTMLInputElement>(null);
  const save = useSaveKey(repository.id);
  const error = save.error && PlatformError.from(save.error);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Export the key of ${repository.name}`}
      initialFocus={first}
      onSubmit={() =>
        save.mutate(form, {
          onSuccess: ({ file_name }) => {
            if (file_name === null) return;
            toastDone(`The key is saved as ${file_name}`);
            onClose();
          },
        })
      }
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Not now
          </Button>
          <Button size="lg" kind="primary" type="submit" disabled={save.isPending}>
            {save.isPending ? "Exporting…" : "Save…"}
          </Button>
        </>
      }
    >
      <p>
        Without its key nobody can open a repository, not even with the passphrase. Keep the export apart from
        the repository and from this computer. It is locked by the passphrase, which is not in it.
      </p>
      <KeyFormChoice value={form} onChange={setForm} first={first} />
      {error && (
        <Problem live title="The key is not exported" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}
