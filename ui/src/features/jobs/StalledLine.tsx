import { Icon } from "../../components/Icon";

/** Where the current file stands otherwise: that Borg says nothing any more. */
export function StalledLine({ text }: { text: string }) {
  return (
    <div className="now">
      <Icon name="st-pending" size={14} />
      <span>{text}</span>
    </div>
  );
}
