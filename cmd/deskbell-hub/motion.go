package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

var motionSecret = secret{what: "key of Motion's REST", variable: "DESKBELL_MOTION_KEY"}

func newMotion() *cobra.Command {
	return group("motion", "The key with which interactions are closed in XCALLY Motion", newMotionKey(), newMotionShow())
}

func newMotionKey() *cobra.Command {
	var remove bool
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Store the key of Motion's REST; it is piped in, or in DESKBELL_MOTION_KEY",
		Long: "Store the key of Motion's REST in the hub's data folder, for the hub's user only. It is piped in, or in DESKBELL_MOTION_KEY: " +
			"arguments can be seen by others. With systemd, LoadCredential=motion-key:FILE does without.",
		Args: names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var m hub.AdminMotion
			if remove {
				return said(cmd, newClient(cmd).do(cmd.Context(), http.MethodDelete, "/motion/key", nil, &m), "The key of Motion's REST is removed.")
			}
			key, err := motionSecret.given(cmd)
			if err != nil {
				return err
			}
			in := hub.MotionKeyChange{Key: key}
			return said(cmd, newClient(cmd).do(cmd.Context(), http.MethodPut, "/motion/key", in, &m), "The key of Motion's REST is stored.")
		},
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "remove the stored key")
	return cmd
}

func newMotionShow() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "show",
		Short: "Tell whether the hub has a key of Motion's REST",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var m hub.AdminMotion
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/motion", nil, &m); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, m)
			}
			return fields(cmd.OutOrStdout(), "Key", m.Key)
		},
	})
}

// said prints that something is done, if it is.
func said(cmd *cobra.Command, err error, words string) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), words)
	return err
}
