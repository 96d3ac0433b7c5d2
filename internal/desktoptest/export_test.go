//go:build linux

package desktoptest

// ParseEmbedded is for the tests.
var ParseEmbedded = parseEmbedded
