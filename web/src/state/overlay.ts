/** Dialogs and toasts that live above every page. Pages push; ui/overlay-host.tsx draws. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';

export interface OverlayEntry {
  readonly id: number;
  readonly node: ComponentChild;
}
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export const overlays = signal<readonly OverlayEntry[]>([]);
export const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

/** Opens a dialog. `make` receives the function that closes it. */
export function openOverlay(make: (close: () => void) => ComponentChild): () => void {
  const id = nextId++;
  const close = () => {
    overlays.value = overlays.value.filter((entry) => entry.id !== id);
  };
  overlays.value = [...overlays.value, { id, node: make(close) }];
  return close;
}

/** Closes everything: a page change leaves no dialog behind. */
export function closeOverlays(): void {
  if (overlays.value.length > 0) overlays.value = [];
}

/** Shows a short message for six seconds; at most three at a time. */
export function toast(
  text: string,
  options: { tone?: 'plain' | 'bad'; action?: Toast['action'] } = {},
): void {
  const id = nextId++;
  toasts.value = [
    ...toasts.value.slice(-2),
    { id, text, tone: options.tone ?? 'plain', action: options.action ?? null },
  ];
  setTimeout(() => dismissToast(id), 6000);
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((entry) => entry.id !== id);
}
