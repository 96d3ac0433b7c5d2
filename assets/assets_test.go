package assets_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"testing"

	"github.com/deskbell/deskbell/assets"
	drawn "github.com/deskbell/deskbell/assets/internal/draw"
)

var states = []assets.State{assets.Ready, assets.Paused, assets.Ringing, assets.Offline}

// The files are what the code draws. Pixels are compared, not bytes: another
// version of Go may compress them differently.
func TestIconsAreAsDrawn(t *testing.T) {
	want := map[string]*image.NRGBA{}
	for _, state := range states {
		want[fmt.Sprintf("tray-%s.png", state)] = drawn.Tray(string(state), drawn.TraySize)
	}
	for _, state := range []assets.State{assets.Ready, assets.Paused} {
		want[fmt.Sprintf("tray-%s-missed.png", state)] = drawn.TrayMissed(string(state), drawn.TraySize)
	}
	for _, px := range drawn.AppSizes {
		want[fmt.Sprintf("app-%d.png", px)] = drawn.App(px)
	}
	files, err := os.ReadDir("icons")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile("icons/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		drawing, ok := want[file.Name()]
		if !ok {
			t.Errorf("icons/%s is drawn by nobody", file.Name())
			continue
		}
		delete(want, file.Name())
		if got := decode(t, data); got.Rect != drawing.Rect || !bytes.Equal(got.Pix, drawing.Pix) {
			t.Errorf("icons/%s is not as drawn: run go generate", file.Name())
		}
	}
	for name := range want {
		t.Errorf("icons/%s is missing: run go generate", name)
	}
}

func TestSizes(t *testing.T) {
	icons := map[string]struct {
		data []byte
		px   int
	}{
		"app":       {assets.AppIcon(), 512},
		"small app": {assets.AppIconSmall(), 128},
	}
	for _, state := range states {
		icons[string(state)] = struct {
			data []byte
			px   int
		}{assets.Tray(state), 64}
	}
	for name, icon := range icons {
		if got := decode(t, icon.data).Rect; got != image.Rect(0, 0, icon.px, icon.px) {
			t.Errorf("the %s icon is %v, want %d pixels square", name, got, icon.px)
		}
	}
}

// Signs are drawings that say how large they are, in no colour of their own: the
// interface gives them one.
func TestSigns(t *testing.T) {
	for name, data := range map[string][]byte{"record": assets.RecordSign(), "stop": assets.StopRecordingSign()} {
		var drawing struct {
			XMLName xml.Name `xml:"svg"`
			ViewBox string   `xml:"viewBox,attr"`
			Paths   []struct {
				Fill string `xml:"fill,attr"`
			} `xml:"path"`
		}
		if err := xml.Unmarshal(data, &drawing); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if drawing.ViewBox != "0 0 24 24" || len(drawing.Paths) != 2 {
			t.Errorf("%s: %+v, want a ring and what is in it, of 24 by 24", name, drawing)
		}
		for _, p := range drawing.Paths {
			if p.Fill != "" {
				t.Errorf("%s has the colour %s", name, p.Fill)
			}
		}
	}
}

func TestUnknownStateIsOffline(t *testing.T) {
	for _, state := range []assets.State{"", "on fire", "../app-512"} {
		if !bytes.Equal(assets.Tray(state), assets.Tray(assets.Offline)) {
			t.Errorf("state %q has an icon of its own", state)
		}
	}
}

// TestBadges: a badge makes another picture where there is one, and none
// elsewhere.
func TestBadges(t *testing.T) {
	for _, state := range states {
		if same := bytes.Equal(assets.TrayMissed(state), assets.Tray(state)); same == assets.HasBadge(state) {
			t.Errorf("%s: with a badge the icon is the same: %v", state, same)
		}
	}
}

// Each state stands out from white and black panels by the 3:1 that WCAG 2
// (1.4.11) asks of graphics.
func TestTrayStandsOut(t *testing.T) {
	panels := []color.NRGBA{{0xff, 0xff, 0xff, 0xff}, {0x1e, 0x1e, 0x1e, 0xff}}
	for _, state := range states {
		img := decode(t, assets.Tray(state))
		for _, panel := range panels {
			for i := 0; i < len(img.Pix); i += 4 {
				if img.Pix[i+3] != 0xff {
					continue
				}
				c := color.NRGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], 0xff}
				if ratio := contrast(c, panel); ratio < 3 {
					t.Fatalf("%s: %v on a panel of %v has a contrast of %.2f, want 3", state, c, panel, ratio)
				}
			}
		}
	}
}

// Whoever sees no colours tells the states apart by their shapes, at the
// 22 pixels of a panel: at least one in 20 is full in one and empty in the other.
func TestTrayShapesDiffer(t *testing.T) {
	const px, want = 22, 22 * 22 / 20
	drawings := map[assets.State]*image.NRGBA{}
	for _, state := range states {
		drawings[state] = drawn.Tray(string(state), px)
	}
	for i, a := range states {
		for _, b := range states[:i] {
			differ := 0
			first, second := drawings[a], drawings[b]
			for k := 3; k < len(first.Pix); k += 4 {
				if (first.Pix[k] < 0x80) != (second.Pix[k] < 0x80) {
					differ++
				}
			}
			if differ < want {
				t.Errorf("%s and %s differ in %d of %d pixels, want %d", a, b, differ, px*px, want)
			}
		}
	}
}

// Nothing is cut off: the outermost pixels of each tray icon are empty.
func TestTrayHasAMargin(t *testing.T) {
	for _, state := range states {
		img := decode(t, assets.Tray(state))
		last := img.Rect.Dx() - 1
		for i := range last + 1 {
			for _, p := range []image.Point{{i, 0}, {i, last}, {0, i}, {last, i}} {
				if img.NRGBAAt(p.X, p.Y).A != 0 {
					t.Errorf("%s: the drawing touches the edge at %v", state, p)
				}
			}
		}
	}
}

func decode(t *testing.T, data []byte) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	nrgba, ok := img.(*image.NRGBA)
	if !ok {
		nrgba = image.NewNRGBA(img.Bounds())
		draw.Draw(nrgba, nrgba.Rect, img, image.Point{}, draw.Src)
	}
	return nrgba
}

// contrast is the ratio of relative luminances as WCAG 2 defines it.
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 0xff
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
