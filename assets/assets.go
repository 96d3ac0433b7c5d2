// Package assets holds the pictures that are built into the program.
//
// The PNG files in icons are drawn by the code in internal/draw; after a change
// there, run go generate here. The SVG files in signs are drawn by hand, in one
// colour, which the interface changes.
package assets

import "embed"

//go:generate go run ./generate

//go:embed icons/*.png
var icons embed.FS

//go:embed signs/*.svg
var signs embed.FS

// State is what a tray icon tells.
type State string

// The states.
const (
	Ready   State = "ready"   // calls will ring
	Paused  State = "paused"  // signed in, no calls
	Ringing State = "ringing" // a call rings now
	Offline State = "offline" // signed out, or the hub is out of reach
)

// Tray returns the tray icon of a state: a PNG of 64 × 64 pixels, readable on
// light and dark panels. A state that is none of ours is shown as [Offline]:
// better a wrong bell than no way to the program.
func Tray(state State) []byte {
	switch state {
	case Ready, Paused, Ringing:
		return icon("tray-" + string(state) + ".png")
	default:
		return icon("tray-offline.png")
	}
}

// HasBadge tells whether a state has a tray icon with a badge. While a call
// rings, and while none can, other things matter more.
func HasBadge(state State) bool { return state == Ready || state == Paused }

// TrayMissed returns the tray icon of a state with a badge: calls were missed.
// It is Tray's for a state that has none.
func TrayMissed(state State) []byte {
	if !HasBadge(state) {
		return Tray(state)
	}
	return icon("tray-" + string(state) + "-missed.png")
}

// AppIcon returns the program's icon: a PNG of 512 × 512 pixels.
func AppIcon() []byte { return icon("app-512.png") }

// AppIconSmall returns the program's icon in 128 × 128 pixels, for notifications.
func AppIconSmall() []byte { return icon("app-128.png") }

// RecordSign returns the sign that starts a recording: an SVG of a dot in a ring.
func RecordSign() []byte { return sign("record.svg") }

// StopRecordingSign returns the one that stops it: a square in a ring.
func StopRecordingSign() []byte { return sign("stop-recording.svg") }

func sign(name string) []byte {
	data, err := signs.ReadFile("signs/" + name)
	if err != nil {
		panic(err) // the names are constants and the test reads them all
	}
	return data
}

func icon(name string) []byte {
	data, err := icons.ReadFile("icons/" + name)
	if err != nil {
		panic(err) // the names are constants and the test reads them all
	}
	return data
}
