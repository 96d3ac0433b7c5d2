//go:build linux

// Command bare is a program of Deskbell's toolkit that does nothing: an icon in
// the tray and a window that nobody has opened. What it costs is the toolkit's.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/assets"
)

func main() {
	app.SetMetadata(fyne.AppMetadata{ID: "io.github.deskbell.Bare", Name: "Bare", Migrations: map[string]bool{"fyneDo": true}})
	bare := app.NewWithID("io.github.deskbell.Bare")
	bare.SetIcon(fyne.NewStaticResource("bare.png", assets.AppIcon()))
	window := bare.NewWindow("Bare")
	window.SetContent(widget.NewLabel("Nothing happens here."))
	if tray, ok := bare.(desktop.App); ok {
		tray.SetSystemTrayMenu(fyne.NewMenu("Bare", fyne.NewMenuItem("Open", window.Show)))
	}
	bare.Run()
}
