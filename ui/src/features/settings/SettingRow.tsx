import type { ReactNode } from "react";
import { Setting, type SettingNames } from "../../components/Setting";
import type { ChangeSettings } from "../../platform/bindings";
import { useChangeSettings } from "./queries";

/** A row that saves by itself and says what became of it. Its control is given how to change settings. */
export function SettingRow({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string;
  children: (change: (part: ChangeSettings) => void, names: SettingNames) => ReactNode;
}) {
  const { change, saving } = useChangeSettings();
  return (
    <Setting title={title} hint={hint} saved={saving.saved} error={saving.error?.message}>
      {(names) => children(change, names)}
    </Setting>
  );
}
