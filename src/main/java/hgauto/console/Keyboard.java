package hgauto.console;

/** Where a person types answers. */
public interface Keyboard {
  /** The terminal that this process was started from; not there if its output goes elsewhere. */
  Keyboard TERMINAL =
      new Keyboard() {
        @Override
        @SuppressWarnings("SystemConsoleNull") // the property sees to it
        public boolean isThere() {
          // Java 22 to 24 have a console where there is no terminal; this is the one of before.
          System.setProperty("jdk.console", "java.base");
          return System.console() != null;
        }

        @Override
        public String readLine() {
          return System.console().readLine();
        }
      };

  /** Whether there is a person. */
  boolean isThere();

  /** The next line, without its end; null when no more will come. */
  String readLine();
}
