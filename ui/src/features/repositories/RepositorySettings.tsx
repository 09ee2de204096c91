import { useState } from "react";
import { Button } from "../../components/Button";
import { Select } from "../../components/Select";
import { Setting } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { KeepPassphrase, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { CheckRhythm } from "./CheckRhythm";
import { hasKey } from "./health";
import { useChangeRepository } from "./queries";
import { APPEND_ONLY } from "./upkeep";

/** What a person has chosen of a repository: its name, where it is, what may be done to it, whether it is known. */
export function RepositorySettings({
  repository,
  busy,
  onAsk,
}: {
  repository: Repository;
  /** A job that has not ended, by its name. */
  busy: string | undefined;
  onAsk: (what: "rename" | "test" | "move" | "forget") => void;
}) {
  const change = useChangeRepository(repository.id);
  const [saved, setSaved] = useState(false);
  const why = busy && `${busy} has not ended yet.`;
  return (
    <section className="card repo-card" aria-labelledby="repository-settings">
      <header>
        <h2 id="repository-settings">This repository</h2>
      </header>
      <Setting title="Name" hint="Only Alcove calls it so.">
        {() => <Button onClick={() => onAsk("rename")}>Rename…</Button>}
      </Setting>
      <Setting title="Place" hint="Look at the way to it step by step, or say where it is now.">
        {() => (
          <>
            <Button onClick={() => onAsk("test")}>Test connection…</Button>
            <Button onClick={() => onAsk("move")}>Moved…</Button>
          </>
        )}
      </Setting>
      <Setting
        title="Append-only"
        hint={APPEND_ONLY}
        saved={saved}
        error={change.error && PlatformError.from(change.error).message}
      >
        {({ id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={change.isPending ? (change.variables?.append_only ?? false) : repository.append_only}
            onChange={(append_only) =>
              change.mutate({ append_only }, { onSettled: (_, error) => setSaved(error === null) })
            }
          />
        )}
      </Setting>
      <CheckRhythm repository={repository} />
      {hasKey(repository) && <Passphrase repository={repository} />}
      <Setting
        title="Forget"
        hint={
          why ?? "Alcove no longer knows it. The repository, its archives and the history of its jobs stay."
        }
      >
        {() => (
          <Button kind="danger-quiet" why={why} onClick={() => onAsk("forget")}>
            Forget…
          </Button>
        )}
      </Setting>
    </section>
  );
}

const KEEPING = [
  ["keyring", "In the keyring"],
  ["session", "Until Alcove closes"],
  ["never", "For one job"],
] as const satisfies readonly (readonly [KeepPassphrase, string])[];

const MEANING: Record<KeepPassphrase, string> = {
  keyring: "Alcove finds it after a restart; the keyring of this computer guards it.",
  session: "It is in memory only, and asked for after a restart.",
  never: "Each job asks for it and forgets it when it ends; backups on a schedule wait for you.",
};

/** How long the passphrase is kept. What was kept for longer is forgotten at once. */
function Passphrase({ repository }: { repository: Repository }) {
  const change = useChangeRepository(repository.id);
  const [saved, setSaved] = useState(false);
  const keep = repository.keep_passphrase;
  return (
    <Setting
      title="Keep its passphrase"
      hint={MEANING[keep]}
      saved={saved}
      error={change.error && PlatformError.from(change.error).message}
    >
      {({ id, description }) => (
        <Select
          id={id}
          aria-describedby={description}
          value={keep}
          choices={KEEPING}
          onChange={(keep_passphrase) =>
            change.mutate({ keep_passphrase }, { onSettled: (_, error) => setSaved(error === null) })
          }
        />
      )}
    </Setting>
  );
}
