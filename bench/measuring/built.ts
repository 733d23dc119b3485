/**
 * Loads a module of dist/, typed as its source. Training threads are started from files that Node.js can run, and
 * what is measured is the code that people run.
 * @param name as `training/trainer.js`
 */
export async function importBuilt<Module>(name: string): Promise<Module> {
  const module: Module = await import(new URL(`../../dist/${name}`, import.meta.url).href);
  return module;
}
