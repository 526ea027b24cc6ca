package hgauto.console;

/** Where a person types answers. */
public interface Keyboard {
  /** The terminal that this process was started from; not there if its output goes elsewhere. */
  Keyboard TERMINAL =
      new Keyboard() {
        @Override
        @SuppressWarnings("SystemConsoleNull") // hgauto.sh sees to it for Java 22 and newer
        public boolean isThere() {
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
