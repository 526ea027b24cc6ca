package hgauto.testbed.aws;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The instances in an answer to DescribeInstances. */
final class InstanceItems {
  private InstanceItems() {}

  /**
   * One of them.
   *
   * @param profileArn empty if it has no instance profile
   */
  record Item(String id, String profileArn) {}

  /** The answer without those that are unwanted. */
  static String without(String xml, Predicate<Item> unwanted) throws IOException {
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(xml)));
      for (Element set : elements(document.getDocumentElement(), "instancesSet")) {
        List<Element> items =
            elements(set, "item").stream().filter(item -> item.getParentNode() == set).toList();
        List<Element> gone = items.stream().filter(item -> unwanted.test(item(item))).toList();
        gone.forEach(set::removeChild);
        if (gone.size() == items.size()) {
          set.getParentNode().getParentNode().removeChild(set.getParentNode());
        }
      }
      StringWriter out = new StringWriter();
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (ParserConfigurationException | SAXException | TransformerException e) {
      throw new IOException(e);
    }
  }

  private static Item item(Element instance) {
    String id = elements(instance, "instanceId").get(0).getTextContent();
    List<Element> profile = elements(instance, "iamInstanceProfile");
    return new Item(
        id, profile.isEmpty() ? "" : elements(profile.get(0), "arn").get(0).getTextContent());
  }

  private static List<Element> elements(Element in, String name) {
    NodeList found = in.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }
}
