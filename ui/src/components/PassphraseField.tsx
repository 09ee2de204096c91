import type { ComponentProps } from "react";
import { IconButton } from "./Button";
import { Field } from "./Field";

/** A passphrase, hidden until its owner asks to see it. It is never offered to the browser's own memory. */
export function PassphraseField({
  shown,
  onToggle,
  ...field
}: Omit<ComponentProps<typeof Field>, "mono" | "large" | "type"> & {
  shown: boolean;
  onToggle?: () => void;
}) {
  const { after, ...rest } = field;
  return (
    <Field
      {...rest}
      mono
      large
      type={shown ? "text" : "password"}
      autoComplete="new-password"
      after={
        <>
          {after}
          {onToggle && (
            <IconButton
              label={shown ? "Hide passphrase" : "Show passphrase"}
              icon={shown ? "eye-off" : "eye"}
              kind="ghost"
              size="sm"
              onClick={onToggle}
            />
          )}
        </>
      }
    />
  );
}
