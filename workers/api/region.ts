/**
 * Where a viewer is, as the region whose gate is asked. Invariant: outside the local environment only Cloudflare's own geography
 * counts; a header that says otherwise is not read. A wrong region would cost time, never consent: every gate knows every revocation.
 * Called by every route that asks the gate.
 */
import type { Context } from 'hono';
import { homeRegion } from '#durable-objects/consent/gate.ts';
import { type Region, regionSchema, regions } from '#schemas/consent.ts';
import type { ApiEnv } from './context.ts';
import { RefusalError } from './respond.ts';

/** Stands in for geography on a developer's machine. */
export const regionHeader = 'x-kinora-region';

/** ISO 3166-1 codes that Cloudflare counts to Asia and whose nearest location hint is `me`. */
const middleEast: ReadonlySet<string> = new Set(
  ['AE', 'BH', 'IL', 'IQ', 'IR', 'JO', 'KW', 'LB', 'OM', 'PS', 'QA', 'SA', 'SY', 'YE'], //
);

/** Degrees east. West of the first is `wnam`, east of the second `eeur`. */
const middleOfNorthAmerica = -100;
const middleOfEurope = 18;

/** The fields of `request.cf` that matter here. */
export interface Place {
  readonly continent?: string | undefined;
  readonly country?: string | undefined;
  /** Degrees, as text. */
  readonly longitude?: string | undefined;
}

/**
 * The location hint nearest to a place.
 * @see https://developers.cloudflare.com/durable-objects/reference/data-location/ for the hints
 * @see https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties for the place
 */
export function regionOfPlace({ continent, country, longitude }: Place): Region {
  if (country !== undefined && middleEast.has(country)) return 'me';
  const east = longitude === undefined ? Number.NaN : Number(longitude);
  switch (continent) {
    case 'NA':
      return east < middleOfNorthAmerica ? 'wnam' : 'enam';
    case 'SA':
    case 'AN':
      return 'sam';
    case 'EU':
      return east > middleOfEurope ? 'eeur' : 'weur';
    case 'AS':
      return 'apac';
    case 'OC':
      return 'oc';
    case 'AF':
      return 'afr';
    default:
      return homeRegion;
  }
}

/** @throws RefusalError bad_request for a region that does not exist (local environment only) */
export function regionOf(c: Context<ApiEnv>): Region {
  const named = c.get('config').environment === 'local' ? c.req.header(regionHeader) : undefined;
  if (named !== undefined) {
    const region = regionSchema.safeParse(named);
    if (region.success) return region.data;
    throw new RefusalError('bad_request', `${regionHeader} must be one of ${regions.join(', ')}.`);
  }
  const { cf } = c.req.raw;
  return cf === undefined ? homeRegion : regionOfPlace(placeOf(cf));
}

/** Hono types `cf` as whatever the platform puts there. */
function placeOf(cf: object): Place {
  const text = (name: string) => {
    const value: unknown = Reflect.get(cf, name);
    return typeof value === 'string' ? value : undefined;
  };
  return { continent: text('continent'), country: text('country'), longitude: text('longitude') };
}
