/** The render pool. One for now; more pools are more names. */
export function mainQueue(env: Env) {
  return env.RENDER_QUEUE.getByName('main');
}
