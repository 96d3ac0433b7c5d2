package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

func newQueue() *cobra.Command {
	return group("queue", "Queues and their Receive URLs", newQueueAdd(), newQueueSet(), newQueueList(), newQueueShow(), newQueueRotate(), newQueueRemove())
}

// queueFlags are the options of a queue. Only those on the command line are
// asked for: the others take their defaults, or stay.
func queueFlags(f *pflag.FlagSet) (changes func(*pflag.FlagSet) hub.QueueChange) {
	d := routing.Defaults()
	strategy := f.String("strategy", string(d.Strategy), "whom to ring: beep-all (all ready agents until one answers), round-robin (one at a time, in turn), least-recent (one at a time, whose last call is the longest ago)")
	ring := f.String("ring", d.Ring.String(), "how long an offer rings")
	patience := f.String("patience", d.Patience.String(), "how long a call waits before it is missed")
	alertAfter := f.String("alert-after", d.AlertAfter.String(), "how long a call waits before supervisors are told; 0s for never")
	wrapUp := f.String("wrap-up", d.WrapUp.String(), "an agent's time after a call before the next one rings")
	capacity := f.Int("capacity", d.Capacity, "how many calls one agent may have at a time")
	overflow := f.String("overflow", "", "the queue whose agents are rung as well after the overflow time")
	overflowAfter := f.String("overflow-after", d.OverflowAfter.String(), "the overflow time")
	hours := f.String("hours", "", "opening hours, such as \"mon-fri 09:00-18:00, sat 10:00-13:00\"; empty for always open")
	timeZone := f.String("time-zone", "", "of the opening hours, such as Europe/Rome (default UTC)")
	whenClosed := f.String("when-closed", string(d.WhenClosed), "a call outside the opening hours: miss (it is missed at once) or ring")
	dispositions := f.StringSlice("dispositions", nil, "what an agent may choose at the end of a call, separated by commas; empty for free text")
	allowFrom := f.StringSlice("allow-from", nil, "networks that may send webhooks, such as 35.180.105.193; empty for all")
	linkHosts := f.StringSlice("link-hosts", nil, "hosts to which a session link may lead; empty for all")
	mapping := f.StringSlice("map", nil, "where a field of the call stands in a payload, such as link=data.url; fields: "+strings.Join(vidaoo.Fields, ", "))
	forward := f.String("forward", "", "Motion's Receive URL, to which each accepted webhook goes on as it came; empty for none")
	forwardPrivate := f.Bool("forward-private", false, "the address of --forward may be in a private network or on this machine")
	motionURL := f.String("motion-url", "", "where Motion's REST is, such as https://motion.example, to close there what an agent here accepted ('motion key' has the key); empty for not at all")
	disposition := f.String("motion-disposition", "", "what it is closed with (default \"Answered in Deskbell\")")
	recording := f.Bool("recording", false, "agents may record their calls; needs the API key of 'vidaoo connect'")
	deleteMeeting := f.Bool("delete-meeting", false, "when an agent finishes a call, its meeting is deleted at Vidaoo, which leads guests to their guestRedirectionUrl; needs the API key")
	button := buttonFlags(f)
	return func(f *pflag.FlagSet) hub.QueueChange {
		c := hub.QueueChange{Button: button(f)}
		for flag, take := range map[string]func(){
			"strategy":           func() { c.Strategy = strategy },
			"ring":               func() { c.Ring = ring },
			"patience":           func() { c.Patience = patience },
			"alert-after":        func() { c.AlertAfter = alertAfter },
			"wrap-up":            func() { c.WrapUp = wrapUp },
			"capacity":           func() { c.Capacity = capacity },
			"overflow":           func() { c.Overflow = overflow },
			"overflow-after":     func() { c.OverflowAfter = overflowAfter },
			"hours":              func() { c.Hours = hours },
			"time-zone":          func() { c.TimeZone = timeZone },
			"when-closed":        func() { c.WhenClosed = whenClosed },
			"dispositions":       func() { c.Dispositions = dispositions },
			"allow-from":         func() { c.AllowFrom = allowFrom },
			"link-hosts":         func() { c.LinkHosts = linkHosts },
			"map":                func() { c.Map = mapping },
			"forward":            func() { c.Forward = forward },
			"motion-url":         func() { c.MotionURL = motionURL },
			"motion-disposition": func() { c.MotionDisposition = disposition },
			"forward-private":    func() { c.ForwardPrivate = forwardPrivate },
			"recording":          func() { c.Recording = recording },
			"delete-meeting":     func() { c.DeleteMeeting = deleteMeeting },
		} {
			if f.Changed(flag) {
				take()
			}
		}
		return c
	}
}

