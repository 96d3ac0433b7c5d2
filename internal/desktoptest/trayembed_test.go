//go:build linux

package desktoptest_test

import (
	"image"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// panelTree is what xwininfo tells of a panel with one icon of a Windows program in the tray, and of the
// windows beside it.
const panelTree = `
  Root window id: 0x52d (the root window) (has no name)
  Parent window id: 0x0 (none)
     4 children:
     0xa00001 "wrapper-2.0": ("wrapper-2.0" "Wrapper-2.0")  10x10+10+10  +10+10
     0x400201 (has no name): ()  1280x37+0+763  +0+763
        1 child:
        0x800003 "xfce4-panel": ("xfce4-panel" "Xfce4-panel")  1280x37+0+0  +0+763
           1 child:
              0xa00003 "wrapper-2.0": ("wrapper-2.0" "Wrapper-2.0")  37x36+0+0  +1195+764
                 2 children:
                 0xa00013 (has no name): ()  20x20+8+8  +1203+772
                    1 child:
                    0xe0000b (has no name): ("explorer.exe" "explorer.exe")  20x20+0+0  +1203+772
                 0xa00004 (has no name): ()  1x1+-1+-1  +1194+763
           0x800004 (has no name): ()  1x1+-1+-1  +-1+762
     0xe00002 (has no name): ("explorer.exe" "explorer.exe")  1280x37+0+763  +0+763
     0x1400005 "Deskbell": ("deskbell.exe" "deskbell.exe")  460x600+1+30  +-4+23
`

func TestParseEmbedded(t *testing.T) {
	icons, err := desktoptest.ParseEmbedded([]byte(panelTree))
	want := []desktoptest.EmbeddedIcon{{Class: "explorer.exe", Rect: image.Rect(1203, 772, 1223, 792)}}
	if err != nil || !slices.Equal(icons, want) {
		t.Errorf("got %v, %v; want %v", icons, err, want)
	}
}

func TestNoEmbeddedIcon(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutNotifications: true})
	icons, err := d.EmbeddedIcons(t.Context())
	if err != nil || len(icons) > 0 {
		t.Errorf("an empty tray has %v, %v", icons, err)
	}
}
