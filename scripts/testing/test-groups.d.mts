/** Names of the groups. */
export const TEST_GROUPS: readonly string[];

/** The test files of a group, relative to the repository, with `/` between folders. */
export function testFiles(root: string, group: string): string[];
