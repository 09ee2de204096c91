import { useState } from "react";
import { Button } from "../../components/Button";
import { SettingGroup } from "../../components/Setting";
import { TextArea } from "../../components/TextArea";
import { isOn, ownPatterns, PRESETS, type Preset, withOwnPatterns, withPreset } from "./presets";
import type { SectionProps } from "./section";

/** What stays out: by its plain name, or by Borg's patterns. */
export function LeaveOutSection({ form, change, faults }: SectionProps) {
  const own = ownPatterns(form.excludes);
  const fault = faults.exclude_patterns;
  const [open, setOpen] = useState(own.length > 0);
  const [text, setText] = useState(own.join("\n"));
  const typed = linesOf(text);
  const shown = open || fault !== undefined;
  return (
    <SettingGroup title="Leave out" id="plan-leave-out" hint="Anything that can be made or downloaded again.">
      <div className="presets">
        {PRESETS.map((preset) => (
          <Row
            key={preset.label}
            preset={preset}
            on={isOn(preset, form.excludes)}
            onChange={(on) => change({ excludes: withPreset(form.excludes, preset, on) })}
          />
        ))}
      </div>
      <div className="own-patterns">
        {shown ? (
          <TextArea
            label="Patterns of your own, one on each line"
            rows={3}
            placeholder="sh:**/*.log"
            value={text}
            invalid={fault !== undefined}
            hint={
              fault ?? (
                <>
                  Borg’s patterns: <code>sh:**/name</code> finds a name in any folder,{" "}
                  <code>pp:/full/path</code> a folder and all in it, <code>re:</code> a regular expression.{" "}
                  <code>borg help patterns</code> has them all.
                </>
              )
            }
            onChange={(event) => {
              setText(event.target.value);
              change({ excludes: withOwnPatterns(form.excludes, typed, linesOf(event.target.value)) });
            }}
          />
        ) : (
          <Button size="sm" icon="plus" onClick={() => setOpen(true)}>
            Patterns of your own
          </Button>
        )}
      </div>
    </SettingGroup>
  );
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

function Row({ preset, on, onChange }: { preset: Preset; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="exc" title={preset.patterns.join("\n")}>
      <input
        type="checkbox"
        className="check"
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="t">{preset.label}</span>
      <span className="hint trunc">{preset.hint}</span>
    </label>
  );
}
