/** Something that is measured beside others. */
export interface Contender {
  readonly name: string;
  /** Does the work once. @returns one measurement */
  readonly measure: () => Promise<number>;
}

/**
 * Measures every contender once a round, one after the other, so that whatever changes on the machine meanwhile meets
 * all of them alike.
 * @returns for each contender one measurement a round
 */
export async function measureInTurn(
  contenders: readonly Contender[],
  rounds: number,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const samples: number[][] = contenders.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, { measure }] of contenders.entries()) samples[index]?.push(await measure());
    onRound(round);
  }
  return samples;
}
