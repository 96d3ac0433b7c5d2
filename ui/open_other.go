//go:build !linux

package ui

import (
	"net/url"

	"fyne.io/fyne/v2"
)

// openURL hands the address to the browser as Fyne knows to.
func openURL(app fyne.App, address *url.URL) error { return app.OpenURL(address) }
