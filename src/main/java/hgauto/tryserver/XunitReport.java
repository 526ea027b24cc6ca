package hgauto.tryserver;

import hgauto.tryserver.TestResult.Outcome;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads what {@code run-tests.py --xunit} wrote. The file comes from submitted code: it is read as
 * a stream, within bounds, and nothing that it names is opened.
 */
public final class XunitReport {
  /** The largest file that is read, in bytes; the whole suite failing stays far below it. */
  static final long MAX_BYTES = 32L << 20;

  /** The most tests that are read; Mercurial has about a thousand. */
  static final int MAX_TESTS = 10_000;

  /** The most that is kept of one test's output, in characters. */
  static final int MAX_OUTPUT = 64 * 1024;

  private XunitReport() {}

  /**
   * The tests of a run, in the order of the file, and after them the failures that only the log
   * names.
   *
   * @param report the xunit file
   * @param log what run-tests.py printed; may be missing
   * @throws IOException if there is no usable report: it is missing, cut off, too large, has a
   *     document type or is no XML. The message says which, in words for a person.
   */
  public static List<TestResult> read(Path report, Path log) throws IOException {
    List<TestResult> tests = read(report);
    Set<String> known = tests.stream().map(TestResult::name).collect(Collectors.toSet());
    LogSummary.failures(LogTail.of(log).text()).stream()
        .filter(test -> known.add(test.name()))
        .forEach(tests::add);
    return tests;
  }

  private static List<TestResult> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("run-tests.py ended before it wrote its report");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("the report of run-tests.py is larger than 32 MB");
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try (Reader text =
        new XmlTextReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      return suite(factory.createXMLStreamReader(text));
    } catch (XMLStreamException e) {
      throw new IOException("the report of run-tests.py is cut off or is no XML", e);
    }
  }

  private static List<TestResult> suite(XMLStreamReader xml)
      throws IOException, XMLStreamException {
    List<TestResult> tests = new ArrayList<>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD) {
        throw new IOException("the report of run-tests.py has a document type, which is not read");
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("testcase")) {
        if (tests.size() == MAX_TESTS) {
          throw new IOException("the report of run-tests.py has more than 10000 tests");
        }
        tests.add(testCase(xml));
      }
    }
    return tests;
  }

  private static TestResult testCase(XMLStreamReader xml) throws XMLStreamException {
    String name = attribute(xml, "name");
    double seconds = seconds(attribute(xml, "time"));
    Outcome outcome = Outcome.PASSED;
    String message = "";
    StringBuilder output = new StringBuilder();
    long omitted = 0;
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          outcome = xml.getLocalName().equals("skipped") ? Outcome.SKIPPED : Outcome.FAILED;
          message = attribute(xml, "message");
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          String text = xml.getText();
          int room = Math.min(text.length(), MAX_OUTPUT - output.length());
          output.append(text, 0, room);
          omitted += text.length() - room;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (xml.getLocalName().equals("testcase")) {
            // The white space around the elements is Python's pretty printing.
            String kept = output.toString().strip();
            if (omitted > 0) {
              kept += "\n… " + omitted + " more characters are left out here";
            }
            return new TestResult(name, outcome, seconds, kept.isEmpty() ? message : kept);
          }
        }
        default -> {}
      }
    }
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  private static double seconds(String time) {
    try {
      double seconds = Double.parseDouble(time);
      return Double.isFinite(seconds) && seconds > 0 ? seconds : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
