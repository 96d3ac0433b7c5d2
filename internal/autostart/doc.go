// Package autostart starts the app when its person logs in.
//
// There is no setting of our own beside the system's: what the system will do
// at the next login is the truth, because people also switch programs off in
// the Task Manager, in GNOME Tweaks or with an editor.
//
// The flow of [Autostart]:
//
//	Enabled ── read the entry ── will the system start THIS executable by it?
//	Set(true) ── it does already ──> leave the entry as the person edited it
//	      └───── it does not ──────> write a whole new one
//	Set(false) ── take the entry away
//
// The entry is
//
//   - on Linux and its kin the file $XDG_CONFIG_HOME/autostart/<id>.desktop,
//     which hides a file of that name in $XDG_CONFIG_DIRS (an administrator's,
//     for all users): there, off is a file with Hidden=true;
//   - on Windows a value in the Run key of the current user, and the value of
//     that name with which the Task Manager switches it off;
//   - on macOS the file ~/Library/LaunchAgents/<id>.plist. Writing it starts
//     nothing at once, and taking it away ends nothing: launchd reads it at the
//     next login.
//
// An entry of an executable that was moved, or of another copy of the app, is
// not this executable's: Enabled says false, Set(true) writes it anew.
//
// What is written into an entry, and what an entry means, builds on every
// system, so that all three kinds are tested on one. Files are written beside
// their place and renamed, so that nobody reads half of one.
package autostart
