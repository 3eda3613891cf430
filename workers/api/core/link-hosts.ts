/**
 * The hosts from which the verify route may fetch. Invariant: names only, and only such as the public network has. Pure; called by config.ts.
 */

/** Host names of the list; an address by number, or one that is no name of a host on the public network, is a fault of the operator. */
export function parseLinkHosts(list: string): readonly string[] {
  const hosts = list
    .split(/[\s,]+/)
    .map((host) => host.toLowerCase())
    .filter((host) => host !== '');
  const wrong = hosts.find(
    (host) =>
      !/^(?=.*[a-z])(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(host) ||
      /\.(local|internal|localhost)$/.test(host),
  );
  if (wrong !== undefined) throw new Error('VERIFY_LINK_HOSTS must be names of public hosts');
  return hosts;
}
