//go:build linux

package desktoptest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"regexp"
	"strconv"
	"strings"
)

// A Window is a window that the window manager manages.
type Window struct {
	// ID is the number of the window in X, such as "0x00e00026".
	ID    string
	PID   int
	Title string
	// Rect is the inside of the window on the screen, without its frame.
	Rect image.Rectangle
	// Shown is false for a window that is minimised.
	Shown bool
}

// Windows lists the windows, oldest first. A hidden window, as of a program in the tray, is not among them.
func (d *Desktop) Windows(ctx context.Context) ([]Window, error) {
	list, err := d.output(ctx, "wmctrl", "-l", "-p")
	if err != nil {
		return nil, err
	}
	var windows []Window
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		window, err := parseWindow(lines.Text())
		if err != nil {
			return nil, err
		}
		info, err := d.output(ctx, "xwininfo", "-id", window.ID)
		if err != nil {
			continue // closed meanwhile
		}
		if window.Rect, window.Shown, err = parseWindowInfo(string(info)); err != nil {
			return nil, err
		}
		windows = append(windows, window)
	}
	return windows, nil
}

// WaitWindow waits for a shown window with that title.
func (d *Desktop) WaitWindow(ctx context.Context, title string) (Window, error) {
	var found Window
	err := await(ctx, fmt.Sprintf("a window %q", title), func(ctx context.Context) (bool, error) {
		windows, err := d.Windows(ctx)
		if err != nil {
			return false, err
		}
		var titles []string
		for _, window := range windows {
			if window.Title == title && window.Shown {
				found = window
				return true, nil
			}
			titles = append(titles, window.Title)
		}
		return false, fmt.Errorf("the windows are %q", titles)
	})
	return found, err
}

// WaitDrawn waits for a shown window with that title whose program has drawn it. A program may take a
// second or two for its first picture, and until then what is behind shows through; so this sees the
// difference only where nothing but the wallpaper is behind most of the window.
func (d *Desktop) WaitDrawn(ctx context.Context, title string) (Window, error) {
	window, err := d.WaitWindow(ctx, title)
	if err != nil {
		return Window{}, err
	}
	err = await(ctx, fmt.Sprintf("the picture of the window %q", title), func(ctx context.Context) (bool, error) {
		screen, err := d.Screen(ctx)
		return err == nil && d.bare(screen, window.Rect) < 0.5, err
	})
	return window, err
}

// WaitNoWindow waits until no shown window has that title.
func (d *Desktop) WaitNoWindow(ctx context.Context, title string) error {
	return await(ctx, fmt.Sprintf("the window %q to go", title), func(ctx context.Context) (bool, error) {
		windows, err := d.Windows(ctx)
		if err != nil {
			return false, err
		}
		for _, window := range windows {
			if window.Title == title && window.Shown {
				return false, nil
			}
		}
		return true, nil
	})
}

// Raise brings the window to the front and gives it the focus, and waits until it has it: the next keys
// are its own.
func (d *Desktop) Raise(ctx context.Context, window Window) error {
	want, err := strconv.ParseUint(window.ID, 0, 32)
	if err != nil {
		return fmt.Errorf("desktop: %q is no number of a window: %w", window.ID, err)
	}
	if _, err := d.output(ctx, "wmctrl", "-i", "-a", window.ID); err != nil {
		return err
	}
	return await(ctx, fmt.Sprintf("the focus on the window %q", window.Title), func(ctx context.Context) (bool, error) {
		has, err := d.output(ctx, "xdotool", "getwindowfocus")
		if err != nil {
			return false, err
		}
		got, err := strconv.ParseUint(strings.TrimSpace(string(has)), 10, 32)
		if err == nil && got != want {
			err = fmt.Errorf("it is on the window %#x", got)
		}
		return err == nil, err
	})
}

// MoveWindow moves the window so that its frame begins at a place on the screen.
func (d *Desktop) MoveWindow(ctx context.Context, window Window, to image.Point) error {
	_, err := d.output(ctx, "wmctrl", "-i", "-r", window.ID, "-e", fmt.Sprintf("0,%d,%d,-1,-1", to.X, to.Y))
	return err
}

// CloseWindow closes the window as its close button does.
func (d *Desktop) CloseWindow(ctx context.Context, window Window) error {
	_, err := d.output(ctx, "wmctrl", "-i", "-c", window.ID)
	return err
}

// windowLine is a line of wmctrl -l -p: the number, the workspace, the process, the machine and the title.
var windowLine = regexp.MustCompile(`^(0x[0-9a-f]+) +-?\d+ +(\d+) +\S+ ?(.*)$`)

func parseWindow(line string) (Window, error) {
	parts := windowLine.FindStringSubmatch(line)
	if parts == nil {
		return Window{}, fmt.Errorf("desktop: wmctrl tells a window in no known way: %q", line)
	}
	pid, err := strconv.Atoi(parts[2])
	if err != nil {
		return Window{}, fmt.Errorf("desktop: wmctrl tells no process: %q", line)
	}
	return Window{ID: parts[1], PID: pid, Title: parts[3]}, nil
}

// windowNumber is one of the numbers that xwininfo tells of a window.
var windowNumber = regexp.MustCompile(`(?m)^ *(Absolute upper-left X|Absolute upper-left Y|Width|Height): +(-?\d+)$`)

func parseWindowInfo(info string) (image.Rectangle, bool, error) {
	numbers := map[string]int{}
	for _, parts := range windowNumber.FindAllStringSubmatch(info, -1) {
		number, err := strconv.Atoi(parts[2])
		if err != nil {
			return image.Rectangle{}, false, fmt.Errorf("desktop: xwininfo tells no number: %q", parts[0])
		}
		numbers[parts[1]] = number
	}
	if len(numbers) != 4 {
		return image.Rectangle{}, false, fmt.Errorf("desktop: xwininfo tells no place: %q", info)
	}
	x, y := numbers["Absolute upper-left X"], numbers["Absolute upper-left Y"]
	place := image.Rect(x, y, x+numbers["Width"], y+numbers["Height"])
	return place, strings.Contains(info, "Map State: IsViewable"), nil
}
