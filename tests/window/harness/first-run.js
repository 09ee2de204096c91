// The steps from an empty window to a repository, as a person takes them.

import { basename } from "node:path";

/** What a person types, unless a test says otherwise. */
export const PASSPHRASE = "correct horse battery staple 7";

/**
 * Sets up a backup of one folder, with pictures of each step unless said otherwise; `last` is called before the
 * repository is created, `asked` once its key could be saved, which waits.
 */
export async function setUp(
  app,
  world,
  { source, name, repository, pictures = true, last = async () => {}, asked = async () => {} },
) {
  await app.control("heading", "Welcome to Alcove");
  await app.check("Home folder", false);
  await world.answerFolder(source);
  await app.press("button", "Add folder…");
  await app.check(name, true);
  if (pictures) await app.screen("first-run-folders");
  await app.press("button", "Continue");

  await app.press("radio", "Folder on this computer");
  await app.fill("Folder for backups", repository);
  // The name follows the folder until one is typed.
  await app.holds("Repository name", basename(repository));
  await app.fill("Repository name", "Cellar");
  if (pictures) await app.screen("first-run-destination");
  await app.press("button", "Continue");

  await app.fill("Passphrase", PASSPHRASE);
  await app.fill("Repeat passphrase", PASSPHRASE);
  await app.check("I have saved the passphrase outside this computer", true);
  if (pictures) await app.screen("first-run-passphrase");
  await last();
  await app.press("button", "Create and back up");
  await app.control("heading", "Save the key");
  await asked();
  await app.press("button", "Later");
}
