//go:build linux

package desktoptest

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"text/template"
)

// homeFiles is the HOME of a fresh desktop: the settings of the panel, the notifications, GTK and the
// window manager, each a template of Options, so that no first-start question is asked.
//
//go:embed all:home
var homeFiles embed.FS

func (d *Desktop) writeHome() error {
	data := struct{ Dark, Tray bool }{d.options.Dark, !d.options.WithoutTray}
	err := fs.WalkDir(homeFiles, "home", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(d.dir, path)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		page, err := template.ParseFS(homeFiles, path)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := page.Execute(&text, data); err != nil {
			return err
		}
		return os.WriteFile(target, text.Bytes(), 0o600)
	})
	if err != nil {
		return fmt.Errorf("HOME was not written: %w", err)
	}
	return nil
}

// writeWallpaper draws the background, calm enough for a picture of the desktop, and returns its file.
func (d *Desktop) writeWallpaper() (string, error) {
	top, bottom := color.NRGBA{0xdf, 0xe8, 0xf1, 0xff}, color.NRGBA{0x9d, 0xb4, 0xca, 0xff}
	if d.options.Dark {
		top, bottom = color.NRGBA{0x2c, 0x3a, 0x4a, 0xff}, color.NRGBA{0x14, 0x1b, 0x24, 0xff}
	}
	d.wallpaper = image.NewNRGBA(image.Rectangle{Max: d.Size()})
	for y := range d.options.Height {
		shade := color.NRGBA{
			mix(top.R, bottom.R, y, d.options.Height),
			mix(top.G, bottom.G, y, d.options.Height),
			mix(top.B, bottom.B, y, d.options.Height),
			0xff,
		}
		for x := range d.options.Width {
			d.wallpaper.SetNRGBA(x, y, shade)
		}
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, d.wallpaper); err != nil {
		return "", fmt.Errorf("the wallpaper was not drawn: %w", err)
	}
	file := filepath.Join(d.dir, "wallpaper.png")
	return file, os.WriteFile(file, picture.Bytes(), 0o600)
}

func mix(from, to uint8, at, of int) uint8 {
	return uint8((int(from)*(of-at) + int(to)*at) / of)
}
