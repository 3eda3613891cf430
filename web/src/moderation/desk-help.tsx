import { Dialog } from '../ui/dialog.tsx';
import { keyBindings } from './keys.ts';

const groups = ['Case', 'Film', 'Look at', 'Decide'] as const;

/** The keys of the desk, printed from the table that the handler uses. */
export function DeskHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl class="key-list">
            {keyBindings
              .filter((binding) => binding.group === group)
              .map(({ command, shown, meaning }) => (
                <div key={command}>
                  <dt>
                    <kbd>{shown}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p class="fine">Esc leaves a field.</p>
    </Dialog>
  );
}
