/**
 * The name of the mark, alone: the edge needs it in manifests without the tables of the rest. Called by the edge and by index.ts.
 * @see C2PA 2.4, soft binding algorithm list
 */
export const watermarkAlgorithm = 'app.kinora.ssdct.1';
