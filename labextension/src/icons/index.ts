import { LabIcon } from '@jupyterlab/ui-components';

import type { Status } from '../api/wire';

/*
 * One-colour icons. `jp-icon3` takes the theme's icon colour; a state's colour is set by its class from the style
 * sheet. They are written here and not as files because each is one line.
 */
function icon(name: string, body: string, view = 16): LabIcon {
  return new LabIcon({
    name: `neuro:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 ${view} ${view}">${body}</svg>`
  });
}

/** Lines of one width; the fill is off outside, since the theme fills whatever has both its class and a fill. */
function lines(body: string, width: number, colour = '#616161'): string {
  return (
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="${width}">` +
    `<g class="jp-icon3" stroke="${colour}">${body}</g></g>`
  );
}

/** Three small nodes round one: a network, seen as a neuron. */
export const logoIcon = icon(
  'logo',
  '<g class="jp-icon3" fill="#616161"><circle cx="12" cy="12.2" r="3.3"/><circle cx="4.2" cy="5.2" r="2.3"/>' +
    '<circle cx="19.6" cy="4.6" r="2.3"/><circle cx="5" cy="19.6" r="2.3"/><circle cx="19.4" cy="18.8" r="2.3"/>' +
    '<path d="M4.8 4.4 12.6 11.4 11.4 12.8 3.6 6z"/><path d="M19 3.9l1.4 1.3-7.6 7.6-1.4-1.2z"/>' +
    '<path d="M4.4 18.9 11.2 11.4l1.4 1.2-6.9 7.6z"/><path d="M20 18l-1.2 1.6-7.4-6.6 1.2-1.6z"/></g>',
  24
);

export const cloudIcon = icon(
  'cloud',
  lines(
    '<path d="M4.6 12.4a2.9 2.9 0 0 1-.3-5.8 3.9 3.9 0 0 1 7.5-.6 3.2 3.2 0 0 1-.3 6.4z"/>',
    1.3
  )
);
export const computerIcon = icon(
  'computer',
  lines(
    '<rect x="3" y="3.4" width="10" height="6.8" rx=".8"/><path d="M1.5 12.6h13"/>',
    1.3
  )
);
export const chevronIcon = icon(
  'chevron',
  lines('<path d="M4 6l4 4 4-4"/>', 1.2)
);
export const boxIcon = icon(
  'box',
  lines(
    '<path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5z"/><path d="M2.6 5.1 8 8.2l5.4-3.1M8 8.2v6"/>',
    1.2
  )
);
export const logsIcon = icon(
  'logs',
  lines(
    '<rect x="2.4" y="2.4" width="11.2" height="11.2" rx=".6"/><path d="M7 5.6h4M7 8h4M7 10.4h4M4.9 5.6h.1M4.9 8h.1M4.9 10.4h.1"/>',
    1.2
  )
);
export const followIcon = icon(
  'follow',
  lines('<path d="M8 2.6v10.2M3.6 8.6 8 13l4.4-4.4"/>', 1.4)
);
export const previousIcon = icon(
  'previous',
  lines('<path d="M4 10l4-4 4 4"/>', 1.3)
);
export const warningIcon = icon(
  'warning',
  '<path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="M8 1.6 15.2 14H.8zM7.3 6v4.2h1.4V6zm0 5.4v1.4h1.4v-1.4z"/>'
);
export const problemIcon = icon(
  'problem',
  '<path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="M8 1.4a6.6 6.6 0 1 1 0 13.2A6.6 6.6 0 0 1 8 1.4zM5.6 4.9l-.9.9L7 8.1l-2.3 2.3.9.9L7.9 9l2.3 2.3.9-.9L8.8 8.1l2.3-2.3-.9-.9-2.3 2.3z"/>'
);

/** Shapes of the states: they differ without their colours. */
const STATES: Record<Status, string> = {
  pending: lines(
    '<circle cx="8" cy="8" r="6.1" stroke-dasharray="2.2 2.05"/><path d="M8 4.6V8l2.2 1.4"/>',
    1.3,
    'currentColor'
  ),
  running:
    '<path class="jp-icon3" fill="currentColor" fill-rule="evenodd" d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM6.2 4.9v6.2L11.3 8z"/>',
  succeeded: lines(
    '<circle cx="8" cy="8" r="6.1"/><path d="M5.2 8.2 7.2 10.2 11 6"/>',
    1.4,
    'currentColor'
  ),
  failed: lines(
    '<path d="M8 2 14.6 13.6H1.4z"/><path d="M8 6.2v3.4M8 11.6v.2"/>',
    1.3,
    'currentColor'
  ),
  cancelled: lines(
    '<circle cx="8" cy="8" r="6.1"/><path d="M3.8 12.2l8.4-8.4"/>',
    1.3,
    'currentColor'
  ),
  suspended: lines(
    '<circle cx="8" cy="8" r="6.1"/><path d="M6.4 5.6v4.8M9.6 5.6v4.8"/>',
    1.3,
    'currentColor'
  ),
  lost: lines(
    '<circle cx="8" cy="8" r="6.1"/><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M8 11.4v.1"/>',
    1.3,
    'currentColor'
  ),
  unknown: lines(
    '<circle cx="8" cy="8" r="6.1"/><path d="M6 8h.1M8 8h.1M10 8h.1"/>',
    1.3,
    'currentColor'
  )
};

export const stateIcons = Object.fromEntries(
  Object.entries(STATES).map(([status, body]) => [
    status,
    icon(`state-${status}`, body)
  ])
) as Record<Status, LabIcon>;
