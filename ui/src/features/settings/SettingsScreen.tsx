import { Segmented } from "../../components/Segmented";
import { Setting, SettingGroup } from "../../components/Setting";
import { Stepper } from "../../components/Stepper";
import { Switch } from "../../components/Switch";
import type { Settings } from "../../platform/bindings";
import { About } from "./About";
import { BorgRow } from "./BorgRow";
import { HttpAccessGroup } from "./HttpAccessGroup";
import { useChangeSettings, useSettings } from "./queries";
import "./settings.css";

const MOST_LANES = 16;
const THEMES = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

/** What is set for all of Alcove. Each row saves by itself, at once. */
export function SettingsScreen() {
  const settings = useSettings();
  return (
    <>
      <header className="page-head">
        <h1>Settings</h1>
      </header>
      <div className="scroll">
        <div className="form-page" aria-busy={!settings}>
          {settings && (
            <>
              <SettingGroup title="General">
                <Appearance settings={settings} />
                <Notifications settings={settings} />
              </SettingGroup>
              <SettingGroup title="Backups">
                <BorgRow chosen={settings.borg_path} />
                <Lanes settings={settings} />
              </SettingGroup>
              <HttpAccessGroup />
              <About />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function Appearance({ settings }: { settings: Settings }) {
  const { change, saving } = useChangeSettings();
  return (
    <Setting title="Appearance" saved={saving.saved} error={saving.error?.message}>
      {({ title }) => (
        <Segmented
          labelledBy={title}
          value={settings.theme}
          choices={THEMES}
          onChange={(theme) => change({ theme })}
        />
      )}
    </Setting>
  );
}

function Notifications({ settings }: { settings: Settings }) {
  const { change, saving } = useChangeSettings();
  return (
    <Setting
      title="Notify me when a backup ends"
      hint="Done, done with warnings, or failed: one quiet notification each"
      saved={saving.saved}
      error={saving.error?.message}
    >
      {({ id, description }) => (
        <Switch
          id={id}
          aria-describedby={description}
          checked={settings.notifications}
          onChange={(notifications) => change({ notifications })}
        />
      )}
    </Setting>
  );
}

function Lanes({ settings }: { settings: Settings }) {
  const { change, saving } = useChangeSettings();
  return (
    <Setting
      title="Backups at the same time"
      hint="Into different repositories; each repository takes one backup at a time. More share this computer’s disk, processor and network."
      saved={saving.saved}
      error={saving.error?.message}
    >
      {({ id, description }) => (
        <Stepper
          id={id}
          label="Backups at the same time"
          {...(description && { describedBy: description })}
          value={settings.lanes}
          min={1}
          max={MOST_LANES}
          onChange={(lanes) => lanes !== settings.lanes && change({ lanes })}
        />
      )}
    </Setting>
  );
}
