// Package clean makes what a caller wrote fit to be kept and shown.
//
// A customer, a website or an administrator's template wrote it, so it may hold control characters,
// characters that turn the reading direction of what stands around them, characters nobody can see,
// and any amount of anything. [Text] does one text, [Value] and [Object] do decoded JSON.
//
// What comes out is plain text, not yet markup: each surface (HTML, D-Bus, toast XML, CSV) still
// escapes it in its own way.
package clean
