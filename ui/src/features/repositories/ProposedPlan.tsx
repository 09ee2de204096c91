import { Callout } from "../../components/Callout";
import { Field } from "../../components/Field";
import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { InspectedRepository } from "../../platform/bindings";
import { useMeasures } from "../folders/useMeasures";
import { CompressionSetting } from "../plans/CompressionSetting";
import type { PlanForm } from "../plans/form";
import { KeepSection } from "../plans/KeepSection";
import { LeaveOutSection } from "../plans/LeaveOutSection";
import { SourcesSection } from "../plans/SourcesSection";
import type { Faults } from "../plans/section";
import { planOf } from "./connect";

/** The repository's name, and the plan that goes on with its newest series: all of it can be changed first. */
export function ProposedPlan({
  found,
  name,
  nameFault,
  onName,
  plan,
  onPlan,
  faults,
}: {
  found: InspectedRepository;
  name: string;
  nameFault: string | null;
  onName: (name: string) => void;
  /** Null: no plan is made. */
  plan: PlanForm | null;
  onPlan: (plan: PlanForm | null) => void;
  faults: Faults;
}) {
  return (
    <>
      <SettingGroup title="How it goes on">
        <div className="card-body">
          <Field
            label="Repository name"
            value={name}
            invalid={nameFault !== null}
            hint={nameFault}
            onChange={(event) => onName(event.target.value)}
          />
        </div>
        {found.plan && (
          <Setting title="Make a plan like its newest backup" hint={`From the archive ${found.plan.archive}`}>
            {({ id, description }) => (
              <Switch
                id={id}
                aria-describedby={description}
                checked={plan !== null}
                onChange={(on) => onPlan(on ? planOf(found) : null)}
              />
            )}
          </Setting>
        )}
      </SettingGroup>
      {!found.plan && (
        <div className="group">
          <Callout icon="info">
            It holds no archive of files to make a plan from. Make one under Plans once it is connected.
          </Callout>
        </div>
      )}
      {found.plan && plan && (
        <PlanFields
          form={plan}
          differences={found.plan.differences}
          change={(part) => onPlan({ ...plan, ...part })}
          faults={faults}
        />
      )}
    </>
  );
}

function PlanFields({
  form,
  differences,
  change,
  faults,
}: {
  form: PlanForm;
  differences: string[];
  change: (part: Partial<PlanForm>) => void;
  faults: Faults;
}) {
  const measures = useMeasures(form.sources, form.excludes);
  const sections = { form, change, faults };
  return (
    <>
      {differences.length > 0 && (
        <div className="group">
          <Callout icon="info" title="What the plan does otherwise">
            <ul className="differences">
              {differences.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </Callout>
        </div>
      )}
      <SettingGroup title="The plan">
        <div className="card-body">
          <Field
            label="Plan name"
            value={form.name}
            invalid={faults.name !== undefined}
            hint={faults.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </div>
        <CompressionSetting {...sections} />
      </SettingGroup>
      <SourcesSection {...sections} measures={measures} />
      <LeaveOutSection {...sections} />
      <KeepSection {...sections} />
    </>
  );
}
