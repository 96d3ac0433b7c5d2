package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/ui"
)

// BenchmarkQueueRedraw has the Queue window show a second later what it shows:
// 500 calls, of which each clock has moved. Drawing is the graphics card's.
func BenchmarkQueueRedraw(b *testing.B) {
	app := test.NewTempApp(b)
	app.Settings().SetTheme(ui.Theme{Look: ui.LookLight})
	ui.QueueBench(b, func(o fyne.CanvasObject) fyne.Window { return test.NewTempWindow(b, o) }, 500)
}
