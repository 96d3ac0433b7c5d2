//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"regexp"
	"strconv"

	"github.com/godbus/dbus/v5"
)

const menuInterface = "com.canonical.dbusmenu"

// A TrayMenuItem is an entry of the menu of a tray item.
type TrayMenuItem struct {
	ID        int32
	Label     string
	Separator bool
	Enabled   bool
	Visible   bool
	// Checkable entries have a mark that is set or not.
	Checkable, Checked bool
	Items              []TrayMenuItem
}

// TrayMenu reads the menu of the item.
func (d *Desktop) TrayMenu(ctx context.Context, item TrayItem) ([]TrayMenuItem, error) {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	var revision uint32
	var root menuNode
	const whole = int32(-1)
	err := d.bus.Object(item.bus, item.menu).
		CallWithContext(ctx, menuInterface+".GetLayout", 0, int32(0), whole, []string{}).Store(&revision, &root)
	if err != nil {
		return nil, fmt.Errorf("desktop: the menu of the tray item %q does not answer: %w", item.ID, err)
	}
	return root.items()
}

// WaitTrayMenuItem waits until the item's menu has a visible entry of that label, and is given by accept;
// nil accepts every state of it.
func (d *Desktop) WaitTrayMenuItem(ctx context.Context, item TrayItem, label string, accept func(TrayMenuItem) bool) (TrayMenuItem, error) {
	var entry TrayMenuItem
	err := await(ctx, fmt.Sprintf("%q in the menu of the tray item %q", label, item.ID), func(ctx context.Context) (bool, error) {
		menu, err := d.TrayMenu(ctx, item)
		if err != nil {
			return false, err
		}
		found, ok := findLabel(menu, label)
		if !ok {
			return false, fmt.Errorf("the menu is %+v", menu)
		}
		entry = found
		if accept != nil && !accept(found) {
			return false, fmt.Errorf("it is not as wanted: %+v", found)
		}
		return true, nil
	})
	return entry, err
}

// PressTrayMenu waits until the item's menu has an enabled entry of that label, and chooses it.
func (d *Desktop) PressTrayMenu(ctx context.Context, item TrayItem, label string) error {
	entry, err := d.WaitTrayMenuItem(ctx, item, label, func(entry TrayMenuItem) bool { return entry.Enabled })
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	err = d.bus.Object(item.bus, item.menu).
		CallWithContext(ctx, menuInterface+".Event", 0, entry.ID, "clicked", dbus.MakeVariant(""), uint32(0)).Err
	if err != nil {
		return fmt.Errorf("desktop: %q in the menu of the tray item %q was not taken: %w", label, item.ID, err)
	}
	return nil
}

// menuNode is an entry as GetLayout of com.canonical.dbusmenu sends it.
type menuNode struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// items reads the children. A property that is not sent has the default of the protocol.
func (n menuNode) items() ([]TrayMenuItem, error) {
	var items []TrayMenuItem
	for _, variant := range n.Children {
		var child menuNode
		if err := variant.Store(&child); err != nil {
			return nil, fmt.Errorf("desktop: the tray menu has an entry that is not readable: %w", err)
		}
		below, err := child.items()
		if err != nil {
			return nil, err
		}
		items = append(items, TrayMenuItem{
			ID:        child.ID,
			Label:     stored[string](child.Properties, "label"),
			Separator: stored[string](child.Properties, "type") == "separator",
			Enabled:   child.flag("enabled"),
			Visible:   child.flag("visible"),
			Checkable: stored[string](child.Properties, "toggle-type") != "",
			Checked:   stored[int32](child.Properties, "toggle-state") == 1,
			Items:     below,
		})
	}
	return items, nil
}

func (n menuNode) flag(name string) bool {
	_, sent := n.Properties[name]
	return !sent || stored[bool](n.Properties, name)
}

func findLabel(menu []TrayMenuItem, label string) (TrayMenuItem, bool) {
	for _, entry := range menu {
		if entry.Label == label && entry.Visible {
			return entry, true
		}
		if found, ok := findLabel(entry.Items, label); ok {
			return found, true
		}
	}
	return TrayMenuItem{}, false
}

// OpenTrayMenu opens the menu of the only item in the tray with the right mouse button, for a picture of
// it. Key "Escape" closes it.
func (d *Desktop) OpenTrayMenu(ctx context.Context) error {
	place, err := d.trayPlace(ctx)
	if err != nil {
		return err
	}
	return d.RightClick(ctx, middle(place))
}

// trayWindow is the line of xwininfo's tree for the tray, which the panel runs as a window of its own.
var trayWindow = regexp.MustCompile(`\("wrapper-2\.0" "Wrapper-2\.0"\) +(\d+)x(\d+)\+0\+0 +\+(\d+)\+(\d+)`)

// trayPlace waits until the tray shows an icon.
func (d *Desktop) trayPlace(ctx context.Context) (image.Rectangle, error) {
	var place image.Rectangle
	err := await(ctx, "an icon in the tray", func(ctx context.Context) (bool, error) {
		tree, err := d.output(ctx, "xwininfo", "-root", "-tree")
		if err != nil {
			return false, err
		}
		var numbers [4]int
		parts := trayWindow.FindSubmatch(tree)
		if parts == nil {
			return false, errors.New("the panel has no tray")
		}
		for i := range numbers {
			if numbers[i], err = strconv.Atoi(string(parts[i+1])); err != nil {
				return false, err
			}
		}
		place = image.Rect(0, 0, numbers[0], numbers[1]).Add(image.Pt(numbers[2], numbers[3]))
		if place.Dx() <= 1 {
			return false, errors.New("the tray is empty")
		}
		return true, nil
	})
	return place, err
}
