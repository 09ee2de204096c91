import { type FormEvent, useState } from "react";
import { CommandLine } from "../../components/CopyButton";
import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { HttpAccess } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useChangeHttpAccess, useHttpAccess } from "./queries";
import { Tokens } from "./Tokens";

/** The door for programs: off until the person opens it. */
export function HttpAccessGroup() {
  const { data: access, error } = useHttpAccess();
  return (
    <SettingGroup
      title="HTTP access"
      hint="For programs on this computer that have a token: they can start and cancel backups, read jobs and their logs, and make repositories. Other computers cannot reach it."
    >
      {error && <Setting title="HTTP access" error={PlatformError.from(error).message} />}
      {access && (
        <>
          <Enabled access={access} />
          <Port key={access.port} access={access} />
          {access.enabled && !access.problem && (
            <Setting
              title="Try it"
              hint="Lists the jobs. Put a token in the place of TOKEN."
              below={
                <div className="setting-more">
                  <CommandLine command={access.curl} />
                </div>
              }
            />
          )}
          <Tokens access={access} />
        </>
      )}
    </SettingGroup>
  );
}

function Enabled({ access }: { access: HttpAccess }) {
  const { change, pending, saving } = useChangeHttpAccess();
  return (
    <Setting
      title="Accept requests"
      hint={
        access.enabled && !access.problem ? `Open at ${access.address}` : "Closed: no program can call Alcove"
      }
      saved={saving.saved}
      error={saving.error?.message ?? access.problem}
    >
      {({ id, description }) => (
        <Switch
          id={id}
          aria-describedby={description}
          checked={access.enabled}
          disabled={pending}
          onChange={(enabled) => change({ enabled })}
        />
      )}
    </Setting>
  );
}

/** Saved on Enter and on leaving the field. */
function Port({ access }: { access: HttpAccess }) {
  const { change, saving } = useChangeHttpAccess();
  const [text, setText] = useState(String(access.port));
  const [refusal, setRefusal] = useState<string | null>(null);
  const save = () => {
    if (text === String(access.port)) return setRefusal(null);
    if (!/^\d{1,6}$/.test(text)) return setRefusal("A port is a number from 1024 to 65535.");
    setRefusal(null);
    return change({ enabled: access.enabled, port: Number(text) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  const error = refusal ?? saving.error?.message;
  return (
    <Setting title="Port" saved={saving.saved} error={error}>
      {({ id, description }) => (
        <form onSubmit={submit}>
          <span className={error ? "input port is-invalid" : "input port"}>
            <input
              id={id}
              inputMode="numeric"
              autoComplete="off"
              aria-invalid={error ? true : undefined}
              aria-describedby={description}
              value={text}
              onChange={(event) => setText(event.target.value.trim())}
              onBlur={save}
            />
          </span>
        </form>
      )}
    </Setting>
  );
}
