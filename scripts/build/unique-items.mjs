// `uniqueItems` of the compiled validator, bundled with it. ajv's own compares every item with every other, which takes
// minutes on a list of a hundred thousand ports, and names one pair only.

/** [first, again] for each item that equals an earlier one. */
export default function equalItems(list) {
  const seen = new Map();
  const pairs = [];
  for (const [index, item] of list.entries()) {
    const key = typeof item === "object" ? JSON.stringify(item, sortKeys) : `${typeof item} ${item}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else pairs.push([first, index]);
  }
  return pairs;
}

function sortKeys(_key, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
}
