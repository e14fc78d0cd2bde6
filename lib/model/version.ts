/** The version of Mantis: of the package, and the tag of the test app's image. */
export const version = '0.2.0';
