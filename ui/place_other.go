//go:build !linux && !windows

package ui

import "image"

// movable is false: where a window is can't be told, so none is put anywhere.
func movable(any) bool { return false }

// placeOf knows no window's place.
func placeOf(any) (image.Point, bool) { return image.Point{}, false }
