package notify_test

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/deskbell/deskbell/notify"
)

// testApp is not the app's own id: the tests leave its settings alone.
var testApp = notify.Options{AppID: "io.github.deskbell.Deskbell.Test", AppName: "Deskbell test", IconPath: `C:\desk bell.png`}

const appKeys = `SOFTWARE\Classes\AppUserModelId\`

func forgetTestApp(t *testing.T) {
	for _, channel := range []string{"", ".Notices"} {
		err := registry.DeleteKey(registry.CURRENT_USER, appKeys+testApp.AppID+channel)
		if err != nil && !errors.Is(err, registry.ErrNotExist) {
			t.Error(err)
		}
	}
}

func TestIntroduceInTheRegistry(t *testing.T) {
	old, _, err := registry.CreateKey(registry.CURRENT_USER, appKeys+testApp.AppID, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(old.SetStringValue("DisplayName", "old"), old.SetStringValue("IconUri", "old"), old.Close()); err != nil {
		t.Fatal(err)
	}
	defer forgetTestApp(t)
	for range 2 {
		if err := notify.Introduce(testApp); err != nil {
			t.Fatal(err)
		}
	}
	for channel, name := range map[string]string{"": "Deskbell test", ".Notices": "Deskbell test notices"} {
		key, err := registry.OpenKey(registry.CURRENT_USER, appKeys+testApp.AppID+channel, registry.QUERY_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		for value, want := range map[string]string{"DisplayName": name, "CustomActivator": notify.Activator, "IconUri": testApp.IconPath} {
			if got, _, err := key.GetStringValue(value); got != want || err != nil {
				t.Errorf("%s of channel %q is %q, %v, want %q", value, channel, got, err, want)
			}
		}
		if err := key.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNotificationState(t *testing.T) {
	if state, err := notify.NotificationState(); err != nil || state < 1 || state > 7 {
		t.Errorf("state %d, %v", state, err)
	}
}

// Where there are toasts, as on Windows 10 and 11, a call shows as one. Wine has
// none: there it is a plain notice, and that is told. With DESKBELL_PRESS_ACCEPT
// set, somebody should press Accept within 10 s.
func TestNativeShowsACallOnThisWindows(t *testing.T) {
	setting, err := notify.ToastSetting(testApp.AppID)
	t.Logf("setting %d, %v", setting, err)
	if err != nil && !notify.IsHResult(err) {
		t.Error(err)
	}
	if err := notify.ClearHistory(testApp.AppID); err != nil && !notify.IsHResult(err) {
		t.Error(err)
	}
	defer forgetTestApp(t)
	ev := newEvents()
	s := notify.NewNative(testApp, ev.emit)
	s.Present(hostile["emoji"])
	for shown := false; !shown; {
		e := ev.next(t)
		t.Logf("event %s of %q, %v", e.Kind, e.Call, e.Err)
		shown = e.Call != ""
	}
	if hidden, err := s.(notify.Hider).Hidden(t.Context()); err != nil {
		t.Errorf("Hidden() = %v, %v", hidden, err)
	}
	if os.Getenv("DESKBELL_PRESS_ACCEPT") != "" {
		ev.want(t, event(notify.PressedAccept, "c1"))
	}
	s.Dismiss("c1", notify.Why{Reason: notify.Answered, By: "Desk 4"})
	s.Notice("Missed call", "a test of Deskbell")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
