// `npm run openapi`: writes what follows from the routes: openapi.json, the typed client's generated part and docs/access.md. Tests fail
// when they are not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateApi } from 'swagger-typescript-api';
import { accessDocument } from './access-document.ts';
import { openApiDocument } from './openapi-document.ts';

const root = new URL('../', import.meta.url);
const { version }: { version: string } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

const document = await openApiDocument(version);
writeFileSync(new URL('openapi.json', root), document);
writeFileSync(new URL('docs/access.md', root), await accessDocument());

await generateApi({
  spec: JSON.parse(document),
  output: fileURLToPath(new URL('src/client', root)),
  fileName: 'generated.ts',
  httpClientType: 'fetch',
  silent: true,
  generateUnionEnums: true,
  extractRequestParams: false,
  sortTypes: true,
  sortRoutes: true,
});
