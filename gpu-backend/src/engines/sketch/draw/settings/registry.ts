/** Every setting by name. Called by ../backdrop.ts. */
import type { SettingName } from '../../scene/scene.ts';
import { beach } from './beach.ts';
import { castle } from './castle.ts';
import { city } from './city.ts';
import { desert } from './desert.ts';
import { forest } from './forest.ts';
import { gym } from './gym.ts';
import { meadow } from './meadow.ts';
import { moon } from './moon.ts';
import { mountain } from './mountain.ts';
import { park } from './park.ts';
import { room } from './room.ts';
import { sea } from './sea.ts';
import type { Setting } from './setting.ts';
import { snowfield } from './snowfield.ts';
import { space } from './space.ts';
import { street } from './street.ts';
import { underwater } from './underwater.ts';

export const settings: Readonly<Record<SettingName, Setting>> = {
  meadow,
  beach,
  city,
  forest,
  desert,
  moon,
  gym,
  room,
  mountain,
  sea,
  park,
  street,
  underwater,
  space,
  snowfield,
  castle,
};
