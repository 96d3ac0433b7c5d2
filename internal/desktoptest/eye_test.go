//go:build linux

package desktoptest_test

import (
	"image"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// TestEye compares what an eye sees with a picture of the same screen.
func TestEye(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true})
	eye, err := d.Eye()
	if err != nil {
		t.Fatal(err)
	}
	defer eye.Close()
	picture, err := d.Screen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	place := image.Rect(d.Size().X/2, d.Size().Y/2, d.Size().X/2+3, d.Size().Y/2+50)
	pixels, err := eye.Look(place)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range pixels {
		at := place.Min.Add(image.Pt(i%place.Dx(), i/place.Dx()))
		r, g, b, _ := picture.At(at.X, at.Y).RGBA()
		if want := r>>8<<16 | g>>8<<8 | b>>8; got != want {
			t.Fatalf("the eye sees %06x at %v, the picture has %06x", got, at, want)
		}
	}
	if _, err := eye.Look(image.Rectangle{Min: d.Size(), Max: d.Size().Add(image.Pt(1, 1))}); err == nil {
		t.Error("the eye sees what is off the screen")
	}
	if _, err := eye.Look(place); err != nil {
		t.Errorf("after a look off the screen: %v", err)
	}
}
