/** Word sets that several classes of the lexicon share. Called by rule-lexicon.ts and the files beside it. */

const nouns =
  'man|men|woman|women|guy|guys|girl|girls|boy|boys|couple|couples|person|people|child|children|kid|kids|stranger|strangers|friend|friends';

/** Who something is done to. */
export const someone = `him|her|them|me|you|us|someone|somebody|everyone|anybody|anyone|${nouns}`;
/** Who does it. */
export const cast = `he|she|they|we|i|you|who|${nouns}|lovers`;
export const their = 'his|her|their|my|your|someone|somebody|whose';
