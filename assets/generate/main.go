// Command generate draws the icons into assets/icons. Run it by go generate.
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/deskbell/deskbell/assets/internal/draw"
)

func main() {
	log.SetFlags(0)
	for _, state := range []string{"ready", "paused", "ringing", "offline"} {
		write("tray-"+state+".png", draw.Tray(state, draw.TraySize))
	}
	for _, state := range []string{"ready", "paused"} {
		write("tray-"+state+"-missed.png", draw.TrayMissed(state, draw.TraySize))
	}
	for _, px := range draw.AppSizes {
		write(fmt.Sprintf("app-%d.png", px), draw.App(px))
	}
}

func write(name string, img image.Image) {
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&file, img); err != nil {
		log.Fatalf("encode %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join("icons", name), file.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
