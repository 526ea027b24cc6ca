package hgauto.testbed.aws;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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
    return edited(
        xml,
        (set, items) -> {
          List<Element> gone = items.stream().filter(item -> unwanted.test(item(item))).toList();
          gone.forEach(set::removeChild);
          if (gone.size() == items.size()) {
            set.getParentNode().getParentNode().removeChild(set.getParentNode());
          }
        });
  }

  /** The answer with something changed in each of them. */
  static String changed(String xml, BiConsumer<String, Element> change) throws IOException {
    return edited(xml, (set, items) -> items.forEach(item -> change.accept(item(item).id(), item)));
  }

  /** Sets the text of an element of an instance, such as {@code instanceState/name}. */
  static void set(Element instance, String path, String text) {
    Element at = instance;
    for (String name : path.split("/", -1)) {
      Element parent = at;
      at =
          children(parent, name).stream()
              .findFirst()
              .orElseGet(
                  () ->
                      (Element) parent.appendChild(parent.getOwnerDocument().createElement(name)));
    }
    at.setTextContent(text);
  }

  /** The volumes of the one instance in the answer by their devices, without that of its system. */
  static Map<String, String> disksBesideRoot(String xml) throws IOException {
    Map<String, String> volumes = new TreeMap<>();
    changed(
        xml,
        (id, instance) -> {
          for (Element mappings : children(instance, "blockDeviceMapping")) {
            for (Element mapping : children(mappings, "item")) {
              volumes.put(
                  text(mapping, "deviceName"), text(children(mapping, "ebs").get(0), "volumeId"));
            }
          }
          volumes.remove(text(instance, "rootDeviceName"));
        });
    return volumes;
  }

  private static String edited(String xml, BiConsumer<Element, List<Element>> edit)
      throws IOException {
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(xml)));
      for (Element set : elements(document.getDocumentElement(), "instancesSet")) {
        edit.accept(set, children(set, "item"));
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

  private static String text(Element in, String name) {
    return children(in, name).get(0).getTextContent();
  }

  private static List<Element> children(Element of, String name) {
    return elements(of, name).stream().filter(child -> child.getParentNode() == of).toList();
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
