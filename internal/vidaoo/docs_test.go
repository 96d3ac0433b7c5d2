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
