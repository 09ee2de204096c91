import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Check } from "../../components/Check";
import { FormDialog, QuestionDialog } from "../../components/Dialog";
import { PassphraseField } from "../../components/PassphraseField";
import { Problem } from "../../components/Problem";
import type { PassphraseChanged, Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { missing, NewPassphrase, NO_PASSPHRASE } from "../passphrase/NewPassphrase";
import { Remember } from "../passphrase/Remember";
import { useSystem } from "../plans/queries";
import { WANTS_PASSPHRASE } from "./health";
import { useChangePassphrase } from "./queries";

/** Gives a repository another passphrase, and says what still has the old one. */
export function ChangePassphrase({
  repository,
  onClose,
  onExport,
}: {
  repository: Repository;
  onClose: () => void;
  /** Goes on to export the key. */
  onExport: () => void;
}) {
  const keyring = useSystem().data?.keyring ?? null;
  const [current, setCurrent] = useState("");
  const [shown, setShown] = useState(false);
  const [chosen, setChosen] = useState(NO_PASSPHRASE);
  const keep = repository.keep_passphrase;
  const [remember, setRemember] = useState(keep !== "session");
  const remembers = remember && keep !== "never" && keyring !== null;
  const field = useRef<HTMLInputElement>(null);
  const change = useChangePassphrase(() => ({
    repository_id: repository.id,
    new_passphrase: chosen.text,
    remember_passphrase: remembers,
    ...(current !== "" && { passphrase: current }),
  }));
  const error = change.error && PlatformError.from(change.error);
  const asksCurrent = current !== "" || (error !== null && WANTS_PASSPHRASE.includes(error.code));
  const reason = missing(chosen);
  if (change.data) {
    return (
      <Changed
        name={repository.name}
        changed={change.data}
        forgotten={remembers && !change.data.passphrase_remembered ? keyring : null}
        onClose={onClose}
        onExport={onExport}
      />
    );
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Change the passphrase of ${repository.name}`}
      initialFocus={field}
      onSubmit={() => reason === null && !change.isPending && change.mutate()}
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="lg"
            kind="primary"
            type="submit"
            disabled={reason !== null || change.isPending}
            aria-describedby="why-not"
          >
            {change.isPending ? "Changing…" : "Change passphrase"}
          </Button>
        </>
      }
    >
      <p>
        The key is locked anew; what is stored stays as it is. Whoever has an older copy of the key opens the
        repository with the old passphrase, now and later.
      </p>
      {error && (
        <Problem live title="Nothing was changed" hints={error.hints}>
          {error.message}
        </Problem>
      )}
      {asksCurrent && (
        <PassphraseField
          label="Passphrase in use"
          value={current}
          disabled={change.isPending}
          shown={shown}
          onToggle={() => setShown(!shown)}
          onChange={(event) => setCurrent(event.target.value)}
        />
      )}
      <NewPassphrase
        ref={field}
        label="New passphrase"
        chosen={chosen}
        disabled={change.isPending}
        onChange={(part) => setChosen((old) => ({ ...old, ...part }))}
      />
      {keep === "never" ? (
        <p className="hint">It is kept nowhere: each job asks for it.</p>
      ) : (
        <Remember keyring={keyring} checked={remembers} disabled={change.isPending} onChange={setRemember} />
      )}
      <Check
        label="I have saved the passphrase outside this computer"
        checked={chosen.saved}
        disabled={change.isPending}
        onChange={(saved) => setChosen((old) => ({ ...old, saved }))}
      />
      <p className="hint" id="why-not" role="status">
        {reason}
      </p>
    </FormDialog>
  );
}

function Changed({
  name,
  changed,
  forgotten,
  onClose,
  onExport,
}: {
  name: string;
  changed: PassphraseChanged;
  /** The keyring that did not keep the new passphrase. */
  forgotten: string | null;
  onClose: () => void;
  onExport: () => void;
}) {
  const first = useRef<HTMLButtonElement>(null);
  return (
    <QuestionDialog
      open
      onClose={onClose}
      title={`${name} has a new passphrase`}
      initialFocus={first}
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button ref={first} size="lg" kind="primary" onClick={onExport}>
            Export key…
          </Button>
        </>
      }
    >
      <p>
        Alcove opened it with the new one.{" "}
        {changed.export_outdated
          ? "The key you exported is still locked by the old passphrase: export it again, and destroy the old export."
          : "Its key was never exported: an export is locked by the passphrase of its day."}
      </p>
      {changed.source_outdated && (
        <Callout
          icon="st-warnings"
          tone="completed_with_warnings"
          title="Its passcommand still gives the old one"
        >
          Change it there too, or in the credential that systemd hands over. Until then a backup after a
          restart asks for the passphrase.
        </Callout>
      )}
      {forgotten && (
        <Callout icon="st-warnings" tone="completed_with_warnings" title="The passphrase was not remembered">
          {forgotten} did not keep it. Alcove asks for it after a restart.
        </Callout>
      )}
    </QuestionDialog>
  );
}
