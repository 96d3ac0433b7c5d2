package main

import (
	"net/url"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/report"
)

func newReport() *cobra.Command {
	return group("report", "Reports of calls, as CSV or JSON",
		newReportOf(report.Calls, "A row for each call that has ended, with its times",
			"Write a row for each call that was received in a time and has ended: when it was received, offered, accepted and ended, how long the customer waited and the agent had it, and what became of it. It has nothing of the customer."),
		newReportOf(report.Agents, "Figures by agent and queue, with the columns of XCALLY Motion's report",
			"Write a row for each agent and queue with the columns of XCALLY Motion's report \"Openchannel By Agent\". The calls that nobody took have a row without an agent. Open calls are counted."),
		newReportOf(report.Summary, "Answered and missed calls, service level and waiting times, by queue",
			"Write a row for each queue and one for all: calls answered, missed and canceled, the service level (the share answered within the queue's alert time), waiting times and handling times. With --json also the calls by quarter of an hour and the distribution of the waiting time."))
}

const reportDays = `

A date as --from or --to is a whole day of the time zone; --to includes it. A time such as
2026-03-01T09:00:00+01:00 is exact: the report goes until just before --to. A call is in
the report if it was received in that time. docs/reports.md says how each column is computed.`

func newReportOf(name, short, long string) *cobra.Command {
	var from, to, agent, zone string
	var queues []string
	var bom bool
	cmd := &cobra.Command{
		Use:     name + " --from DATE [--to DATE]",
		Short:   short,
		Long:    long + reportDays,
		Example: "  deskbell-hub report " + name + " --from 2026-03-01 --to 2026-03-31 --queue web > " + name + ".csv",
		Args:    names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ask := url.Values{"from": {from}, "to": {to}, "agent": {agent}, "tz": {zone}, "queue": queues}
			if bom {
				ask.Set("bom", "1")
			}
			format := report.CSV
			if asJSON(cmd) {
				format = report.JSON
			}
			path := "/reports/" + name + "." + format + "?" + ask.Encode()
			return newClient(cmd).patient().copy(cmd.Context(), path, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "the first day, such as 2026-03-01, or a time")
	f.StringVar(&to, "to", "", "the last day, or a time (default now)")
	f.StringSliceVar(&queues, "queue", nil, "only calls of these queues, separated by commas")
	f.StringVar(&agent, "agent", "", "only calls that this user accepted")
	f.StringVar(&zone, "time-zone", "", "of the days and times, such as Europe/Rome (default: the queue's, if one is named and has one, else the hub's)")
	f.BoolVar(&bom, "bom", false, "begin the CSV with a byte order mark: Excel takes it for UTF-8 then")
	return withJSON(cmd)
}
