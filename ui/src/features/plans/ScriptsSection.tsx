import { useEffect, useRef } from "react";
import { Button, IconButton } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { Select } from "../../components/Select";
import { SettingGroup } from "../../components/Setting";
import type { Hook } from "../../platform/bindings";
import { limits, lineOf, newHook, WHENS } from "./hooks";
import type { SectionProps } from "./section";
import "./scripts.css";

/** What else runs with each backup. */
export function ScriptsSection({ form, change, faults }: SectionProps) {
  const { hooks } = form;
  const fault = faults.hooks;
  const list = useRef<HTMLDivElement>(null);
  const added = useRef(false);
  const set = (at: number, part: Partial<Hook>) =>
    change({ hooks: hooks.map((hook, n) => (n === at ? { ...hook, ...part } : hook)) });
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    list.current?.querySelector<HTMLElement>("fieldset:last-of-type input")?.focus();
  });
  const add = () => {
    added.current = true;
    change({ hooks: [...hooks, newHook(hooks.length === 0 ? "before" : "always")] });
  };
  const remove = (at: number) => {
    change({ hooks: hooks.filter((_, n) => n !== at) });
    list.current?.querySelector<HTMLElement>(".scripts-foot button")?.focus();
  };
  return (
    <SettingGroup
      title="Scripts"
      id="plan-scripts"
      hint="Commands that run before or after each backup. If one before it fails, the backup does not start. What they say is in the job’s log."
    >
      <div ref={list}>
        {hooks.map((hook, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <Row key={at} hook={hook} at={at} set={set} remove={remove} invalid={fault !== undefined} />
        ))}
        {fault && (
          <p className="setting-error scripts-fault" role="alert" id="scripts-fault">
            <Icon name="st-failed" size={14} />
            <span>{fault}</span>
          </p>
        )}
        <div className="scripts-foot">
          <Button size="sm" icon="plus" onClick={add}>
            Add a script
          </Button>
          {hooks.length > 0 && (
            <span className="hint">They run in your home folder, as you, without a terminal.</span>
          )}
        </div>
      </div>
    </SettingGroup>
  );
}

function Row({
  hook,
  at,
  set,
  remove,
  invalid,
}: {
  hook: Hook;
  at: number;
  set: (at: number, part: Partial<Hook>) => void;
  remove: (at: number) => void;
  invalid: boolean;
}) {
  const name = `Script ${at + 1}`;
  const isLine = typeof hook.command === "string";
  return (
    <fieldset className="setting script" aria-label={name}>
      <Select
        aria-label="When it runs"
        value={hook.when}
        choices={WHENS}
        onChange={(when) => set(at, { when })}
      />
      <span className="hint">stopped after</span>
      <Select
        aria-label="Stopped after"
        value={String(hook.time_limit)}
        choices={limits(hook.time_limit)}
        onChange={(seconds) => set(at, { time_limit: Number(seconds) })}
      />
      <IconButton
        label={`Remove script ${at + 1}`}
        icon="x"
        kind="ghost"
        size="sm"
        onClick={() => remove(at)}
      />
      <div className={invalid ? "input mono is-invalid" : "input mono"}>
        <input
          aria-label="Command"
          placeholder="Command"
          autoComplete="off"
          spellCheck={false}
          // A list of arguments comes from elsewhere: as a line, a shell would read it otherwise.
          readOnly={!isLine}
          aria-invalid={invalid ? true : undefined}
          aria-describedby={invalid ? "scripts-fault" : undefined}
          title={isLine ? undefined : "A program with its arguments. No shell reads it."}
          value={lineOf(hook.command)}
          onChange={(event) => set(at, { command: event.target.value })}
        />
      </div>
    </fieldset>
  );
}
