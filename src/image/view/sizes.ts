/** Pixels along the square that the reader is shown: a digit and a little around it. */
export const VIEW_SIDE = 64;

/** Pixels along the square that the finder is shown: the whole picture. */
export const OVERVIEW_SIDE = 96;

/** Pixels along the square that a small picture is read in as a whole: half a view. */
export const THUMBNAIL_SIDE = VIEW_SIDE / 2;

/**
 * Pixels from the top to the bottom of what the detector is shown: a part of a line, or all of it, in which digits are
 * some 32 pixels high. It learns from squares.
 */
export const CLOSE_UP_SIDE = 96;

/** Pixels along the widest that it is shown: two dozen digits side by side. */
export const WIDEST_CLOSE_UP = 768;
