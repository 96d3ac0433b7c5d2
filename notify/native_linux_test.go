package notify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
)

// native is a native surface on a private bus.
type native struct {
	notify.Surface
	bus    *notifytest.Bus
	events events
}

func newNative(t *testing.T, bus *notifytest.Bus) native {
	t.Helper()
	ev := newEvents()
	s := notify.NewNative(notify.Options{
		AppID:    "io.github.deskbell.Deskbell",
		AppName:  "Deskbell",
		IconPath: "/usr/share/icons/desk bell.png",
	}, ev.emit)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return native{s, bus, ev}
}

// ringing is a native surface and a daemon that shows one call, "a".
func ringing(t *testing.T, kind notifytest.Kind) (native, *notifytest.Daemon, notifytest.Notification) {
	t.Helper()
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, kind)
	n := newNative(t, bus)
	n.Present(maria("a"))
	n.events.want(t, event(notify.Shown, "a"))
	return n, daemon, daemon.Wait(t, 1)[0]
}

func TestNativeShowsACall(t *testing.T) {
	_, _, got := ringing(t, notifytest.Xfce)

	if got.Summary != "Maria Rossi is calling" {
		t.Errorf("summary %q", got.Summary)
	}
	if want := "queue web · MY_WEBSITE\nlanguage: it\nproduct: Loan"; got.Body != want {
		t.Errorf("body %q, want %q", got.Body, want)
	}
	if got.App != "Deskbell" || got.Icon != "file:///usr/share/icons/desk%20bell.png" {
		t.Errorf("app %q, icon %q", got.App, got.Icon)
	}
	if want := []string{"accept", "Accept", "decline", "Decline", "default", ""}; !slices.Equal(got.Actions, want) {
		t.Errorf("actions %q, want %q", got.Actions, want)
	}
	if got.Expire != 0 || got.Replaces != 0 {
		t.Errorf("expire %d, replaces %d, want 0, 0", got.Expire, got.Replaces)
	}
	for name, want := range map[string]any{
		"urgency":        byte(2),
		"category":       "call.incoming",
		"resident":       true,
		"transient":      false,
		"suppress-sound": true,
		"desktop-entry":  "io.github.deskbell.Deskbell",
	} {
		if got.Hints[name] != want {
			t.Errorf("hint %s is %v, want %v", name, got.Hints[name], want)
		}
	}
}

func TestNativeAnswers(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want notify.Kind
	}{
		{"accept", notify.PressedAccept},
		{"decline", notify.PressedDecline},
		{"default", notify.Opened},
	} {
		t.Run(tt.key, func(t *testing.T) {
			n, daemon, shown := ringing(t, notifytest.Plasma)
			daemon.Invoke(t, shown.ID, tt.key)
			n.events.want(t, event(tt.want, "a"))
		})
	}
}

// xfce4-notifyd and dunst close a notification after a press, with the reason
// of a person's own closing. The press is all that happened.
func TestNativePressIsNotAClose(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want notify.Kind
	}{
		{"accept", notify.PressedAccept},
		{"decline", notify.PressedDecline},
		{"default", notify.Opened},
	} {
		t.Run(tt.key, func(t *testing.T) {
			n, daemon, first := ringing(t, notifytest.Xfce)
			n.Present(maria("b"))
			n.events.want(t, event(notify.Shown, "b"))
			second := daemon.Wait(t, 2)[1]

			daemon.Invoke(t, first.ID, tt.key)
			daemon.CloseByPerson(t, first.ID)
			daemon.Invoke(t, first.ID, "decline") // a daemon gone mad
			daemon.Invoke(t, second.ID, "accept")
			n.events.want(t, event(tt.want, "a"), event(notify.PressedAccept, "b"))
		})
	}
}

func TestNativeCloseIsNotAnAnswer(t *testing.T) {
	n, daemon, shown := ringing(t, notifytest.Xfce)
	daemon.CloseByPerson(t, shown.ID)
	n.events.want(t, event(notify.Closed, "a"))

	// The person silenced it: news of the call do not bring it back.
	changed := maria("a")
	changed.Waiting = 2
	n.Present(changed)
	n.Dismiss("a", notify.Why{Reason: notify.Answered, By: "Desk 4"})
	n.Present(maria("b"))
	n.events.want(t, event(notify.Shown, "b"))
	if got := daemon.Log(); len(got) != 2 {
		t.Errorf("shown %d times, want calls a and b once each: %+v", len(got), got)
	}
}

