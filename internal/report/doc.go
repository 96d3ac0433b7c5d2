// Package report makes reports of calls: a row a call, figures by agent, and a
// summary, as CSV or JSON. It is pure: no I/O but the writer that it is given,
// and no clock of its own.
//
//	Parse ──▶ Query ──New──▶ Report ──Take(Row)…──▶ End
//
// A [Query] says which report of which calls somebody wants. A [Report] takes a
// [Row] of each call and writes; it keeps nothing of a row but sums and counts,
// so that a report of a million calls takes no more memory than one of ten.
//
// Each duration of a call is rounded to the second once, and all sums are of
// those: the rows of the calls report add up to the other reports to the second.
// docs/reports.md says how each figure is computed.
package report
