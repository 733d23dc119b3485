import { InkdigitError } from '../../errors.js';
import { MNIST_FILES, MNIST_MIRRORS } from '../mnist/mnist-files.js';
import { contentOf, type Dataset, type DatasetFile } from './dataset.js';
import {
  parseOmniglot,
  parsePictureTar,
  parseSudokus,
  type LabelledPicture,
  type OmniglotCharacters,
  type SudokuPhoto,
} from './parse-pictures.js';
import { parseSemeion, parseSquares, type LabelledSquares } from './parse-squares.js';
import { parseUnipen, type PenDigit } from './parse-unipen.js';

/** A file that no address gives by itself: the data set's page leads to it. */
function file(name: string, bytes: number, sha256: string): DatasetFile {
  return { name, bytes, sha256, urls: [] };
}

const CC_BY = 'CC BY 4.0';

const MNIST: Dataset<LabelledSquares> = {
  name: 'mnist',
  title: 'MNIST: 60,000 digits by American clerks and pupils to learn from, 10,000 to test with',
  page: 'http://yann.lecun.com/exdb/mnist/',
  licence: 'CC BY-SA 3.0',
  files: Object.values(MNIST_FILES)
    .flatMap(({ images, labels }) => [images, labels])
    .map((each) => ({ ...each, urls: MNIST_MIRRORS.map((mirror) => `${mirror}${each.name}.gz`) })),
  parse: (content) => {
    const { images, labels } = MNIST_FILES.train;
    return parseSquares(contentOf(content, images.name), contentOf(content, labels.name), images.name);
  },
};

const UNIPEN: Dataset<readonly PenDigit[]> = {
  name: 'unipen',
  title: 'UNIPEN, part 1a of its training set: digits of 144 writers, written on pen tablets',
  page: 'https://zenodo.org/records/1195803',
  licence: CC_BY,
  files: [
    file(
      'unipen1a-train-strokes.jsonl',
      11_954_660,
      'eb7101a1cd70764cf41651402c508ab5cdb1cb61aeb76ecf943616ee62b42c44',
    ),
  ],
  parse: (content) =>
    parseUnipen(contentOf(content, 'unipen1a-train-strokes.jsonl'), 'unipen1a-train-strokes.jsonl'),
};

const SEMEION: Dataset<LabelledSquares> = {
  name: 'semeion',
  title: 'Semeion Handwritten Digit: digits of about 80 Italian writers, once neat and once fast',
  page: 'https://archive.ics.uci.edu/dataset/178/semeion+handwritten+digit',
  licence: CC_BY,
  files: [
    {
      name: 'semeion.data',
      bytes: 2_889_702,
      sha256: 'f43228ae3da5ea6a3c95069d53450b86166770e3b719dcc333182128fe08d4b1',
      // The same with its pixels written as 0 and 1, not 0.0000 and 1.0000.
      otherForms: [
        { bytes: 849_069, sha256: '0a0db68edc935e157425afd5f0dd927256b473a2e82262fd442cfde4c6e42c76' },
      ],
      urls: ['https://archive.ics.uci.edu/ml/machine-learning-databases/semeion/semeion.data'],
    },
  ],
  parse: (content) => parseSemeion(contentOf(content, 'semeion.data'), 'semeion.data'),
};

/** Two parts by the same 30 writers. */
export interface Optdigits {
  readonly tra: LabelledSquares;
  readonly tes: LabelledSquares;
}

const OPTDIGITS: Dataset<Optdigits> = {
  name: 'optdigits',
  title: 'Optical Recognition of Handwritten Digits: digits of 30 Turkish writers',
  page: 'https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits',
  licence: CC_BY,
  files: [
    file(
      'optdigits-tra-images-idx3-ubyte',
      1_980_432,
      '96eebe6b528214ea164e5dec1eeed72fe8ad876141d82f367311df4c248b4662',
    ),
    file(
      'optdigits-tra-labels-idx1-ubyte',
      1_942,
      '62afe884c20f82be46408d90eef0ab0b72968a86859be12ff3e32079712936c1',
    ),
    file(
      'optdigits-tes-images-idx3-ubyte',
      968_720,
      '4ffba834143ce205ecefdbf9d56bccec576c85ab7991fd3ce2f130539cbe3495',
    ),
    file(
      'optdigits-tes-labels-idx1-ubyte',
      954,
      'ad9239fd7a4914e76c6b3216a052f7bbda1d832c285dd14991e66a139512ab96',
    ),
  ],
  parse: (content) => {
    const part = (name: string): LabelledSquares =>
      parseSquares(
        contentOf(content, `optdigits-${name}-images-idx3-ubyte`),
        contentOf(content, `optdigits-${name}-labels-idx1-ubyte`),
        `optdigits-${name}-images-idx3-ubyte`,
      );
    return { tra: part('tra'), tes: part('tes') };
  },
};

/** An archive of pictures that are named with what they show. */
function pictures(
  about: Pick<Dataset<unknown>, 'name' | 'title' | 'page' | 'licence'>,
  archive: DatasetFile,
  truths: RegExp,
): Dataset<readonly LabelledPicture[]> {
  const { name } = archive;
  const parse: Dataset<readonly LabelledPicture[]>['parse'] = (content) =>
    parsePictureTar(contentOf(content, name), name, truths);
  return { ...about, files: [archive], parse };
}

const PAPER = { page: 'https://github.com/Bishwaprotapi/Hand-Written', licence: 'MIT' };
const REGISTERS = { page: 'https://github.com/HTR-United/lectaurep-repertoires', licence: CC_BY };

