package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// mustStub has a place's reports come from a test.
func (p *place) mustStub(tb testing.TB, s *stubbed) {
	tb.Helper()
	p.stop(tb)
	p.api = func(h http.Handler) http.Handler { s.Handler = h; return s }
	p.mustStart(tb)
}

const (
	script  = "<script>alert(1)</script>"
	formula = "=cmd|' /C calc'!A0"
)

var emoji = strings.Repeat("🤡", 2500)

// hostileCalls are calls that agents and callers with odd names had.
func (p *place) hostileCalls(tb testing.TB) {
	tb.Helper()
	receive := p.wallQueue(tb, "web", time.Minute)
	for i, name := range []string{script, formula, emoji} {
		username := fmt.Sprint("odd", i)
		if _, err := p.hub.Directory().AddUser(tb.Context(), hub.User{Username: username, Name: name, Role: call.RoleAgent, Queues: []string{"web"}}, ""); err != nil {
			tb.Fatal(err)
		}
		app, _ := p.app().MustDial(tb, p.app().MustToken(tb, username))
		body, err := json.Marshal(map[string]any{"session_id": name, "topic": name, "name": name, "link": hubtest.Link("s")})
		if err != nil {
			tb.Fatal(err)
		}
		if status, answer := hubtest.Post(tb, receive, "application/json", string(body)); status != http.StatusOK {
			tb.Fatalf("webhook: %d %s", status, answer)
		}
		id := hubtest.Await(app, func(wire.Offer) bool { return true }).Call.ID
		app.MustAsk(wire.Request{Type: wire.ActAccept, Call: id})
		app.MustAsk(wire.Request{Type: wire.ActFinish, Call: id, Disposition: name[:min(len(name), 1600)]})
		app.Close()
	}
}

// What an agent or a caller is called, or wrote, is only ever words.
func TestHostileNames(t *testing.T) {
	p := mustOpen(t)
	p.hostileCalls(t)
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "sara"))
	for _, path := range []string{"/reports", "/wallboard", "/reports?agent=" + url.QueryEscape(script), "/reports?queue=" + url.QueryEscape(script) + "&from=" + url.QueryEscape(formula),
		"/reports?agent=" + url.QueryEscape(emoji[:4000])} {
		got := b.get(path)
		if got.StatusCode >= 500 {
			t.Errorf("%.60s answered %d", path, got.StatusCode)
		}
		checkInline(t, path, got.body)
		root, err := html.Parse(strings.NewReader(got.body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.TextNode && n.Parent.Data == "script" {
				t.Errorf("%s: a script says %q", path, n.Data)
			}
		}
	}
	page := b.get("/reports").body
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "=cmd|&#39; /C calc&#39;!A0", "🤡"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(b.get("/reports/calls.csv?from=" + today(p)).body)).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("the CSV has %d rows (%v)", len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || len(cell) > 1000 {
				t.Errorf("a cell is %.40q", cell)
			}
		}
	}
}

func today(p *place) string { return p.now().Format(time.DateOnly) }

func TestReportForm(t *testing.T) {
	p := mustOpen(t)
	p.wallQueue(t, "web", time.Minute)
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "ada"))
	tomorrow := p.now().AddDate(0, 0, 3).Format(time.DateOnly)
	for _, tt := range []struct{ query, says, kept string }{
		{"from=2026-03-31&to=2026-03-01", "The report ends before it begins", `value="2026-03-01"`},
		{"from=yesterday&to=2026-03-01", "&#34;yesterday&#34; is no date", `value="yesterday"`},
		{"from=2026-02-30&to=2026-03-01", "is no date", `value="2026-02-30"`},
		{"from=0001-01-01&to=2026-03-01", "There were no calls in 0001", `value="0001-01-01"`},
		{"from=99999-01-01&to=99999-01-02", "is no date", `value="99999-01-01"`},
		{"from=" + tomorrow + "&to=" + tomorrow, "still to come", `value="` + tomorrow + `"`},
		{"from=2020-01-01&to=2026-03-01", "spans at most 400 days", `value="2020-01-01"`},
		{"queue=nowhere", "There is no queue &#34;nowhere&#34;", "<option selected>nowhere"},
		{"agent=nobody", "There is no agent &#34;nobody&#34;", `value="nobody"`},
	} {
		got := b.get("/reports?" + tt.query)
		if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, tt.says) || !strings.Contains(got.body, tt.kept) {
			t.Errorf("%s: answered %d without %q or %q", tt.query, got.StatusCode, tt.says, tt.kept)
		}
	}
	for _, query := range []string{"", "page=-7", "page=99999999999999999999", "queue=web&agent=anna", "queue=web&from=2026-11-01"} {
		if got := b.get("/reports?" + query); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "No calls came in this time.") {
			t.Errorf("%q answered %d", query, got.StatusCode)
		}
	}
	if got := b.get("/reports/nothing.csv?from=" + today(p)); got.StatusCode != http.StatusNotFound || !strings.Contains(got.body, "is not there") {
		t.Errorf("an unknown report answered %d %s", got.StatusCode, got.body)
	}
}