// revisionFlag is the revision that a command means to change; nil if it is not
// named.
func revisionFlag(f *pflag.FlagSet) func() *uint64 {
	revision := f.Uint64("revision", 0, "change nothing unless this is the revision ('show --json'): somebody else may have changed it meanwhile")
	return func() *uint64 {
		if !f.Changed("revision") {
			return nil
		}
		return revision
	}
}

func newQueueAdd() *cobra.Command {
	var changes func(*pflag.FlagSet) hub.QueueChange
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a queue and print its Receive URL",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := changes(cmd.Flags())
			in.Name = args[0]
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/queues", in, &q); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, q)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), q.ReceiveURL)
			return err
		},
	}
	changes = queueFlags(cmd.Flags())
	return withJSON(cmd)
}

func newQueueSet() *cobra.Command {
	var changes func(*pflag.FlagSet) hub.QueueChange
	var revision func() *uint64
	cmd := &cobra.Command{
		Use:   "set NAME",
		Short: "Change a queue's options; those that are not named stay",
		Long:  "Change a queue's options; those that are not named stay. What rings goes on as it is: a change counts from the next offer on.",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := changes(cmd.Flags())
			in.Revision = revision()
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodPatch, "/queues/"+segment(args[0]), in, &q); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, q)
			}
			return printQueue(cmd, q)
		},
	}
	changes = queueFlags(cmd.Flags())
	revision = revisionFlag(cmd.Flags())
	return withJSON(cmd)
}

func newQueueList() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "list",
		Short: "List the queues",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "NAME\tSTRATEGY\tRING\tPATIENCE\tMEMBERS", all, func(q hub.AdminQueue) string {
				return strings.Join([]string{q.Name, q.Strategy, q.Ring, q.Patience, list(q.Members)}, "\t")
			})
		},
	})
}

func newQueueShow() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "show NAME",
		Short: "Show a queue with its Receive URL",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues/"+segment(args[0]), nil, &q); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, q)
			}
			return printQueue(cmd, q)
		},
	})
}

func printQueue(cmd *cobra.Command, q hub.AdminQueue) error {
	overflow, hours := "-", "always open"
	if q.Overflow != "" {
		overflow = q.Overflow + " after " + q.OverflowAfter
	}
	if q.Hours != "" {
		zone := q.TimeZone
		if zone == "" {
			zone = "UTC"
		}
		hours = fmt.Sprintf("%s (%s), else %s", q.Hours, zone, q.WhenClosed)
	}
	var mapped []string
	for _, field := range slices.Sorted(maps.Keys(q.Map)) {
		mapped = append(mapped, field+"="+strings.Join(q.Map[field], "|"))
	}
	return fields(cmd.OutOrStdout(), append([]string{
		"Queue", q.Name, "Number", strconv.Itoa(q.Number), "Receive URL", q.ReceiveURL, "Strategy", q.Strategy,
		"Ring time", q.Ring, "Patience", q.Patience, "Alert after", q.AlertAfter, "Wrap-up", q.WrapUp,
		"Capacity", strconv.Itoa(q.Capacity), "Overflow", overflow, "Hours", hours,
		"Dispositions", list(q.Dispositions), "Allow from", list(q.AllowFrom), "Link hosts", list(q.LinkHosts),
		"Mapping", list(mapped), "Forward", forwardWords(q.Forward),
		"Recording", vidaooWords(q.Recording, q.Vidaoo, ""), "Delete meeting", vidaooWords(q.DeleteMeeting, q.Vidaoo, ": "+targetWords(q.Vidaoo.AdminTarget)), "Members", list(q.Members),
	}, buttonLines(q.Button)...)...)
}

func newQueueRotate() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "rotate NAME",
		Short: "Give a queue another Receive URL and print it; the old one stops working at once",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/queues/"+segment(args[0])+"/rotate", nil, &q); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, q)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), q.ReceiveURL)
			return err
		},
	})
}

func newQueueRemove() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a queue and its Receive URL",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/queues/" + segment(args[0])
			if force {
				path += "?force"
			}
			var removed hub.Removed
			if err := newClient(cmd).do(cmd.Context(), http.MethodDelete, path, nil, &removed); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Queue %s is removed; %d waiting calls were canceled.\n", args[0], removed.Canceled)
			return err
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "cancel the calls that wait in it")
	return cmd
}
