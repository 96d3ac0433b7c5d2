package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// newDemoVidaoo is a fake Vidaoo alone, to try the commands of vidaoo on.
func newDemoVidaoo() *cobra.Command {
	var listen, email string
	cmd := &cobra.Command{
		Use:    "vidaoo",
		Short:  "Run a fake Vidaoo alone; PUT /fault?kind=&on=&times= has it do wrong, DELETE /fault ends that",
		Hidden: true,
		Args:   names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !loopback(listen) {
				return usageError{fmt.Errorf("the fake Vidaoo runs on this machine only and %s is not loopback: write 127.0.0.1:PORT", listen)}
			}
			fake := vidaootest.New(vidaootest.Options{
				Key: os.Getenv(keySecret.variable), Email: email, Password: os.Getenv(passwordSecret.variable),
			})
			defer fake.Close()
			mux := http.NewServeMux()
			mux.Handle("/", fake.Handler())
			mux.HandleFunc("/fault", fake.FaultHandler)
			l, err := listenDemo(listen)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Fake Vidaoo on http://%s/api/v1\n", l.Addr())
			server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
			defer context.AfterFunc(cmd.Context(), func() { _ = server.Close() })()
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("the fake Vidaoo can't serve: %w", err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:8481", "the fake Vidaoo's address")
	f.StringVar(&email, "email", "", "who may sign in, with the password in "+passwordSecret.variable)
	return cmd
}
