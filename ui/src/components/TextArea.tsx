import { type ComponentProps, type ReactNode, useId } from "react";
import "./field.css";

/** Several lines of text with a label, and below them what is wrong or what they are for. */
export function TextArea({
  label,
  hint,
  invalid = false,
  ...area
}: Omit<ComponentProps<"textarea">, "className"> & { label: string; hint?: ReactNode; invalid?: boolean }) {
  const id = useId();
  return (
    <div className="f">
      <label htmlFor={id}>{label}</label>
      <span className={invalid ? "input area mono is-invalid" : "input area mono"}>
        <textarea
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          {...area}
          id={id}
          aria-invalid={invalid || undefined}
          aria-describedby={hint ? `${id}-hint` : undefined}
        />
      </span>
      {hint && (
        <span id={`${id}-hint`} className={invalid ? "f-hint is-invalid" : "f-hint"}>
          {hint}
        </span>
      )}
    </div>
  );
}
