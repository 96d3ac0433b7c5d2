//go:build linux

package desktoptest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"regexp"
	"strconv"
)

// An EmbeddedIcon is an icon in the tray that its program draws into an X window of its own (XEmbed). The
// programs of Wine have such icons: they know no StatusNotifierItem.
type EmbeddedIcon struct {
	// Class is the class of the window: for all icons of Wine "explorer.exe".
	Class string
	// Rect is its place on the screen.
	Rect image.Rectangle
}

// EmbeddedIcons lists the icons that are embedded in the tray.
func (d *Desktop) EmbeddedIcons(ctx context.Context) ([]EmbeddedIcon, error) {
	tree, err := d.output(ctx, "xwininfo", "-root", "-tree")
	if err != nil {
		return nil, err
	}
	return parseEmbedded(tree)
}

// embeddedLine is a line of xwininfo's tree for a window with a class.
var embeddedLine = regexp.MustCompile(`\("([^"]+)" "[^"]*"\) +(\d+)x(\d+)\+-?\d+\+-?\d+ +\+(-?\d+)\+(-?\d+)$`)

// parseEmbedded finds the windows below that of the tray, which are indented more than it.
func parseEmbedded(tree []byte) ([]EmbeddedIcon, error) {
	var icons []EmbeddedIcon
	tray := -1 // its indent; less than any for none
	for lines := bufio.NewScanner(bytes.NewReader(tree)); lines.Scan(); {
		line := lines.Bytes()
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		switch {
		case trayWindow.Match(line):
			tray = indent
		case indent <= tray:
			tray = -1
		case tray >= 0:
			parts := embeddedLine.FindSubmatch(line)
			if parts == nil {
				continue
			}
			var numbers [4]int
			for i := range numbers {
				var err error
				if numbers[i], err = strconv.Atoi(string(parts[i+2])); err != nil {
					return nil, fmt.Errorf("desktop: xwininfo tells no place: %q", line)
				}
			}
			place := image.Rect(0, 0, numbers[0], numbers[1]).Add(image.Pt(numbers[2], numbers[3]))
			icons = append(icons, EmbeddedIcon{Class: string(parts[1]), Rect: place})
		}
	}
	return icons, nil
}

// WaitEmbeddedIcon waits until exactly one icon of that class is embedded in the tray, and something is
// drawn in it.
func (d *Desktop) WaitEmbeddedIcon(ctx context.Context, class string) (EmbeddedIcon, error) {
	var icon EmbeddedIcon
	err := await(ctx, fmt.Sprintf("an icon of %s in the tray", class), func(ctx context.Context) (bool, error) {
		icons, err := d.embeddedOf(ctx, class)
		if err != nil {
			return false, err
		}
		if len(icons) != 1 {
			return false, fmt.Errorf("%d such icons are in the tray", len(icons))
		}
		icon = icons[0]
		screen, err := d.Screen(ctx)
		if err != nil {
			return false, err
		}
		if plain(screen, icon.Rect) {
			return false, fmt.Errorf("nothing is drawn in it, at %v", icon.Rect)
		}
		return true, nil
	})
	return icon, err
}

// WaitNoEmbeddedIcon waits until no icon of that class is embedded in the tray.
func (d *Desktop) WaitNoEmbeddedIcon(ctx context.Context, class string) error {
	return await(ctx, fmt.Sprintf("the icon of %s to leave the tray", class), func(ctx context.Context) (bool, error) {
		icons, err := d.embeddedOf(ctx, class)
		return err == nil && len(icons) == 0, err
	})
}

func (d *Desktop) embeddedOf(ctx context.Context, class string) ([]EmbeddedIcon, error) {
	all, err := d.EmbeddedIcons(ctx)
	if err != nil {
		return nil, err
	}
	var icons []EmbeddedIcon
	for _, icon := range all {
		if icon.Class == class {
			icons = append(icons, icon)
		}
	}
	return icons, nil
}

// plain tells whether the place has fewer colours than any picture.
func plain(screen image.Image, place image.Rectangle) bool {
	colors := map[color.Color]bool{}
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			colors[screen.At(x, y)] = true
		}
	}
	return len(colors) < 4
}
