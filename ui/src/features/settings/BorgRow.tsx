import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { CommandLine } from "../../components/CopyButton";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import { Setting } from "../../components/Setting";
import type { BorgFound } from "../../platform/bindings";
import { useSystem } from "../plans/queries";
import { useChangeSettings } from "./queries";
import "../../components/status.css";

/** The Borg in use, and how to use another. `chosen` is the path the person typed, if any. */
export function BorgRow({ chosen }: { chosen: string | null }) {
  const borg = useSystem().data?.borg;
  const { change, pending, saving } = useChangeSettings();
  const [open, setOpen] = useState(false);
  const [path, setPath] = useState("");
  const toggle = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);

  const choose = (borg_path: string) =>
    change(
      { borg_path },
      {
        onSuccess: () => {
          setOpen(false);
          toggle.current?.focus();
        },
        onError: () => field.current?.focus(),
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() !== "") choose(path.trim());
  };
  return (
    <Setting
      title="Borg"
      hint={borg && where(borg, chosen)}
      saved={saving.saved}
      error={borg?.problem}
      below={
        <>
          {borg?.install_command && (
            <div className="setting-more">
              <CommandLine command={borg.install_command} />
            </div>
          )}
          {open && (
            <form className="setting-more borg-path" onSubmit={submit}>
              <Field
                ref={field}
                label="Path of another Borg"
                mono
                placeholder="/usr/local/bin/borg"
                value={path}
                invalid={saving.error !== null}
                hint={saving.error?.message ?? "The full path of the program, from the first slash on"}
                onChange={(event) => setPath(event.target.value)}
                beside={
                  <Button type="submit" disabled={pending || path.trim() === ""}>
                    Use this
                  </Button>
                }
              />
              {chosen !== null && (
                <Button size="sm" kind="ghost" disabled={pending} onClick={() => choose("")}>
                  Use the Borg Alcove finds by itself
                </Button>
              )}
            </form>
          )}
        </>
      }
    >
      {({ id }) => (
        <span className="row">
          {borg && !borg.problem && (
            <span className="status works" data-status="completed">
              <Icon name="st-completed" size={14} />
              Works
            </span>
          )}
          <Button
            ref={toggle}
            id={id}
            size="sm"
            aria-label={open ? "Close Borg" : "Change Borg"}
            aria-expanded={open}
            onClick={() => {
              setPath(chosen ?? "");
              setOpen(!open);
            }}
          >
            {open ? "Close" : "Change…"}
          </Button>
        </span>
      )}
    </Setting>
  );
}

function where(borg: BorgFound, chosen: string | null): string {
  if (!borg.path) return chosen ? `Chosen: ${chosen}` : "Not found";
  return `${borg.path}, version ${borg.version}${chosen ? ", chosen by you" : ""}`;
}
