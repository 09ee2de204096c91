import { splitPath } from "../format/path";
import "./path.css";

/** A path with a middle ellipsis: the last folder and the file name stay whole, the tooltip has all of it. */
export function PathText({ path, testId }: { path: string; testId?: string }) {
  const [head, tail] = splitPath(path);
  return (
    <span className="path" title={path} data-testid={testId}>
      <span>{head}</span>
      <span>{tail}</span>
    </span>
  );
}
