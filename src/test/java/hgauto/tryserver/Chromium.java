package hgauto.tryserver;

import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with an empty profile, which talks to nobody but the pages under test. */
final class Chromium implements AutoCloseable {
  private final ChromeDriver driver;

  private Chromium(Map<String, Object> preferences) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Requires.program("chromium").toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    options.setExperimentalOption("prefs", preferences);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Requires.program("chromedriver").toFile())
            .build();
    driver = new ChromeDriver(service, options);
  }

  /** A browser as people have it. */
  static Chromium start() {
    return new Chromium(Map.of());
  }

  /** A browser with JavaScript switched off. */
  static Chromium withoutJavaScript() {
    return new Chromium(Map.of("profile.default_content_setting_values.javascript", 2));
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Shows pages as on a screen of this many CSS pixels. */
  void screen(int width, int height, boolean mobile) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
  }

  /** Shows pages as to a person who prefers this, {@code light} or {@code dark}. */
  void colours(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** What the console has said since the last call: errors, and violations of the policy. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** Keeps a picture of the whole page as {@code target/screenshots/NAME.png}. */
  void photograph(String name) throws IOException {
    Object picture =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data");
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Files.write(folder.resolve(name + ".png"), Base64.getDecoder().decode((String) picture));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
