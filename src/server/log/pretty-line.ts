import { visibleLine, visibleText } from '../../visible-text.js';

type Line = Readonly<Record<string, unknown>>;

const ESCAPE = '\u001b[';
const COLORS = { dim: '2', red: '31', green: '32', yellow: '33' } as const;
type Color = keyof typeof COLORS;

/** Of every line: said by its place, or of no use to who sits at a terminal. */
const LEFT_OUT: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'reqId', 'msg', 'err']);
/** Of a request: these begin its line. */
const OF_REQUESTS: ReadonlySet<string> = new Set(['method', 'path', 'status', 'ms', 'images', 'code']);

/**
 * A log line as people read it: `10:25:30.338 info  POST /mnist/classify 200, 0.64 ms, 3 images`. Nothing in it can
 * steer the terminal.
 * @param json a line of the logger; text that is not one stays as it is
 * @returns with its line feed
 */
export function prettyLine(json: string, isColored: boolean): string {
  const line = parseLine(json);
  if (!line) return visibleText(json);
  const paint = (text: string, color: Color | undefined): string =>
    isColored && color ? `${ESCAPE}${COLORS[color]}m${text}${ESCAPE}0m` : text;
  const level = textOf(line['level']);
  const isRequest = line['msg'] === 'request';
  const what = isRequest ? describeRequest(line) : visibleLine(textOf(line['msg']));
  const rest = Object.entries(line).filter(([name]) => {
    return !LEFT_OUT.has(name) && !(isRequest && OF_REQUESTS.has(name));
  });
  const members = rest.map(([name, value]) => `${visibleLine(name)}=${textOf(value)}`).join(' ');
  return (
    `${paint(timeOf(line['time']), 'dim')} ${paint(level.padEnd(5), colorOfLevel(level))} ` +
    (isRequest ? paint(what, colorOfStatus(Number(line['status']))) : what) +
    `${members === '' ? '' : `  ${paint(members, 'dim')}`}\n${stackOf(line['err'])}`
  );
}

function describeRequest(line: Line): string {
  const { method, path, status, ms, images, code } = line;
  const parts = [`${textOf(method)} ${textOf(path)} ${textOf(status)}`, `${textOf(ms)} ms`];
  if (Number(images) > 0) parts.push(images === 1 ? '1 image' : `${textOf(images)} images`);
  if (code !== undefined) parts.push(textOf(code));
  return parts.join(', ');
}

function parseLine(json: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The time of day of this machine, with milliseconds. */
function timeOf(time: unknown): string {
  const date = new Date(textOf(time));
  if (Number.isNaN(date.getTime())) return '??:??:??.???';
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

function textOf(value: unknown): string {
  return visibleLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const stack: unknown = Reflect.get(error, 'stack') ?? Reflect.get(error, 'message');
  return typeof stack === 'string' ? `${visibleText(stack).replaceAll(/^/gm, '  ')}\n` : '';
}

function colorOfLevel(level: string): Color | undefined {
  if (level === 'error' || level === 'fatal') return 'red';
  return level === 'warn' ? 'yellow' : undefined;
}

function colorOfStatus(status: number): Color {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}
