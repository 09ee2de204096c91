import { Segmented } from "../../components/Segmented";
import { Select } from "../../components/Select";
import { SettingGroup } from "../../components/Setting";
import { Stepper } from "../../components/Stepper";
import { Switch } from "../../components/Switch";
import { counted } from "../../format/count";
import { size } from "../../format/size";
import type { Settings } from "../../platform/bindings";
import { About } from "./About";
import { BackgroundGroup } from "./BackgroundGroup";
import { BorgRow } from "./BorgRow";
import { HttpAccessGroup } from "./HttpAccessGroup";
import { NotificationsGroup } from "./NotificationsGroup";
import { useSettings } from "./queries";
import { SettingRow } from "./SettingRow";
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
              </SettingGroup>
              <BackgroundGroup settings={settings} />
              <NotificationsGroup settings={settings} />
              <SettingGroup title="Backups">
                <BorgRow chosen={settings.borg_path} />
                <Lanes settings={settings} />
                <LockWait settings={settings} />
                <StayAwake settings={settings} />
                <LowPriority settings={settings} />
                <LogDays settings={settings} />
                <LogBytes settings={settings} />
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
  return (
    <SettingRow title="Appearance">
      {(change, { title }) => (
        <Segmented
          labelledBy={title}
          value={settings.theme}
          choices={THEMES}
          onChange={(theme) => change({ theme })}
        />
      )}
    </SettingRow>
  );
}

function Lanes({ settings }: { settings: Settings }) {
  return (
    <SettingRow
      title="Backups at the same time"
      hint="Into different repositories; each repository takes one backup at a time. More share this computer’s disk, processor and network."
    >
      {(change, { id, description }) => (
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
    </SettingRow>
  );
}

const MINUTES = [
  [0, "Not at all"],
  [1, "1 minute"],
  [10, "10 minutes"],
  [60, "1 hour"],
  [360, "6 hours"],
] as const;

const DAYS = [
  [30, "30 days"],
  [90, "90 days"],
  [365, "A year"],
  [0, "For ever"],
] as const;

const BYTES = [
  [500_000_000, "500 MB"],
  [2_000_000_000, "2 GB"],
  [10_000_000_000, "10 GB"],
  [0, "No limit"],
] as const;

/** The choices as a select has them, with the present value where it is none of them. */
function choicesOf(choices: readonly (readonly [number, string])[], value: number, name: string) {
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, name] as const];
  return all.map(([key, label]) => [String(key), label] as const);
}

function LockWait({ settings }: { settings: Settings }) {
  const minutes = settings.lock_wait_minutes;
  return (
    <SettingRow
      title="Wait for a locked repository"
      hint="While another program uses it; a job that has waited for so long fails and says who holds the lock"
    >
      {(change, { id, description }) => (
        <Select
          id={id}
          aria-describedby={description}
          value={String(minutes)}
          choices={choicesOf(MINUTES, minutes, counted(minutes, "minute"))}
          onChange={(chosen) => change({ lock_wait_minutes: Number(chosen) })}
        />
      )}
    </SettingRow>
  );
}

function StayAwake({ settings }: { settings: Settings }) {
  return (
    <SettingRow
      title="Keep the computer awake"
      hint="While a job runs, the computer does not fall asleep by itself; closing the lid still works"
    >
      {(change, { id, description }) => (
        <Switch
          id={id}
          aria-describedby={description}
          checked={settings.stay_awake}
          onChange={(stay_awake) => change({ stay_awake })}
        />
      )}
    </SettingRow>
  );
}

function LowPriority({ settings }: { settings: Settings }) {
  return (
    <SettingRow
      title="Let other programs go first"
      hint="Borg takes the processor and the disk when nobody else wants them"
    >
      {(change, { id, description }) => (
        <Switch
          id={id}
          aria-describedby={description}
          checked={settings.low_priority}
          onChange={(low_priority) => change({ low_priority })}
        />
      )}
    </SettingRow>
  );
}

function LogDays({ settings }: { settings: Settings }) {
  const days = settings.log_days;
  return (
    <SettingRow
      title="Keep logs for"
      hint="The logs of jobs that went well; a job’s record and figures always stay"
    >
      {(change, { id, description }) => (
        <Select
          id={id}
          aria-describedby={description}
          value={String(days)}
          choices={choicesOf(DAYS, days, counted(days, "day"))}
          onChange={(chosen) => change({ log_days: Number(chosen) })}
        />
      )}
    </SettingRow>
  );
}

function LogBytes({ settings }: { settings: Settings }) {
  const bytes = settings.log_bytes;
  return (
    <SettingRow title="All logs together" hint="Above this the oldest go first, those of failed jobs last">
      {(change, { id, description }) => (
        <Select
          id={id}
          aria-describedby={description}
          value={String(bytes)}
          choices={choicesOf(BYTES, bytes, size(bytes))}
          onChange={(chosen) => change({ log_bytes: Number(chosen) })}
        />
      )}
    </SettingRow>
  );
}
