import { Icon } from "../../components/Icon";

/** Where the current file stands otherwise: what the job waits for. */
export function StillLine({ text }: { text: string }) {
  return (
    <div className="now">
      <Icon name="st-pending" size={14} />
      <span>{text}</span>
    </div>
  );
}
