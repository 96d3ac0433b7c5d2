package draw

import (
	"image"
	"image/color"
)

// TraySize is the side of a tray icon in pixels: the hosts scale it to the 16
// to 48 of their panel.
const TraySize = 64

// AppSizes are the sides of the app icon in pixels, as Linux desktops look for them.
var AppSizes = []int{512, 256, 128, 64, 48, 32}

// Tray draws the tray icon of a state: ready, paused, ringing or offline. All
// are mid tones, to stand out from light and dark panels alike, and differ in
// shape, too, for those who do not tell the colours apart.
func Tray(state string, px int) *image.NRGBA {
	switch state {
	case "ready":
		return render(px, []layer{{trayBell(), plain(green)}})
	case "paused":
		bars := union(bar(168, 216, 230, 336, 14), bar(282, 216, 344, 336, 14))
		return render(px, []layer{{minus(trayBell(), bars), plain(amber)}})
	case "ringing":
		return render(px, []layer{{ringingBell(), plain(red)}})
	case "offline":
		gap, slash := line(74, 98, 414, 438, 56), line(74, 98, 414, 438, 24)
		return render(px, []layer{{union(minus(trayBell(), gap), slash), plain(grey)}})
	default:
		panic("draw: no tray icon for state " + state)
	}
}

// TrayMissed draws the tray icon of a state, ready or paused, with a badge at
// its upper right: calls were missed. A gap keeps the badge apart from the bell
// for those who do not tell the colours apart.
func TrayMissed(state string, px int) *image.NRGBA {
	gap, badge := ellipse(386, 126, 142, 142), ellipse(386, 126, 104, 104)
	bell, colour := trayBell(), green
	if state == "paused" {
		bell, colour = minus(bell, bar(168, 216, 230, 336, 14), bar(282, 216, 344, 336, 14)), amber
	}
	return render(px, []layer{{minus(bell, gap), plain(colour)}, {badge, plain(red)}})
}

// The colours of the tray.
var (
	green = rgb(0x1c9c5b)
	amber = rgb(0xd07c00)
	red   = rgb(0xe0352b)
	grey  = rgb(0x868c96)
)

// trayBell fills the square but for the margin of a pixel at 22. The gaps are
// as wide as a pixel there, too.
func trayBell() shape {
	return union(
		bar(200, 62, 312, 108, 22),                         // button
		bar(236, 90, 276, 160, 0),                          // stem
		intersect(ellipse(256, 352, 206, 208), above(352)), // dome
		bar(26, 378, 486, 440, 26),                         // base
	)
}

// ringingBell is a smaller bell between rings of sound.
func ringingBell() shape {
	return union(
		bar(214, 166, 298, 206, 20),                        // button
		bar(238, 190, 274, 250, 0),                         // stem
		intersect(ellipse(256, 388, 148, 154), above(388)), // dome
		bar(76, 412, 436, 464, 24),                         // base
		rings(256, 350, 196, 18),
		rings(256, 350, 256, 18),
	)
}

// rings are two arcs, left and right above a bell.
func rings(cx, cy, radius, r int64) shape {
	return union(
		arc(cx, cy, radius, r, -87, -50, -50, -87),
		arc(cx, cy, radius, r, 50, -87, 87, -50),
	)
}

// App draws the app icon: a brass bell that rings, on night blue.
func App(px int) *image.NRGBA {
	white := func(opacity uint8) paint { return plain(color.NRGBA{0xff, 0xff, 0xff, opacity}) }
	ground := superellipse(256, 256, 248)
	stem := bar(239, 150, 273, 220, 0)
	button := bar(210, 126, 302, 166, 20)
	dome := intersect(ellipse(256, 352, 148, 154), bar(108, 190, 404, 352, 14))
	gleam := arc(256, 352, 116, 9, -98, -20, -62, -78)
	base := bar(84, 366, 428, 416, 25)
	return render(px, []layer{
		{ground, paint{rgb(0x4a63e6), rgb(0x1d2a86), 8, 504}},
		{rings(256, 306, 206, 15), white(0xd8)},
		{stem, plain(rgb(0xd98a12))},
		{button, paint{rgb(0xffe9a6), rgb(0xf5b431), 126, 166}},
		{dome, paint{rgb(0xffe08a), rgb(0xf0a31c), 198, 352}},
		{gleam, white(0xa0)},
		{base, paint{rgb(0xffffff), rgb(0xccd5f5), 366, 416}},
	})
}
