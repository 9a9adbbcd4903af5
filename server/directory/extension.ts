/**
 * Extension addresses (`name+anything`): what follows a separator is the owner's own business. The separators are a setting; where
 * a part of the local part could be a name in several ways, the longest that exists wins.
 */

/** The local part itself and all it could be an extension of, longest first. At most as many as a local part has characters. */
export function possibleNames(localPart: string, separators: string): string[] {
  const names = [localPart];
  if (separators === '') return names;
  for (let at = localPart.length - 1; at > 0; at -= 1) {
    if (separators.includes(localPart.charAt(at))) names.push(localPart.slice(0, at));
  }
  return names;
}
