//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/godbus/dbus/v5"
)

// A Role says what kind of widget it is.
type Role string

// The roles that tests ask for; every other widget has RoleOther.
const (
	RoleButton   Role = "button"
	RoleToggle   Role = "toggle"
	RoleCheckBox Role = "check box"
	RoleLink     Role = "link"
	RoleEntry    Role = "entry"
	RoleText     Role = "text"
	RoleOther    Role = "other"
)

// roles are the numbers of the AT-SPI protocol; its names have changed over time, its numbers not.
var roles = map[uint32]Role{
	7:   RoleCheckBox,
	29:  RoleText, // label
	43:  RoleButton,
	61:  RoleText,
	62:  RoleToggle,
	73:  RoleText, // paragraph
	79:  RoleEntry,
	83:  RoleText, // heading
	88:  RoleLink,
	116: RoleText, // static
}

// A Widget is a part of what a person sees: of the panel, of a notification, of a page in the browser.
type Widget struct {
	// App is the program: "xfce4-panel", "xfce4-notifyd", "Chromium".
	App string
	// Window is the title of its window; a page's title in the browser.
	Window string
	Role   Role
	// Name is the text on it.
	Name string
	// Rect is its place on the screen.
	Rect image.Rectangle

	frame dbus.ObjectPath // tells windows of the same title apart
}

// A Target chooses widgets by those of its fields that are not empty.
type Target struct {
	App, Window string
	Role        Role
	Name        string
}

func (t Target) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %q in the window %q of %s", t.Role, t.Name, t.Window, t.App))
}

func (t Target) matches(w Widget) bool {
	return (t.App == "" || t.App == w.App) && (t.Window == "" || t.Window == w.Window) &&
		(t.Role == "" || t.Role == w.Role) && (t.Name == "" || t.Name == w.Name)
}

// pressable tells whether a person would press such a widget.
func (w Widget) pressable() bool {
	switch w.Role {
	case RoleButton, RoleToggle, RoleCheckBox, RoleLink, RoleEntry:
		return true
	}
	return false
}

// Widgets lists the widgets on the screen that the target chooses, in reading order of their programs.
// Fyne's are not among them.
func (d *Desktop) Widgets(ctx context.Context, target Target) ([]Widget, error) {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	apps, err := d.children(ctx, accessible{Bus: "org.a11y.atspi.Registry", Path: "/org/a11y/atspi/accessible/root"})
	if err != nil {
		return nil, err
	}
	var found []Widget
	for _, app := range apps {
		name, err := d.accessibleName(ctx, app)
		if err != nil || (target.App != "" && target.App != name) {
			continue // a program that just ended is still listed for a moment
		}
		windows, _ := d.children(ctx, app)
		for _, window := range windows {
			title, err := d.accessibleName(ctx, window)
			if err != nil || (target.Window != "" && target.Window != title) {
				continue
			}
			d.walk(ctx, window, Widget{App: name, Window: title, frame: window.Path}, 0, func(w Widget) {
				if target.matches(w) {
					found = append(found, w)
				}
			})
		}
	}
	return found, ctx.Err()
}

// WaitWidget waits until the target chooses exactly one widget on the screen, and it stays in its place
// for one look more: a page that is being laid out moves its buttons.
func (d *Desktop) WaitWidget(ctx context.Context, target Target) (Widget, error) {
	return d.waitWidget(ctx, target, func(Widget) bool { return true })
}

func (d *Desktop) waitWidget(ctx context.Context, target Target, want func(Widget) bool) (Widget, error) {
	var last Widget
	err := await(ctx, "a "+target.String(), func(ctx context.Context) (bool, error) {
		all, err := d.Widgets(ctx, target)
		if err != nil {
			return false, err
		}
		var found []Widget
		for _, w := range all {
			if want(w) {
				found = append(found, w)
			}
		}
		if len(found) != 1 {
			last = Widget{}
			return false, fmt.Errorf("%d such widgets are on the screen", len(found))
		}
		if found[0] != last {
			last = found[0]
			return false, errors.New("it is still moving")
		}
		return true, nil
	})
	if err != nil {
		return Widget{}, err
	}
	return last, nil
}

