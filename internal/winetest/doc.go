// Package winetest drives the Windows build of the app, deskbell.exe, on a virtual desktop under Wine: it
// types into the sign-in window, looks for the tray icon, reads the Credential Manager with a second
// Windows program, rings, and accepts with the mouse and by a key. The hub is a real process.
//
// The tests have the build tag wine, because Wine is large; `make test-windows` installs and builds what
// they need and runs them. Pictures of each step go to build/windows.
//
// What Wine has not, this proves nothing of: toasts, the lock screen, Focus Assist, installers, and how
// anything looks on Windows.
package winetest
