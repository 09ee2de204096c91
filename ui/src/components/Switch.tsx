import type { ComponentProps } from "react";
import "./switch.css";

/** On or off, at once. Its label stands beside it and is given by whoever places it. */
export function Switch({
  checked,
  onChange,
  ...rest
}: Omit<ComponentProps<"input">, "type" | "role" | "checked" | "onChange"> & {
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      checked={checked}
      aria-checked={checked}
      className="switch"
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
