/** What happened to me and my likeness. */
import type { InboxEvent, inboxSchema } from '#schemas/http/inbox.ts';
import { request, withQuery } from './client.ts';

export type InboxPage = (typeof inboxSchema)['_output'];

export const listInbox = (cursor: string | null, limit = 20) =>
  request<InboxPage>('GET', withQuery('/inbox', { limit, cursor }));
export const markRead = (ids: 'all' | readonly string[]) =>
  request<{ unread: number }>('POST', '/inbox/read', { body: { ids }, keepalive: true });

/** The unread count inside a live message, or null for anything else. */
export function readInboxEvent(data: unknown): number | null {
  if (typeof data !== 'string') return null;
  try {
    const event = JSON.parse(data) as Partial<InboxEvent>;
    return typeof event.unread === 'number' && event.unread >= 0 ? event.unread : null;
  } catch {
    return null;
  }
}
