package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// withJSON gives a command the flag --json.
func withJSON(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

// asJSON tells whether a command was asked for JSON.
func asJSON(cmd *cobra.Command) bool {
	yes, _ := cmd.Flags().GetBool("json") // withJSON made it
	return yes
}

// printJSON prints a value as JSON, for scripts.
func printJSON(cmd *cobra.Command, v any) error {
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// table prints rows under a heading, columns aligned.
func table[T any](w io.Writer, heading string, rows []T, row func(T) string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, heading)
	for _, r := range rows {
		fmt.Fprintln(t, row(r))
	}
	return t.Flush()
}

// fields prints names and values, a line each.
func fields(w io.Writer, namesAndValues ...string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := 0; i < len(namesAndValues); i += 2 {
		fmt.Fprintf(t, "%s:\t%s\n", namesAndValues[i], namesAndValues[i+1])
	}
	return t.Flush()
}

// list writes names for a cell; a dash for none.
func list(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000") }

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
