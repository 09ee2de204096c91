import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { toastError } from "../../components/toasts";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { folderRefusal, tidy } from "./folder";
import { useDrag } from "./useDrag";
import "./add-folder.css";

/**
 * Adds folders with the system's dialog, by dropping them on the window or by a path; a path that cannot be added says
 * why and stays. A file is taken as well.
 */
export function AddFolder({
  known,
  onAdd,
}: {
  /** Paths that are in the list already. */
  known: readonly string[];
  onAdd: (paths: readonly string[]) => void;
}) {
  const platform = usePlatform();
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  /** Adds those that can be added; returns whether all could. */
  const add = (paths: readonly string[]): boolean => {
    const added: string[] = [];
    const refusals: string[] = [];
    for (const path of paths) {
      const why = folderRefusal(path, [...known, ...added]);
      if (why) refusals.push(why);
      else added.push(tidy(path));
    }
    setRefusal(refusals.join(" ") || null);
    if (added.length > 0) onAdd(added);
    return refusals.length === 0;
  };
  const over = useDrag(add);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (add([typed.trim()])) setTyped("");
    field.current?.focus();
  };
  const choose = async () => {
    try {
      const { path } = await platform.call("choose_folder", { title: "Add a folder" });
      if (path) add([path]);
    } catch (thrown) {
      toastError("The folder dialog did not open", PlatformError.from(thrown));
    }
  };
  return (
    <form className="add-row" data-over={over || undefined} onSubmit={submit}>
      <Button icon="plus" onClick={choose}>
        Add folder…
      </Button>
      <Field
        ref={field}
        label="Folder path"
        placeholder={over ? "Let go to add it" : "or drop it here, or type its path"}
        mono
        value={typed}
        invalid={refusal !== null}
        hint={refusal}
        onChange={(event) => {
          setTyped(event.target.value);
          setRefusal(null);
        }}
      />
    </form>
  );
}
