import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { PassphraseField } from "../../components/PassphraseField";
import { Problem } from "../../components/Problem";
import { toastError } from "../../components/toasts";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { Remember } from "../passphrase/Remember";
import { useRepositories, useRepositoryName, useSystem } from "../plans/queries";

/** Asks for the passphrase of a repository; what waits for it goes on. */
export function PassphraseDialog({
  location,
  what,
  onClose,
  onUnlocked,
}: {
  /** The repository's location. */
  location: string;
  /** What cannot go on without the passphrase. */
  what: string;
  onClose: () => void;
  onUnlocked?: () => void;
}) {
  const platform = usePlatform();
  const repository = useRepositoryName()(location);
  const keep = useRepositories().data?.find(({ path }) => path === location)?.keep_passphrase;
  const keyring = useSystem().data?.keyring ?? null;
  const [text, setText] = useState("");
  const [shown, setShown] = useState(false);
  const [chosen, setRemember] = useState<boolean | null>(null);
  const remember = keep !== "never" && keyring !== null && (chosen ?? keep !== "session");
  const field = useRef<HTMLInputElement>(null);
  const done = () => {
    onClose();
    onUnlocked?.();
  };
  const unlock = useMutation({
    mutationFn: () =>
      platform.call("unlock_repository", {
        repository: location,
        passphrase: text,
        remember_passphrase: remember,
      }),
    // The cache of mutations keeps no passphrase: it is not one of their variables.
    gcTime: 0,
    onError: (error) => {
      const why = PlatformError.from(error);
      // It opens the repository, and is only not remembered.
      if (why.code === "keyring_failed") {
        toastError("The passphrase is not remembered", why);
        done();
      } else {
        // To be put right where it was typed.
        field.current?.focus();
      }
    },
    onSuccess: done,
  });
  const error = unlock.error && PlatformError.from(unlock.error);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Passphrase for ${repository}`}
      initialFocus={field}
      onSubmit={() => text !== "" && unlock.mutate()}
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Not now
          </Button>
          <Button size="lg" kind="primary" type="submit" disabled={text === "" || unlock.isPending}>
            {unlock.isPending ? "Checking…" : "Unlock"}
          </Button>
        </>
      }
    >
      <p>{what} cannot go on without it.</p>
      {error && (
        <Problem live title="That did not open it" hints={error.hints}>
          {error.message}
        </Problem>
      )}
      <PassphraseField
        ref={field}
        label="Passphrase"
        value={text}
        shown={shown}
        onToggle={() => setShown(!shown)}
        onChange={(event) => setText(event.target.value)}
      />
      {keep === "never" ? (
        <p className="hint">It is kept nowhere, and forgotten when the job ends.</p>
      ) : (
        <Remember keyring={keyring} checked={remember} onChange={setRemember} />
      )}
    </FormDialog>
  );
}
