import React, { useEffect, useState } from 'react';

import type { IDraft, Problems } from '../../models/form';
import { isForeignImage } from '../../models/form';
import { useScope } from '../context';
import { Field } from '../field';

interface IBasicsProps {
  draft: IDraft;
  change: (part: Partial<IDraft>) => void;
  problems: Problems;
}

/** Command, name and image. */
export function Basics(props: IBasicsProps): JSX.Element {
  const { neuro, trans } = useScope();
  const { draft, change, problems } = props;
  const { session } = neuro.session;
  const foreign = isForeignImage(draft.image, session);
  const taken = useRunsCalled(draft.name.trim());
  return (
    <>
      <Field
        id="jp-neuro-command"
        label={trans.__('Command')}
        problem={problems.command}
      >
        <textarea
          className="jp-NeuroInput jp-mod-code jp-NeuroCommand"
          rows={draft.command.includes('\n') ? 5 : 2}
          value={draft.command}
          placeholder={trans.__('for example %1', 'python train.py --epochs 5')}
          spellCheck={false}
          data-field="command"
          onChange={event => change({ command: event.target.value })}
        />
      </Field>
      <div className="jp-NeuroSwitch">
        <input
          id="jp-neuro-shell"
          type="checkbox"
          checked={draft.shell}
          onChange={event => change({ shell: event.target.checked })}
        />
        <label htmlFor="jp-neuro-shell">{trans.__('run in a shell')}</label>
        <span className="jp-NeuroField-hint">
          {draft.shell
            ? trans.__('bash runs it: pipes, variables and several lines work.')
            : trans.__(
                'The words are passed as they are: no pipes, no $variables.'
              )}
        </span>
      </div>
      <div className="jp-NeuroForm-pair">
        <Field
          id="jp-neuro-name"
          label={trans.__('Job name')}
          problem={problems.name}
          hint={
            taken > 0
              ? trans._n(
                  "%1 earlier run is also called '%2'; links use the ID, sharing asks which you mean.",
                  "%1 earlier runs are also called '%2'; links use the ID, sharing asks which you mean.",
                  taken,
                  draft.name.trim()
                )
              : trans.__('Optional: small letters, digits, dashes.')
          }
        >
          <input
            className="jp-NeuroInput"
            value={draft.name}
            maxLength={60}
            spellCheck={false}
            data-field="name"
            onChange={event => change({ name: event.target.value })}
          />
        </Field>
        <Field
          id="jp-neuro-image"
          label={trans.__('Image')}
          problem={problems.image}
          hint={
            foreign
              ? trans.__(
                  'This computer has one image only: the job would run on the host system instead of %1.',
                  draft.image.trim()
                )
              : session?.platform?.kind === 'local'
                ? trans.__('The system and the Python of this Jupyter.')
                : undefined
          }
        >
          <input
            className="jp-NeuroInput"
            value={draft.image}
            list="jp-neuro-images"
            spellCheck={false}
            data-field="image"
            onChange={event => change({ image: event.target.value })}
          />
        </Field>
        <datalist id="jp-neuro-images">
          {session?.images.map(image => (
            <option key={image} value={image} />
          ))}
        </datalist>
      </div>
    </>
  );
}

/** How many runs of mine carry a name already; asked half a second after the last key. */
function useRunsCalled(name: string): number {
  const { neuro } = useScope();
  const [count, setCount] = useState(0);
  useEffect(() => {
    setCount(0);
    if (name.length < 3) {
      return;
    }
    const timer = window.setTimeout(() => {
      neuro.client.jobs({ owner: 'mine', text: name, limit: 100 }).then(
        ({ page }) =>
          setCount(page?.items.filter(job => job.name === name).length ?? 0),
        () => undefined // only a hint
      );
    }, 500);
    return () => window.clearTimeout(timer);
  }, [name]);
  return count;
}
