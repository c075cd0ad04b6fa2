import { TestServer, until } from '../../__tests__/server';
import { LogModel } from '../log';

let server: TestServer;
let model: LogModel;

beforeEach(async () => {
  server = await TestServer.start();
  model = new LogModel({
    settings: server.settings,
    id: 'job-1',
    maxLines: 1000,
    timestamps: false
  });
  await until(() => server.sockets.length === 1);
});
afterEach(async () => {
  model.dispose();
  await server.stop();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = () => {
  const { buffer } = model;
  return Array.from(
    { length: buffer.length },
    (_, at) => buffer.line(at)!.text
  );
};

it('shows what comes, until the end', async () => {
  const [socket] = server.sockets;
  expect(socket.path).toBe('/neuro/api/jobs/job-1/logs');
  socket.send('{"type": "start"}');
  socket.send(bytes('one\ntw'));
  socket.send(bytes('o\n'));
  await until(() => model.buffer.length === 2);
  expect(shown()).toEqual(['one', 'two']);
  expect(model.state).toBe('live');
  socket.send('{"type": "end", "status": "succeeded"}');
  await until(() => model.state === 'ended');
  expect(model.finalStatus).toBe('succeeded');
  socket.drop();
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(model.state).toBe('ended');
  expect(server.sockets).toHaveLength(1);
});

it('reads from the beginning again after a break, without going back on screen', async () => {
  const [first] = server.sockets;
  first.send('{"type": "start"}');
  first.send(bytes('one\ntwo\n'));
  await until(() => model.buffer.length === 2);
  first.drop();
  await until(() => model.state === 'lost');
  expect(model.lostAt).not.toBeNull();
  expect(shown()).toEqual(['one', 'two']);
  await until(() => server.sockets.length === 2);
  const [, second] = server.sockets;
  second.send('{"type": "start"}');
  second.send(bytes('one\n'));
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(shown()).toEqual(['one', 'two']);
  second.send(bytes('two\nthree\n'));
  await until(() => model.state === 'live');
  expect(shown()).toEqual(['one', 'two', 'three']);
  expect(model.lostAt).toBeNull();
});

it('tells why there is no log', async () => {
  server.sockets[0].send(
    '{"type": "error", "error": {"message": "Not yours.", "code": "forbidden"}}'
  );
  await until(() => model.state === 'failed');
  expect(model.error).toMatchObject({
    message: 'Not yours.',
    code: 'forbidden'
  });
});

it('acknowledges what it has read, so that the server may send more', async () => {
  const [socket] = server.sockets;
  const chunk = new Uint8Array(32_000).fill(120);
  for (let at = 0; at < 20; at++) {
    socket.send(chunk);
  }
  await until(() => socket.texts.length === 2);
  const acks = socket.texts.map(
    text => (JSON.parse(text) as { ack: number }).ack
  );
  expect(acks[0]).toBeGreaterThanOrEqual(256 * 1024);
  expect(acks[1]).toBeGreaterThanOrEqual(acks[0] + 256 * 1024);
});
