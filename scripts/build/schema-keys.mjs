// What the validator's messages need to know about the schema, so that it does not carry the schema itself.

/** Place in the schema → the keys that a mapping there may have; none: its keys are names that the user gives. */
export function keysByPlace(schema) {
  const places = [["#", schema], ...Object.entries(schema.$defs).map(([name, def]) => [`#/$defs/${name}`, def])];
  places.push(...Object.entries(schema.properties).map(([name, property]) => [`#/properties/${name}`, property]));
  return Object.fromEntries(
    places
      .filter(([, each]) => each.additionalProperties === false)
      .map(([place, each]) => [place, Object.keys(each.properties ?? {})]),
  );
}

/** Key → where it belongs, as people write it: `ports` → `services.*`. Shortest places first. */
export function placesByKey(schema) {
  const places = new Map();
  const visit = (node, place, inside) => {
    const name = node.$ref?.slice("#/$defs/".length);
    if (name !== undefined && inside.includes(name)) return;
    const target = name === undefined ? node : schema.$defs[name];
    const within = name === undefined ? inside : [...inside, name];
    for (const [key, property] of Object.entries(target.properties ?? {})) {
      places.set(key, [...(places.get(key) ?? []), place]);
      visit(property, place === "" ? key : `${place}.${key}`, within);
    }
    if (target.items) visit(target.items, `${place}[]`, within);
    const named = Object.entries(target.patternProperties ?? {}).find(([pattern]) => pattern !== "^x-")?.[1];
    const each = named ?? target.additionalProperties;
    if (each) visit(each, `${place}.*`, within);
  };
  visit(schema, "", []);
  const depth = (place) => place.split(".").length;
  return Object.fromEntries(
    [...places].map(([key, found]) => [key, found.sort((left, right) => depth(left) - depth(right)).slice(0, 4)]),
  );
}
