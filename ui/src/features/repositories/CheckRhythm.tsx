import { useState } from "react";
import { Select } from "../../components/Select";
import { Setting } from "../../components/Setting";
import { counted } from "../../format/count";
import type { Repository, CheckRhythm as Rhythm } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useChangeRepository } from "./queries";

const DAYS = [7, 14, 30, 90];
const MINUTES = [10, 30, 60, 120];

/** Every choice, and what is set where it is none of them. */
const among = (choices: readonly number[], set: number | null | undefined) =>
  set && !choices.includes(set) ? [...choices, set].sort((a, b) => a - b) : choices;

/** How often a repository is checked by itself, and for how long at a time. */
export function CheckRhythm({ repository }: { repository: Repository }) {
  const change = useChangeRepository(repository.id);
  const [saved, setSaved] = useState(false);
  const rhythm = repository.check;
  const set = (check: Rhythm | null) =>
    change.mutate({ check }, { onSettled: (_, error) => setSaved(error === null) });
  const error = change.error && PlatformError.from(change.error).message;
  return (
    <>
      <Setting
        title="Check by itself"
        hint="Reads what is stored and compares it with its checksums. A backup goes first."
        saved={saved}
        error={error}
      >
        {({ id, description }) => (
          <Select
            id={id}
            aria-describedby={description}
            value={`${rhythm?.days ?? 0}`}
            choices={[
              ["0", "Never"],
              ...among(DAYS, rhythm?.days).map((n) => [`${n}`, `Every ${counted(n, "day")}`] as const),
            ]}
            onChange={(days) =>
              set(days === "0" ? null : { days: Number(days), minutes: rhythm?.minutes ?? null })
            }
          />
        )}
      </Setting>
      {rhythm && (
        <Setting
          title="At a time"
          hint="A large repository is checked in parts: each goes on where the last one stopped."
        >
          {({ id, description }) => (
            <Select
              id={id}
              aria-describedby={description}
              value={`${rhythm.minutes ?? 0}`}
              choices={[
                ["0", "All of it"],
                ...among(MINUTES, rhythm.minutes).map(
                  (n) => [`${n}`, `${counted(n, "minute")} at most`] as const,
                ),
              ]}
              onChange={(minutes) => set({ ...rhythm, minutes: Number(minutes) || null })}
            />
          )}
        </Setting>
      )}
    </>
  );
}
