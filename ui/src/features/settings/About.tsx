import { CopyButton } from "../../components/CopyButton";
import { Setting, SettingGroup } from "../../components/Setting";
import { useSystem } from "../plans/queries";

const LICENCES = "MIT or Apache 2.0";

/** What Alcove is and where it keeps its things. */
export function About() {
  const { data } = useSystem();
  if (!data) return null;
  return (
    <SettingGroup title="About">
      <Setting title={`Alcove ${data.alcove_version}`} hint={`Licence: ${LICENCES}`} />
      <Setting title="Data folder" hint={<span className="mono selectable">{data.data_folder}</span>}>
        {() => <CopyButton label="Copy the data folder’s path" text={data.data_folder} />}
      </Setting>
    </SettingGroup>
  );
}
