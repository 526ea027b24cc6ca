package hgauto.aws.lease;

import hgauto.resource.Resource;
import java.time.Instant;

/**
 * A script for EC2Launch, of either version, run at every boot. It sees to it that the machine
 * shuts itself down at its expiry, by a task of the task scheduler that is replaced at every boot.
 * An image of the machine would hold the task, but not the user data; where its time is past it
 * does nothing there.
 *
 * <p>This was never run on Windows by its tests, which only parse the script.
 */
public final class WindowsUserData implements UserData {
  @Override
  public String until(Instant expires) {
    return "<powershell>\n& {\n"
        + Resource.text(WindowsUserData.class, "end-at-expiry.ps1")
        + "} "
        + expires.getEpochSecond()
        + "\n</powershell>\n<persist>true</persist>\n";
  }
}
