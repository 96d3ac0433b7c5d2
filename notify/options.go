package notify

import (
	"log/slog"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// Options say who rings. All of it is the app's own words, never a caller's.
type Options struct {
	AppID    string // name of the desktop file without its ending, e.g. io.github.deskbell.Deskbell
	AppName  string // the name people see, e.g. Deskbell
	IconPath string // absolute path of a PNG, or the name of an icon of the theme; may be empty

	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
}

func (o Options) withDefaults() Options {
	if o.AppName == "" {
		o.AppName = "Deskbell"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// What a Failed event carries. Each says what happened and what to do, so the
// app can show it as it is.
var (
	ErrNoBus     = lang.Errorf("the desktop's session bus is out of reach, so calls cannot show as notifications: start Deskbell from within your desktop session")
	ErrNoService = lang.Errorf("no notification service is running, so calls cannot show as notifications: start one, for example xfce4-notifyd, dunst or mako")
	ErrSlow      = lang.Errorf("the notification service does not answer: restart it, and answer calls in the Deskbell window until then")
	ErrRefused   = lang.Errorf("the system did not show the call as a notification: allow notifications for Deskbell in its settings, and answer in the Deskbell window")
	ErrNoToasts  = lang.Errorf("call notifications with buttons are refused by Windows, so calls show as plain notices: answer in the Deskbell window")
	ErrLeftOver  = lang.Errorf("the notification of a call that has ended could not be taken off the screen: close it by hand")
	ErrTooMany   = lang.Errorf("too many calls ring at once to show them all as notifications: answer in the Deskbell window")
)
