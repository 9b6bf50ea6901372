/** This package's version; a test holds it to package.json, which a bundled program does not have at hand. */
export const VERSION = '0.1.0';
