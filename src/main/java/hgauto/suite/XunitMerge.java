package hgauto.suite;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one xunit file of several that {@code run-tests.py --xunit} wrote. They come from submitted
 * code: they are read as a stream, within bounds, and nothing that they name is opened. A test that
 * is in several counts once, as the first has it.
 */
final class XunitMerge {
  private static final Logger LOG = LoggerFactory.getLogger(XunitMerge.class);

  /** The most tests that are read; Mercurial has about a thousand. */
  private static final int MAX_TESTS = 10_000;

  /**
   * A test.
   *
   * @param time in seconds, as run-tests.py writes it; empty if it did not run
   * @param problem {@code failure} or {@code skipped}; empty if it passed
   * @param message of a failure
   * @param type of a failure
   * @param text what came of it instead
   */
  private record Case(
      String name, String time, String problem, String message, String type, String text) {}

  private final List<Case> cases = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Counts counts = new Counts(0, 0, 0);

  /**
   * As run-tests.py counts.
   *
   * @param tests without those that were skipped
   * @param failures with those of which there is no more in the file, such as tests that timed out
   */
  private record Counts(int tests, int failures, int skipped) {
    Counts plus(Counts other) {
      return new Counts(tests + other.tests, failures + other.failures, skipped + other.skipped);
    }
  }

  /**
   * Adds the tests of a file.
   *
   * @return their names; none if the file is empty or cannot be used
   */
  Set<String> add(String xunit) {
    List<Case> found = new ArrayList<>();
    if (!xunit.isEmpty()) {
      try {
        counts = counts.plus(read(xunit, found));
      } catch (XMLStreamException e) {
        LOG.warn("a machine's xunit file is no XML, or no such file", e);
        return Set.of();
      }
    }
    Set<String> added = new HashSet<>();
    for (Case test : found) {
      if (!names.contains(test.name) && cases.size() < MAX_TESTS) {
        cases.add(test);
        added.add(test.name);
      }
    }
    names.addAll(added);
    return added;
  }

  /** Adds a test of which there is no more to say. */
  void add(TestEnd end) {
    if (cases.size() < MAX_TESTS && names.add(end.name())) {
      String problem =
          switch (end.result()) {
            case TestEnd.OK -> "";
            case TestEnd.FAILED -> "failure";
            default -> "skipped";
          };
      String time = end.hasRun() ? String.format(Locale.ROOT, "%.3f", end.seconds()) : "";
      String text = problem.isEmpty() ? "" : "its machine's report is missing";
      cases.add(new Case(end.name(), time, problem, "", "", text));
      int failed = end.isFailed() ? 1 : 0;
      counts = counts.plus(new Counts(end.hasRun() ? 1 : 0, failed, end.hasRun() ? 0 : 1));
    }
  }

  /** The file. */
  String text() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("utf-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("errors", "0");
      xml.writeAttribute("failures", String.valueOf(counts.failures));
      xml.writeAttribute("name", "run-tests");
      xml.writeAttribute("skipped", String.valueOf(counts.skipped));
      xml.writeAttribute("tests", String.valueOf(counts.tests));
      for (Case test : cases) {
        xml.writeCharacters("\n  ");
        write(test, xml);
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string takes everything", e);
    }
    return text.toString();
  }

  private static void write(Case test, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("name", test.name);
    attribute(xml, "time", test.time);
    if (!test.problem.isEmpty()) {
      xml.writeStartElement(test.problem);
      attribute(xml, "message", test.message);
      attribute(xml, "type", test.type);
      xml.writeCharacters(test.text);
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    if (!value.isEmpty()) {
      xml.writeAttribute(name, value);
    }
  }

  private static Counts read(String xunit, List<Case> found) throws XMLStreamException {
    Counts counts = new Counts(0, 0, 0);
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(allowed(xunit)));
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD) {
        throw new XMLStreamException("it has a document type, which is not read");
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("testcase")) {
        found.add(testCase(xml));
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        counts = new Counts(number(xml, "tests"), number(xml, "failures"), number(xml, "skipped"));
      }
    }
    return counts;
  }

  private static Case testCase(XMLStreamReader xml) throws XMLStreamException {
    String name = value(xml, "name");
    String time = value(xml, "time");
    String problem = "";
    String message = "";
    String type = "";
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          problem = xml.getLocalName().equals("skipped") ? "skipped" : "failure";
          message = value(xml, "message");
          type = value(xml, "type");
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          if (xml.getLocalName().equals("testcase")) {
            // The white space around the elements is Python's pretty printing.
            return new Case(name, time, problem, message, type, text.toString().strip());
          }
        }
        default -> {}
      }
    }
  }

  private static String value(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  private static int number(XMLStreamReader xml, String name) {
    String value = value(xml, name);
    return value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
  }

  /** run-tests.py takes out control characters only, and XML does not allow these either. */
  private static String allowed(String text) {
    return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\ufffd");
  }
}
