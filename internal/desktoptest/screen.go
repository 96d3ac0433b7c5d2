//go:build linux

package desktoptest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
)

// Screenshot writes a picture of the whole screen to a PNG file. The mouse pointer is not in it.
func (d *Desktop) Screenshot(ctx context.Context, path string) error {
	picture, err := d.capture(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("desktop: no folder for the screenshot: %w", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		return fmt.Errorf("desktop: screenshot not written: %w", err)
	}
	return nil
}

// Screen returns a picture of the whole screen. The mouse pointer is not in it.
func (d *Desktop) Screen(ctx context.Context) (image.Image, error) {
	picture, err := d.capture(ctx)
	if err != nil {
		return nil, err
	}
	screen, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("desktop: screenshot not readable: %w", err)
	}
	return screen, nil
}

// WaitStill waits until the screen looks the same twice, about a sixth of a second apart: windows and menus
// that just came are drawn then. It is for pictures; wait for an event by what it brings.
func (d *Desktop) WaitStill(ctx context.Context) error {
	var last image.Image
	return await(ctx, "the screen to come to rest", func(ctx context.Context) (bool, error) {
		before := last
		var err error
		last, err = d.Screen(ctx)
		return err == nil && before != nil && reflect.DeepEqual(before, last), err
	})
}

func (d *Desktop) capture(ctx context.Context) ([]byte, error) {
	return d.output(ctx, "import", "-silent", "-window", "root", "png24:-")
}

// bare is the part of the place, from 0 to 1, where the screen shows nothing but wallpaper.
func (d *Desktop) bare(screen image.Image, place image.Rectangle) float64 {
	place = place.Intersect(screen.Bounds())
	if place.Empty() {
		return 0
	}
	same := 0
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			r, g, b, _ := screen.At(x, y).RGBA()
			wantR, wantG, wantB, _ := d.wallpaper.At(x, y).RGBA()
			if r == wantR && g == wantG && b == wantB {
				same++
			}
		}
	}
	return float64(same) / float64(place.Dx()*place.Dy())
}