const OMNIGLOT: Dataset<OmniglotCharacters> = {
  name: 'omniglot',
  title: 'Omniglot: 242 characters of eight alphabets, each drawn by 20 people',
  page: 'https://github.com/brendenlake/omniglot',
  licence: 'MIT',
  files: [
    file(
      'omniglot-small-images-idx3-ubyte',
      53_361_016,
      '2234481cf33762113fbf541842e4242d7a03ebd1feb5598d075747b9873e08a4',
    ),
    file(
      'omniglot-small-labels-idx1-ubyte',
      4_848,
      'aedcc8d7462062abacc0ed38da0c9adb1fbc9d11ab7b5913a05001b317a89e78',
    ),
  ],
  parse: (content) =>
    parseOmniglot(
      contentOf(content, 'omniglot-small-images-idx3-ubyte'),
      contentOf(content, 'omniglot-small-labels-idx1-ubyte'),
      'omniglot-small-images-idx3-ubyte',
    ),
};

const SUDOKU: Dataset<readonly SudokuPhoto[]> = {
  name: 'sudoku-photos',
  title: 'Photos of newspaper sudokus filled in by hand, printed and written digits mixed',
  page: 'https://github.com/wichtounet/sudoku_dataset',
  licence: CC_BY,
  files: [
    ['image1002.dat', 189, '0e5d1acd9681e87f35c1a3573ae1bb984074e5ffa56ae734faf82c7194b5909f'],
    ['image1002.jpg', 961_319, '4ec039d31ebebb921a58d8267039c50d980200410780d2bde436380a48c3d28b'],
    ['image2002.dat', 189, '3f83ffd82c0c82b08d93f2e6c838c6de860814d840706c072900faf922a1295c'],
    ['image2002.jpg', 572_302, '9147753f8732a8df7d62a588ca0746efaf6ba2865d44e3b5c2019a55001c193e'],
    ['image2003.dat', 189, 'ac1ccc5da38c3781340dc340bc5eaa8b187905e165ad8294f7f51bf32e69256f'],
    ['image2003.jpg', 485_181, 'ced56be2c41c0caee63583af01ca6e82631d7f6a7051cac87d313ac7613b0d6a'],
    ['image2004.dat', 189, '9356725f6291aca5565aeed1ec1351f1b17d0aae676a9d441c02bd3c239e9cc6'],
    ['image2004.jpg', 516_184, '9e591402a1221caeef3a77b064d91a991e2f13171b1465934836094df7e386ce'],
    ['image2005.dat', 189, 'b1bfa3aa3c259d251cc5ae078e1e29b04854fac924d6925fe5575d8877ed227a'],
    ['image2005.jpg', 551_820, '8e162e3cc7feb706214e40e77871337d7069db878ae457e9eee16d0ce4db7c52'],
  ].map(([name, bytes, sha256]) => file(`sudoku-photos/${name}`, Number(bytes), String(sha256))),
  parse: parseSudokus,
};

/** Every data set that inkdigit can read. */
export const DATASETS = {
  mnist: MNIST,
  unipen: UNIPEN,
  semeion: SEMEION,
  optdigits: OPTDIGITS,
  'paper-digits': pictures(
    { ...PAPER, name: 'paper-digits', title: 'Digits in pencil or pen on paper, photographed by a phone' },
    file('paper-digits.tar', 2_426_880, '71e5c3a39cd469578a9262dbd729807722aec8320eef406c8ffdc25047f35721'),
    /^\d$/,
  ),
  'paper-letters': pictures(
    { ...PAPER, name: 'paper-letters', title: 'Letters in pencil or pen on paper, photographed by a phone' },
    file('paper-letters.tar', 3_481_600, '35bcebd4149ec7f7d99283fbb935f2e0d038b69cd548174f0a49d0dc45535d47'),
    /^[A-Za-z]$/,
  ),
  omniglot: OMNIGLOT,
  'register-1830': pictures(
    { ...REGISTERS, name: 'register-1830', title: 'Numbers in a French register of about 1830, one hand' },
    file(
      'register-numbers-1830.tar',
      1_966_080,
      'd16c25cd8938b2db99e9d9d0ecd989f1d75abf7136984fbfffc464cfbb4a044c',
    ),
    /^\d+$/,
  ),
  'register-1850': pictures(
    { ...REGISTERS, name: 'register-1850', title: 'Numbers in a French register of about 1850, one hand' },
    file(
      'register-numbers-1850.tar',
      9_953_280,
      '6850aea568389812b9d69771e576d2b3ba331dc4d9c7088256212b943ba89124',
    ),
    /^\d+$/,
  ),
  'sudoku-photos': SUDOKU,
} as const;

/** A data set's name. */
export type DatasetName = keyof typeof DATASETS;

function isDatasetName(name: string): name is DatasetName {
  return Object.hasOwn(DATASETS, name);
}

/** The names of all data sets. */
export const DATASET_NAMES: readonly DatasetName[] = Object.keys(DATASETS).filter(isDatasetName);

/**
 * Names of data sets as a user gives them, each once, in the order given.
 * @throws InkdigitError `invalid_option` for one that there is not, with those that there are
 */
export function datasetNames<Name extends DatasetName>(
  names: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  const result = new Set<Name>();
  for (const given of names) {
    const name = known.find((each) => each === given);
    if (name === undefined) {
      throw new InkdigitError(
        'invalid_option',
        `Expected names of data sets, each of ${known.join(', ')}; got ${JSON.stringify(given)}.`,
      );
    }
    result.add(name);
  }
  return [...result];
}
