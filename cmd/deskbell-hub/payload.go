package main

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
)

// maxShown is how much of a payload the list shows, in characters.
const maxShown = 2000

func newPayload() *cobra.Command {
	return group("payload", "What webhooks brought, as it came", newPayloadList())
}

func newPayloadList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list QUEUE",
		Short: "List a queue's last 50 payloads and what became of them, newest first",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []calllog.Payload
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues/"+url.PathEscape(args[0])+"/payloads", nil, &all); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, all)
			}
			return printPayloads(cmd, all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printPayloads(cmd *cobra.Command, all []calllog.Payload) error {
	for _, p := range all {
		became := "call " + p.Call
		switch {
		case p.Code != "":
			became = p.Code + ": " + p.Detail
		case p.Duplicate:
			became += " (duplicate)"
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", clock(p.At), became); err != nil {
			return err
		}
		for _, w := range p.Warnings {
			fmt.Fprintln(cmd.OutOrStdout(), "    warning:", w)
		}
		// Cleaned, so that what a caller wrote can't play with the terminal;
		// --json has it to the letter.
		fmt.Fprintf(cmd.OutOrStdout(), "    %s  %s\n\n", orDash(p.ContentType), clean.Text(p.Body, maxShown))
	}
	return nil
}
