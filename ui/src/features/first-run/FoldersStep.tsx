import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/icons";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import type { FolderKind } from "../../platform/bindings";
import { AddFolder } from "../folders/AddFolder";
import type { useFolders } from "./queries";
import { Reason, StepFrame } from "./StepFrame";
import { type Folder, folderTotals, KEPT } from "./setup";

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
  onConnect,
  onContinue,
}: {
  folders: ReturnType<typeof useFolders>;
  /** Whether archives are removed as they age. */
  removesOld: boolean;
  onRemovesOld: (removesOld: boolean) => void;
  /** A repository exists already: it is connected, and no other is made. */
  onConnect: () => void;
  onContinue: () => void;
}) {
  const none = !folders.folders.some((folder) => folder.chosen);
  return (
    <StepFrame
      title="Welcome to Alcove"
      lead="About two minutes. Which folders would you miss most? Nothing is copied until you finish."
      foot={
        <>
          <Button size="lg" kind="ghost" onClick={onConnect}>
            I have a repository already
          </Button>
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
        <AddFolder known={folders.folders.map((folder) => folder.path)} onAdd={folders.add} />
      </div>
      <p className="hint folder-note" role="status">
        {folderTotals(folders.folders)} Caches, trash and build output are left out.
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
  const { measure, problem } = folder;
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
      {problem ? (
        <span className="hint trunc" title={problem}>
          {problem}
        </span>
      ) : (
        <span className="hint mono trunc" title={folder.path}>
          {folder.path}
        </span>
      )}
      <span className="num end nowrap">
        {measure ? (
          `${measure.complete ? "" : "more than "}${size(measure.bytes)}`
        ) : (
          <span className="muted">{problem ? "Cannot be added up" : NONE}</span>
        )}
      </span>
    </label>
  );
}
