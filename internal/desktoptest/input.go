//go:build linux

package desktoptest

import (
	"context"
	"image"
	"strconv"
)

// MovePointer moves the mouse pointer to a place on the screen.
func (d *Desktop) MovePointer(ctx context.Context, to image.Point) error {
	_, err := d.output(ctx, "xdotool", "mousemove", strconv.Itoa(to.X), strconv.Itoa(to.Y))
	return err
}

// Click moves the mouse to a place on the screen and presses the left button there.
func (d *Desktop) Click(ctx context.Context, at image.Point) error {
	return d.click(ctx, at, "1")
}

// RightClick moves the mouse to a place on the screen and presses the right button there.
func (d *Desktop) RightClick(ctx context.Context, at image.Point) error {
	return d.click(ctx, at, "3")
}

// click rests on the place for a moment, as a hand does: what lies under the pointer may want to light up
// before it takes a press.
func (d *Desktop) click(ctx context.Context, at image.Point, button string) error {
	_, err := d.output(ctx, "xdotool", "mousemove", strconv.Itoa(at.X), strconv.Itoa(at.Y), "sleep", "0.1", "click", button)
	return err
}

// Key presses and releases keys one after the other, each by its X name or a combination of names such as
// "Return", "Tab" or "ctrl+a". They go to the window that has the focus.
func (d *Desktop) Key(ctx context.Context, keys ...string) error {
	_, err := d.output(ctx, "xdotool", append([]string{"key", "--delay", "20", "--"}, keys...)...)
	return err
}

// Type types a text into the window that has the focus.
func (d *Desktop) Type(ctx context.Context, text string) error {
	_, err := d.outputFor(ctx, text, "xdotool", "type", "--delay", "20", "--file", "-")
	return err
}
