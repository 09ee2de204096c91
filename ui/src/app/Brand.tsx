import mark from "../brand/alcove-mark-16.svg";

/** The mark and the name. Drawn at 24 px, so it is the pixel-fitted mark. */
export function Brand() {
  return (
    <div className="brand">
      <img src={mark} alt="" />
      <span>Alcove</span>
    </div>
  );
}
