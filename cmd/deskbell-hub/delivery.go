package main

import (
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/internal/hub"
)

// forwardWords are where a queue's webhooks go on to, and how that does.
func forwardWords(f *hub.AdminForward) string {
	if f == nil {
		return "-"
	}
	words := f.URL
	if f.MotionURL != "" {
		words += fmt.Sprintf(" (closed with %q at %s)", f.Disposition, f.MotionURL)
	}
	return words + ": " + targetWords(f.AdminTarget)
}

// vidaooWords tell whether something is done at Vidaoo for a queue, and what it
// lacks.
func vidaooWords(on bool, v hub.AdminEnd, how string) string {
	switch {
	case !on:
		return "off"
	case !v.Key:
		return "on, but the hub has no API key of Vidaoo: run 'deskbell-hub vidaoo connect'"
	default:
		return "on" + how
	}
}

// targetWords tell how a target outside does.
func targetWords(t hub.AdminTarget) string {
	words := []string{fmt.Sprintf("%d delivered", t.Delivered), fmt.Sprintf("%d waiting", t.Waiting)}
	if t.Refused > 0 {
		words = append(words, fmt.Sprintf("%d refused", t.Refused))
	}
	if t.Dropped > 0 {
		words = append(words, fmt.Sprintf("%d dropped (too many waited)", t.Dropped))
	}
	switch {
	case !t.FailingSince.IsZero():
		words = append(words, fmt.Sprintf("failing since %s: %s", clock(t.FailingSince.Time), t.LastError))
	case t.LastError != "":
		words = append(words, fmt.Sprintf("last error at %s: %s", clock(t.LastErrorAt.Time), t.LastError))
	}
	return strings.Join(words, ", ")
}

// deliveryWords tell what of a call went to somebody outside.
func deliveryWords(d hub.AdminDelivery) string {
	words := map[string]string{"motion": d.What + " to Motion", "hook": d.What + " to hook " + d.Target}[d.Kind]
	if words == "" { // at Vidaoo: deleted, stopped-1
		what, number, _ := strings.Cut(d.What, "-")
		words = "meeting " + what + " at Vidaoo"
		if number != "" {
			words = "recording " + number + " " + what + " at Vidaoo"
		}
	}
	words += ": " + d.State
	if d.Interaction != "" {
		words += " (interaction " + d.Interaction + ")"
	}
	if d.Tries > 1 || d.Error != "" {
		words += fmt.Sprintf(", tried %d times", d.Tries)
	}
	if d.Error != "" {
		words += ", " + d.Error
	}
	return words
}
