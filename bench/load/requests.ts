/** The body of a request, and what is right to answer. */
export interface RequestBody {
  /** JSON. */
  readonly body: Uint8Array;
  readonly imageCount: number;
  /** The class of each image; empty where no answer is looked at. */
  readonly classes: readonly number[];
}

/** Where requests go: a path of a server on this machine. */
export interface Target {
  readonly port: number;
  readonly path: string;
}

/** A request as it goes over the wire. */
export interface PreparedRequest extends RequestBody {
  readonly bytes: Buffer;
}

export function prepareRequests(bodies: readonly RequestBody[], { port, path }: Target): PreparedRequest[] {
  return bodies.map((request) => {
    const head =
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
      `content-type: application/json\r\ncontent-length: ${request.body.length}\r\n\r\n`;
    return { ...request, bytes: Buffer.concat([Buffer.from(head, 'latin1'), request.body]) };
  });
}
