/** Pixels along the square that the reader is shown: a digit and a little around it. */
export const VIEW_SIDE = 64;

/** Pixels along the square that the finder is shown: the whole picture. */
export const OVERVIEW_SIDE = 96;

/** Pixels along the square that a small picture is read in as a whole: half a view. */
export const THUMBNAIL_SIDE = VIEW_SIDE / 2;

/** Pixels along the square that the detector is shown: a part of a line, in which digits are some 32 pixels high. */
export const CLOSE_UP_SIDE = 96;
