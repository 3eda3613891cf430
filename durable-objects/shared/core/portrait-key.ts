/** Where in R2 the photograph of a likeness lies. Called by whoever writes it, erases it or hands it to a render node. */
import type { Id } from '#schemas/ids.ts';

export const portraitKey = (cameoId: Id<'cam'>): string => `likeness/${cameoId}/portrait.jpg`;
