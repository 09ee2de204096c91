import type { ComponentProps } from "react";
import { Icon } from "./Icon";
import "./select.css";

/** One of several choices, with the system's own list. */
export function Select<T extends string>({
  value,
  choices,
  onChange,
  ...rest
}: Omit<ComponentProps<"select">, "value" | "onChange" | "className"> & {
  value: T;
  choices: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}) {
  return (
    <span className="select">
      <select {...rest} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {choices.map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
      <Icon name="chev-ud" size={14} />
    </span>
  );
}
