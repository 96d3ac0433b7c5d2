//go:build linux

package desktoptest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	watcherPath   = dbus.ObjectPath("/StatusNotifierWatcher")
	itemInterface = "org.kde.StatusNotifierItem"
)

// A TrayItem is an icon in the tray, as its program tells it.
type TrayItem struct {
	// ID and Title are what the program calls itself.
	ID, Title string
	// Status is "Active", "Passive" or "NeedsAttention".
	Status  string
	ToolTip string
	// IconName is a name in the icon theme; empty if the program sends a picture.
	IconName string
	// Icon is the largest picture that the program sends, nil if it sends none.
	Icon image.Image
	// IconSum differs between different icons.
	IconSum string

	bus  string
	path dbus.ObjectPath
	menu dbus.ObjectPath
}

// TrayItems lists the items in the tray.
func (d *Desktop) TrayItems(ctx context.Context) ([]TrayItem, error) {
	addresses, err := property[[]string](ctx, d.bus.Object(watcherName, watcherPath), watcherName+".RegisteredStatusNotifierItems")
	if err != nil {
		return nil, err
	}
	var items []TrayItem
	for _, address := range addresses {
		bus, path, ok := strings.Cut(address, "/")
		if !ok {
			return nil, fmt.Errorf("desktop: the tray tells an item without a path: %q", address)
		}
		item, err := d.trayItem(ctx, bus, dbus.ObjectPath("/"+path))
		if err != nil {
			if !d.owned(ctx, bus) {
				continue // its program ended meanwhile
			}
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// WaitTrayItem waits until the tray has exactly one item of that ID or title, and is given by accept; nil
// accepts every state of it.
func (d *Desktop) WaitTrayItem(ctx context.Context, name string, accept func(TrayItem) bool) (TrayItem, error) {
	var item TrayItem
	err := await(ctx, fmt.Sprintf("the tray item %q", name), func(ctx context.Context) (bool, error) {
		items, err := d.TrayItems(ctx)
		if err != nil {
			return false, err
		}
		var found []TrayItem
		for _, candidate := range items {
			if candidate.ID == name || candidate.Title == name {
				found = append(found, candidate)
			}
		}
		if len(found) != 1 {
			return false, fmt.Errorf("%d such items are in the tray", len(found))
		}
		item = found[0]
		if accept != nil && !accept(item) {
			return false, fmt.Errorf("it is not as wanted: status %q, tool tip %q", item.Status, item.ToolTip)
		}
		return true, nil
	})
	return item, err
}

// trayItem reads an item. Only its ID is required: programs leave out what they do not use.
func (d *Desktop) trayItem(ctx context.Context, bus string, path dbus.ObjectPath) (TrayItem, error) {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	object := d.bus.Object(bus, path)
	var values map[string]dbus.Variant
	if err := object.CallWithContext(ctx, "org.freedesktop.DBus.Properties.GetAll", 0, itemInterface).Store(&values); err != nil {
		return TrayItem{}, fmt.Errorf("desktop: the tray item %s%s does not answer: %w", bus, path, err)
	}
	item := TrayItem{
		ID:       stored[string](values, "Id"),
		Title:    stored[string](values, "Title"),
		Status:   stored[string](values, "Status"),
		IconName: stored[string](values, "IconName"),
		ToolTip: stored[struct {
			IconName    string
			Icons       []pixmap
			Title, Text string
		}](values, "ToolTip").Title,
		bus:  bus,
		path: path,
		menu: stored[dbus.ObjectPath](values, "Menu"),
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%q", item.IconName)
	var largest pixmap
	for _, icon := range stored[[]pixmap](values, "IconPixmap") {
		fmt.Fprintf(sum, "%dx%d %x", icon.Width, icon.Height, icon.ARGB)
		if icon.Width >= largest.Width && icon.valid() {
			largest = icon
		}
	}
	item.IconSum = hex.EncodeToString(sum.Sum(nil))
	if largest.Width > 0 {
		item.Icon = largest.image()
	}
	return item, nil
}

// stored reads a property of the type that the caller expects, the zero value if it is missing or another.
func stored[T any](values map[string]dbus.Variant, name string) T {
	var value T
	if variant, ok := values[name]; ok && variant.Store(&value) != nil {
		var none T
		return none
	}
	return value
}

// pixmap is a picture as the StatusNotifierItem protocol sends it: four bytes to a pixel, opacity first.
type pixmap struct {
	Width, Height int32
	ARGB          []byte
}

func (p pixmap) valid() bool {
	return p.Width > 0 && p.Height > 0 && p.Width <= 1024 && p.Height <= 1024 && len(p.ARGB) == int(4*p.Width*p.Height)
}

func (p pixmap) image() image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, int(p.Width), int(p.Height)))
	for i := range int(p.Width * p.Height) {
		pixel := p.ARGB[4*i : 4*i+4]
		picture.SetNRGBA(i%int(p.Width), i/int(p.Width), color.NRGBA{R: pixel[1], G: pixel[2], B: pixel[3], A: pixel[0]})
	}
	return picture
}

// ActivateTray does what a left click on the item does.
func (d *Desktop) ActivateTray(ctx context.Context, item TrayItem) error {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	err := d.bus.Object(item.bus, item.path).CallWithContext(ctx, itemInterface+".Activate", 0, int32(0), int32(0)).Err
	if err != nil {
		return fmt.Errorf("desktop: the tray item %q was not activated: %w", item.ID, err)
	}
	return nil
}
