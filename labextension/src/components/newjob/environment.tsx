import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IDraft, Problems } from '../../models/form';
import { looksSecret } from '../../models/form';
import { useScope } from '../context';
import { Hint } from '../field';

/** Environment variables of the job: name = value. */
export function Environment(props: {
  env: IDraft['env'];
  change: (env: IDraft['env']) => void;
  problems: Problems;
}): JSX.Element {
  const { trans } = useScope();
  const { env, problems } = props;
  const set = (at: number, part: Partial<IDraft['env'][0]>) =>
    props.change(
      env.map((entry, index) => (index === at ? { ...entry, ...part } : entry))
    );
  return (
    <section className="jp-NeuroField" data-field="env">
      <h3 className="jp-NeuroField-label">{trans.__('Environment')}</h3>
      {env.map(({ name, value }, at) => {
        const id = `jp-neuro-env-${at}`;
        const problem = problems[`env.${at}`] ?? problems[`env.${name}`];
        const secret = looksSecret(name, value);
        return (
          <div key={at}>
            <div className="jp-NeuroEnvironment-row">
              <input
                className="jp-NeuroInput jp-mod-code"
                value={name}
                placeholder={trans.__('NAME')}
                spellCheck={false}
                aria-label={trans.__('Name of variable %1', at + 1)}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${id}-problem` : undefined}
                data-field={`env.${at}`}
                onChange={event => set(at, { name: event.target.value })}
              />
              <span aria-hidden="true">=</span>
              <input
                className="jp-NeuroInput jp-mod-code"
                value={value}
                spellCheck={false}
                aria-label={trans.__('Value of variable %1', at + 1)}
                aria-describedby={secret ? `${id}-secret-hint` : undefined}
                onChange={event => set(at, { value: event.target.value })}
              />
              <button
                className="jp-NeuroIconButton"
                title={trans.__('Remove')}
                aria-label={trans.__('Remove variable %1', at + 1)}
                onClick={() =>
                  props.change(env.filter((_, index) => index !== at))
                }
              >
                <closeIcon.react tag="span" aria-hidden="true" />
              </button>
            </div>
            <Hint id={id} problem={problem} />
            {secret && (
              <div
                className="jp-NeuroField-hint jp-mod-warning"
                id={`${id}-secret-hint`}
              >
                {trans.__(
                  'This looks like a secret. It would be visible to everyone with read.'
                )}
              </div>
            )}
          </div>
        );
      })}
      <button
        className="jp-NeuroButton"
        onClick={() => props.change([...env, { name: '', value: '' }])}
      >
        <addIcon.react tag="span" aria-hidden="true" />
        {trans.__('Add variable')}
      </button>
      <Hint id="jp-neuro-env" problem={problems.env} />
    </section>
  );
}