// A supervisor of some queues reads reports of those.
func TestReportsOfQueues(t *testing.T) {
	p := mustOpen(t)
	p.hostileCalls(t)
	p.wallQueue(t, "sales", time.Minute)
	if _, err := p.hub.Directory().AddUser(t.Context(), hub.User{Username: "lea", Role: call.RoleSupervisor, Supervises: []string{"sales"}}, ""); err != nil {
		t.Fatal(err)
	}
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "lea"))
	if got := b.get("/reports"); !strings.Contains(got.body, "No calls came in this time.") || strings.Contains(got.body, "<option>web") {
		t.Errorf("it reads %s", got.body)
	}
	if got := b.get("/reports/calls.csv?from=" + today(p)); got.StatusCode != http.StatusOK || strings.Count(got.body, "\n") != 1 {
		t.Errorf("it downloads %d %s", got.StatusCode, got.body)
	}
	if got := b.get("/reports/calls.csv?queue=web&from=" + today(p)); got.StatusCode != http.StatusNotFound {
		t.Errorf("another queue's report answered %d", got.StatusCode)
	}
	anna := p.browser(t)
	anna.hold(p.app().MustToken(t, "anna"))
	for _, path := range []string{"/reports", "/reports/calls.csv?from=" + today(p)} {
		if got := anna.get(path); got.StatusCode != http.StatusForbidden || strings.Contains(got.body, "odd0") {
			t.Errorf("an agent's %s answered %d", path, got.StatusCode)
		}
	}
}

func TestReportsArePaged(t *testing.T) {
	p := mustOpen(t)
	stub := &stubbed{reports: aMonth(2345)}
	p.mustStub(t, stub)
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "ada"))
	const at = "/reports?from=2026-03-02&to=2026-03-02"
	rows := func(body string) int { return strings.Count(body, "<time ") }
	first := b.get(at).body
	if rows(first) != 50 || !strings.Contains(first, "Page 1 of 40") || !strings.Contains(first, "Only the newest calls") || strings.Contains(first, "Newer calls") {
		t.Errorf("the first page has %d rows", rows(first))
	}
	last := b.get(at + "&page=999").body
	if rows(last) != 50 || !strings.Contains(last, "Page 40 of 40") || strings.Contains(last, "Older calls") {
		t.Errorf("the last page has %d rows", rows(last))
	}
	stub.breaks = true
	if got := b.get(at); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(got.body, "can&#39;t answer at the moment") {
		t.Errorf("a report that is broken off answered %d", got.StatusCode)
	}
}

// The bars of a chart are as wide as the time asks for.
func TestBars(t *testing.T) {
	p := mustOpen(t)
	stub := &stubbed{reports: map[string]string{"calls.json": "[]", "agents.json": "[]"}}
	p.mustStub(t, stub)
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "ada"))
	for _, tt := range []struct {
		days        int
		first, last string
		bars        int
	}{
		{1, "10:00", "11:15", 6},
		{3, "2026-03-28 10:00", "2026-03-30 12:00", 50}, // the clocks change: the night has an hour less
		{30, "2026-03-28", "2026-04-26", 30},
		{300, "2026-03-23", "2027-01-18", 44},
	} {
		from := time.Date(2026, 3, 28, 9, 5, 0, 0, time.UTC)
		quarters := []map[string]any{{"at": from.Add(-5 * time.Minute), "answered": 1}}
		to := from.AddDate(0, 0, tt.days)
		end := to.Add(-23*time.Hour + 10*time.Minute).Truncate(15 * time.Minute)
		if tt.days == 1 {
			end = from.Add(70 * time.Minute).Truncate(15 * time.Minute)
		}
		quarters = append(quarters, map[string]any{"at": end, "missed": 2})
		stub.reports["summary.json"] = encoded(map[string]any{"from": from, "to": to, "time_zone": "Europe/Rome", "quarters": quarters,
			"total": map[string]any{"calls": 3, "answered": 1, "missed": 2}})
		body := b.get("/reports?from=2026-03-02&to=2026-03-02").body
		var names []string
		for _, row := range strings.Split(body, "data-short=")[1:] {
			name, _, _ := strings.Cut(row, "</th>")
			_, name, _ = strings.Cut(name, ">")
			names = append(names, name)
		}
		if len(names) != tt.bars || names[0] != tt.first || names[len(names)-1] != tt.last {
			t.Errorf("%d days have %d bars: %q", tt.days, len(names), names)
		}
	}
}

// A supervisor downloads a report in a browser, with and without the mark for
// Excel.
func TestDownload(t *testing.T) {
	p := mustOpen(t)
	p.hostileCalls(t)
	dir := t.TempDir()
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "sara"))
	tab.size(1280, 800, "light")
	command(tab, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, BrowserContextID: chromedp.FromContext(tab.ctx).BrowserContextID,
	})
	tab.open("/reports")
	tab.await("the report is there", `document.querySelectorAll("#calls tbody tr").length === 3 && document.querySelectorAll("canvas").length === 2`)
	name := filepath.Join(dir, "deskbell-calls-"+today(p)+"-"+today(p)+".csv")
	for i, mark := range []string{"", "\ufeff"} {
		tab.do(chromedp.Click(chromedp.CSS(fmt.Sprintf("#calls .downloads a:nth-child(%d)", i+1))))
		hubtest.Eventually(t, "the file is there", func() bool {
			data, err := os.ReadFile(name)
			return err == nil && strings.HasPrefix(string(data), mark+"ID,") && strings.Count(string(data), "\n") == 4
		})
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
