// Shows what /openapi.json says. A file of its own: the page's policy runs nothing that stands in the page itself.
globalThis.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  // Else it asks a server of its makers whether the document is valid.
  validatorUrl: null,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
});
