import { useState } from "react";
import { Button } from "../../components/Button";
import { PassphraseField } from "../../components/PassphraseField";
import { SettingGroup } from "../../components/Setting";
import { Remember } from "../passphrase/Remember";
import { ConnectionSteps } from "./ConnectionSteps";
import { type ConnectForm, hostOf, isRemote, reach } from "./connect";
import { LocationField } from "./LocationField";
import { locationAt } from "./providers";
import { ServerPreset } from "./ServerPreset";
import { SshKeyChoice } from "./SshKeyChoice";
import { useConnectionTest } from "./useConnectionTest";

/** Where the repository is and what opens it; the way there can be tested first. */
export function ConnectWhere({
  form,
  keyring,
  onChange,
  onLook,
  looking,
  found,
  fault,
}: {
  form: ConnectForm;
  keyring: string | null;
  onChange: (part: Partial<ConnectForm>) => void;
  /** Given the name of the server's Borg, where a test found another. */
  onLook: (remotePath: string | null) => void;
  looking: boolean;
  /** Whether what is there is shown: the next step is another button's. */
  found: boolean;
  /** What is wrong with the location. */
  fault: string | null;
}) {
  const [shown, setShown] = useState(false);
  const test = useConnectionTest(() => {
    const { confirm: _, ...args } = reach(form);
    return args;
  });
  const change = (part: Partial<ConnectForm>) => {
    test.reset();
    onChange(part);
  };
  const nowhere = form.location.trim() === "";
  return (
    <SettingGroup
      title="Where it is"
      hint="A repository that Borg, Vorta, borgmatic or another program made. Nothing in it is changed by looking."
    >
      <form
        className="card-body connect-where"
        onSubmit={(event) => {
          event.preventDefault();
          if (!nowhere && !looking) onLook(test.report?.remote_path ?? form.remotePath);
        }}
      >
        <ServerPreset
          other="A folder, or another server"
          onFill={(server) =>
            change({ location: locationAt(server), remotePath: server.remotePath, confirm: [] })
          }
          onOther={() => change({ remotePath: null })}
        />
        <LocationField
          label="Place"
          value={form.location}
          invalid={fault !== null}
          hint={fault ?? "A folder, ssh://user@host:port/folder, or user@host:folder"}
          onChange={(location) =>
            change({
              location,
              confirm: [],
              remotePath: hostOf(location) === hostOf(form.location) ? form.remotePath : null,
            })
          }
        />
        {isRemote(form.location) && (
          <SshKeyChoice value={form.sshKey} onChange={(sshKey) => change({ sshKey })} />
        )}
        <PassphraseField
          label="Passphrase"
          hint="Left empty: for a repository without one"
          value={form.passphrase}
          shown={shown}
          onToggle={() => setShown(!shown)}
          onChange={(event) => change({ passphrase: event.target.value })}
        />
        <Remember
          keyring={keyring}
          checked={form.remember && keyring !== null}
          onChange={(remember) => onChange({ remember })}
        />
        <div className="row">
          <Button disabled={nowhere || test.running} onClick={test.run}>
            {test.running ? "Testing…" : "Test connection"}
          </Button>
          <Button type="submit" kind={found ? "default" : "primary"} disabled={nowhere || looking}>
            {looking ? "Looking…" : "Look inside"}
          </Button>
          {looking && (
            <span className="hint" role="status">
              Reading the archives. A large repository can take a minute.
            </span>
          )}
        </div>
        <ConnectionSteps test={test} />
      </form>
    </SettingGroup>
  );
}
