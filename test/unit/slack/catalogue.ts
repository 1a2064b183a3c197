/** The default catalogue, as the tests of slack/ use it. */
import { readCatalogue } from '#catalogue/read.ts';

export const catalogue = readCatalogue('k8s/catalogue.yaml');
