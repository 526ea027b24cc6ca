package hgauto.cli;

/** A command that does something, so that its run has a debug log in the state folder. */
interface LoggedCommand {}