func TestNativeExpiredCallComesBackWithNews(t *testing.T) {
	n, daemon, shown := ringing(t, notifytest.Xfce)
	daemon.Expire(t, shown.ID)
	daemon.Invoke(t, shown.ID, "accept") // what expired has no buttons
	n.Present(maria("b"))
	n.events.want(t, event(notify.Shown, "b"))
	second := daemon.Wait(t, 2)[1]
	daemon.Invoke(t, second.ID, "default")
	n.events.want(t, event(notify.Opened, "b")) // so the signals before it were read

	n.Update(maria("a"))
	if got := daemon.Wait(t, 3)[2]; got.Summary != "Maria Rossi is calling" || got.Replaces != 0 {
		t.Errorf("shown again as %+v", got)
	}
	n.events.none(t)
}

func TestNativeUpdatesInPlace(t *testing.T) {
	n, daemon, shown := ringing(t, notifytest.Xfce)
	n.Present(maria("a")) // nothing new: nothing to flicker
	changed := maria("a")
	changed.Waiting = 1
	n.Update(changed)
	got := daemon.Wait(t, 2)[1]
	if got.Replaces != shown.ID || !strings.HasSuffix(got.Body, "\n1 more call is ringing") {
		t.Errorf("updated with replaces %d, body %q", got.Replaces, got.Body)
	}
	changed.Waiting = 2
	n.Present(changed)
	got = daemon.Wait(t, 3)[2]
	if got.Replaces != shown.ID || !strings.HasSuffix(got.Body, "\n2 more calls are ringing") {
		t.Errorf("updated with replaces %d, body %q", got.Replaces, got.Body)
	}
	n.Update(maria("unknown"))
	n.Dismiss("unknown", notify.Why{Reason: notify.Answered})
	daemon.Invoke(t, shown.ID, "accept")
	n.events.want(t, event(notify.PressedAccept, "a")) // and Shown was told once
	if got := len(daemon.Showing()); got != 1 {
		t.Errorf("%d notifications on the screen, want 1", got)
	}
}

func TestNativeDismissTakesTheCallOffTheScreen(t *testing.T) {
	for _, reason := range []notify.Reason{
		notify.Lapsed, notify.Canceled, notify.Reassigned, notify.Accepted, notify.Declined, notify.Offline,
	} {
		t.Run(string(reason), func(t *testing.T) {
			n, daemon, shown := ringing(t, notifytest.Xfce)
			n.Dismiss("a", notify.Why{Reason: reason})
			daemon.WaitShowing(t, 0)

			n.Present(maria("a"))
			n.events.want(t, event(notify.Shown, "a")) // no Closed: nobody closed it
			daemon.Invoke(t, shown.ID, "accept")       // of the first ring
			again := daemon.Wait(t, 2)[1]
			daemon.Invoke(t, again.ID, "decline")
			n.events.want(t, event(notify.PressedDecline, "a"))
		})
	}
}

func TestNativeNamesWhoTookTheCall(t *testing.T) {
	for _, tt := range []struct {
		name      string
		by        string
		pressed   bool // Accept was pressed here too, and the daemon closed the notification
		wantTitle string
	}{
		{"other agent", "Desk 4", false, "Taken by Desk 4"},
		{"name unknown", "", false, "Taken by another agent"},
		{"the race was lost", "Desk 4", true, "Taken by Desk 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, daemon, shown := ringing(t, notifytest.Xfce)
			replaces := shown.ID
			if tt.pressed {
				n.Present(maria("b"))
				n.events.want(t, event(notify.Shown, "b"))
				daemon.Invoke(t, shown.ID, "accept")
				daemon.CloseByPerson(t, shown.ID)
				daemon.Invoke(t, daemon.Wait(t, 2)[1].ID, "default")
				n.events.want(t, event(notify.PressedAccept, "a"), event(notify.Opened, "b"))
				replaces = 0
			}
			before := len(daemon.Log())
			n.Dismiss("a", notify.Why{Reason: notify.Answered, By: tt.by})
			got := daemon.Wait(t, before+1)[before]

			if got.Replaces != replaces || got.Summary != tt.wantTitle || got.Body != "Maria Rossi · queue web" {
				t.Errorf("replaces %d with %q / %q", got.Replaces, got.Summary, got.Body)
			}
			if len(got.Actions) != 0 || got.Expire != 6000 || got.Hints["urgency"] != byte(1) || got.Hints["resident"] != nil {
				t.Errorf("actions %v, expire %d, hints %v", got.Actions, got.Expire, got.Hints)
			}
			daemon.Invoke(t, got.ID, "accept")
			n.Notice("barrier", "")
			daemon.Wait(t, before+2)
			n.events.none(t)
		})
	}
}

