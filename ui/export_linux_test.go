package ui

// RunOpener is how an address comes to the browser.
var RunOpener = runOpener
