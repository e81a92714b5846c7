/** The few parts of Node that the batch door uses; the rest of the field app runs in a browser. */
declare module "node:fs" {
  export function createReadStream(path: string): AsyncIterable<Uint8Array>;
}

declare module "node:process" {
  interface Output {
    write(text: string): boolean;
  }
  const process: {
    readonly argv: readonly string[];
    readonly stdin: AsyncIterable<Uint8Array>;
    readonly stdout: Output;
    readonly stderr: Output;
    exitCode: number;
  };
  export default process;
}