// Press waits for the one button, link, check box or entry that the target chooses, brings its window to
// the front as a person would, and clicks on it with the mouse.
func (d *Desktop) Press(ctx context.Context, target Target) error {
	widget, err := d.waitWidget(ctx, target, Widget.pressable)
	if err != nil {
		return err
	}
	windows, err := d.Windows(ctx)
	if err != nil {
		return err
	}
	for _, window := range windows {
		if window.Title != "" && window.Title == widget.Window {
			if err := d.Raise(ctx, window); err != nil {
				return err
			}
		}
	}
	return d.Click(ctx, middle(widget.Rect))
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// accessible is the address of one object on the accessibility bus.
type accessible struct {
	Bus  string
	Path dbus.ObjectPath
}

const (
	accessibleInterface = "org.a11y.atspi.Accessible"
	componentInterface  = "org.a11y.atspi.Component"

	noAccessible = dbus.ObjectPath("/org/a11y/atspi/null")

	// stateShowing is the bit of an object, and of all that it lies in, that is drawn on the screen.
	stateShowing = 25
	// deepest bounds the walk through a program that tells its objects in a circle.
	deepest = 64
)

// walk tells the widgets at and in the object that are drawn on the screen. What does not answer is gone.
// The text in a heading or a link that is its name is not told again.
func (d *Desktop) walk(ctx context.Context, at accessible, in Widget, depth int, tell func(Widget)) {
	var states []uint32
	object := d.sight.Object(at.Bus, at.Path)
	if object.CallWithContext(ctx, accessibleInterface+".GetState", 0).Store(&states) != nil {
		return
	}
	if len(states) == 0 || states[0]>>stateShowing&1 == 0 || depth > deepest {
		return
	}
	widget, err := d.look(ctx, at, in)
	if err != nil {
		widget = in // containers need not have a place
	} else if repeats := widget.Role == RoleText && widget.Name == in.Name; !repeats && !widget.Rect.Empty() {
		tell(widget)
	}
	children, _ := d.children(ctx, at)
	for _, child := range children {
		d.walk(ctx, child, widget, depth+1, tell)
	}
}

// look asks for the kind, the text and the place of one object.
func (d *Desktop) look(ctx context.Context, at accessible, in Widget) (Widget, error) {
	object := d.sight.Object(at.Bus, at.Path)
	var number uint32
	if err := object.CallWithContext(ctx, accessibleInterface+".GetRole", 0).Store(&number); err != nil {
		return Widget{}, err
	}
	role, known := roles[number]
	if !known {
		role = RoleOther
	}
	name, err := d.accessibleName(ctx, at)
	if err != nil {
		return Widget{}, err
	}
	var place struct{ X, Y, Width, Height int32 }
	const onScreen = uint32(0)
	if err := object.CallWithContext(ctx, componentInterface+".GetExtents", 0, onScreen).Store(&place); err != nil {
		return Widget{}, err
	}
	x, y := int(place.X), int(place.Y)
	in.Role, in.Name = role, name
	in.Rect = image.Rect(x, y, x+int(place.Width), y+int(place.Height))
	return in, nil
}

func (d *Desktop) children(ctx context.Context, of accessible) ([]accessible, error) {
	var children []accessible
	err := d.sight.Object(of.Bus, of.Path).CallWithContext(ctx, accessibleInterface+".GetChildren", 0).Store(&children)
	if err != nil {
		return nil, fmt.Errorf("desktop: the accessibility bus does not tell what is on the screen: %w", err)
	}
	kept := children[:0]
	for _, child := range children {
		if child.Path != noAccessible {
			kept = append(kept, child)
		}
	}
	return kept, nil
}

func (d *Desktop) accessibleName(ctx context.Context, of accessible) (string, error) {
	return property[string](ctx, d.sight.Object(of.Bus, of.Path), accessibleInterface+".Name")
}
