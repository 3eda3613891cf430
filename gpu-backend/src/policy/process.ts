/**
 * The policy process: looks at one frame at a time and answers with numbers. A process of its own, because the models hold a core for a
 * tenth of a second a frame, which would hold up the drawing. Ends with its parent. Started by watcher.ts.
 */
import { answerParent } from '../inspection/child.ts';
import { type LookedAt, type LookRequest, lookAt } from './look-at.ts';

answerParent<LookRequest, LookedAt>(lookAt);
