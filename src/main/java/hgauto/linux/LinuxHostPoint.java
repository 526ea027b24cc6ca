package hgauto.linux;

import hgauto.host.HostPoint;

/**
 * What docs/remote-machines.md asks of a Linux host, point by point. {@code check-host.sh} knows
 * those from {@link #BASH} on by the same ids.
 */
public enum LinuxHostPoint implements HostPoint {
  /** An SSH server answers. */
  REACHABLE(true, "as root: apt-get install openssh-server"),
  /** It shows the key that we know. */
  HOST_KEY(true, "here: ssh-keyscan HOST >> ~/.ssh/known_hosts, once you know that it is its key"),
  /** It takes our key. */
  LOGIN(true, "as hg: put the public key that check-host prints into ~/.ssh/authorized_keys"),
  /** Commands come to it, and their output comes back as it is. */
  SHELL(
      true,
      "as root: usermod --shell /bin/bash hg; and let its start-up files (~hg/.bashrc) print nothing"
          + " where there is no terminal"),
  /** Files go there and back. */
  SFTP(
      true,
      "as root: put \"Subsystem sftp internal-sftp\" into /etc/ssh/sshd_config, then run systemctl"
          + " reload ssh"),
  /** There is a bash. */
  BASH(true, "as root: apt-get install bash"),
  /** It is hg's account. */
  USER(
      true,
      "as root: groupadd --force hg; useradd --create-home --gid hg --shell /bin/bash hg; usermod"
          + " --gid hg hg"),
  /** Hg becomes root without a password. */
  SUDO(
      true,
      "as root: apt-get install sudo; echo 'hg ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/90-hg; chmod"
          + " 0440 /etc/sudoers.d/90-hg"),
  /** The programs that our scripts use. */
  TOOLS(true, "as root: apt-get install util-linux coreutils findutils"),
  /** All in the folder is hg's. */
  HGDEV(true, "as root: mkdir -p /hgdev; chown -R hg:hg /hgdev"),
  /** The Python that tests run under by default. */
  PYTHON(true, "as root: apt-get install python3 python3-venv"),
  /** There is a Mercurial that works. */
  BOOTSTRAP(
      true,
      "as hg: python3 -m venv /hgdev/venv-bootstrap; /hgdev/venv-bootstrap/bin/pip install"
          + " mercurial"),
  /** There is Mercurial's own repository. */
  SOURCE(
      true,
      "as hg: mv /hgdev/src /hgdev/src.old, if it is there; /hgdev/venv-bootstrap/bin/hg clone"
          + " https://www.mercurial-scm.org/repo/hg /hgdev/src"),
  /** What is pushed to it stays draft. Copies of it for tests are made so anyway. */
  PUBLISHING(false, "as hg: printf '[phases]\\npublish = no\\n' >>/hgdev/src/.hg/hgrc"),
  /** The folder for tests can be made, and nothing in it is anybody else's. */
  HGWORK(true, "as root: umount -q /hgwork; mv /hgwork /hgwork.old"),
  /** What Mercurial's extensions are compiled with. */
  BUILD(true, "as root: apt-get install make gcc libc6-dev python3-dev gettext"),
  /** Builds newer versions of Mercurial. */
  UV(
      false,
      "as root: python3 -m venv /opt/uv; /opt/uv/bin/pip install uv; ln -s /opt/uv/bin/uv"
          + " /usr/local/bin/"),
  /** Pythons to choose from. */
  PYENV(
      false,
      "as hg: git clone https://github.com/pyenv/pyenv /hgdev/pyenv; export PYENV_ROOT=/hgdev/pyenv;"
          + " $PYENV_ROOT/bin/pyenv install 3.13; $PYENV_ROOT/bin/pyenv global 3.13"),
  /** File systems to choose from. */
  FILESYSTEMS(false, "as root: apt-get install e2fsprogs xfsprogs btrfs-progs jfsutils kmod"),
  /** A disk that may be overwritten. */
  DISK(false, "attach one empty disk of 4 GiB or more"),
  /** Room for a run. */
  SPACE(false, "free 2 GiB of disk and 1 GiB of memory"),
  /** What single tests need, which are skipped without. */
  HARNESS(
      false,
      "as root: apt-get install git subversion cvs gnupg gettext unzip bzip2 xz-utils sqlite3"
          + " ncurses-bin clang-format cargo emacs-nox python3-docutils python3-pygments"
          + " python3-pyflakes");

  private final boolean required;
  private final String mend;

  LinuxHostPoint(boolean required, String mend) {
    this.required = required;
    this.mend = mend;
  }

  /** Whether no tests can be run without it; else some can, or it is a comfort. */
  @Override
  public boolean isRequired() {
    return required;
  }

  /** Where it does not hold, what to do, and as whom; on Debian or Ubuntu. */
  @Override
  public String mend() {
    return mend;
  }
}
