import { Setting } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { Conditions, Repository } from "../../platform/bindings";
import { isOnServer } from "./route";
import type { SectionProps } from "./section";

/** What the plan waits for besides its drive or its server, which are no choice. */
export function ConditionRows({
  form: { conditions },
  change,
  to,
}: Pick<SectionProps, "form" | "change"> & { to: Repository | undefined }) {
  const set = (part: Partial<Conditions>) => change({ conditions: { ...conditions, ...part } });
  return (
    <>
      <Setting title="Only on AC power" hint="Waits until the charger is connected">
        {({ id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={conditions.on_ac_power}
            onChange={(on_ac_power) => set({ on_ac_power })}
          />
        )}
      </Setting>
      <Setting
        title="Not on metered networks"
        hint={
          to && !isOnServer(to.path)
            ? `Has no effect here: ${to.name} is on this computer`
            : "Waits for a network that is not paid for by what is sent"
        }
      >
        {({ id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={conditions.not_metered}
            onChange={(not_metered) => set({ not_metered })}
          />
        )}
      </Setting>
    </>
  );
}
