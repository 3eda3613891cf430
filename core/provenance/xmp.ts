/**
 * Finds where a file's XMP says that its manifest is. Invariant: only an http(s) address is an answer, and nothing is ever fetched here.
 * Called by the container readers. @see C2PA 2.4 §11.4 (`dcterms:provenance`)
 */

/** The address, or null. XMP is either an attribute or an element. */
export function remoteManifestUrl(xmp: string): string | null {
  const text =
    /\bdcterms:provenance\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(xmp) ??
    /<dcterms:provenance(?:\s[^>]*)?>([^<]*)<\/dcterms:provenance>/.exec(xmp);
  const address = unescapeXml((text?.[1] ?? text?.[2] ?? '').trim());
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => entities[name] ?? whole);
}