// What callers write is shown, not obeyed.
func TestNativeWordsOfTheCaller(t *testing.T) {
	link := "https://vidaoo.example/s1"
	hostile := notify.Call{
		ID: "a", Queue: "web", Topic: "<b>MY</b> & co", Customer: "<i>Eve</i>\u202e\x00\n" + strings.Repeat("e", 200),
		Details: []notify.Detail{
			{Name: "page", Value: link},
			{Name: link, Value: "x"},
			{Name: "empty"},
			{Name: "a", Value: `<a href="x">click</a>`},
			{Name: "b", Value: "line 1\nline 2"},
			{Name: "c", Value: strings.Repeat("v", 500)},
			{Name: "d", Value: "4"},
			{Name: "e", Value: "one too many"},
		},
	}
	for _, tt := range []struct {
		kind  notifytest.Kind
		topic string
		a     string
	}{
		{notifytest.Xfce, "&lt;b&gt;MY&lt;/b&gt; &amp; co", `a: &lt;a href="x"&gt;click&lt;/a&gt;`},
		{notifytest.Bare, "<b>MY</b> & co", `a: <a href="x">click</a>`},
	} {
		t.Run(tt.kind.Name, func(t *testing.T) {
			bus := notifytest.StartBus(t)
			daemon := bus.StartDaemon(t, tt.kind)
			n := newNative(t, bus)
			n.Present(hostile)
			got := daemon.Wait(t, 1)[0]

			lines := strings.Split(got.Body, "\n")
			want := []string{"queue web · " + tt.topic, tt.a, "b: line 1 line 2", "c: " + strings.Repeat("v", 79) + "…", "d: 4"}
			if len(lines) < len(want) {
				t.Fatalf("body %q", got.Body)
			}
			for i := range want {
				if lines[i] != want[i] {
					t.Errorf("line %d is %q, want %q", i, lines[i], want[i])
				}
			}
			if strings.Contains(got.Body, "one too many") {
				t.Errorf("more than four details: %q", got.Body)
			}
			if !strings.HasPrefix(got.Summary, "<i>Eve</i> eee") || utf8.RuneCountInString(got.Summary) > 80 {
				t.Errorf("summary %q", got.Summary)
			}
			for _, field := range append([]string{got.Summary, got.Body, got.App, got.Icon, fmt.Sprint(got.Hints)}, got.Actions...) {
				if strings.Contains(field, "vidaoo.example") || strings.Contains(field, "https:") {
					t.Errorf("a link is shown: %q", field)
				}
			}
		})
	}
}

func TestNativeCustomerUnknown(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	n.Present(notify.Call{ID: "a", Customer: " \u200f"})
	if got := daemon.Wait(t, 1)[0]; got.Summary != "Incoming video call" || got.Body != "" {
		t.Errorf("shown as %q / %q", got.Summary, got.Body)
	}
}

// A daemon without buttons shows where to answer instead, and so does dunst,
// which has them in a menu only.
func TestNativeWithoutButtons(t *testing.T) {
	for _, tt := range []struct {
		kind    notifytest.Kind
		actions int
	}{
		{notifytest.Bare, 0},
		{notifytest.Dunst, 6},
	} {
		t.Run(tt.kind.Name, func(t *testing.T) {
			n, daemon, shown := ringing(t, tt.kind)
			if len(shown.Actions) != tt.actions || !strings.HasSuffix(shown.Body, "\nAnswer in the Deskbell window") {
				t.Errorf("actions %v, body %q", shown.Actions, shown.Body)
			}
			if tt.actions == 0 {
				daemon.Invoke(t, shown.ID, "accept")
			}
			daemon.CloseByPerson(t, shown.ID)
			n.events.want(t, event(notify.Closed, "a"))
		})
	}
}

