import type { ReactNode, Ref } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { toastError } from "../../components/toasts";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

/** A place a repository stands at: typed, or a folder chosen with the system's dialog. */
export function LocationField({
  ref,
  label,
  value,
  hint,
  invalid,
  onChange,
}: {
  ref?: Ref<HTMLInputElement>;
  label: string;
  value: string;
  hint: ReactNode;
  invalid: boolean;
  onChange: (location: string) => void;
}) {
  const platform = usePlatform();
  const choose = async () => {
    try {
      const start = value.trim();
      const { path } = await platform.call("choose_folder", {
        title: "Folder of the repository",
        ...(start.startsWith("/") && { start }),
      });
      if (path) onChange(path);
    } catch (thrown) {
      toastError("The folder dialog did not open", PlatformError.from(thrown));
    }
  };
  return (
    <Field
      ref={ref}
      label={label}
      mono
      large
      placeholder="/path/to/repository or ssh://user@host/folder"
      value={value}
      invalid={invalid}
      hint={hint}
      beside={
        <Button size="lg" onClick={choose}>
          Choose folder…
        </Button>
      }
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
