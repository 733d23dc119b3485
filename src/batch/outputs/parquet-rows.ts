import { open, type FileHandle } from 'node:fs/promises';
import { ByteWriter, ParquetWriter, type ColumnSource, type SchemaElement } from 'hyparquet-writer';
import { COLUMNS, type ReadKind, type ResultRow } from '../plan/result-rows.js';

/** Rows of one group: as many as are held in memory, as columns. */
const GROUP_ROWS = 50_000;

type Column = (typeof COLUMNS)[ReadKind][number];

const TYPES: Readonly<Record<Column, Omit<SchemaElement, 'name'>>> = {
  file: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  class: { type: 'INT32', repetition_type: 'OPTIONAL' },
  number: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  probability: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  digit: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  accepted: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  error: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  message: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
};

/** Writes rows as a Parquet file, packed by Snappy, a group of rows at a time. */
export async function writeParquet(
  path: string,
  rows: AsyncIterable<readonly ResultRow[]>,
  read: ReadKind,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const writer = fileWriter(file);
    const names: readonly Column[] = COLUMNS[read];
    const schema: SchemaElement[] = [
      { name: 'root', num_children: names.length },
      ...names.map((name) => ({ name, ...TYPES[name] })),
    ];
    const parquet = new ParquetWriter({ writer, schema, createdBy: 'inkdigit' });
    let columns = emptyColumns(names);
    let count = 0;
    const writeGroup = async (): Promise<void> => {
      const columnData: ColumnSource[] = [...columns].map(([name, data]) => ({ name, data }));
      await parquet.write({ columnData, rowGroupSize: GROUP_ROWS });
      columns = emptyColumns(names);
      count = 0;
    };
    for await (const some of rows) {
      for (const row of some) {
        const fields = new Map<string, unknown>(Object.entries(row));
        for (const [name, data] of columns) data.push(fields.get(name));
        if (++count === GROUP_ROWS) await writeGroup();
      }
    }
    if (count > 0) await writeGroup();
    await parquet.finish();
    await file.sync();
  } finally {
    await file.close();
  }
}

function emptyColumns(names: readonly Column[]): Map<string, unknown[]> {
  return new Map(names.map((name) => [name, []]));
}

/** Takes the bytes of each group to the file when it is complete. */
function fileWriter(file: FileHandle): ByteWriter {
  const writer = new ByteWriter();
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(writer.buffer.slice(0, writer.index));
    writer.index = 0;
    await file.appendFile(bytes);
  };
  return Object.assign(writer, { flush, finish: flush });
}