func TestNativeNotice(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	n.Notice("Missed call", "<Maria> rang & left\n"+strings.Repeat("x", 500))
	got := daemon.Wait(t, 1)[0]
	if got.Summary != "Missed call" || !strings.HasPrefix(got.Body, "&lt;Maria&gt; rang &amp; left xxx") || len(got.Body) > 300 {
		t.Errorf("shown as %q / %q", got.Summary, got.Body)
	}
	if len(got.Actions) != 0 || got.Expire != -1 || got.Hints["urgency"] != byte(1) || got.Hints["category"] != nil {
		t.Errorf("actions %v, expire %d, hints %v", got.Actions, got.Expire, got.Hints)
	}
}

func TestNativeDaemonRestart(t *testing.T) {
	n, daemon, before := ringing(t, notifytest.Xfce)
	n.Present(maria("answered"))
	n.events.want(t, event(notify.Shown, "answered"))
	daemon.Invoke(t, daemon.Wait(t, 2)[1].ID, "decline")
	n.events.want(t, event(notify.PressedDecline, "answered"))

	daemon.Stop()
	n.events.want(t, failed("", notify.ErrNoService))
	daemon.Start(t)
	n.events.want(t, event(notify.Recovered, ""))
	// Only what still rings is presented again, and Shown is not told again.
	again := daemon.Wait(t, 3)[2]
	if again.Replaces != 0 || again.Summary != before.Summary {
		t.Errorf("presented again as %+v", again)
	}
	daemon.Invoke(t, again.ID, "accept")
	n.events.want(t, event(notify.PressedAccept, "a"))
	if got := len(daemon.Log()); got != 3 {
		t.Errorf("%d notifications, want 3", got)
	}
}

// When the daemon restarts faster than it can be followed, the call is still on
// the screen once.
func TestNativeDaemonRestartsQuickly(t *testing.T) {
	n, daemon, _ := ringing(t, notifytest.Xfce)
	for range 10 {
		daemon.Restart(t)
	}
	daemon.Invoke(t, daemon.WaitShowing(t, 1)[0].ID, "accept")
	for n.events.next(t).Kind != notify.PressedAccept {
		// Failed and Recovered, as often as the daemon was seen to be gone.
	}
	if got := daemon.Showing(); len(got) != 1 {
		t.Errorf("on the screen: %+v, want the call once", got)
	}
}

func TestNativeNoDaemonAtStart(t *testing.T) {
	bus := notifytest.StartBus(t)
	n := newNative(t, bus)
	n.events.want(t, failed("", notify.ErrNoService))
	n.Present(maria("a"))
	n.Present(maria("a"))
	n.Present(maria("gone"))
	n.events.want(t, failed("a", notify.ErrNoService), failed("gone", notify.ErrNoService))
	n.Dismiss("gone", notify.Why{Reason: notify.Lapsed})
	n.Notice("lost", "")

	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n.events.want(t, event(notify.Recovered, ""), event(notify.Shown, "a"))
	if got := daemon.Log(); len(got) != 1 {
		t.Errorf("shown after the daemon came: %+v, want call a only", got)
	}
}

func TestNativeBusLost(t *testing.T) {
	n, daemon, _ := ringing(t, notifytest.Xfce)
	n.bus.Stop(t)
	daemon.Stop()
	n.events.want(t, failed("", notify.ErrNoBus))
	n.Present(maria("b"))
	n.events.want(t, failed("b", notify.ErrNoBus))

	n.bus.Start(t)
	daemon.Start(t)
	for e := n.events.next(t); e.Kind != notify.Recovered; e = n.events.next(t) {
		// The bus may be found before the daemon is on it.
		if e.Kind != notify.Failed {
			t.Fatalf("event %s %q before the surface recovered", e.Kind, e.Call)
		}
	}
	n.events.want(t, event(notify.Shown, "b"))
	daemon.WaitShowing(t, 2)
}

func TestNativeNoBusAtAll(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
	ev := newEvents()
	n := notify.NewNative(notify.Options{}, ev.emit)
	ev.want(t, failed("", notify.ErrNoBus))
	n.Present(maria("a"))
	ev.want(t, failed("a", notify.ErrNoBus))
	if err := n.Close(); err != nil {
		t.Error(err)
	}
}

