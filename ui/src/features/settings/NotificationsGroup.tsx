import { type FormEvent, useState } from "react";
import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { QuietHours, Settings } from "../../platform/bindings";
import { timeOf } from "../plans/schedule";
import { useChangeSettings } from "./queries";
import { SettingRow } from "./SettingRow";

/** The hours that are proposed: a night. */
const NIGHT: QuietHours = { from: "22:00", until: "07:00" };

/** What the system tells, besides what everybody has to know. */
export function NotificationsGroup({ settings }: { settings: Settings }) {
  const hours = settings.quiet_hours;
  return (
    <SettingGroup
      title="Notifications"
      hint="When a job fails, when a plan is overdue, and once a day when a plan waits for you: always."
    >
      <SettingRow title="When a job is done" hint="Off keeps it quiet: no news is good news">
        {(change, { id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={settings.notify_success}
            onChange={(notify_success) => change({ notify_success })}
          />
        )}
      </SettingRow>
      <SettingRow
        title="When a job ends with warnings"
        hint="The backup is safe; some files were left out or changed meanwhile"
      >
        {(change, { id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={settings.notify_warnings}
            onChange={(notify_warnings) => change({ notify_warnings })}
          />
        )}
      </SettingRow>
      <SettingRow title="Quiet hours" hint="What happens then is told when they end">
        {(change, { id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={hours !== null}
            onChange={(on) => change({ quiet_hours: on ? NIGHT : null })}
          />
        )}
      </SettingRow>
      {hours && (
        <>
          <QuietTime key={`from ${hours.from}`} title="From" hours={hours} end="from" />
          <QuietTime key={`until ${hours.until}`} title="Until" hours={hours} end="until" />
        </>
      )}
    </SettingGroup>
  );
}

/** One end of the quiet hours; saved on Enter and on leaving the field. */
function QuietTime({ title, hours, end }: { title: string; hours: QuietHours; end: keyof QuietHours }) {
  const { change, saving } = useChangeSettings();
  const [text, setText] = useState(hours[end]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const save = () => {
    const time = timeOf(text);
    if (!time) return setRefusal("This is no time of day.");
    const written = time.map((part) => String(part).padStart(2, "0")).join(":");
    const changed = { ...hours, [end]: written };
    if (changed.from === changed.until) return setRefusal("They must end at another time than they begin.");
    setRefusal(null);
    return written === hours[end] ? undefined : change({ quiet_hours: changed });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  const error = refusal ?? saving.error?.message;
  return (
    <Setting title={title} saved={saving.saved} error={error}>
      {({ id, description }) => (
        <form onSubmit={submit}>
          <span className={error ? "input quiet-time is-invalid" : "input quiet-time"}>
            <input
              id={id}
              autoComplete="off"
              aria-invalid={error ? true : undefined}
              aria-describedby={description}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onBlur={save}
            />
          </span>
        </form>
      )}
    </Setting>
  );
}
