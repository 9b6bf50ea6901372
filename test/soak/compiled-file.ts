/** In a node's home, once it has collected its garbage: the bytes of what V8 has compiled. */
export const COMPILED_FILE = 'compiled-bytes';
