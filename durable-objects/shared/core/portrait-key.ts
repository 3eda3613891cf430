/** Where in R2 a likeness lies. Called by whoever writes it, shows it, erases it or hands it to a render node. */
import type { Id } from '#schemas/ids.ts';

/** Everything that is kept of a likeness. */
export const likenessPrefix = (cameoId: Id<'cam'>): string => `likeness/${cameoId}/`;

/** Its photograph. */
export const portraitKey = (cameoId: Id<'cam'>): string => `${likenessPrefix(cameoId)}portrait.jpg`;
