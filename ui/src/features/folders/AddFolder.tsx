import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { toastError } from "../../components/toasts";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { folderRefusal } from "./folder";
import "./add-folder.css";

/** Adds a folder with the system's dialog or by its path; a path that cannot be added says why and stays. */
export function AddFolder({
  known,
  onAdd,
}: {
  /** Paths that are in the list already. */
  known: readonly string[];
  onAdd: (path: string) => void;
}) {
  const platform = usePlatform();
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const add = (path: string): boolean => {
    const why = folderRefusal(path, known);
    setRefusal(why);
    if (why) return false;
    onAdd(path);
    return true;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (add(typed)) setTyped("");
    field.current?.focus();
  };
  const choose = async () => {
    try {
      const { path } = await platform.call("choose_folder", { title: "Add a folder" });
      if (path) add(path);
    } catch (thrown) {
      toastError("The folder dialog did not open", PlatformError.from(thrown));
    }
  };
  return (
    <form className="add-row" onSubmit={submit}>
      <Button icon="plus" onClick={choose}>
        Add folder…
      </Button>
      <Field
        ref={field}
        label="Folder path"
        placeholder="or type a path and press Enter"
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
