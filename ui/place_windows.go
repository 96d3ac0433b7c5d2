package ui

import (
	"image"
	"unsafe"

	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var clientToScreen = windows.NewLazySystemDLL("user32.dll").NewProc("ClientToScreen")

// movable tells whether a window of the system can be put somewhere.
func movable(native any) bool {
	_, ok := native.(driver.WindowsWindowContext)
	return ok
}

// placeOf asks Windows where the inside of a window is: the toolkit puts that,
// not the frame, at a place.
func placeOf(native any) (image.Point, bool) {
	window, _ := native.(driver.WindowsWindowContext)
	if window.HWND == 0 {
		return image.Point{}, false
	}
	var corner struct{ x, y int32 }
	if ok, _, _ := clientToScreen.Call(window.HWND, uintptr(unsafe.Pointer(&corner))); ok == 0 {
		return image.Point{}, false
	}
	return image.Pt(int(corner.x), int(corner.y)), true
}
