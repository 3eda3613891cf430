/** Where to go after signing in: only a path of our own. `//host` and `https:` lead elsewhere and become the front page. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}
