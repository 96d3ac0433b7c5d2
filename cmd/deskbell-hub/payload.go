package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// maxShown is how much of a payload the list shows, in characters.
const maxShown = 2000

func newPayload() *cobra.Command {
	return group("payload", "What webhooks brought, as it came", newPayloadList(), newPayloadReplay())
}

func newPayloadList() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "list QUEUE",
		Short: "List a queue's last 50 payloads and what became of them, newest first",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []calllog.Payload
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues/"+segment(args[0])+"/payloads", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return printPayloads(cmd, all)
		},
	})
}

func newPayloadReplay() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "replay ID",
		Short: "Take a kept payload as if it had come now, after its queue's mapping was corrected",
		Args:  names(1, 1, "the payload's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var got wire.Received
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/payloads/"+segment(args[0])+"/replay", nil, &got); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, got)
			}
			what := "is new and rings"
			if got.Duplicate {
				what = "was there already"
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Call %s %s.\n", got.Call.ID, what)
			return err
		},
	})
}

func printPayloads(cmd *cobra.Command, all []calllog.Payload) error {
	w := cmd.OutOrStdout()
	for _, p := range all {
		if _, err := fmt.Fprintf(w, "%d  %s  %s\n", p.ID, clock(p.At), became(p)); err != nil {
			return err
		}
		for _, warning := range p.Warnings {
			fmt.Fprintln(w, "    warning:", warning)
		}
		var found []string
		for _, field := range slices.Sorted(maps.Keys(p.Found)) {
			found = append(found, field+"="+clean.Text(p.Found[field], maxShown))
		}
		if len(found) > 0 {
			fmt.Fprintln(w, "    found:", strings.Join(found, ", "))
		}
		// Cleaned, so that what a caller wrote can't play with the terminal;
		// --json has it to the letter.
		fmt.Fprintf(w, "    %s  %s\n\n", orDash(p.ContentType), clean.Text(p.Body, maxShown))
	}
	return nil
}

// became tells what became of a payload.
func became(p calllog.Payload) string {
	words := "call " + p.Call
	switch {
	case p.Code != "":
		words = p.Code + ": " + p.Detail
	case p.Duplicate:
		words += " (duplicate)"
	}
	if p.Event != "" {
		words = "event " + clean.Text(p.Event, maxShown) + ": " + words
	}
	if p.Replays != 0 {
		words += fmt.Sprintf(" (replay of %d)", p.Replays)
	}
	return words
}
