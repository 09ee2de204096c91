import { Select } from "../../components/Select";
import { Setting } from "../../components/Setting";
import { compressionChoices } from "./compression";
import type { SectionProps } from "./section";

/** How the pieces of a plan's files are compressed. */
export function CompressionSetting({ form, change, faults }: SectionProps) {
  const choices = compressionChoices(form.compression);
  return (
    <Setting
      title="Compression"
      hint={choices.find(([value]) => value === form.compression)?.[2]}
      error={faults.compression}
    >
      {({ id, description }) => (
        <Select
          id={id}
          aria-describedby={description}
          aria-invalid={faults.compression ? true : undefined}
          value={form.compression}
          choices={choices.map(([value, label]) => [value, label] as const)}
          onChange={(compression) => change({ compression })}
        />
      )}
    </Setting>
  );
}
