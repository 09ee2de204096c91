// Functions that run inside the page. Each is sent as text, so it uses nothing from outside itself.

/** Finds a visible control by its role and its name, as a person using a screen reader would. */
export function findControl(role, name) {
  const kinds = {
    button: "button, [role=button]",
    checkbox: "input[type=checkbox], [role=checkbox]",
    field: "input:not([type=checkbox]):not([type=radio]), textarea, [role=textbox]",
    heading: "h1, h2, h3, [role=heading]",
    link: "a[href], [role=link]",
    radio: "input[type=radio], [role=radio]",
    select: "select",
    switch: "[role=switch]",
  };
  const words = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const nameOf = (element) => {
    const ids = element.getAttribute("aria-labelledby");
    if (ids) return words(ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
    const given = words(element.getAttribute("aria-label"));
    if (given) return given;
    const label = element.labels?.[0] ?? element.closest("label");
    return words((label ?? element).innerText);
  };
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
  };
  const named = [...document.querySelectorAll(kinds[role])]
    .filter((element) => !element.closest("[inert], [aria-hidden=true]"))
    .map((element) => ({ element, name: nameOf(element) }))
    .filter((control) => control.name === name || control.name.startsWith(`${name} `));
  const exact = named.filter((control) => control.name === name);
  const found = (exact.length > 0 ? exact : named).map((control) => control.element);
  return found.find(isShown) ?? null;
}

/** Role, name and value of what has the focus. */
export function focusedControl() {
  const element = document.activeElement;
  const words = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const type = element.getAttribute("type");
  const role =
    element.getAttribute("role") ??
    (element.tagName === "BUTTON"
      ? "button"
      : element.tagName === "A"
        ? "link"
        : element.tagName === "INPUT" && (type === "checkbox" || type === "radio")
          ? type
          : element.tagName === "INPUT" || element.tagName === "TEXTAREA"
            ? "field"
            : element.tagName.toLowerCase());
  const label = element.labels?.[0] ?? element.closest("label") ?? element;
  return {
    role,
    name: words(element.getAttribute("aria-label") ?? label.innerText),
    value: element.value ?? "",
    job: element.dataset.job ?? null,
  };
}

/** Names what there is, for the message of a test that did not find its control. */
export function describePage() {
  const text = (element) => element.textContent.replace(/\s+/g, " ").trim().slice(0, 80);
  return [...document.querySelectorAll("h1, h2, button, a, label, [role=radio], [role=alert]")]
    .map((element) => `${element.tagName.toLowerCase()}: ${text(element)}`)
    .join("\n");
}

/** Begins to note what the page says of the running backup, each time it says something else. */
export function watchProgress() {
  const ids = ["percent", "speed", "files", "original", "deduplicated", "file"];
  window.progressSeen = [];
  let before = "";
  window.progressWatch = setInterval(() => {
    const seen = {};
    for (const id of ids) {
      const element = document.querySelector(`[data-testid=running-${id}]`);
      if (element) seen[id] = element.textContent.trim();
    }
    const now = JSON.stringify(seen);
    if (now === before || now === "{}") return;
    before = now;
    window.progressSeen.push(seen);
  }, 40);
}

/** Calls an operation as the page does. */
export function call(name, args, done) {
  window.__TAURI_INTERNALS__.invoke(name, args).then(
    (answer) => done({ answer }),
    (error) => done({ error }),
  );
}

/** Runs axe over the page and returns what is wrong, in short. */
export function runAxe(done) {
  window.axe.run(document, { resultTypes: ["violations"] }).then(
    ({ violations }) =>
      done(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
      ),
    (error) => done([String(error)]),
  );
}

/** Answers after this many frames. */
export function afterFrames(frames, done) {
  const frame = () => {
    frames -= 1;
    if (frames < 0) done();
    else requestAnimationFrame(frame);
  };
  frame();
}
