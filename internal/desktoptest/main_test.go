//go:build linux

package desktoptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"fyne.io/systray"
	"go.uber.org/goleak"
)

// asTrayProgram makes this test binary be the program in the tray: the library has one item to a process.
const asTrayProgram = "DESKTOPTEST_TRAY_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asTrayProgram) != "" {
		runTrayProgram()
		return
	}
	goleak.VerifyTestMain(m)
}

// runTrayProgram shows a tray item whose menu sets and unsets "Ready", and ends by "Quit".
func runTrayProgram() {
	// Before Run: an icon that is set while the library registers its item is lost.
	systray.SetTitle("Tray program")
	systray.SetIcon(disc(color.NRGBA{R: 0x2e, G: 0x9e, B: 0x5b, A: 0xff}))
	systray.SetTooltip("ready")
	systray.Run(func() {
		ready := systray.AddMenuItemCheckbox("Ready", "", true)
		never := systray.AddMenuItem("Never", "")
		never.Disable()
		systray.AddSeparator()
		quit := systray.AddMenuItem("Quit", "")
		go func() {
			for {
				select {
				case <-ready.ClickedCh:
					ready.Uncheck()
					systray.SetIcon(disc(color.NRGBA{R: 0xc9, G: 0x8a, B: 0x1b, A: 0xff}))
					systray.SetTooltip("paused")
					fmt.Println("paused")
				case <-quit.ClickedCh:
					systray.Quit()
					return
				}
			}
		}()
	}, nil)
}

// disc draws an icon.
func disc(fill color.NRGBA) []byte {
	const size = 32
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			if dx, dy := 2*x-size, 2*y-size; dx*dx+dy*dy <= size*size {
				picture.SetNRGBA(x, y, fill)
			}
		}
	}
	var icon bytes.Buffer
	if err := png.Encode(&icon, picture); err != nil {
		panic(err) // a picture in memory always encodes
	}
	return icon.Bytes()
}
