package ui

/*
#cgo LDFLAGS: -lxcb
#include <stdlib.h>
#include <xcb/xcb.h>

// One connection of our own, made when it is needed: the toolkit's is out of
// reach, and unlike Xlib this one tells of a window that is gone without ending
// the program.
static xcb_connection_t *server;

// where tells the place of a window's inside on the screen, as the toolkit
// takes it; 0 if nobody knows.
static int where(uint32_t window, int *x, int *y) {
	if (server != NULL && xcb_connection_has_error(server)) {
		xcb_disconnect(server);
		server = NULL;
	}
	if (server == NULL) {
		server = xcb_connect(NULL, NULL);
	}
	xcb_get_geometry_reply_t *drawable =
		xcb_get_geometry_reply(server, xcb_get_geometry(server, window), NULL);
	if (drawable == NULL) {
		return 0;
	}
	xcb_translate_coordinates_reply_t *place = xcb_translate_coordinates_reply(server,
		xcb_translate_coordinates(server, window, drawable->root, 0, 0), NULL);
	free(drawable);
	if (place == NULL) {
		return 0;
	}
	*x = place->dst_x;
	*y = place->dst_y;
	free(place);
	return 1;
}
*/
import "C"

import (
	"image"

	"fyne.io/fyne/v2/driver"
)

// movable tells whether a window of the system can be put somewhere: on Wayland
// it can't.
func movable(native any) bool {
	_, x11 := native.(driver.X11WindowContext)
	return x11
}

// placeOf asks the X server where a window is.
func placeOf(native any) (image.Point, bool) {
	window, _ := native.(driver.X11WindowContext)
	if window.WindowHandle == 0 { // Wayland, or not made yet
		return image.Point{}, false
	}
	var x, y C.int
	if C.where(C.uint32_t(window.WindowHandle), &x, &y) == 0 {
		return image.Point{}, false
	}
	return image.Pt(int(x), int(y)), true
}
