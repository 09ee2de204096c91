import { useId, useState } from "react";
import { Field } from "../../components/Field";
import { Select } from "../../components/Select";
import { PROVIDERS, type Server, serverOf } from "./providers";

const OTHER = "other";

/** Whose server it is: what is theirs to fill in fills the address, and what must be done there is said. */
export function ServerPreset({
  other,
  onFill,
  onOther,
}: {
  /** What it is called when it is none of these. */
  other: string;
  onFill: (server: Server) => void;
  /** It is a server of which nothing is known. */
  onOther: () => void;
}) {
  const id = useId();
  const [chosen, setChosen] = useState<string>(OTHER);
  const [account, setAccount] = useState("");
  const provider = PROVIDERS.find((each) => each.id === chosen);
  const choose = (next: string) => {
    setChosen(next);
    setAccount("");
    const found = PROVIDERS.find((each) => each.id === next);
    if (found) onFill(serverOf(found, ""));
    else onOther();
  };
  return (
    <>
      <div className="preset">
        <div className="f">
          <label htmlFor={id}>Whose server</label>
          <Select
            id={id}
            value={chosen}
            choices={[[OTHER, other], ...PROVIDERS.map((each) => [each.id, each.name] as const)]}
            onChange={choose}
          />
        </div>
        {provider && (
          <Field
            label={provider.account.label}
            mono
            placeholder={provider.account.example}
            value={account}
            onChange={(event) => {
              setAccount(event.target.value);
              onFill(serverOf(provider, event.target.value));
            }}
          />
        )}
      </div>
      {provider && (
        <ul className="preset-facts" aria-label={`What ${provider.name} needs`}>
          <li>{provider.first}</li>
          <li>{provider.key}</li>
          <li>{provider.appendOnly} Alcove cannot prune then.</li>
        </ul>
      )}
    </>
  );
}
