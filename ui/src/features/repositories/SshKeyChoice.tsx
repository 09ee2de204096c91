import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { Button } from "../../components/Button";
import { CommandLine } from "../../components/CopyButton";
import { Select } from "../../components/Select";
import { toastError } from "../../components/toasts";
import { lastPart } from "../../format/path";
import type { SshKey } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

/** The key ssh logs in with: those it finds by itself, one by name, or a new one. */
export function SshKeyChoice({ value, onChange }: { value: string; onChange: (path: string) => void }) {
  const platform = usePlatform();
  const queries = useQueryClient();
  const id = useId();
  const { data: keys = [] } = useQuery({
    queryKey: ["ssh-keys"],
    queryFn: async () => (await platform.call("list_ssh_keys", {})).keys,
  });
  const make = useMutation({
    mutationFn: () => platform.call("make_ssh_key", {}),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["ssh-keys"] });
      onChange(made.path);
    },
    onError: (thrown) => toastError("No key was made", PlatformError.from(thrown)),
  });
  const chosen = keys.find((key) => key.path === value);
  return (
    <div className="f">
      <label htmlFor={id}>SSH key</label>
      <div className="f-line">
        <Select
          id={id}
          value={value}
          choices={[
            ["", "Those ssh finds by itself"],
            ...keys.map((key) => [key.path, nameOf(key)] as const),
          ]}
          onChange={onChange}
        />
        <Button disabled={make.isPending} onClick={() => make.mutate()}>
          {make.isPending ? "Making…" : "Make a key"}
        </Button>
      </div>
      {chosen?.public && (
        <>
          <span className="f-hint">Its public part, for the server’s list of keys:</span>
          <CommandLine command={chosen.public} label="Copy public key" />
        </>
      )}
      {chosen?.locked && (
        <span className="f-hint">A passphrase locks this key: ssh can use it only from an agent.</span>
      )}
    </div>
  );
}

function nameOf(key: SshKey): string {
  return [lastPart(key.path), key.comment].filter(Boolean).join(", ");
}
