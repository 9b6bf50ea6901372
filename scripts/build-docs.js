// Puts the page that shows /openapi.json into dist/docs: Swagger UI as its makers built it, and the two files of ours.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/docs/', import.meta.url));
const target = fileURLToPath(new URL('../dist/docs/', import.meta.url));
const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

mkdirSync(target, { recursive: true });
for (const name of ['index.html', 'docs.js']) copyFileSync(join(source, name), join(target, name));
copyFileSync(join(swagger, 'swagger-ui-bundle.js'), join(target, 'swagger-ui.js'));
copyFileSync(join(swagger, 'swagger-ui-bundle.js.LICENSE.txt'), join(target, 'swagger-ui.js.LICENSE.txt'));
copyFileSync(join(swagger, 'swagger-ui.css'), join(target, 'swagger-ui.css'));
copyFileSync(join(swagger, 'LICENSE'), join(target, 'swagger-ui.LICENSE.txt'));
copyFileSync(join(swagger, 'NOTICE'), join(target, 'swagger-ui.NOTICE.txt'));
