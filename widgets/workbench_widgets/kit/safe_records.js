// Records whose names are those of strangers: one called `constructor` or `__proto__` is none of the language's.

/**
 * @template T
 * @param {Record<string, T>} record
 * @param {string} name
 * @returns {T | undefined} what the record itself has under a name
 */
export function getOwn(record, name) {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
