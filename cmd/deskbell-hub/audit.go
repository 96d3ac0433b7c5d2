package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/hub"
)

func newAudit() *cobra.Command {
	return group("audit", "Who changed what", newAuditList())
}

func newAuditList() *cobra.Command {
	var since, user string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what administrators and supervisors changed, the oldest first",
		Long: "List what administrators and supervisors changed, the oldest first. Whoever administers through the hub's socket, " +
			"on its machine, is called local.",
		Args: names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			back, err := time.ParseDuration(since)
			if err != nil {
				back, err = days(since)
			}
			if err != nil || back <= 0 {
				return usageError{fmt.Errorf("--since %q is no time: write 24h or 30d", since)}
			}
			query := url.Values{"since": {back.String()}}
			if user != "" {
				query.Set("user", user)
			}
			var all []hub.AdminAudit
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/audit?"+query.Encode(), nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "AT\tUSER\tACTION\tTARGET\tRESULT\tOPTIONS", all, func(a hub.AdminAudit) string {
				return strings.Join([]string{clock(a.At.Time), a.User, a.Action, orDash(a.Target), result(a), options(a.Options)}, "\t")
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "24h", "how far back, such as 24h or 30d")
	cmd.Flags().StringVar(&user, "user", "", "only what this user changed; local for whoever used the socket")
	return withJSON(cmd)
}

// result tells what came of a change.
func result(a hub.AdminAudit) string {
	return cmp.Or(a.Refused, a.Made, "done")
}

// maxOption is how much of an option the list shows, in characters.
const maxOption = 200

// options are names and values in a cell.
func options(all map[string]any) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value := strings.Trim(fmt.Sprint(all[name]), "[]") // of a list
		words = append(words, name+"="+clean.Text(value, maxOption))
	}
	return orDash(strings.Join(words, " "))
}
