import { type ComponentProps, type ReactNode, useId } from "react";
import "./field.css";

type Props = Omit<ComponentProps<"input">, "size"> & {
  label: string;
  /** Below the field: what is wrong, or what it is for. */
  hint?: ReactNode;
  invalid?: boolean;
  mono?: boolean;
  large?: boolean;
  /** Inside the field, at its end. */
  after?: ReactNode;
  /** Beside the field. */
  beside?: ReactNode;
};

export function Field({
  label,
  hint,
  invalid = false,
  mono,
  large,
  after,
  beside,
  className,
  ...input
}: Props) {
  const id = useId();
  return (
    <div className={["f", className].filter(Boolean).join(" ")}>
      <label htmlFor={id}>{label}</label>
      <div className="f-line">
        <span
          className={["input", mono && "mono", large && "input-lg", invalid && "is-invalid"]
            .filter(Boolean)
            .join(" ")}
        >
          <input
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            {...input}
            id={id}
            aria-invalid={invalid || undefined}
            aria-describedby={hint ? `${id}-hint` : undefined}
          />
          {after}
        </span>
        {beside}
      </div>
      {hint && (
        <span id={`${id}-hint`} className={invalid ? "f-hint is-invalid" : "f-hint"}>
          {hint}
        </span>
      )}
    </div>
  );
}
