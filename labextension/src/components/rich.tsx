import React from 'react';

/** Arguments of `trans.__` that leave the places of the values as they are, for {@link Rich} to fill. */
export const SLOTS = ['%1', '%2', '%3'];

/**
 * A translated sentence with emphasis: `**bold**` and `` `code` `` become elements.
 *
 * Whole sentences can be translated that way; and nothing of a value becomes markup, since values are put in after
 * the sentence was taken apart.
 */
export function Rich(props: { text: string; values?: string[] }): JSX.Element {
  const parts = props.text.split(/(\*\*[^*]+\*\*|`[^`]+`)/);
  const fill = (text: string) =>
    text.replace(/%(\d)/g, (_, at) => props.values?.[Number(at) - 1] ?? '');
  return (
    <>
      {parts.map((part, at) => {
        if (part.startsWith('**')) {
          return <b key={at}>{fill(part.slice(2, -2))}</b>;
        }
        if (part.startsWith('`')) {
          return <code key={at}>{fill(part.slice(1, -1))}</code>;
        }
        return <React.Fragment key={at}>{fill(part)}</React.Fragment>;
      })}
    </>
  );
}
