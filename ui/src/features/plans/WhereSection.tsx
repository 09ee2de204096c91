import { Icon } from "../../components/Icon";
import { Select } from "../../components/Select";
import { Setting, SettingGroup } from "../../components/Setting";
import type { Plan, Repository } from "../../platform/bindings";
import { CompressionSetting } from "./CompressionSetting";
import { placeIcon } from "./route";
import type { SectionProps } from "./section";

/** The repository, which is chosen once, and how its pieces are compressed. */
export function WhereSection({
  form,
  change,
  faults,
  plan,
  repositories,
}: SectionProps & { plan: Plan | null; repositories: Repository[] }) {
  const chosen = repositories.find((each) => each.id === form.repository);
  return (
    <SettingGroup title="Where to" id="plan-where" hint="One repository can hold several plans.">
      <Setting
        title="Repository"
        hint={
          plan
            ? `${plan.repository.path}. A plan stays with its repository: its archives are there.`
            : chosen?.path
        }
        error={faults.repository}
      >
        {({ id, description }) =>
          plan ? (
            <span className="row fixed-repository">
              <Icon name={placeIcon(plan.repository.path)} size={14} />
              <span className="strong trunc" id={id}>
                {plan.repository.name}
              </span>
            </span>
          ) : (
            <Select
              id={id}
              aria-describedby={description}
              value={String(form.repository ?? "")}
              choices={repositories.map((each) => [String(each.id), each.name] as const)}
              onChange={(repository) => change({ repository: Number(repository) })}
            />
          )
        }
      </Setting>
      <CompressionSetting form={form} change={change} faults={faults} />
    </SettingGroup>
  );
}
