"""Lets hg push from a repository that stays as it is.

An extension of Mercurial for one run of "hg push". A push as people do it takes a lock and then
changes the repository: what is public on the other side becomes public here. Where it cannot have
the lock it pushes all the same and leaves that out, so the lock is refused. The hooks of the
repository's owner are for pushes of theirs, and do not run.

hg is started while the other side is made ready, and pushes when it gets a line on standard input.
When that ends, whoever has started it is no more, and neither is the push. Bookmarks are not asked
for. hg ends when all has arrived, and not with ssh, which takes two more round trips for its end.
"""

import errno
import os
import threading

from mercurial import bundle2, commands, error, exchange, extensions, hook, setdiscovery, sshpeer


def uisetup(ui):
    hook.hook = lambda *args, **kwargs: False
    exchange.pushdiscoveryorder.remove(b"bookmarks")
    extensions.wrapcommand(commands.table, b"push", wait_until_ready)
    extensions.wrapfunction(exchange, "push", end_when_pushed)


def wait_until_ready(push, ui, repo, *args, **opts):
    # What takes long is done before: among many changesets, to find those that set tags.
    opts["rev"] = [repo[rev].hex() for rev in repo.anyrevs(opts["rev"], user=True)]
    for module in bundle2, setdiscovery, sshpeer:
        module.__doc__  # loads it: Mercurial does so when it needs it first
    end_with_input()
    watch = threading.Thread(target=end_with_input)
    watch.daemon = True
    watch.start()
    return push(ui, repo, *args, **opts)


def end_when_pushed(push, repo, *args, **kwargs):
    operation = push(repo, *args, **kwargs)
    repo.ui.flush()
    os._exit(0 if operation.cgresult else 1)


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
