import { Dialog } from '../ui/dialog.tsx';

const keys = [
  [['↓', 'J'], 'Next clip'],
  [['↑', 'K'], 'Previous clip'],
  [['Space'], 'Pause or play'],
  [['M'], 'Sound on or off'],
  [['L'], 'Like'],
  [['C'], 'Comments'],
  [['I'], 'About this video'],
  [['?'], 'This list'],
] as const;

/** The keys of the feed. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="key-list">
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
