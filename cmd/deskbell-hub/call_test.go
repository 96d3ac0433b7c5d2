package main

import (
	"testing"

	"github.com/deskbell/deskbell/internal/call"
)

// TestEventWords: each event says who did it, also if that was no agent.
func TestEventWords(t *testing.T) {
	for want, e := range map[string]call.Event{
		"noted anna":                   {Kind: call.KindNoted, Agent: "anna"},
		"noted by the customer":        {Kind: call.KindNoted},
		"recording-stopped anna":       {Kind: call.KindRecordingStopped, Agent: "anna"},
		"recording-stopped by the hub": {Kind: call.KindRecordingStopped},
		"offered anna, ben":            {Kind: call.KindOffered, Agents: []string{"anna", "ben"}},
		"returned anna by sara":        {Kind: call.KindReturned, Agent: "anna", By: "sara"},
		"missed (patience)":            {Kind: call.KindMissed, Reason: "patience"},
		"left":                         {Kind: call.KindLeft},
	} {
		if got := eventWords(e); got != want {
			t.Errorf("%+v is %q, want %q", e, got, want)
		}
	}
}
