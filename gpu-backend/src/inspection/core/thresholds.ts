/**
 * Every number a decision hangs on, in one place, with what it was set against. "Takes" are the recordings that
 * test/support/enrolment-takes makes from a photograph and from a painted face; no recordings of living people were at hand,
 * so each of these wants another look when there are.
 */
const degrees = Math.PI / 180;

export const thresholds = {
  recording: {
    /** A frame less on either side of what the edge promises: recorders stop between frames. */
    slackSeconds: 0.2,
    /** Mean luminance. The takes: 0.44 … 0.62. A lens cap is 0. */
    darkest: 0.06,
  },
  sound: {
    /** RMS of the loudest tenth of a second. The takes: 0.1 … 0.17 with a voice, 0.001 without. −46 dB. */
    quietest: 0.005,
    /** Seconds of voiced sound. Six digits are 1.5 s or more; a door is none. */
    voiced: 0.8,
  },
  voice: {
    /** How far above the floor (its 20th percentile) a step must be to count as speech. 10 dB. */
    aboveFloor: 3.2,
  },
  face: {
    /** Share of frames with exactly one face (the task's own number). */
    oneFace: 0.9,
    /** A second face counts from this share of the first one's size; smaller ones are posters and passers-by. */
    secondFace: 0.3,
    /** Height of the square around the face, as a share of the picture. The takes: 0.6; the mesh holds to about 0.2. */
    smallest: 0.22,
  },
  turns: {
    /** The mesh follows a real turn with two thirds of its angle: 28° of the takes reads as 22°, a tilted print as 5° at most. */
    enterYaw: 13 * degrees,
    /** Up: 20° reads as 20°; breathing and speaking nod up to 5°. */
    enterPitch: 10 * degrees,
    /** Back to the front. */
    leave: 7 * degrees,
  },
  live: {
    /**
     * Floors only: on the takes the antispoof model gives 0.34 … 0.7 to the good ones and 0.35 … 0.6 to a print and a screen, the
     * liveness model 0.6 … 1 to all of them. They separate nothing here and are kept to refuse what is far out.
     */
    real: 0.15,
    live: 0.3,
    /** Residual of the best plane, in distances between the eyes (relief.ts). The takes: 0.029 … 0.047; a tilted print 0.007. */
    relief: 0.018,
    /** How much worse a plane explains a turn than the face's own shape does. The takes: 1.6 … 2.3; a tilted print 1.15. */
    reliefOverSolid: 1.3,
    /** Decibels of the median frame (grain.ts), at the 2.5 Mb/s browsers record with: takes 21 … 24, print 25, screens 36 … 44. */
    grain: 32,
    /** Change of the eye opening that is a blink, or of the mouth that is speech, as a share of its usual value. */
    blink: 0.3,
    mouth: 0.02,
  },
  same: {
    /** Cosine to the take's most typical embedding, median of three in a row. Same person: 0.87 and more; another: 0.2 … 0.6. */
    similarity: 0.65,
  },
  lips: {
    /** Pearson, at the best lag within this many seconds. */
    correlation: 0.45,
    lag: 0.2,
    /** Standard deviation of the mouth's opening while speaking, in face heights. Closed lips jitter by 0.004. */
    movement: 0.009,
  },
  digits: {
    /** Edit distance to what was asked. A wrong guess of six digits comes this near once in some hundreds. */
    wrong: 2,
  },
} as const;
