import { type Dispatch, type SetStateAction, useState } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Check } from "../../components/Check";
import { Icon } from "../../components/Icon";
import { PassphraseField } from "../../components/PassphraseField";
import { Problem } from "../../components/Problem";
import type { PlatformError } from "../../platform/platform";
import { SHORTEST, strengthOf, suggestPassphrase } from "./passphrase";
import { Reason, StepFrame } from "./StepFrame";

export interface PassphraseForm {
  text: string;
  repeated: string;
  remember: boolean;
  saved: boolean;
}

function missing(form: PassphraseForm): string | null {
  if (form.text === "") return "Choose a passphrase, or let Alcove suggest one.";
  if ([...form.text].length < SHORTEST) return `The passphrase needs at least ${SHORTEST} characters.`;
  if (form.repeated === "") return "Repeat the passphrase.";
  if (form.repeated !== form.text) return "The two passphrases differ.";
  if (!form.saved) return "Save the passphrase elsewhere and tick the box above.";
  return null;
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
  const [shown, setShown] = useState(false);
  const change = (part: Partial<PassphraseForm>) => onChange((old) => ({ ...old, ...part }));
  const reason = missing(form);
  const equal = form.text !== "" && form.text === form.repeated;
  const strength = strengthOf(form.text);
  const suggest = () => {
    const text = suggestPassphrase();
    // Both fields: it was not typed, so it cannot be mistyped. Shown: it must be written down now.
    change({ text, repeated: text, saved: false });
    setShown(true);
  };
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
        <PassphraseField
          label="Passphrase"
          value={form.text}
          disabled={creating}
          shown={shown}
          onToggle={() => setShown(!shown)}
          onChange={(event) => change({ text: event.target.value })}
        />
        <div className="strength">
          <div className="meter" data-v={strength.level} aria-hidden="true">
            <i />
            <i />
            <i />
            <i />
          </div>
          <p className="row">
            <span role="status" className="trunc">
              <span className="strength-label" data-v={strength.level}>
                {strength.label}
              </span>{" "}
              <span className="hint">{strength.reason}</span>
            </span>
            <Button
              size="sm"
              kind="ghost"
              icon="refresh"
              className="end"
              disabled={creating}
              onClick={suggest}
            >
              {form.text === "" ? "Suggest one" : "Suggest another"}
            </Button>
          </p>
        </div>
        <PassphraseField
          label="Repeat passphrase"
          value={form.repeated}
          disabled={creating}
          shown={shown}
          invalid={form.repeated !== "" && !form.text.startsWith(form.repeated)}
          after={equal && <Icon name="check" size={14} />}
          onChange={(event) => change({ repeated: event.target.value })}
        />
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
