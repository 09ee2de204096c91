import { useState } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Problem } from "../../components/Problem";
import type { KeyForm, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { KeyFormChoice } from "../repositories/KeyFormChoice";
import { useSaveKey } from "../repositories/queries";
import { Reason, StepFrame } from "./StepFrame";

const SAVE: Record<KeyForm, string> = { sheet: "Save recovery sheet…", file: "Save key file…" };

/** The repository exists and its key is in it alone: now is the moment to have it elsewhere too. It may wait. */
export function RecoveryStep({
  repository,
  started,
  onDone,
}: {
  repository: Repository;
  /** Whether the first backup has begun. */
  started: boolean;
  onDone: () => void;
}) {
  const [form, setForm] = useState<KeyForm>("sheet");
  const [saved, setSaved] = useState<string | null>(null);
  const save = useSaveKey(repository.id);
  const error = save.error && PlatformError.from(save.error);
  const saveKey = () =>
    save.mutate(form, { onSuccess: ({ file_name }) => file_name !== null && setSaved(file_name) });
  return (
    <StepFrame
      title="Save the key"
      lead={
        started
          ? `${repository.name} is made, and its first backup runs meanwhile.`
          : `${repository.name} is made.`
      }
      foot={
        saved ? (
          <>
            <Button size="lg" disabled={save.isPending} onClick={saveKey}>
              Save another copy…
            </Button>
            <span className="end" />
            <Button kind="primary" size="lg" onClick={onDone}>
              Open the Overview
            </Button>
          </>
        ) : (
          <>
            <Button size="lg" kind="ghost" onClick={onDone}>
              Later
            </Button>
            <span className="end" />
            <Reason id="later">Later leaves the only copy of the key in the repository.</Reason>
            <Button kind="primary" size="lg" disabled={save.isPending} onClick={saveKey}>
              {save.isPending ? "Exporting…" : SAVE[form]}
            </Button>
          </>
        )
      }
    >
      <div className="card card-body key-forms">
        <p>
          The key is kept in the repository. If it is lost there, nobody can open the archives, not even with
          the passphrase. The passphrase locks the copy and is not in it.
        </p>
        <KeyFormChoice value={form} onChange={setForm} />
      </div>
      {error && (
        <Problem live title="The key is not exported" hints={error.hints}>
          {error.message}
        </Problem>
      )}
      {saved ? (
        <Callout icon="st-completed" tone="completed" title={`${saved} is saved`} role="status">
          Keep it apart from the repository and from this computer: on paper, on a stick, or in a password
          manager. Verify it any time on the repository’s page.
        </Callout>
      ) : (
        <Callout icon="key" tone="pending" title="It can wait, but not for ever">
          Backups run without a copy. Export key… on the repository’s page saves one any time; until then the
          page says “Never exported”.
        </Callout>
      )}
    </StepFrame>
  );
}
