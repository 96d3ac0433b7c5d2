package web_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
)

// hears is what Chromium tells a screen reader of the page, a line for each thing
// that has a name: its role, its name, what describes it, and its states.
func (t *tab) hears() []string {
	t.tb.Helper()
	var lines []string
	for _, n := range command(t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
		told := said(n.Role) == "status" || said(n.Role) == "alert" // when what is in it changes
		if n.Ignored || said(n.Name) == "" && said(n.Description) == "" && !told {
			continue
		}
		line := fmt.Sprintf("%s %q", said(n.Role), said(n.Name))
		if about := said(n.Description); about != "" {
			line += fmt.Sprintf(" described as %q", about)
		}
		for _, p := range n.Properties {
			switch value := said(p.Value); {
			case slices.Contains([]string{"required", "invalid", "modal", "focused", "checked"}, string(p.Name)) && value == "true":
				line += " " + string(p.Name)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}

// checkHears looks for lines of what a screen reader is told.
func (t *tab) checkHears(what string, want ...string) {
	t.tb.Helper()
	got := t.hears()
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.tb.Errorf("%s is not told as %s; it is\n%s", what, line, strings.Join(got, "\n"))
		}
	}
}
