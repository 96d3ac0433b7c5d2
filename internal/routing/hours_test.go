package routing_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/routing"
)

func TestHours(t *testing.T) {
	// 2026-03-02 is a Monday.
	for _, tc := range []struct {
		hours, zone, at string
		open            bool
	}{
		{"", "", "2026-03-02T03:00:00Z", true},
		{"mon-fri 09:00-18:00", "", "2026-03-02T09:00:00Z", true},
		{"mon-fri 09:00-18:00", "", "2026-03-02T08:59:59Z", false},
		{"mon-fri 09:00-18:00", "", "2026-03-02T17:59:59Z", true},
		{"mon-fri 09:00-18:00", "", "2026-03-02T18:00:00Z", false},
		{"mon-fri 09:00-18:00", "", "2026-03-01T12:00:00Z", false},
		{"mon-fri 09:00-18:00, sat 10:00-13:00", "", "2026-02-28T12:00:00Z", true},
		{"MON-FRI  09:00-18:00", "", "2026-03-02T12:00:00Z", true},
		{"sat-mon 09:00-18:00", "", "2026-03-01T12:00:00Z", true},
		{"sat-mon 09:00-18:00", "", "2026-03-03T12:00:00Z", false},
		{"mon 00:00-24:00", "", "2026-03-02T23:59:59Z", true},
		{"fri 22:00-02:00", "", "2026-03-07T01:59:00Z", true}, // the night to Saturday
		{"fri 22:00-02:00", "", "2026-03-06T01:59:00Z", false},
		{"fri 22:00-02:00", "", "2026-03-06T22:00:00Z", true},
		{"mon 09:00-18:00", "Europe/Rome", "2026-03-02T08:00:00Z", true}, // 09:00 there
		{"mon 09:00-18:00", "Europe/Rome", "2026-03-02T17:30:00Z", false},
		{"mon 09:00-18:00", "Europe/Rome", "2026-08-03T07:00:00Z", true}, // in summer
		{"sun 01:30-04:00", "Europe/Rome", "2026-03-29T01:00:00Z", true}, // 03:00, just after the clocks were put forward
	} {
		h, err := routing.ParseHours(tc.hours)
		if err != nil {
			t.Errorf("%q: %v", tc.hours, err)
			continue
		}
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		o := routing.Options{Hours: h, TimeZone: tc.zone}
		if o.Open(at) != tc.open {
			t.Errorf("%q (%s) at %s: open %v, want %v", tc.hours, tc.zone, tc.at, !tc.open, tc.open)
		}
		data, err := json.Marshal(o)
		var back routing.Options
		if err != nil || json.Unmarshal(data, &back) != nil || back.Open(at) != tc.open {
			t.Errorf("%q does not come back from %s", tc.hours, data)
		}
	}
}

func TestBadHours(t *testing.T) {
	for _, text := range []string{"mon", "monday 09:00-18:00", "mon 9-18", "mon 09:00", "mon 09:00-25:00", "mon 09:00-09:00", "mon 24:00-09:00", "mon-fri 09:00-18:00;", "mon 09:00-18:00,", ",", "09:00-18:00", "mon- 09:00-18:00"} {
		if _, err := routing.ParseHours(text); err == nil || !strings.Contains(err.Error(), "write mon-fri 09:00-18:00") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzHours reads what an administrator may type: never a panic, and what is
// taken is written as it is read.
func FuzzHours(f *testing.F) {
	for _, s := range []string{"mon-fri 09:00-18:00, sat 10:00-13:00", "fri 22:00-02:00", "mon 00:00-24:00", "sun-sat 1:00-2:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := routing.ParseHours(text)
		if err != nil {
			return
		}
		again, err := routing.ParseHours(h.String())
		if err != nil || again.String() != h.String() {
			t.Fatalf("%q is written %q, which is read as %q, %v", text, h, again, err)
		}
	})
}

func TestOptions(t *testing.T) {
	for _, tc := range []struct {
		change func(*routing.Options)
		says   string // empty: good
	}{
		{func(*routing.Options) {}, ""},
		{func(o *routing.Options) { o.Strategy = "loud" }, "use beep-all, round-robin or least-recent"},
		{func(o *routing.Options) { o.Ring = time.Millisecond }, "1s to 1h"},
		{func(o *routing.Options) { o.Patience = time.Second }, "at least the ring time"},
		{func(o *routing.Options) { o.AlertAfter = -1 }, "0s (never) to 24h"},
		{func(o *routing.Options) { o.WrapUp = 2 * time.Hour }, "0s (none) to 1h"},
		{func(o *routing.Options) { o.Capacity = 0 }, "1 to 20 calls"},
		{func(o *routing.Options) { o.Overflow, o.OverflowAfter = "x", time.Hour }, "under the patience"},
		{func(o *routing.Options) { o.OverflowAfter = 0 }, "1s to 24h"},
		{func(o *routing.Options) { o.WhenClosed = "sing" }, "use miss or ring"},
		{func(o *routing.Options) { o.TimeZone = "Mars/Olympus" }, "like Europe/Rome"},
		{func(o *routing.Options) { o.TimeZone = "Local" }, "like Europe/Rome"},
	} {
		o := routing.Defaults()
		tc.change(&o)
		err := o.Check()
		if tc.says == "" && err != nil || tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)) {
			t.Errorf("%+v: %v, want %q", o, err, tc.says)
		}
	}
}
