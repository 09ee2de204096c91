import { useNow } from "../../app/useNow";
import { Check } from "../../components/Check";
import { Select } from "../../components/Select";
import { Setting, SettingGroup } from "../../components/Setting";
import { upcoming } from "../../format/time";
import type { Repository } from "../../platform/bindings";
import { ConditionRows } from "./ConditionRows";
import { useSchedulePreview } from "./queries";
import { cronOf, HOURS, RHYTHMS, timeOf, WEEKDAYS, type When, zoneWords } from "./schedule";
import type { SectionProps } from "./section";

const EVERY = HOURS.map((n) => [String(n), n === 1 ? "hour" : `${n} hours`] as const);
const DAYS = [
  ...Array.from({ length: 28 }, (_, n) => [String(n + 1), `Day ${n + 1}`] as const),
  ["0", "The last day"] as const,
];

/** When the plan runs by itself. */
export function WhenSection({ form, change, faults, to }: SectionProps & { to: Repository | undefined }) {
  const { when } = form;
  const set = (part: Partial<When>) => change({ when: { ...when, ...part } });
  const cron = cronOf(when);
  const { schedule, error } = useSchedulePreview(cron, when.zone);
  const now = useNow(false);
  const wrong = faults.schedule ?? error?.message;
  const timed = when.rhythm === "daily" || when.rhythm === "weekly" || when.rhythm === "monthly";
  return (
    <SettingGroup
      title="When"
      id="plan-when"
      hint={
        cron === null
          ? "This plan runs when you start it."
          : !form.enabled
            ? "This plan is switched off and does not run by itself."
            : "Also while the window is closed, unless the settings say otherwise. A time that was missed is made up for once, soon after the start."
      }
    >
      <Setting title="Back up" error={timed ? undefined : wrong}>
        {({ id, description }) => (
          <Select
            id={id}
            aria-describedby={description}
            aria-invalid={wrong && !timed ? true : undefined}
            value={when.rhythm}
            choices={RHYTHMS}
            onChange={(rhythm) => set({ rhythm })}
          />
        )}
      </Setting>
      {when.rhythm === "hours" && (
        <Setting title="Every" hint="Counted from midnight">
          {({ id, description }) => (
            <Select
              id={id}
              aria-describedby={description}
              value={String(when.hours)}
              choices={EVERY}
              onChange={(hours) => set({ hours: Number(hours) })}
            />
          )}
        </Setting>
      )}
      {when.rhythm === "weekly" && (
        <Setting
          title="On"
          error={when.days.length === 0 ? "Choose a day." : undefined}
          below={
            <fieldset
              className="weekdays"
              aria-label={when.days.length === 0 ? "Days of the week: choose one" : "Days of the week"}
            >
              {WEEKDAYS.map(([day, name]) => (
                <Check
                  key={day}
                  label={name}
                  checked={when.days.includes(day)}
                  onChange={(on) =>
                    set({ days: on ? [...when.days, day] : when.days.filter((each) => each !== day) })
                  }
                />
              ))}
            </fieldset>
          }
        />
      )}
      {when.rhythm === "monthly" && (
        <Setting title="On">
          {({ id }) => (
            <Select
              id={id}
              value={String(when.day)}
              choices={DAYS}
              onChange={(day) => set({ day: Number(day) })}
            />
          )}
        </Setting>
      )}
      {timed && (
        <Setting
          title="At"
          hint={`Hours and minutes, like 18:00${zoneWords(when) && `, in ${zoneWords(when)}`}`}
          error={timeOf(when.time) ? undefined : "This is no time of day."}
        >
          {({ id, description }) => (
            <div className={timeOf(when.time) ? "input time" : "input time is-invalid"}>
              <input
                id={id}
                className="num"
                autoComplete="off"
                aria-describedby={description}
                aria-invalid={timeOf(when.time) ? undefined : true}
                value={when.time}
                onChange={(event) => set({ time: event.target.value })}
              />
            </div>
          )}
        </Setting>
      )}
      {when.rhythm === "cron" && (
        <Setting title="Cron line" hint="Minute, hour, day of the month, month, day of the week">
          {({ id, description }) => (
            <div className={wrong ? "input mono cron is-invalid" : "input mono cron"}>
              <input
                id={id}
                autoComplete="off"
                spellCheck={false}
                aria-describedby={description}
                aria-invalid={wrong ? true : undefined}
                value={when.cron}
                onChange={(event) => set({ cron: event.target.value })}
              />
            </div>
          )}
        </Setting>
      )}
      {cron !== null && <ConditionRows form={form} change={change} to={to} />}
      {schedule && form.enabled && (
        <p className="keep-words hint" role="status">
          Next: {schedule.next_runs.map((run) => upcoming(run, now)).join("; ")}.
        </p>
      )}
    </SettingGroup>
  );
}
