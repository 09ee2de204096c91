import { type Ref, useState } from "react";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { PassphraseField } from "../../components/PassphraseField";
import { SHORTEST, strengthOf, suggestPassphrase } from "./passphrase";
import "./passphrase.css";

export interface ChosenPassphrase {
  text: string;
  repeated: string;
  /** Whether its owner says that it is saved outside this computer. */
  saved: boolean;
}

export const NO_PASSPHRASE: ChosenPassphrase = { text: "", repeated: "", saved: false };

/** What keeps a passphrase from being used. */
export function missing({ text, repeated, saved }: ChosenPassphrase): string | null {
  if (text === "") return "Choose a passphrase, or let Alcove suggest one.";
  if ([...text].length < SHORTEST) return `The passphrase needs at least ${SHORTEST} characters.`;
  if (repeated === "") return "Repeat the passphrase.";
  if (repeated !== text) return "The two passphrases differ.";
  if (!saved) return "Save the passphrase elsewhere and tick the box above.";
  return null;
}

/** A passphrase that is chosen: how strong it is, and the same once more. */
export function NewPassphrase({
  ref,
  label,
  chosen,
  disabled,
  onChange,
}: {
  ref?: Ref<HTMLInputElement>;
  label: string;
  chosen: ChosenPassphrase;
  disabled: boolean;
  onChange: (part: Partial<ChosenPassphrase>) => void;
}) {
  const [shown, setShown] = useState(false);
  const equal = chosen.text !== "" && chosen.text === chosen.repeated;
  const strength = strengthOf(chosen.text);
  const suggest = () => {
    const text = suggestPassphrase();
    // Both fields: it was not typed, so it cannot be mistyped. Shown: it must be written down now.
    onChange({ text, repeated: text, saved: false });
    setShown(true);
  };
  return (
    <>
      <PassphraseField
        {...(ref && { ref })}
        label={label}
        value={chosen.text}
        disabled={disabled}
        shown={shown}
        onToggle={() => setShown(!shown)}
        onChange={(event) => onChange({ text: event.target.value })}
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
          <Button size="sm" kind="ghost" icon="refresh" className="end" disabled={disabled} onClick={suggest}>
            {chosen.text === "" ? "Suggest one" : "Suggest another"}
          </Button>
        </p>
      </div>
      <PassphraseField
        label="Repeat passphrase"
        value={chosen.repeated}
        disabled={disabled}
        shown={shown}
        invalid={chosen.repeated !== "" && !chosen.text.startsWith(chosen.repeated)}
        after={equal && <Icon name="check" size={14} />}
        onChange={(event) => onChange({ repeated: event.target.value })}
      />
    </>
  );
}
