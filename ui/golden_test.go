package ui_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/ui"
)

// update writes the golden pictures anew: go test -tags migrated_fynedo ./ui -run Golden -update.
var update = flag.Bool("update", false, "write the golden pictures of package ui anew")

// What two pictures may differ in: machines round in their own ways.
const (
	tolerance = 12    // of one channel of a pixel, of 255
	strays    = 20000 // one in so many pixels may differ more
)

// TestGoldenPictures looks at each of our own widgets in both looks. The fonts
// are Fyne's and the painter is software, so the pictures are the same everywhere.
func TestGoldenPictures(t *testing.T) {
	for name, look := range map[string]ui.Look{"light": ui.LookLight, "dark": ui.LookDark} {
		t.Run(name, func(t *testing.T) {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(ui.Theme{Look: look})
			for _, s := range ui.Samples() {
				t.Run(s.Name, func(t *testing.T) { golden(t, s.Name+"-"+name, picture(t, s.Object)) })
			}
		})
	}
}

// picture draws an object in its own size.
func picture(t *testing.T, o fyne.CanvasObject) image.Image {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(o.MinSize())
	w.Resize(o.MinSize()) // what wraps knows its width by now
	return w.Canvas().Capture()
}

// golden compares a picture with the one that is kept.
func golden(t *testing.T, name string, got image.Image) {
	t.Helper()
	kept := filepath.Join("testdata", "golden", name+".png")
	if *update {
		writePicture(t, kept, got)
		return
	}
	data, err := os.ReadFile(kept)
	if err != nil {
		t.Fatalf("%v: write it with go test -tags migrated_fynedo ./ui -run Golden -update", err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", kept, err)
	}
	size := got.Bounds().Size()
	if wanted := want.Bounds().Size(); size != wanted {
		t.Errorf("%s is %v large, want %v: compare it with %s", name, size, wanted, failed(t, name, got))
		return
	}
	if off := differing(got, want); off > size.X*size.Y/strays {
		t.Errorf("%d of %d pixels of %s differ: compare %s with ui/%s; if it is right, run go test -tags migrated_fynedo ./ui -run Golden -update",
			off, size.X*size.Y, name, failed(t, name, got), kept)
	}
}

// differing counts the pixels that differ by more than the tolerance.
func differing(a, b image.Image) (n int) {
	size := a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			p, q := at(a, x, y), at(b, x, y)
			if far(p.R, q.R) || far(p.G, q.G) || far(p.B, q.B) || far(p.A, q.A) {
				n++
			}
		}
	}
	return n
}

func at(i image.Image, x, y int) color.NRGBA {
	corner := i.Bounds().Min
	return color.NRGBAModel.Convert(i.At(corner.X+x, corner.Y+y)).(color.NRGBA)
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > tolerance }

// failed keeps a picture that is not as it should be, and tells where.
func failed(t *testing.T, name string, got image.Image) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "deskbell-golden-")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, name+".png")
	writePicture(t, file, got)
	return file
}

func writePicture(t *testing.T, file string, i image.Image) {
	t.Helper()
	// Without alpha, and so a third smaller: nothing of a window shines through.
	opaque := image.NewNRGBA(i.Bounds())
	draw.Draw(opaque, i.Bounds(), i, i.Bounds().Min, draw.Src)
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&data, opaque); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// small are pictures of parts, in pixels; those of whole windows take long.
const small = 300_000

// TestGoldenSeesADifference: a colour that changed, and words, are seen.
func TestGoldenSeesADifference(t *testing.T) {
	app := test.NewTempApp(t)
	draw := func(look ui.Look) map[string]image.Image {
		app.Settings().SetTheme(ui.Theme{Look: look})
		all := make(map[string]image.Image)
		for _, s := range ui.Samples() {
			if size := s.Object.MinSize(); size.Width*size.Height < small {
				all[s.Name] = picture(t, s.Object)
			}
		}
		return all
	}
	light, again, dark := draw(ui.LookLight), draw(ui.LookLight), draw(ui.LookDark)
	for name := range light {
		if off := differing(light[name], again[name]); off != 0 {
			t.Errorf("%s: the same picture differs in %d pixels", name, off)
		}
		if off := differing(light[name], dark[name]); off == 0 {
			t.Errorf("%s is the same in both looks", name)
		}
	}
}