// A daemon that answers after the deadline: the call is told as failed, then as
// shown, and what was dismissed meanwhile does not stay on the screen.
func TestNativeSlowDaemon(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	daemon.Hold()
	for _, late := range []string{"kept", "dismissed"} {
		n.Present(maria(late))
		n.events.want(t, failed("", notify.ErrSlow), failed(late, notify.ErrSlow))
		n.events.want(t, event(notify.Recovered, "")) // it answers questions
	}
	changed := maria("kept")
	changed.Waiting = 1
	n.Update(changed)
	n.Dismiss("dismissed", notify.Why{Reason: notify.Canceled})

	daemon.Release()
	n.events.want(t, event(notify.Shown, "kept"))
	daemon.Wait(t, 3)
	left := daemon.WaitShowing(t, 1)[0]
	if !strings.HasSuffix(left.Body, "1 more call is ringing") {
		t.Errorf("left on the screen %q", left.Body)
	}
	daemon.Invoke(t, left.ID, "accept")
	n.events.want(t, event(notify.PressedAccept, "kept"))
}

func TestNativeDaemonRefuses(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	daemon.Refuse(true)
	n.Present(maria("a"))
	n.events.want(t, failed("a", notify.ErrRefused))
	daemon.Refuse(false)
	n.Present(maria("a"))
	n.events.want(t, event(notify.Shown, "a"))
}

// A call that kills the daemon each time is given up, so that the others show.
func TestNativeDaemonDiesOfACall(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	daemon.Die(true)
	n.Present(maria("a"))
	for range 3 {
		n.events.want(t, failed("", notify.ErrNoService))
		daemon.Start(t)
		n.events.want(t, event(notify.Recovered, ""))
	}
	n.events.want(t, failed("a", notify.ErrRefused))
	daemon.Die(false)
	n.Present(maria("b"))
	n.events.want(t, event(notify.Shown, "b"))
}

// Anyone on the bus can send signals that look like the daemon's.
func TestNativeForeignSignals(t *testing.T) {
	n, daemon, shown := ringing(t, notifytest.Xfce)
	conn, err := dbus.Connect(n.bus.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const path, iface = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
	for _, name := range names(t, conn) {
		for _, body := range [][]any{{"ActionInvoked", shown.ID, "accept"}, {"NotificationClosed", shown.ID, uint32(2)}} {
			conn.Send(&dbus.Message{
				Type: dbus.TypeSignal,
				Headers: map[dbus.HeaderField]dbus.Variant{
					dbus.FieldDestination: dbus.MakeVariant(name),
					dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath(path)),
					dbus.FieldInterface:   dbus.MakeVariant(iface),
					dbus.FieldMember:      dbus.MakeVariant(body[0]),
					dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body[1:]...)),
				},
				Body: body[1:],
			}, nil)
		}
	}
	names(t, conn) // the bus has passed them on
	daemon.Invoke(t, shown.ID, "decline")
	n.events.want(t, event(notify.PressedDecline, "a"))
}

func names(t *testing.T, conn *dbus.Conn) []string {
	t.Helper()
	var all []string
	if err := conn.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, ":") })
}

func TestNativeCloseWithdrawsEverything(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	ev := newEvents()
	n := notify.NewNative(notify.Options{}, ev.emit)
	n.Present(maria("a"))
	n.Present(maria("b"))
	daemon.WaitShowing(t, 2)
	ev.want(t, event(notify.Shown, "a"), event(notify.Shown, "b"))
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	daemon.WaitShowing(t, 0)
	n.Present(maria("c"))
	n.Dismiss("a", notify.Why{Reason: notify.Lapsed})
	if err := n.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	ev.none(t)
}

func TestNativeTooManyCalls(t *testing.T) {
	bus := notifytest.StartBus(t)
	daemon := bus.StartDaemon(t, notifytest.Xfce)
	n := newNative(t, bus)
	for i := range 64 {
		n.Present(maria(fmt.Sprint(i)))
	}
	daemon.WaitShowing(t, 64)
	n.Present(maria("one more"))
	for range 64 {
		n.events.next(t)
	}
	n.events.want(t, failed("one more", notify.ErrTooMany))
}

func TestNativeHidden(t *testing.T) {
	for _, kind := range []notifytest.Kind{notifytest.Xfce, notifytest.Dunst, notifytest.Plasma, notifytest.Bare} {
		t.Run(kind.Name, func(t *testing.T) {
			n, daemon, _ := ringing(t, kind)
			for _, want := range []bool{false, true} {
				daemon.Hide(want)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				got, err := n.Surface.(notify.Hider).Hidden(ctx)
				want := want && kind.Name != notifytest.Bare.Name
				if err != nil || got != want {
					t.Errorf("Hidden() = %v, %v, want %v", got, err, want)
				}
			}
		})
	}
}
