// Command deskbell-hub receives Vidaoo's webhooks, decides whom to ring and
// tells the apps; its other commands administer a running hub.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in the command line.
type usageError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newRoot().ExecuteContext(ctx)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "deskbell-hub:", oneLine(err))
	var usage usageError
	if errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command") {
		os.Exit(exitUsage)
	}
	os.Exit(exitFailed)
}

// oneLine keeps an error on one line, for logs and scripts.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "deskbell-hub",
		Short:         "The hub of Deskbell: receives video calls and rings the desks",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Name() == "serve" {
				return fromEnvironment(cmd.Flags())
			}
			// The options of other commands say what to change: none of them may
			// come from a forgotten variable.
			return fromEnvironment(cmd.InheritedFlags())
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see '%s --help'", flagError(err), cmd.CommandPath())}
	})
	root.PersistentFlags().String("data", filepath.Join(xdg.DataHome, "deskbell-hub"), "the hub's data folder")
	root.AddCommand(newServe(), newDemo(), newVidaoo())
	root.AddCommand(remotely(newQueue(), newUser(), newToken(), newPresence(), newCall(), newReport(), newPayload(), newWallboard(), newMotion(), newHook(), newAudit())...)
	return root
}

// flagError says what a flag takes, in the place of how its text was read.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	takes := map[string]string{"int": "a whole number", "uint64": "a whole number", "bool": "true or false", "stringSlice": "a list separated by commas, an entry that has a quote itself within double quotes and its quotes doubled"}[invalid.GetFlag().Value.Type()]
	if takes == "" {
		return err
	}
	return fmt.Errorf("--%s takes %s, not %q", invalid.GetFlag().Name, takes, invalid.GetValue())
}

// fromEnvironment sets flags that are not on the command line from DESKBELL_*:
// --public-url from DESKBELL_PUBLIC_URL.
func fromEnvironment(flags *pflag.FlagSet, but ...string) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "DESKBELL_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if f.Changed || !ok || first != nil || slices.Contains(but, f.Name) {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			first = usageError{fmt.Errorf("%s: %w", name, flagError(err))}
		}
	})
	return first
}

// names checks the number of arguments and says what they are.
func names(min, max int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < min || (max >= 0 && len(args) > max) {
			return usageError{fmt.Errorf("%s takes %s: see '%s --help'", cmd.CommandPath(), what, cmd.CommandPath())}
		}
		return nil
	}
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{Use: use, Short: short, Args: func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError{fmt.Errorf("say what to do: see '%s --help'", cmd.CommandPath())}
		}
		return usageError{fmt.Errorf("unknown command %q: see '%s --help'", args[0], cmd.CommandPath())}
	}, RunE: func(*cobra.Command, []string) error { return nil }}
	g.AddCommand(commands...)
	return g
}
