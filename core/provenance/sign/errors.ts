/** What stops a signature because of the file, not because of us. Called by bmff-rewriter.ts; turned into a refusal by write-signed.ts. */

/** The source is not one whole MP4, or holds something that cannot be moved safely. The message is a clause for people. */
export class UnsignableAsset extends Error {}
