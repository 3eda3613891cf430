/**
 * Plain words for what a manifest claims: actions, kinds of source, relationships. Invariant: a term nobody here knows keeps its own name;
 * nothing is guessed. Called by web/src/about, web/src/verify and scripts/verify-file.ts.
 * @see C2PA 2.4 §18.15 (actions), §18.17 (ingredients); IPTC NewsCodes digitalsourcetype
 */

const actions: Readonly<Record<string, string>> = {
  'c2pa.created': 'Created',
  'c2pa.opened': 'Opened another file to work from',
  'c2pa.placed': 'Placed another file in it',
  'c2pa.removed': 'Removed a file that had been placed in it',
  'c2pa.edited': 'Edited',
  'c2pa.edited.metadata': 'Changed its metadata',
  'c2pa.addedText': 'Added text',
  'c2pa.adjustedColor': 'Adjusted colours',
  'c2pa.color_adjustments': 'Adjusted colours',
  'c2pa.changedSpeed': 'Changed the speed',
  'c2pa.converted': 'Converted to another format',
  'c2pa.cropped': 'Cropped',
  'c2pa.deleted': 'Deleted a part',
  'c2pa.drawing': 'Drew in it',
  'c2pa.dubbed': 'Replaced the sound',
  'c2pa.enhanced': 'Enhanced',
  'c2pa.filtered': 'Applied a filter',
  'c2pa.orientation': 'Turned or mirrored it',
  'c2pa.printed': 'Printed',
  'c2pa.published': 'Published',
  'c2pa.redacted': 'Took a statement out of an earlier record',
  'c2pa.repackaged': 'Repackaged without changing it',
  'c2pa.resized': 'Changed its size',
  'c2pa.transcoded': 'Converted to another encoding',
  'c2pa.translated': 'Translated',
  'c2pa.trimmed': 'Trimmed',
  'c2pa.watermarked': 'Marked with a watermark',
  'c2pa.watermarked.bound': 'Marked with a watermark that leads back to this record',
  'c2pa.watermarked.unbound': 'Marked with a watermark',
  'c2pa.unknown': 'Did something it does not name',
};

/** `c2pa.created` → Created; an unknown action keeps its own name. */
export function actionName(action: string): string {
  return Object.hasOwn(actions, action) ? (actions[action] ?? action) : action;
}

const sourceTypes: Readonly<Record<string, string>> = {
  trainedAlgorithmicMedia: 'made by a trained AI model',
  algorithmicMedia: 'made by an algorithm, without a trained model',
  compositeWithTrainedAlgorithmicMedia: 'a composite with parts made by a trained AI model',
  compositeSynthetic: 'a composite with synthetic parts',
  compositeCapture: 'a composite of captured material',
  composite: 'a composite',
  algorithmicallyEnhanced: 'enhanced by an algorithm',
  humanEdits: 'edited by a person',
  digitalCapture: 'captured by a camera or microphone',
  computationalCapture: 'captured by a camera that combines several exposures',
  digitalCreation: 'created by a person with digital tools',
  negativeFilm: 'digitised from film',
  positiveFilm: 'digitised from film',
  print: 'digitised from paper',
  screenCapture: 'a recording of a screen',
  virtualRecording: 'a recording of a virtual event',
  dataDrivenMedia: 'drawn from data',
  trainedAlgorithmicData: 'data made by a trained AI model',
  empty: 'started from nothing',
};

/** Words for a digital source type, given as a full URI or its last part. */
export function sourceTypeName(value: string): string {
  const term = value.split(/[/#]/).pop() ?? value;
  return Object.hasOwn(sourceTypes, term) ? (sourceTypes[term] ?? term) : term;
}

const relationships: Readonly<Record<string, string>> = {
  parentOf: 'what it was edited from',
  componentOf: 'a part of it',
  inputTo: 'what went into making it',
};

/** What an ingredient is to the file, as a clause. */
export function relationshipName(relationship: string): string {
  return Object.hasOwn(relationships, relationship)
    ? (relationships[relationship] ?? relationship)
    : relationship;
}
