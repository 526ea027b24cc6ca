package hgauto.windows;

import hgauto.host.HostPoint;

/**
 * What docs/windows-machines.md asks of a Windows machine, point by point. {@code check-host.ps1}
 * knows those from {@link #POWERSHELL} on by the same ids.
 */
public enum WindowsHostPoint implements HostPoint {
  /** Systems Manager reaches it. */
  AGENT(true, "as Administrator: Restart-Service -Name AmazonSSMAgent"),
  /** What the scripts are written for. */
  POWERSHELL(true, "launch it from an image of Windows Server 2019, 2022 or 2025"),
  /** User data is run at every boot. */
  EC2LAUNCH(true, "launch it from an image that Amazon publishes, or one that is made of those"),
  /** There is an SSH server. */
  OPENSSH(true, "as Administrator: Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0"),
  /** It runs, after a restart of the machine, too. */
  SSHD(
      true,
      "as Administrator: Set-Service -Name sshd -StartupType Automatic; Start-Service -Name sshd"),
  /** It can be reached. */
  FIREWALL(
      true,
      "as Administrator: New-NetFirewallRule -Name hgauto-ssh -DisplayName 'SSH for hgauto' -Profile"
          + " Any -Direction Inbound -Protocol TCP -LocalPort 22 -Action Allow"),
  /** It understands commands as Mercurial and hgauto write them. */
  DEFAULT_SHELL(
      true,
      "as Administrator: Remove-ItemProperty -Path HKLM:\\SOFTWARE\\OpenSSH -Name DefaultShell"),
  /** The account that builds run as can be used. */
  ADMINISTRATOR(true, "as another administrator: Enable-LocalUser -Name Administrator"),
  /** The SSH server heeds the keys of administrators. */
  ADMIN_KEYS(
      true,
      "as Administrator: put your key, which is in keys/keypair-automation.pub of the state folder,"
          + " into C:\\ProgramData\\ssh\\administrators_authorized_keys; then icacls.exe"
          + " C:\\ProgramData\\ssh\\administrators_authorized_keys /inheritance:r /grant:r"
          + " '*S-1-5-18:F' '*S-1-5-32-544:F'"),
  /** There is a Mercurial that works, at a path without a space. */
  HG(
      true,
      "as Administrator: Set-Content -Path C:\\hgdev\\hg.cmd -Encoding Ascii -Value '@echo off',"
          + " '\"C:\\Program Files\\Mercurial\\hg.exe\" %*', with the path of the hg.exe that is there"),
  /** There is Mercurial's own repository. */
  SOURCE(
      true,
      "as Administrator: C:\\hgdev\\hg.cmd clone --noupdate https://www.mercurial-scm.org/repo/hg"
          + " C:\\hgdev\\src"),
  /** What is pushed to it stays draft. */
  PUBLISHING(
      true,
      "as Administrator: Add-Content -Path C:\\hgdev\\src\\.hg\\hgrc -Encoding Ascii -Value '',"
          + " '[phases]', 'publish = False'"),
  /** Pythons to build for. */
  PYTHON(true, "as Administrator: run contrib\\install-windows-dependencies.ps1 of Mercurial"),
  /** What that script has made for itself. */
  BOOTSTRAP(true, "as Administrator: run contrib\\install-windows-dependencies.ps1 of Mercurial"),
  /** What run-tests.py runs in. */
  MSYS(false, "as Administrator: run contrib\\install-windows-dependencies.ps1 of Mercurial"),
  /** What WiX runs on. */
  DOTNET(false, "as Administrator: Install-WindowsFeature -Name Net-Framework-Core"),
  /** Room for a build. */
  SPACE(false, "free 10 GiB of drive C:, or launch it with a larger disk");

  private final boolean required;
  private final String mend;

  WindowsHostPoint(boolean required, String mend) {
    this.required = required;
    this.mend = mend;
  }

  /** Whether nothing can be built without it; else something can. */
  @Override
  public boolean isRequired() {
    return required;
  }

  /** Where it does not hold, what to do; {@code as Administrator} is in PowerShell, there. */
  @Override
  public String mend() {
    return mend;
  }
}
