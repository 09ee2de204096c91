import { NumberField } from "@base-ui/react/number-field";
import { Icon } from "./Icon";
import "./stepper.css";

/** A whole number within bounds: typed, stepped with the buttons or with the arrow keys. */
export function Stepper({
  id,
  label,
  describedBy,
  value,
  min = 0,
  max,
  invalid = false,
  onChange,
}: {
  id?: string;
  /** Read out with the buttons; the field itself has it as its name unless a label points at `id`. */
  label: string;
  describedBy?: string;
  value: number;
  min?: number;
  max: number;
  invalid?: boolean;
  /** The number when the person has made up their mind: after a step, or on leaving the field. */
  onChange: (value: number) => void;
}) {
  return (
    <NumberField.Root
      {...(id && { id })}
      value={value}
      min={min}
      max={max}
      format={{ maximumFractionDigits: 0, useGrouping: false }}
      onValueChange={(next, { reason }) => {
        // What is half typed is not meant yet.
        if (next !== null && reason !== "input-change") onChange(next);
      }}
    >
      <NumberField.Group className="stepper">
        <NumberField.Decrement aria-label={`Less: ${label}`}>
          <Icon name="minus" size={12} />
        </NumberField.Decrement>
        <NumberField.Input
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          {...(!id && { "aria-label": label })}
        />
        <NumberField.Increment aria-label={`More: ${label}`}>
          <Icon name="plus" size={12} />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  );
}
