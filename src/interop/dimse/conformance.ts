// SOP classes and transfer syntaxes as the conformance statement lists them, so that the document cannot promise anything else.
import { decodableSyntaxes } from '#dicom/read/transfer-syntax.ts';
import { QUERY, STORAGE_CLASSES, STORAGE_COMMITMENT, VERIFICATION } from './classes.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Classes of the results that we send. */
const SENT = new Set(['1.2.840.10008.5.1.4.1.1.88.33', '1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.7']);

export function conformanceTables(): string {
  const classes = [
    row('SOP class', 'UID', 'SCP', 'SCU'),
    row('---', '---', '---', '---'),
    row('Verification', VERIFICATION, 'yes', ''),
    row('Storage Commitment Push Model', STORAGE_COMMITMENT, '', 'yes'),
    row('Study Root Query/Retrieve Information Model - FIND', QUERY.find, '', 'yes'),
    row('Study Root Query/Retrieve Information Model - MOVE', QUERY.move, '', 'yes'),
    row('Study Root Query/Retrieve Information Model - GET', QUERY.get, '', 'yes'),
    ...Object.entries(STORAGE_CLASSES).map(([uid, name]) => row(name, uid, 'yes', SENT.has(uid) ? 'yes' : '')),
  ];
  const syntaxes = [
    row('Transfer syntax', 'UID'),
    row('---', '---'),
    ...decodableSyntaxes().map(({ uid, name }) => row(name, uid)),
  ];
  return [...classes, '', ...syntaxes].join('\n');
}
