// What a program is asked for on its command line. A mistake gets one line and exit code 2.
import { parseArgs } from 'node:util';

/**
 * @param {object} options - as parseArgs takes them
 * @param {Record<string, {is: RegExp, what: string}>} kinds - of the options that must look like something
 * @returns {Record<string, string | undefined>} the options' values
 */
export function readOptions(options, kinds) {
  try {
    const { values } = parseArgs({ options });
    for (const [name, { is, what }] of Object.entries(kinds))
      if (values[name] !== undefined && !is.test(values[name]))
        throw new Error(`--${name} must be ${what}, not "${values[name]}"`);
    return values;
  } catch (error) {
    refuse(error.message.split('\n')[0]);
  }
}

/** @returns {never} */
export function refuse(message) {
  console.error(message);
  process.exit(2);
}

export const WHOLE_NUMBER = { is: /^\d{1,10}$/, what: 'a whole number' };
/** Of which none would be to do nothing, and to say that all is well. */
export const COUNT = { is: /^[1-9]\d{0,9}$/, what: 'a whole number from 1 on' };
