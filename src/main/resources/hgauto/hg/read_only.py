"""Lets hg push from a repository that stays as it is.

An extension of Mercurial for one run of "hg push". A push as people do it takes a lock and then
changes the repository: what is public on the other side becomes public here. Where it cannot have
the lock it pushes all the same and leaves that out, so the lock is refused. The hooks of the
repository's owner are for pushes of theirs, and do not run.
"""

import errno

from mercurial import error, hook


def uisetup(ui):
    hook.hook = lambda *args, **kwargs: False


def reposetup(ui, repo):
    if not repo.local():
        return

    class ReadOnly(repo.__class__):
        def lock(self, *args, **kwargs):
            raise error.LockUnavailable(errno.EROFS, "it is only read", b"lock", b"repository")

        wlock = lock

    repo.__class__ = ReadOnly
