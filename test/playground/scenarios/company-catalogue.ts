/** The catalogue that ships with the bot. */
import { readCatalogue } from '#catalogue/read.ts';

export const catalogue = readCatalogue('k8s/catalogue.yaml');
