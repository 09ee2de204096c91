import type { ReactNode } from "react";
import { Field } from "../../components/Field";
import { ConnectionSteps } from "../repositories/ConnectionSteps";
import { ServerPreset } from "../repositories/ServerPreset";
import { SshKeyChoice } from "../repositories/SshKeyChoice";
import type { ConnectionTest } from "../repositories/useConnectionTest";
import { addressProblem, type DestinationForm } from "./setup";

/** A server: its address, the key that opens it, and what a test of the way there found. */
export function SshFields({
  form,
  onChange,
  name,
  test,
}: {
  form: DestinationForm;
  onChange: (part: Partial<DestinationForm>) => void;
  name: ReactNode;
  test: ConnectionTest;
}) {
  const problem = form.address === "" ? null : addressProblem(form);
  const wrong = (field: string) => problem?.field === field;
  const change = (part: Partial<DestinationForm>) => {
    // What was found is not what stands at another place.
    test.reset();
    onChange(part);
  };
  return (
    <>
      <ServerPreset
        other="My own, or another"
        onFill={({ address, port, folder, remotePath }) =>
          change({ address, port: String(port), serverFolder: folder, remotePath })
        }
        onOther={() => change({ remotePath: null })}
      />
      <div className="ssh">
        <Field
          label="Address"
          mono
          placeholder="user@host"
          value={form.address}
          invalid={wrong("address")}
          hint={wrong("address") ? problem?.text : null}
          onChange={(event) => change({ address: event.target.value })}
        />
        <Field
          label="Port"
          inputMode="numeric"
          value={form.port}
          invalid={wrong("port")}
          onChange={(event) => change({ port: event.target.value })}
        />
      </div>
      <div className="pair">
        <Field
          label="Folder on the server"
          mono
          value={form.serverFolder}
          invalid={wrong("serverFolder")}
          onChange={(event) => change({ serverFolder: event.target.value })}
        />
        {name}
      </div>
      <SshKeyChoice value={form.sshKey} onChange={(sshKey) => change({ sshKey })} />
      <ConnectionSteps test={test} short />
    </>
  );
}
