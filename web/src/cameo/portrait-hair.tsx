/** Hair of the drawn portraits, in two layers: what lies behind the head and what lies on it. */
import type { DrawnPortrait } from '#schemas/likeness.ts';
import { mixColors } from './colors.ts';

type Hair = DrawnPortrait['hair'];

/** Crown with a side parting; ends at the temples. */
const cap =
  'M33.8 56C30.6 34 42 20.6 60.4 20.6S89.4 34 86.2 56c-1.6-1-2.6-4-3.4-8.4-2.2-1.4-4.2-4-5.4-7.4-10 3-22.6 1.6-29.4-3.6-2 5.8-6 9.8-10.8 11.4-.8 4.4-1.8 7-3.4 8z';
const fringe =
  'M33.6 57C30.6 34 42 20.2 60 20.2S89.4 34 86.4 57c-1.8-2.6-2.8-6-3.2-10-14 1.4-32 1.4-46.4 0-.4 4-1.4 7.4-3.2 10z';
const curls: readonly (readonly [number, number, number])[] = [
  [37, 48, 8],
  [36, 37, 9],
  [43, 27, 9],
  [53, 21.5, 9.5],
  [65, 20.5, 9.5],
  [75.5, 26, 9],
  [83, 36, 9],
  [83.5, 48, 8],
  [50, 32, 8],
  [61, 30, 8],
  [71, 33, 8],
];

export function HairBack({ style, color }: { style: Hair; color: string }) {
  const deep = mixColors(color, '#0a0604', 0.28);
  switch (style) {
    case 'long':
      return (
        <path
          d="M31.4 56C29 31 41 17.8 60 17.8S91 31 88.6 56c0 16 3 28 7.4 38.4-8 5-64 5-72 0C28.4 84 31.4 72 31.4 56z"
          fill={deep}
        />
      );
    case 'bob':
      return (
        <path
          d="M31 54C29.6 31 41 18.6 60 18.6S90.4 31 89 54l1.4 22c-5 4.6-10.4 5-14 2.4H43.6c-3.6 2.6-9 2.2-14-2.4z"
          fill={deep}
        />
      );
    case 'bun':
      return <circle cx="60" cy="17" r="11.5" fill={deep} />;
    case 'braids':
      return (
        <>
          {[30.5, 89.5].map((x) => (
            <g key={x}>
              {[64, 72.5, 81, 89.5].map((y) => (
                <ellipse key={y} cx={x} cy={y} rx="5.6" ry="6" fill={deep} />
              ))}
              <rect x={x - 3.6} y="94" width="7.2" height="4" rx="2" fill="#ff5c33" />
              <ellipse cx={x} cy="101" rx="3.8" ry="5" fill={deep} />
            </g>
          ))}
        </>
      );
    default:
      return null;
  }
}

export function HairFront({ style, color }: { style: Hair; color: string }) {
  const shine = mixColors(color, '#ffffff', 0.22);
  switch (style) {
    case 'none':
      return (
        <path d="M48 32c3-2.4 7-3.4 11-3.2" fill="none" stroke="#fff" stroke-width="2.4" opacity="0.4" />
      );
    case 'curly':
      return (
        <>
          {curls.map(([x, y, radius]) => (
            <circle key={`${x} ${y}`} cx={x} cy={y} r={radius} fill={color} />
          ))}
          {curls.slice(2, 7).map(([x, y]) => (
            <path key={x} d={arc(x, y - 2)} fill="none" stroke={shine} stroke-width="1.6" opacity="0.8" />
          ))}
        </>
      );
    case 'mohawk':
      return (
        <>
          <path
            d="M50.6 36c-4-15 .6-26.6 9.4-31 8.8 4.4 13.4 16 9.4 31-6 2.4-12.8 2.4-18.8 0z"
            fill={color}
          />
          <path d="M57 30c-1.4-8 0-14 3-18" fill="none" stroke={shine} stroke-width="1.8" opacity="0.8" />
        </>
      );
    case 'bob':
    case 'braids':
      return (
        <>
          <path d={fringe} fill={color} />
          <path d="M43 33c3.6-5 8.6-7.6 14-8" fill="none" stroke={shine} stroke-width="2" opacity="0.8" />
        </>
      );
    default:
      return (
        <>
          <path d={cap} fill={color} />
          <path d="M52 27.6c7-3 15.6-2 21 3" fill="none" stroke={shine} stroke-width="2" opacity="0.8" />
        </>
      );
  }
}

const arc = (x: number, y: number) => `M${x - 4} ${y}c1-3.6 5-4.6 7.4-2.4`;
