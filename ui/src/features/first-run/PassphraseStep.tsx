import type { Dispatch, SetStateAction } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Check } from "../../components/Check";
import { Problem } from "../../components/Problem";
import type { PlatformError } from "../../platform/platform";
import { type ChosenPassphrase, missing, NewPassphrase } from "../passphrase/NewPassphrase";
import { Reason, StepFrame } from "./StepFrame";

export interface PassphraseForm extends ChosenPassphrase {
  remember: boolean;
}

export function PassphraseStep({
  keyring,
  form,
  onChange,
  firstBackup,
  creating,
  error,
  onBack,
  onCreate,
}: {
  keyring: string | null;
  form: PassphraseForm;
  onChange: Dispatch<SetStateAction<PassphraseForm>>;
  /** How much the first backup reads, where that is known. */
  firstBackup: string | null;
  creating: boolean;
  error: PlatformError | null;
  onBack: () => void;
  onCreate: () => void;
}) {
  const change = (part: Partial<PassphraseForm>) => onChange((old) => ({ ...old, ...part }));
  const reason = missing(form);
  return (
    <StepFrame
      title="Choose a passphrase"
      lead="Your files are encrypted here, and only this passphrase opens them."
      foot={
        <>
          <Button size="lg" onClick={onBack} disabled={creating}>
            Back
          </Button>
          <span className="end" />
          <Reason id="why-not">
            {creating ? "Creating the repository. This can take a minute." : (reason ?? firstBackup)}
          </Reason>
          <Button
            kind="primary"
            size="lg"
            disabled={reason !== null || creating}
            aria-describedby="why-not"
            onClick={onCreate}
          >
            {creating ? "Creating…" : "Create and back up"}
          </Button>
        </>
      }
    >
      {error && (
        <Problem live title="The repository was not created" hints={error.hints}>
          {error.message}
        </Problem>
      )}
      <div className="card card-body passphrase">
        <NewPassphrase label="Passphrase" chosen={form} disabled={creating} onChange={change} />
        <Check
          label="Remember on this computer"
          hint={
            keyring
              ? `In the ${keyring}, so backups can run without asking`
              : "There is no keyring on this computer to keep it in. Alcove asks for it after each start."
          }
          checked={form.remember && keyring !== null}
          disabled={keyring === null || creating}
          onChange={(remember) => change({ remember })}
        />
      </div>
      <Callout icon="key" tone="completed_with_warnings" title="Keep a copy somewhere else">
        If this computer is lost, nobody can open your backups without it, not even us.
        <Check
          label="I have saved the passphrase outside this computer"
          checked={form.saved}
          disabled={creating}
          onChange={(saved) => change({ saved })}
        />
      </Callout>
    </StepFrame>
  );
}
