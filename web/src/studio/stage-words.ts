/** A generation in plain words. Pure. */
import type { Generation } from '#schemas/http/generations.ts';
import type { RenderStage } from '#schemas/render.ts';
import { stageOrder } from '../api/limits.ts';
import { formatEstimate } from '../ui/format.ts';

const words: Readonly<Record<RenderStage, string>> = {
  waiting: 'Waiting for a render node',
  reading: 'Reading your words',
  simulating: 'Working out how things move',
  drawing: 'Drawing the frames',
  encoding: 'Joining picture and sound',
  uploading: 'Sending it back',
  checking: 'Checking picture and sound',
  signing: 'Signing its Content Credentials',
  delivering: 'Putting it among your drafts',
  done: 'Ready',
};

/** The stage as a short clause. */
export function stageWords(stage: RenderStage): string {
  return words[stage];
}

/** The steps shown under the reel: related stages count as one. */
export const steps = [
  { label: 'Queue', until: 'waiting' },
  { label: 'Motion', until: 'simulating' },
  { label: 'Drawing', until: 'drawing' },
  { label: 'Sound', until: 'checking' },
  { label: 'Credentials', until: 'delivering' },
] as const satisfies readonly { label: string; until: RenderStage }[];

/** Index of the step a stage belongs to; `steps.length` once done. */
export function stepOf(stage: RenderStage): number {
  const place = stageOrder.indexOf(stage);
  const index = steps.findIndex((step) => place <= stageOrder.indexOf(step.until));
  return index === -1 ? steps.length : index;
}

/** Whether a job rests until a person in it agrees. */
export function awaitsAgreement(generation: Pick<Generation, 'status' | 'error'>): boolean {
  return generation.status === 'queued' && generation.error?.code === 'review_pending';
}

/** The line under the percentage: place in the queue while waiting, the estimate while running. */
export function progressLine(generation: Generation): string {
  if (awaitsAgreement(generation)) return 'Waiting for somebody in it to agree';
  if (generation.status === 'queued' && generation.queuePosition !== null) {
    const ahead = generation.queuePosition;
    const estimate = formatEstimate(generation.estimateSeconds);
    const place =
      ahead === 0
        ? 'You are next'
        : ahead === 1
          ? '1 clip is ahead of yours'
          : `${ahead} clips are ahead of yours`;
    return estimate ? `${place}, ${estimate} to go` : place;
  }
  const estimate = formatEstimate(generation.estimateSeconds);
  const again = generation.attempt > 1 ? ` (attempt ${generation.attempt})` : '';
  return estimate ? `${estimate[0]?.toUpperCase()}${estimate.slice(1)} to go${again}` : `Working${again}`;
}
