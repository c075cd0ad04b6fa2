import { makeJob, makeSession } from '../../__tests__/samples';
import { TestServer } from '../../__tests__/server';
import { NeuroClient } from '../../api/client';
import { emptyDraft, toSubmit } from '../form';
import { Submission } from '../submit';

let server: TestServer;
let submission: Submission;
let tags: string[];

beforeEach(async () => {
  server = await TestServer.start();
  submission = new Submission(new NeuroClient(server.settings), [1, 1]);
  tags = [];
});
afterEach(() => server.stop());

const form = () => toSubmit(emptyDraft(makeSession()), submission.tag);

it('starts one job for a double click', async () => {
  server.routes['POST /neuro/api/jobs'] = ({ body }, response) => {
    tags.push((body as { submit_tag: string }).submit_tag);
    response.writeHead(201).end(JSON.stringify(makeJob()));
  };
  const [first, second] = await Promise.all([
    submission.send(form()),
    submission.send(form())
  ]);
  expect(first).toBe(second);
  expect(tags).toEqual([submission.tag]);
  expect(submission.tag).toMatch(/^[A-Za-z0-9-]{8,64}$/);
});

it('looks for the job by the same tag when no answer came', async () => {
  const states: string[] = [];
  submission.changed.connect(() => states.push(submission.state));
  server.routes['POST /neuro/api/jobs'] = ({ body }, response) => {
    tags.push((body as { submit_tag: string }).submit_tag);
    if (tags.length < 3) {
      response.destroy();
    } else {
      response.end(JSON.stringify(makeJob({ id: 'job-1' })));
    }
  };
  expect((await submission.send(form()))?.id).toBe('job-1');
  expect(new Set(tags)).toEqual(new Set([submission.tag]));
  expect(states).toContain('looking');
  expect(submission.state).toBe('idle');
  expect(submission.error).toBeNull();
});

it('gives up looking, and does not claim that nothing happened', async () => {
  server.routes['POST /neuro/api/jobs'] = (_, response) => {
    response
      .writeHead(504)
      .end('{"message": "No answer.", "code": "unknown-outcome"}');
  };
  expect(await submission.send(form())).toBeNull();
  expect(submission.isUnknown).toBe(true);
  expect(server.calls).toHaveLength(3);
});

it('does not repeat what was refused', async () => {
  server.json(
    'POST /neuro/api/jobs',
    { message: 'Bad.', code: 'bad-request', details: { field: 'image' } },
    400
  );
  expect(await submission.send(form())).toBeNull();
  expect(submission.isUnknown).toBe(false);
  expect(submission.error?.details.field).toBe('image');
  expect(server.calls).toHaveLength(1);
});
