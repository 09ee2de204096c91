import { type FormEvent, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/icons";
import { toastError } from "../../components/toasts";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import type { FolderKind } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import type { useFolders } from "./queries";
import { Reason, StepFrame } from "./StepFrame";
import { type Folder, folderRefusal, folderTotals, KEPT } from "./setup";

const ICON: Record<FolderKind, IconName> = {
  documents: "file",
  pictures: "image",
  music: "music",
  videos: "video",
  downloads: "mount",
  desktop: "desktop",
  settings: "settings",
  other: "folder",
};

export function FoldersStep({
  folders,
  removesOld,
  onRemovesOld,
  onContinue,
}: {
  folders: ReturnType<typeof useFolders>;
  /** Whether archives are removed as they age. */
  removesOld: boolean;
  onRemovesOld: (removesOld: boolean) => void;
  onContinue: () => void;
}) {
  const none = !folders.folders.some((folder) => folder.chosen);
  return (
    <StepFrame
      title="Welcome to Alcove"
      lead="Three short steps, about two minutes. First: which folders would you miss most?"
      foot={
        <>
          <span className="hint">Nothing is copied until you finish.</span>
          <span className="end" />
          <Reason id="why-not">{none && !folders.loading ? "Choose at least one folder." : null}</Reason>
          <Button kind="primary" size="lg" onClick={onContinue} disabled={none} aria-describedby="why-not">
            Continue
          </Button>
        </>
      }
    >
      <div className="card folders">
        <div className="folder-list" aria-busy={folders.loading}>
          {folders.folders.map((folder) => (
            <FolderRow key={folder.path} folder={folder} onChoose={folders.choose} />
          ))}
        </div>
        <AddFolder folders={folders} />
      </div>
      <p className="hint folder-note" role="status">
        {folderTotals(folders.folders)}. Caches, trash and build output are left out.
      </p>
      <div className="card">
        <label className="choice removes-old">
          <input
            type="checkbox"
            className="check"
            aria-label="Remove archives as they age"
            aria-describedby="removes-old"
            checked={removesOld}
            onChange={(event) => onRemovesOld(event.target.checked)}
          />
          <Icon name="package" />
          <span className="grow">
            <span className="t">Remove archives as they age</span>
            <span className="hint block" id="removes-old">
              Keeps {KEPT}. Unchecked, every archive stays.
            </span>
          </span>
        </label>
      </div>
    </StepFrame>
  );
}

function FolderRow({
  folder,
  onChoose,
}: {
  folder: Folder;
  onChoose: (path: string, chosen: boolean) => void;
}) {
  const { measure } = folder;
  return (
    <label className="choice folder">
      <input
        type="checkbox"
        className="check"
        checked={folder.chosen}
        onChange={(event) => onChoose(folder.path, event.target.checked)}
      />
      <Icon name={ICON[folder.kind]} />
      <span className="t trunc">{folder.name}</span>
      <span className="hint mono trunc" title={folder.path}>
        {folder.path}
      </span>
      <span className="num end nowrap">
        {measure ? (
          `${measure.complete ? "" : "more than "}${size(measure.bytes)}`
        ) : (
          <span className="muted">{NONE}</span>
        )}
      </span>
    </label>
  );
}

function AddFolder({ folders }: { folders: ReturnType<typeof useFolders> }) {
  const platform = usePlatform();
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const add = (path: string): boolean => {
    const why = folderRefusal(path, folders.folders);
    setRefusal(why);
    if (why) return false;
    folders.add(path);
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
