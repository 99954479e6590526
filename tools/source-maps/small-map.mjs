// Makes maps small enough for the repository.
import { decode, encode } from '@jridgewell/sourcemap-codec';

/**
 * A map with all that it says of the page's own sources. Of places in packages that follow each other in a line, the
 * first stays, so that places in packages still lead to packages. Texts of packages and names go: no test reads them.
 */
export function smallMap(json) {
  const map = JSON.parse(json);
  const isOfPackage = map.sources.map((source) => /(^|\/)node_modules\//.test(source ?? ''));
  const lines = decode(map.mappings).map(withoutRepeats(isOfPackage));
  const used = [...new Set(lines.flatMap((places) => places.flatMap(([, source]) => source ?? [])))];
  const renumbered = lines.map((places) =>
    places.map(([column, source, ...place]) =>
      source === undefined ? [column] : [column, used.indexOf(source), ...place.slice(0, 2)],
    ),
  );
  return JSON.stringify({
    version: map.version,
    sourceRoot: map.sourceRoot,
    sources: used.map((at) => map.sources[at]),
    sourcesContent: used.map((at) => (isOfPackage[at] ? null : (map.sourcesContent[at] ?? null))),
    names: [],
    mappings: encode(renumbered),
  });
}

/** Keeps a place of a package, or of no source, only if the place before it is of another kind. */
function withoutRepeats(isOfPackage) {
  const kindOf = ([, source]) => {
    if (source === undefined) return 'none';
    return isOfPackage[source] ? 'package' : 'own';
  };
  return (places) =>
    places.filter((place, at) => {
      const kind = kindOf(place);
      return kind === 'own' || at === 0 || kind !== kindOf(places[at - 1]);
    });
}
