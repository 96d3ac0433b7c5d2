package routing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Strategy is how a queue picks the agents to ring.
type Strategy string

// The strategies, with XCALLY Motion's names for them.
const (
	BeepAll     Strategy = "beep-all"     // all ready agents until one answers (Beepall)
	RoundRobin  Strategy = "round-robin"  // one at a time, the next after the last one rung (RR Memory)
	LeastRecent Strategy = "least-recent" // one at a time, the one whose last call is the longest ago (Least recent)
)

// Strategies lists the valid ones.
var Strategies = []Strategy{BeepAll, RoundRobin, LeastRecent}

// oneByOne tells whether a call rings for one agent at a time.
func (s Strategy) oneByOne() bool { return s == RoundRobin || s == LeastRecent }

// WhenClosed is what a queue does with a call that comes outside its hours.
type WhenClosed string

// The choices.
const (
	MissAtOnce WhenClosed = "miss" // it is missed at once, with a reason of its own
	RingAnyway WhenClosed = "ring" // it rings like any other
)

// WhenCloseds lists the valid ones.
var WhenCloseds = []WhenClosed{MissAtOnce, RingAnyway}

// Options are how a queue rings.
type Options struct {
	Strategy      Strategy      `json:"strategy"`
	Ring          time.Duration `json:"ring"`        // how long one offer rings
	Patience      time.Duration `json:"patience"`    // how long a call waits before it is missed
	AlertAfter    time.Duration `json:"alert_after"` // how long it waits before supervisors are told; 0: never
	WrapUp        time.Duration `json:"wrap_up"`     // an agent's time after a call before the next; 0: none
	Capacity      int           `json:"capacity"`    // how many calls one agent may have at a time
	Overflow      string        `json:"overflow,omitempty"`
	OverflowAfter time.Duration `json:"overflow_after,omitempty"` // when the agents of Overflow are rung as well
	Hours         Hours         `json:"hours,omitzero"`           // opening hours; none: always open
	TimeZone      string        `json:"time_zone,omitempty"`      // of the hours, IANA's name; empty: UTC
	WhenClosed    WhenClosed    `json:"when_closed,omitempty"`
}

// Defaults are the options of a queue for which nothing else was asked.
func Defaults() Options {
	return Options{
		Strategy: BeepAll, Ring: 20 * time.Second, Patience: 5 * time.Minute,
		AlertAfter: 30 * time.Second, Capacity: 1, OverflowAfter: time.Minute, WhenClosed: MissAtOnce,
	}
}

// WithDefaults fills in what can't be nothing.
func (o Options) WithDefaults() Options {
	d := Defaults()
	o.Strategy, o.Ring, o.Patience = cmp.Or(o.Strategy, d.Strategy), cmp.Or(o.Ring, d.Ring), cmp.Or(o.Patience, d.Patience)
	o.Capacity, o.OverflowAfter = cmp.Or(o.Capacity, d.Capacity), cmp.Or(o.OverflowAfter, d.OverflowAfter)
	o.WhenClosed = cmp.Or(o.WhenClosed, d.WhenClosed)
	return o
}

const (
	maxRing     = time.Hour
	maxWait     = 24 * time.Hour
	maxCapacity = 20
)

// Check tells what is wrong with the options: a joined [call.Error] for each, with
// its field.
func (o Options) Check() error {
	var wrong []error
	must := func(ok bool, field, format string, args ...any) {
		if !ok {
			wrong = append(wrong, bad(field, format, args...))
		}
	}
	must(slices.Contains(Strategies, o.Strategy), "strategy", "Unknown strategy %q: use %s.", o.Strategy, OneOf(Strategies))
	must(o.Ring >= time.Second && o.Ring <= maxRing, "ring", "The ring time is 1s to 1h: %v is not.", o.Ring)
	must(o.Patience >= o.Ring && o.Patience <= maxWait, "patience", "The patience is at least the ring time (%v) and at most 24h: %v is not.", o.Ring, o.Patience)
	must(o.AlertAfter >= 0 && o.AlertAfter <= maxWait, "alert_after", "The alert time is 0s (never) to 24h: %v is not.", o.AlertAfter)
	must(o.WrapUp >= 0 && o.WrapUp <= maxRing, "wrap_up", "The wrap-up time is 0s (none) to 1h: %v is not.", o.WrapUp)
	must(o.Capacity >= 1 && o.Capacity <= maxCapacity, "capacity", "The capacity is 1 to %d calls per agent: %d is not.", maxCapacity, o.Capacity)
	must(o.OverflowAfter >= time.Second && o.OverflowAfter <= maxWait, "overflow_after", "The overflow time is 1s to 24h: %v is not.", o.OverflowAfter)
	must(o.Overflow == "" || o.OverflowAfter < o.Patience, "overflow_after", "The overflow time (%v) must be under the patience (%v): the call is missed before.", o.OverflowAfter, o.Patience)
	must(slices.Contains(WhenCloseds, o.WhenClosed), "when_closed", "Unknown choice %q for calls outside the opening hours: use %s.", o.WhenClosed, OneOf(WhenCloseds))
	_, err := location(o.TimeZone)
	must(err == nil, "time_zone", "There is no time zone %q: write it like Europe/Rome.", o.TimeZone)
	return errors.Join(wrong...)
}

func bad(field, format string, args ...any) error {
	return &call.Error{Code: call.BadRequest, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Open tells whether the queue takes calls at a time.
func (o Options) Open(at time.Time) bool {
	zone, err := location(o.TimeZone)
	if err != nil { // it was refused when it was set; a call is not to pay for it
		return true
	}
	return o.Hours.open(at.In(zone))
}

// OneOf writes choices for a sentence: "a, b or c".
func OneOf[T ~string](choices []T) string {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = string(c)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
