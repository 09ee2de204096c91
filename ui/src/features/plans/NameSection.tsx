import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { SectionProps } from "./section";

export function NameSection({ form, change, faults, isNew }: SectionProps & { isNew: boolean }) {
  return (
    <SettingGroup title="What to back up" id="plan-what" hint="A name of your own, and the folders below.">
      <Setting title="Name" error={faults.name}>
        {({ id, description }) => (
          <span className={faults.name ? "input plan-name is-invalid" : "input plan-name"}>
            <input
              id={id}
              autoComplete="off"
              placeholder="Such as Home folder"
              aria-invalid={faults.name ? true : undefined}
              aria-describedby={description}
              value={form.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          </span>
        )}
      </Setting>
      {!isNew && (
        <Setting
          title="Switched on"
          hint={form.enabled ? "It can be started" : "It cannot be started, and nothing watches over its age"}
        >
          {({ id, description }) => (
            <Switch
              id={id}
              aria-describedby={description}
              checked={form.enabled}
              onChange={(enabled) => change({ enabled })}
            />
          )}
        </Setting>
      )}
    </SettingGroup>
  );
}
