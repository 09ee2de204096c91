import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Setting, SettingGroup } from "../../components/Setting";
import { useSystem } from "../plans/queries";
import { DiagnosticsRow } from "./DiagnosticsRow";
import { Licences } from "./Licences";

const LICENCES = "MIT or Apache 2.0";

/** What Alcove is and where it keeps its things. */
export function About() {
  const { data } = useSystem();
  const [showing, setShowing] = useState(false);
  if (!data) return null;
  return (
    <SettingGroup title="About">
      <Setting title={`Alcove ${data.alcove_version}`} hint={`Licence: ${LICENCES}`} />
      <Setting title="Built from" hint="Open-source parts of others, each under a licence of its own">
        {({ id, description }) => (
          <Button
            id={id}
            size="sm"
            aria-label="Show licences"
            aria-describedby={description}
            onClick={() => setShowing(true)}
          >
            Show licences…
          </Button>
        )}
      </Setting>
      <Setting title="Data folder" hint={<span className="mono selectable">{data.data_folder}</span>}>
        {() => <CopyButton label="Copy the data folder’s path" text={data.data_folder} />}
      </Setting>
      <DiagnosticsRow />
      {showing && <Licences onClose={() => setShowing(false)} />}
    </SettingGroup>
  );
}
