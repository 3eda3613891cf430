/** Which feed shard serves whom. Called by the feed route and by the projection consumer. */

/**
 * The FeedShard object of a region. One shard serves every region for now; regions become `feed-<region>-<replica>` (shared
 * names must then also be fed by the consumer, see `feedShardNames`).
 */
export function feedShardName(_region?: string): string {
  return 'feed-0';
}

/** Every shard that must hear of a clip. */
export function feedShardNames(): readonly string[] {
  return [feedShardName()];
}
