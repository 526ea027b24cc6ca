package hgauto.testbed.windows;

/** What goes wrong with the build of a package. */
public enum PackageFault {
  /** It ends with 1, after having said why. */
  FAILS,
  /** It ends well, and there is no file. */
  MAKES_NOTHING,
  /** It ends well, and there are two files. */
  MAKES_TWO,
  /** It ends well, and the file is of another version. */
  OTHER_VERSION,
  /** It does not end. */
  NEVER_ENDS,
  /** What it prints is in UTF-16. */
  PRINTS_UTF_16,
  /** What it prints is in Windows' code page 1252. */
  PRINTS_CP_1252
}
