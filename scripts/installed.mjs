/**
 * Does node_modules hold what package-lock.json asks for? npm itself writes down what it installed (node_modules/.package-lock.json), however
 * it was called, so nothing else has to be remembered. Packages for other machines are optional and may be missing.
 *
 * @param {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} lock
 * @param {typeof lock | undefined} installed undefined: nothing is installed
 */
export function isInstalled(lock, installed) {
  if (installed === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}
