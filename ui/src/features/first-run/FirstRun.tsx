import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Brand } from "../../app/Brand";
import { go } from "../../app/router";
import { Icon } from "../../components/Icon";
import { toastError, toastWarning } from "../../components/toasts";
import type { Repository, System } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { NO_PASSPHRASE } from "../passphrase/NewPassphrase";
import { KEEP } from "../plans/keep";
import { Connect } from "../repositories/Connect";
import { useConnectionTest } from "../repositories/useConnectionTest";
import { DestinationStep } from "./DestinationStep";
import { FoldersStep } from "./FoldersStep";
import { NoBorg } from "./NoBorg";
import { PassphraseStep } from "./PassphraseStep";
import { useDrives, useFolders } from "./queries";
import { RecoveryStep } from "./RecoveryStep";
import {
  EMPTY_DESTINATION,
  firstBackup,
  firstBytes,
  locationOf,
  nameOf,
  planName,
  sshLocation,
  wayOf,
} from "./setup";
import "./first-run.css";

const STEPS = ["Folders", "Destination", "Passphrase", "Key"] as const;

/** From nothing to a first backup. Everything typed is kept here, so that going back or failing loses none of it. */
export function FirstRun({ system, onDone }: { system: System; onDone: () => void }) {
  const platform = usePlatform();
  const queries = useQueryClient();
  const [step, setStep] = useState(0);
  const folders = useFolders();
  const [removesOld, setRemovesOld] = useState(true);
  const drives = useDrives();
  const [destination, setDestination] = useState(EMPTY_DESTINATION);
  // As it was looked at: drives come and go afterwards.
  const [target, setTarget] = useState({ path: "", name: "" });
  const [passphrase, setPassphrase] = useState({
    ...NO_PASSPHRASE,
    remember: system.keyring !== null,
  });
  const [made, setMade] = useState<{ repository: Repository; started: boolean } | null>(null);
  const [connecting, setConnecting] = useState(false);
  const [creating, setCreating] = useState(false);
  const [error, setError] = useState<PlatformError | null>(null);

  const test = useConnectionTest(() => {
    const bytes = firstBytes(folders.folders);
    return {
      repository: sshLocation(destination),
      ...wayOf(destination),
      ...(bytes !== null && { expected_bytes: bytes }),
    };
  });

  const create = async () => {
    if (creating) return;
    setCreating(true);
    setError(null);
    try {
      const created = await platform.call("create_repository", {
        ...target,
        ...wayOf(destination),
        ...(test.report?.remote_path && { remote_path: test.report.remote_path }),
        passphrase: passphrase.text,
        source_directories: folders.folders.filter((folder) => folder.chosen).map((folder) => folder.path),
        exclude_patterns: folders.excludes,
        ...(removesOld && { keep: KEEP }),
        plan_name: planName(folders.folders, system.home_folder),
        remember_passphrase: passphrase.remember,
      });
      if (passphrase.remember && !created.passphrase_remembered) {
        toastWarning(
          "The passphrase was not remembered",
          `${system.keyring ?? "The keyring"} did not keep it. Alcove asks for it after a restart.`,
        );
      }
      // From here on there is a plan: a backup that does not start is a matter of the Overview.
      const started = await platform
        .call("start_backup", {
          repository: created.repository.path,
          ...(created.plan !== null && { plan: created.plan }),
        })
        .then(
          () => true,
          (thrown) => {
            toastError("The first backup did not start", PlatformError.from(thrown));
            return false;
          },
        );
      setPassphrase((old) => ({ ...old, ...NO_PASSPHRASE }));
      setMade({ repository: created.repository, started });
    } catch (thrown) {
      setError(PlatformError.from(thrown));
      setCreating(false);
    }
  };

  const finish = async () => {
    await queries.invalidateQueries();
    go({ screen: "overview" });
    onDone();
  };

  if (connecting && !system.borg.problem) {
    return (
      <main className="main whole">
        <Connect
          onCancel={() => setConnecting(false)}
          onConnected={(repository) => {
            go({ screen: "repositories", repository: repository.id });
            onDone();
          }}
        />
      </main>
    );
  }
  return (
    <main className="setup">
      <header className="setup-head">
        <Brand />
        <Steps current={made ? STEPS.indexOf("Key") : system.borg.problem ? -1 : step} />
      </header>
      {made ? (
        <RecoveryStep {...made} onDone={finish} />
      ) : system.borg.problem ? (
        <NoBorg borg={system.borg} />
      ) : step === 0 ? (
        <FoldersStep
          folders={folders}
          removesOld={removesOld}
          onRemovesOld={setRemovesOld}
          onConnect={() => setConnecting(true)}
          onContinue={() => setStep(1)}
        />
      ) : step === 1 ? (
        <DestinationStep
          drives={drives}
          form={destination}
          test={test}
          onChange={setDestination}
          onBack={() => setStep(0)}
          onContinue={() => {
            const path = locationOf(destination, drives.drives);
            if (path === null) return;
            setTarget({ path, name: nameOf(destination, drives.drives) });
            setStep(2);
          }}
        />
      ) : (
        <PassphraseStep
          keyring={system.keyring}
          form={passphrase}
          onChange={setPassphrase}
          firstBackup={firstBackup(folders.folders)}
          creating={creating}
          error={error}
          onBack={() => setStep(1)}
          onCreate={create}
        />
      )}
    </main>
  );
}

function Steps({ current }: { current: number }) {
  return (
    <ol className="steps" aria-label="Setup steps">
      {STEPS.map((name, n) => (
        <li
          key={name}
          data-state={n < current ? "done" : undefined}
          aria-current={n === current ? "step" : undefined}
        >
          <i>{n < current ? <Icon name="check" size={12} /> : n + 1}</i>
          {name}
        </li>
      ))}
    </ol>
  );
}
