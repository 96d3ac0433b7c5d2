//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// notifier is the notification daemon's name on the accessibility bus.
const notifier = "xfce4-notifyd"

// actionInvoked is the signal by which the daemon tells that a button was pressed.
const actionInvoked = notificationsName + ".ActionInvoked"

// pressPatience is how long a pressed button of a notification may take to act before it is pressed again.
const pressPatience = 2 * time.Second

// A Notification is one that is on the screen, as a person sees it.
type Notification struct {
	// Text is its summary and its body, as drawn.
	Text []string
	// Buttons are in the order on the screen.
	Buttons []Widget
	// Rect is its place on the screen.
	Rect image.Rectangle
}

func (n Notification) contains(text string) bool {
	return strings.Contains(strings.Join(n.Text, "\n"), text)
}

func (n Notification) button(name string) (Widget, bool) {
	for _, button := range n.Buttons {
		if button.Name == name {
			return button, true
		}
	}
	return Widget{}, false
}

// Notifications lists the notifications on the screen, oldest first.
func (d *Desktop) Notifications(ctx context.Context) ([]Notification, error) {
	widgets, err := d.Widgets(ctx, Target{App: notifier})
	if err != nil {
		return nil, err
	}
	var notifications []Notification
	var frame dbus.ObjectPath
	for _, widget := range widgets {
		// The first widget of each window is the window itself.
		if widget.frame != frame {
			frame = widget.frame
			notifications = append(notifications, Notification{Rect: widget.Rect})
			continue
		}
		last := &notifications[len(notifications)-1]
		switch widget.Role {
		case RoleText:
			last.Text = append(last.Text, widget.Name)
		case RoleButton:
			last.Buttons = append(last.Buttons, widget)
		}
	}
	return notifications, nil
}

// WaitNotification waits until exactly one notification on the screen contains the text.
func (d *Desktop) WaitNotification(ctx context.Context, text string) (Notification, error) {
	var notification Notification
	err := await(ctx, fmt.Sprintf("one notification with %q", text), func(ctx context.Context) (bool, error) {
		found, err := d.notificationsWith(ctx, text)
		if err != nil {
			return false, err
		}
		if len(found) != 1 {
			return false, fmt.Errorf("%d such notifications are on the screen", len(found))
		}
		notification = found[0]
		return true, nil
	})
	return notification, err
}

// WaitNoNotification waits until no notification on the screen contains the text.
func (d *Desktop) WaitNoNotification(ctx context.Context, text string) error {
	return await(ctx, fmt.Sprintf("the notification with %q to go", text), func(ctx context.Context) (bool, error) {
		found, err := d.notificationsWith(ctx, text)
		return err == nil && len(found) == 0, err
	})
}

func (d *Desktop) notificationsWith(ctx context.Context, text string) ([]Notification, error) {
	all, err := d.Notifications(ctx)
	if err != nil {
		return nil, err
	}
	var found []Notification
	for _, notification := range all {
		if notification.contains(text) {
			found = append(found, notification)
		}
	}
	return found, nil
}

// PressNotification waits for the one notification that contains the text, presses its button of that name
// with the mouse, and returns the key of the action that the daemon then tells the program. A press that
// does nothing is repeated twice, as a person would.
func (d *Desktop) PressNotification(ctx context.Context, text, button string) (string, error) {
	bus, err := d.Bus()
	if err != nil {
		return "", err
	}
	defer func() { _ = bus.Close() }() // only listened to
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	err = bus.AddMatchSignal(dbus.WithMatchInterface(notificationsName), dbus.WithMatchMember("ActionInvoked"))
	if err != nil {
		return "", fmt.Errorf("desktop: the notifications' actions cannot be followed: %w", err)
	}

	for range 3 {
		notification, err := d.WaitNotification(ctx, text)
		if err != nil {
			return "", err
		}
		target, ok := notification.button(button)
		if !ok {
			return "", fmt.Errorf("desktop: the notification %q has no button %q but %q", notification.Text, button, names(notification.Buttons))
		}
		if err := d.Click(ctx, middle(target.Rect)); err != nil {
			return "", err
		}
		action, err := nextAction(ctx, signals)
		if !errors.Is(err, errNoAction) {
			return action, err
		}
	}
	return "", fmt.Errorf("desktop: the button %q of the notification %q was pressed three times: %w; does another window cover it?", button, text, errNoAction)
}

var errNoAction = errors.New("no action followed")

// nextAction waits for the signal among those that every connection gets.
func nextAction(ctx context.Context, signals <-chan *dbus.Signal) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, pressPatience, errNoAction)
	defer cancel()
	for {
		select {
		case signal := <-signals:
			if signal.Name != actionInvoked {
				continue
			}
			var id uint32
			var action string
			if err := dbus.Store(signal.Body, &id, &action); err != nil {
				return "", fmt.Errorf("desktop: the notification's action is not readable: %w", err)
			}
			return action, nil
		case <-ctx.Done():
			return "", fmt.Errorf("desktop: waited in vain for the notification's action: %w", context.Cause(ctx))
		}
	}
}

func names(widgets []Widget) []string {
	var names []string
	for _, widget := range widgets {
		names = append(names, widget.Name)
	}
	return names
}
