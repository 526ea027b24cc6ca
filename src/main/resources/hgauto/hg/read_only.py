"""Lets hg push from a repository that stays as it is.

An extension of Mercurial for one run of "hg push". A push as people do it takes a lock and then
changes the repository: what is public on the other side becomes public here. Where it cannot have
the lock it pushes all the same and leaves that out, so the lock is refused. The hooks of the
repository's owner are for pushes of theirs, and do not run.

hg is started while the other side is made ready, and pushes when it gets a line on standard input.
When that ends, whoever has started it is no more, and neither is the push. Bookmarks are not asked
for, and subrepositories neither. hg ends when all has arrived, and not with ssh, which takes two
more round trips for its end.

hg goes on without an extension that it cannot set up, so it gets no ssh but from this one: as
hgauto.ssh.
"""

import errno
import os
import threading

from mercurial import (
    bundle2,
    commands,
    error,
    exchange,
    extensions,
    hook,
    setdiscovery,
    sshpeer,
    subrepo,
)


def uisetup(ui):
    hook.hook = lambda *args, **kwargs: False
    if b"bookmarks" in exchange.pushdiscoveryorder:
        exchange.pushdiscoveryorder.remove(b"bookmarks")
    extensions.wrapcommand(commands.table, b"push", wait_until_ready)  # the last, as it may connect


def wait_until_ready(push, ui, repo, *args, **opts):
    # What takes long is done before: among many changesets, to find those that set tags.
    opts["rev"] = [repo[rev].hex() for rev in repo.anyrevs(opts["rev"], user=True)]
    for module in bundle2, setdiscovery:
        module.__doc__  # loads it: Mercurial does so when it needs it first
    for kind in subrepo.hgsubrepo, subrepo.gitsubrepo:
        kind.push = lambda self, opts: None
    connections = []
    close = sshpeer.sshv1peer.close
    sshpeer.sshv1peer.close = lambda self: connections.append(self)
    opts["ssh"] = ui.config(b"hgauto", b"ssh")
    end_with_input()
    watch = threading.Thread(target=end_with_input)
    watch.daemon = True
    watch.start()
    try:
        code = push(ui, repo, *args, **opts)
    except BaseException:
        for connection in connections:
            close(connection)  # what the other side has said comes then
        raise
    ui.flush()
    if not any(kind.__name__ == "chgui" for kind in type(ui).__mro__):
        os._exit(code or 0)
    return code  # whose server tells chg


def end_with_input():
    if not os.read(0, 1):
        os._exit(255)


def reposetup(ui, repo):
    if not repo.local():
        return

    class ReadOnly(repo.__class__):
        def lock(self, *args, **kwargs):
            raise error.LockUnavailable(errno.EROFS, "it is only read", b"lock", b"repository")

        wlock = lock

    repo.__class__ = ReadOnly
