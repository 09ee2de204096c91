import type { Ref } from "react";
import type { KeyForm } from "../../platform/bindings";
import "../../components/check.css";
import "./repositories.css";

const FORMS: readonly (readonly [form: KeyForm, title: string, hint: string])[] = [
  ["sheet", "Recovery sheet", "A page to print: the key, where the repository is, and how to get it back"],
  ["file", "Key file", "Borg’s own text, for borg key import; for a password manager or a stick"],
];

/** What an exported key looks like. `first` is the first choice, for the focus. */
export function KeyFormChoice({
  value,
  onChange,
  first,
}: {
  value: KeyForm;
  onChange: (form: KeyForm) => void;
  first?: Ref<HTMLInputElement>;
}) {
  return (
    <div className="radio-rows" role="radiogroup" aria-label="What it looks like">
      {FORMS.map(([each, title, hint]) => (
        <label key={each}>
          <input
            ref={each === "sheet" ? first : undefined}
            type="radio"
            className="radio"
            name="key-form"
            aria-label={title}
            aria-describedby={`key-${each}`}
            checked={value === each}
            onChange={() => onChange(each)}
          />
          <span>
            <span className="strong">{title}</span>
            <span className="hint" id={`key-${each}`}>
              {hint}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}
