/** Height of a row in px, as in tree.module.css. Beyond 1.19 million rows it would exceed what Chromium can scroll. */
export const ROW_HEIGHT = 28
/** Width of one level in px, and from which level on names stop moving right. */
export const INDENT = 16
export const MOST_INDENT = 12
