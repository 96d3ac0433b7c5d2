package vidaoo_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// guide is the page that administrators copy from.
func guide(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile("../../docs/vidaoo.md")
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestGuideBodyIsWhatConnectSends(t *testing.T) {
	_, after, _ := strings.Cut(guide(t), "```json\n")
	body, _, _ := strings.Cut(after, "\n```")
	if body != vidaoo.AutomationBody {
		t.Errorf("the body to paste is\n%s\nand connect's is\n%s", body, vidaoo.AutomationBody)
	}
}

func TestGuideCurl(t *testing.T) {
	found := regexp.MustCompile(`(?m)^curl -d '(.*)' RECEIVE_URL$`).FindStringSubmatch(guide(t))
	if found == nil {
		t.Fatal("the guide has no curl command")
	}
	payload, err := vidaoo.Parse(typeForm, []byte(found[1])) // curl calls it a form
	if err != nil {
		t.Fatal(err)
	}
	session, err := vidaoo.DefaultMapping().Map(payload)
	if err != nil || session.ID == "" || session.Topic == "" || len(session.Metadata) == 0 || len(session.Warnings) > 0 {
		t.Errorf("the guide's webhook gives %+v, %v", session, err)
	}
}

func TestGuideTableIsTheDefaultMapping(t *testing.T) {
	text := guide(t)
	for field, want := range vidaoo.DefaultMapping() {
		row := regexp.MustCompile(`(?m)^\| ` + field + ` \| (.*) \|$`).FindStringSubmatch(text)
		if row == nil {
			t.Errorf("the guide's table lacks %s", field)
			continue
		}
		got := strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ")
		if !slices.Equal(got, want) {
			t.Errorf("the guide has %v for %s, the mapping %v", got, field, want)
		}
	}
}

// TestGuideTablesAreTheSettings: each setting of the code is a row of the guide, with its default and
// how well that is known, and the guide has no other rows.
func TestGuideTablesAreTheSettings(t *testing.T) {
	text := guide(t)
	var rows []string
	for _, s := range vidaoo.AllSettings() {
		standard := "none"
		if s.Default != "" {
			standard = "`" + strings.ReplaceAll(s.Default, ",", "`, `") + "`"
		}
		row := "| `" + s.Name + "` | " + s.Tells + " | " + standard + " | "
		if s.Operation != "" {
			row += string(s.Operation) + " | "
		}
		rows = append(rows, row+string(s.Mark)+" |")
	}
	for _, row := range rows {
		if !strings.Contains(text, "\n"+row+"\n") {
			t.Errorf("the guide lacks the row\n%s", row)
		}
	}
	got := regexp.MustCompile("(?m)^\\| `[a-z-]+` \\| .* \\| (confirmed|likely|guessed|ours) \\|$").FindAllString(text, -1)
	if len(got) != len(rows) {
		t.Errorf("the guide has %d rows of settings, the code %d", len(got), len(rows))
	}
}

// TestGuideNamesTheSteps: the guide says of each step of connect what it does.
func TestGuideNamesTheSteps(t *testing.T) {
	text := guide(t)
	for _, step := range []string{vidaoo.StepQueue, vidaoo.StepToken, vidaoo.StepAutomation, vidaoo.StepMeeting, vidaoo.StepKey, vidaoo.StepWebhook, vidaoo.StepCleanup} {
		if !regexp.MustCompile(`(?m)^\| ` + step + ` \| `).MatchString(text) {
			t.Errorf("the guide's table of steps lacks %s", step)
		}
	}
}
