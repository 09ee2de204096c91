import { Setting } from "../../components/Setting";
import type { SectionProps } from "./section";

/** Who is told elsewhere how backups go. */
export function PingSetting({ form, change, faults }: SectionProps) {
  const fault = faults.ping_url;
  return (
    <Setting
      title="Health pings"
      hint="An address, such as one of healthchecks.io, that is told when a backup begins, succeeds or fails. The service tells you when it hears nothing for too long."
      error={fault}
    >
      {({ id, description }) => (
        <span className={fault ? "input ping-url is-invalid" : "input ping-url"}>
          <input
            id={id}
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://"
            aria-invalid={fault ? true : undefined}
            aria-describedby={description}
            value={form.pingUrl}
            onChange={(event) => change({ pingUrl: event.target.value })}
          />
        </span>
      )}
    </Setting>
  );
}
