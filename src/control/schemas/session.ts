export const SESSION = {
  type: 'object',
  properties: { token: { description: 'that the node was started with', type: 'string' } },
  required: ['token'],
  additionalProperties: false,
} as const;
