package main

import (
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/routing"
)

func newPresence() *cobra.Command {
	return group("presence", "The rules of presence", newPresenceShow(), newPresenceSet())
}

func newPresenceShow() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "show",
		Short: "Show the rules of presence",
		Args:  names(0, 0, "no arguments"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return sendRules(cmd, http.MethodGet, nil) },
	})
}

func newPresenceSet() *cobra.Command {
	var reasons []string
	var signInPaused bool
	var pauseAfterMissed int
	cmd := &cobra.Command{
		Use:   "set",
		Short: "Change the rules of presence; those that are not named stay",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var in hub.RulesChange
			if cmd.Flags().Changed("reasons") {
				in.Reasons = &reasons
			}
			if cmd.Flags().Changed("sign-in-paused") {
				in.SignInPaused = &signInPaused
			}
			if cmd.Flags().Changed("pause-after-missed") {
				in.PauseAfterMissed = &pauseAfterMissed
			}
			return sendRules(cmd, http.MethodPatch, in)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&reasons, "reasons", nil, "reasons for a pause that agents may choose, separated by commas; empty for free text")
	f.BoolVar(&signInPaused, "sign-in-paused", false, "agents are paused when they sign in")
	f.IntVar(&pauseAfterMissed, "pause-after-missed", 0, "pause an agent who let so many offers in a row lapse; 0 for never")
	return withJSON(cmd)
}

func sendRules(cmd *cobra.Command, method string, in any) error {
	var r routing.Rules
	if err := newClient(cmd).do(cmd.Context(), method, "/presence", in, &r); err != nil {
		return err
	}
	if asJSON(cmd) {
		return printJSON(cmd, r)
	}
	signIn, missed := "ready", "never"
	if r.SignInPaused {
		signIn = "paused"
	}
	if r.PauseAfterMissed > 0 {
		missed = strconv.Itoa(r.PauseAfterMissed) + " in a row"
	}
	return fields(cmd.OutOrStdout(), "Reasons for a pause", list(r.Reasons), "Agents sign in", signIn, "Paused after missed offers", missed)
}
