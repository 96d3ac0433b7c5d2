// Package desktoptest runs a real desktop on a screen that nobody sees, for tests of the real desktop and
// for the demo on a machine without a screen.
//
// [Start] makes a folder with a fresh HOME and a private runtime folder, then starts in it, in this order
// and each only when the one before it answers:
//
//	Xvfb                  the screen, on a display number that was free
//	dbus-daemon           a session bus of its own that can start no service of the machine's
//	openbox               the window manager
//	gnome-keyring-daemon  the Secret Service, unlocked
//	xfce4-panel           with the tray (StatusNotifierWatcher and host), a task list and a clock
//	xfce4-notifyd         the notifications, with real buttons
//
// and, if it is asked for, a sound device that tells whether something plays.
//
// Programs under test are started by [Desktop.Launch] or with [Desktop.Command]; they see that desktop and
// nothing of the user's. What a person would see is asked from the accessibility bus, where the notifications,
// the panel and the browser tell the text and the place of each of their widgets: so [Desktop.Press] and
// [Desktop.PressNotification] find a button by its label and press it with the mouse. Fyne draws its own
// widgets and is not on that bus; its windows are found by title, and clicked by place or driven by keys.
//
// Every process of the desktop carries the desktop's folder in the environment variable DESKBELL_DESKTOP.
// [Desktop.Close] ends all processes that carry it, however they were started, and removes the folder.
//
// The package has files for Linux only. The Debian packages it needs are installed by .ci/setup desktop;
// a program that is missing is an error, never a reason to skip.
package desktoptest
